//! Bounds of validities as people wrote them: days of the zone of a list, where they are days.

use jiff::civil::Date;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::{Instant, Zone};
use kontor_model::validity::Validity;
use kontor_store::StoreError;
use rusqlite::OptionalExtension;

use crate::error;
use crate::read::{Rows, damaged, record};
use crate::staging::StagedRows;

/// Beginning and end of a validity: the first and the last day, or the instants.
pub(crate) fn bounds(validity: Validity, zone: &Zone) -> (String, String) {
    let first =
        |instant: Instant| Some(zone.date(instant)).filter(|d| zone.start_of_day(*d) == instant);
    let last = |instant: Instant| {
        let date = zone.date(instant).yesterday().ok();
        date.filter(|date| zone.end_of_day(*date) == instant)
    };
    let text = |bound: Option<Instant>, day: &dyn Fn(Instant) -> Option<Date>| match bound {
        None => "ever".to_owned(),
        Some(instant) => day(instant).map_or_else(|| instant.to_string(), |day| day.to_string()),
    };
    (text(validity.from(), &first), text(validity.to(), &last))
}

/// The zone of the days of a list: its own, or the supplier's.
pub(crate) fn zone_of(
    rows: &Rows<'_>,
    staged: Option<StagedRows<'_>>,
    list: u32,
) -> Result<Zone, StoreError> {
    let mut zone = None;
    if let Some(staged) = staged {
        staged.each_of(Kind::Supplier, &mut |row| {
            if let Record::Supplier(supplier) = record(row.kind, &row.cells)? {
                zone = Some(supplier.time_zone);
            }
            Ok(())
        })?;
        if let Some(row) = staged.numbered(Kind::PriceList, list)? {
            if let Record::PriceList(list) = record(row.kind, &row.cells)? {
                zone = list.time_zone.or(zone);
            }
            return Ok(zone.unwrap_or_else(Zone::utc));
        }
    }
    let of_list = "SELECT time_zone FROM price_lists WHERE id = ?1";
    if let Some(stored) = stored(rows, of_list, list)? {
        return Ok(stored);
    }
    if let Some(zone) = zone {
        return Ok(zone);
    }
    let of_supplier = "SELECT time_zone FROM supplier WHERE supplier_id = ?1";
    Ok(stored(rows, of_supplier, rows.supplier.0)?.unwrap_or_else(Zone::utc))
}

fn stored(rows: &Rows<'_>, sql: &str, number: u32) -> Result<Option<Zone>, StoreError> {
    let mut statement = rows.database.prepare(sql)?;
    let found: Option<Option<String>> =
        statement.query_row([number], |row| row.get(0)).optional().map_err(error::reading)?;
    found.flatten().map(|zone| zone.parse().map_err(damaged)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_days_where_they_are() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let at = |text: &str| Some(text.parse().unwrap());
        for (from, to, expected) in [
            (at("2026-08-15T22:00:00Z"), at("2026-09-15T22:00:00Z"), ("2026-08-16", "2026-09-15")),
            (at("2026-08-15T22:00:01Z"), None, ("2026-08-15T22:00:01Z", "ever")),
            (None, at("2026-09-15T21:00:00Z"), ("ever", "2026-09-15T21:00:00Z")),
        ] {
            let (from, to) = bounds(Validity::new(from, to).unwrap(), &zone);
            assert_eq!((from.as_str(), to.as_str()), expected);
        }
    }
}
