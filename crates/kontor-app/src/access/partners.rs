//! Partners that send leads: who is behind a token, and the commands that keep partners.

use std::net::IpAddr;

use kontor_model::account::Secret;
use kontor_model::customer::State;
use kontor_model::instant::Instant;
use kontor_model::questionnaire::Partner;
use kontor_model::supplier::{Supplier, SupplierId};
use kontor_pricing::Book;

use crate::access::callers;
use crate::access::json_web_token::Unverified;
use crate::access::partner_asker::{PartnerAsker, PartnerDenied};
use crate::app::App;

/// What limits of logins call partners.
const REALM: &str = "partner";

impl App {
    /// The partner that a JSON web token names. Partners of several suppliers may have the same
    /// code: the one whose key signed the token is meant.
    pub fn by_web_token(
        &self,
        token: Option<&str>,
        peer: IpAddr,
    ) -> Result<PartnerAsker, PartnerDenied> {
        let found = self.look_up_web_token(token, peer);
        callers::note_partner(found.as_ref().map_err(|denied| *denied));
        found
    }

    fn look_up_web_token(
        &self,
        token: Option<&str>,
        peer: IpAddr,
    ) -> Result<PartnerAsker, PartnerDenied> {
        let Some(token) = token else { return Err(PartnerDenied::Unknown) };
        let read = Unverified::read(token);
        let signer = |token| signer(&self.book(), token, self.now());
        let found = read.as_ref().and_then(signer);
        let Some(asker) = found else {
            // A good token is never refused for bad ones that name the same partner.
            let book = self.book();
            let named = read.as_ref().and_then(Unverified::subject);
            let named = named.filter(|code| !named_like(&book, code).is_empty());
            let named = named.unwrap_or_default();
            self.login_guard.may_try(REALM, named, peer)?;
            self.login_guard.failed(REALM, named, peer);
            return Err(PartnerDenied::Unknown);
        };
        let login = format!("{}/{}", asker.supplier_code, asker.partner.code);
        self.login_guard.request(REALM, &login)?;
        if asker.partner.state == State::Disabled {
            return Err(PartnerDenied::Disabled);
        }
        Ok(asker)
    }
}

/// The partner that signed the token, when the token counts. Should two suppliers have given the
/// same code the same key, it is the supplier that came first.
fn signer(book: &Book, token: &Unverified<'_>, now: Instant) -> Option<PartnerAsker> {
    let named = named_like(book, token.subject()?);
    if named.is_empty() {
        // An unknown partner takes as long as a wrong signature.
        let _ = token.is_signed_with("");
    }
    let is_signer = |(.., partner): &(_, _, &Partner)| {
        is_signed_by(token, partner, now) && names_issuer(token, partner)
    };
    let (supplier, row, partner) = named.into_iter().find(is_signer)?;
    token.counts_at(now).then(|| PartnerAsker {
        supplier,
        supplier_code: row.code.clone(),
        partner: partner.clone(),
    })
}

/// The partners with this code and their suppliers, the supplier that came first at the beginning.
fn named_like<'b>(book: &'b Book, code: &str) -> Vec<(SupplierId, &'b Supplier, &'b Partner)> {
    let key = Partner::by_code(code);
    let named = book
        .tenants()
        .filter_map(|tenant| Some((tenant.id(), tenant.supplier()?, tenant.find(&key)?)));
    let mut named: Vec<_> = named.collect();
    named.sort_by_key(|(id, ..)| *id);
    named
}

/// Whether one of the partner's keys signed the token.
fn is_signed_by(token: &Unverified<'_>, partner: &Partner, now: Instant) -> bool {
    let signed_with = |key: &Option<Secret>| {
        key.as_ref()
            .is_some_and(|key| !key.reveal().is_empty() && token.is_signed_with(key.reveal()))
    };
    let previous_counts = partner.previous_until.is_none_or(|until| now < until);
    signed_with(&partner.secret) || (previous_counts && signed_with(&partner.previous_secret))
}

/// The issuer is compared only where the partner has one.
fn names_issuer(token: &Unverified<'_>, partner: &Partner) -> bool {
    partner.issuer.as_deref().is_none_or(|issuer| token.issuer() == Some(issuer))
}
