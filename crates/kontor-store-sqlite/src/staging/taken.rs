//! Whether another supplier has what must be unique among all suppliers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_store::StoreError;
use rusqlite::ToSql;

use crate::cell::Bound;
use crate::database::Database;
use crate::error;
use crate::read::Rows;

/// For each kind that was asked for, the places of the columns of its unique indexes over all
/// suppliers, and the statement that looks another supplier's row up.
#[derive(Default)]
pub(crate) struct UniqueOfAll(HashMap<Kind, Vec<(Vec<usize>, String)>>);

impl UniqueOfAll {
    /// Whether a row of another supplier is in the way of this one.
    pub(crate) fn is_taken(
        &mut self,
        rows: &Rows<'_>,
        kind: Kind,
        row: &[Cell],
    ) -> Result<bool, StoreError> {
        let indexes = match self.0.entry(kind) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(indexes(rows.database, kind)?),
        };
        for (places, sql) in indexes {
            let cells = places.iter().filter_map(|place| row.get(*place));
            let cells: Vec<Bound<'_>> = cells.map(Bound).collect();
            let mut parameters: Vec<&dyn ToSql> = vec![&rows.supplier.0];
            parameters.extend(cells.iter().map(|cell| cell as &dyn ToSql));
            let mut statement = rows.database.prepare(sql)?;
            let found = statement.query_row(parameters.as_slice(), |row| row.get(0));
            if found.map_err(error::reading)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn indexes(database: &Database, kind: Kind) -> Result<Vec<(Vec<usize>, String)>, StoreError> {
    let mut list = database.prepare(
        "SELECT name FROM pragma_index_list(?1) WHERE \"unique\" = 1 AND origin = 'c' ORDER BY name",
    )?;
    let names = list.query_map([kind.name()], |row| row.get(0)).map_err(error::reading)?;
    let names: Vec<String> = names.collect::<Result<_, _>>().map_err(error::reading)?;
    let mut indexes = Vec::new();
    for name in names {
        indexes.extend(index(database, kind, &name)?);
    }
    Ok(indexes)
}

/// The columns of an index, when they are columns of the kind: the supplier's number is none.
fn index(
    database: &Database,
    kind: Kind,
    name: &str,
) -> Result<Option<(Vec<usize>, String)>, StoreError> {
    let mut info = database.prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?;
    let names = info.query_map([name], |row| row.get(0)).map_err(error::reading)?;
    let names: Vec<Option<String>> = names.collect::<Result<_, _>>().map_err(error::reading)?;
    let place = |name: &Option<String>| {
        let name = name.as_deref()?;
        kind.columns().iter().position(|column| column.name == name)
    };
    let Some(places) = names.iter().map(place).collect::<Option<Vec<usize>>>() else {
        return Ok(None);
    };
    let compared = names.iter().flatten().enumerate();
    let compared: Vec<String> =
        compared.map(|(index, name)| format!("{name} = ?{}", index + 2)).collect();
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM {} WHERE {} AND supplier_id <> ?1)",
        kind.name(),
        compared.join(" AND ")
    );
    Ok(Some((places, sql)))
}
