//! Tells zones in which stored prices of days and of instants apply at once.

use std::collections::BTreeMap;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, WriteTx};

use crate::fault::Fault;

use super::session::Session;

/// The first row of each zone that the files give to a supplier, a company or a store.
#[derive(Default)]
pub(super) struct Zoned(BTreeMap<String, (Kind, Row)>);

impl Zoned {
    /// Notes a row that was put.
    pub(super) fn note(&mut self, record: &Record) {
        if !matches!(record.kind(), Kind::Supplier | Kind::SellingEntity | Kind::Store) {
            return;
        }
        let columns = record.kind().columns().iter().zip(record.to_row());
        for (_, cell) in columns.filter(|(column, _)| column.name == COLUMN) {
            if let Cell::Text(zone) = cell {
                self.0.entry(zone).or_insert_with(|| (record.kind(), record.key()));
            }
        }
    }
}

const COLUMN: &str = "time_zone";

impl Session<'_> {
    /// Looks when all rows are put and removed: the prices may be mended in the same import.
    pub(super) fn tell_zone_overlaps(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        for overlap in tx.zone_overlaps()? {
            let list = vec![Cell::text(&overlap.list)];
            let has_own = matches!(tx.get(Kind::PriceList, &list)?,
                Some(Record::PriceList(list)) if list.time_zone.is_some());
            let zoned = self.zoned.0.get(&overlap.zone).filter(|_| !has_own).cloned();
            // Otherwise it is the zone of the list, or the list has none of its own any more.
            let of_list = self.keys.line(Kind::PriceList, &list).map(|_| (Kind::PriceList, list));
            let place = zoned.or(of_list);
            let kind = place.as_ref().map_or(Kind::PriceList, |(kind, _)| *kind);
            let file = self.folder.tables.get(&kind);
            let file = file.map_or_else(|| crate::names::table(kind), |file| file.name.clone());
            self.context.fault(Fault {
                line: place.and_then(|(kind, key)| self.keys.line(kind, &key)),
                name: Some(COLUMN.to_owned()),
                value: Some(overlap.zone.clone()),
                ..Fault::of_file(&file, &overlap)
            });
        }
        Ok(())
    }
}
