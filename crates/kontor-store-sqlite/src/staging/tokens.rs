//! Tokens that a staged job gives to accounts while other accounts have them.

use std::collections::BTreeMap;

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::{StoreError, TakenToken};
use rusqlite::params;

use super::rows::What;
use super::view::Overlay;
use crate::error;
use crate::tokens::{NewTokens, tokens};

const HOLDERS: &str = "SELECT supplier_id, protocol, login FROM accounts \
         INDEXED BY accounts_by_token WHERE token = ?1 \
     UNION ALL SELECT supplier_id, protocol, login FROM accounts \
         INDEXED BY accounts_by_previous_token WHERE previous_token = ?1";

/// The accounts whose new token another account has, as the job leaves the rows.
pub(crate) fn taken(overlay: &Overlay<'_>, new: &NewTokens) -> Result<Vec<TakenToken>, StoreError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut holders: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    overlay.staged.each_of(Kind::Account, &mut |row| {
        if row.what != What::Remove {
            for token in tokens(&row.cells) {
                holders.entry(token.to_owned()).or_default().push(row.key());
            }
        }
        Ok(())
    })?;
    let mut taken: Vec<TakenToken> = Vec::new();
    for (token, protocol, login) in new.iter() {
        let account = vec![Cell::text(protocol), Cell::text(login)];
        let staged = holders.get(token).map_or(&[][..], Vec::as_slice);
        if !staged.contains(&account) {
            // It was given another one later.
            continue;
        }
        let is_taken = staged.iter().any(|other| *other != account) || viewed(overlay, token)?;
        if is_taken {
            taken.push(TakenToken { protocol, login: login.to_owned() });
        }
    }
    taken.dedup();
    Ok(taken)
}

/// Whether an account of the view has the token that the job leaves as it is.
fn viewed(overlay: &Overlay<'_>, token: &str) -> Result<bool, StoreError> {
    let mut statement = overlay.rows.database.prepare(HOLDERS)?;
    let mut found = statement.query(params![token]).map_err(error::reading)?;
    while let Some(row) = found.next().map_err(error::reading)? {
        let supplier: u32 = row.get(0).map_err(error::reading)?;
        let text = |index| row.get(index).map(Cell::Text).map_err(error::reading);
        let key = [text(1)?, text(2)?];
        if supplier != overlay.rows.supplier.0
            || overlay.staged.find(Kind::Account, &key)?.is_none()
        {
            return Ok(true);
        }
    }
    Ok(false)
}
