//! Rows that no question can reach: companies and segments with numbers beyond 32 bits, a company whose
//! main segment is missing, a product with two sequence numbers.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "rows of most kinds can be reached; a new kind can until it is named"
)]

use kontor_model::catalogue::{Kind, Record};
use kontor_model::identifier::{Identifier, Scheme};
use kontor_model::record::{Cell, CellError};
use kontor_store::{Abort, Put, WriteTx};

use crate::fault::Fault;

use super::session::Session;

/// So many products with new sequence numbers are looked up one by one; more in one pass over all.
const MAX_LOOKED_UP: usize = 10_000;

/// Products that were given a sequence number: their article numbers, or that they are too many.
#[derive(Default)]
pub(super) struct Numbered {
    skus: Vec<String>,
    many: bool,
}

impl Numbered {
    /// Notes a row that was put.
    pub(super) fn note(&mut self, record: &Record, put: Put) {
        let Record::Identifier(number) = record else { return };
        if number.scheme != Scheme::SequenceNumber || put != Put::Inserted || self.many {
            return;
        }
        self.skus.push(number.sku.to_string());
        if self.skus.len() > MAX_LOOKED_UP {
            *self = Self { skus: Vec::new(), many: true };
        }
    }
}

/// What is wrong with the numbers of a row.
pub(super) fn number_out_of_reach(record: &Record) -> Option<CellError> {
    match record {
        Record::SellingEntity(entity) => {
            [("entity", entity.number), ("main_segment", entity.main_segment)]
                .into_iter()
                .find_map(|(column, number)| too_large(record.kind(), column, number))
        }
        Record::Segment(segment) => too_large(Kind::Segment, "segment", segment.number),
        _ => None,
    }
}

fn too_large(kind: Kind, column: &str, number: i64) -> Option<CellError> {
    if i32::try_from(number).is_ok() {
        return None;
    }
    let reason = format!(
        "nobody can ask for it: companies and segments have numbers of at most {}; give it a smaller one",
        i32::MAX
    );
    fault_of(kind, column, reason)
}

fn fault_of(kind: Kind, column: &str, reason: String) -> Option<CellError> {
    let column = kind.columns().iter().find(|own| own.name == column)?;
    Some(column.fault(reason))
}

impl Session<'_> {
    /// Tells what cannot be reached, after all rows were put and removed.
    pub(super) fn tell_out_of_reach(&self, tx: &mut dyn WriteTx) -> Result<(), Abort> {
        self.tell_missing_segments(tx)?;
        self.tell_second_numbers(tx)
    }

    /// Companies without the segment that counts when none is named.
    fn tell_missing_segments(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        let tables = &self.folder.tables;
        if !tables.contains_key(&Kind::SellingEntity) && !tables.contains_key(&Kind::Segment) {
            return Ok(());
        }
        let mut entities = Vec::new();
        let mut note = |record| {
            if let Record::SellingEntity(entity) = record {
                entities.push((entity.number, entity.main_segment));
            }
        };
        match (self.touched(Kind::SellingEntity), self.touched(Kind::Segment)) {
            (Some(mut touched), Some(segments)) => {
                touched.extend(segments.into_iter().map(|key| key.into_iter().take(1).collect()));
                for key in touched {
                    tx.get(Kind::SellingEntity, &key)?.into_iter().for_each(&mut note);
                }
            }
            _ => tx.scan(Kind::SellingEntity, &[], &mut |record| {
                note(record);
                Ok(())
            })?,
        }
        for (entity, segment) in entities {
            if tx.get(Kind::Segment, &[Cell::Int(entity), Cell::Int(segment)])?.is_some() {
                continue;
            }
            let reason = format!(
                "company {entity} has no segment {segment}, which counts when a question names none: \
                 add the segment to segments.csv, or name one that is there"
            );
            let key = [Cell::Int(entity)];
            self.tell(Kind::SellingEntity, &key, ("main_segment", segment.to_string()), reason);
        }
        Ok(())
    }

    fn tell_second_numbers(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        let prefixes: Vec<Vec<Cell>> = if self.numbered.many {
            vec![Vec::new()]
        } else {
            let mut skus = self.numbered.skus.clone();
            skus.sort_unstable();
            skus.dedup();
            let scheme = Cell::text(Scheme::SequenceNumber);
            skus.into_iter().map(|sku| vec![Cell::text(sku), scheme.clone()]).collect()
        };
        for prefix in prefixes {
            let mut last: Option<Identifier> = None;
            tx.scan(Kind::Identifier, &prefix, &mut |record| {
                if let Record::Identifier(number) = record
                    && number.scheme == Scheme::SequenceNumber
                {
                    if let Some(first) = last.as_ref().filter(|last| last.sku == number.sku) {
                        self.tell_second_number(first, &number);
                    }
                    last = Some(number);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Of two numbers the one is told that the file has; of two in the file the one further down.
    fn tell_second_number(&self, first: &Identifier, second: &Identifier) {
        let key = |number: &Identifier| Record::Identifier(number.clone()).key();
        let line = |number: &Identifier| self.keys.line(Kind::Identifier, &key(number));
        let (told, other) =
            if line(first) > line(second) { (first, second) } else { (second, first) };
        let reason = format!(
            "{} has the sequence_number {} already, and a product has one: leave one of them out, or \
             remove the other with a row whose column remove is yes",
            told.sku, other.value
        );
        self.tell(Kind::Identifier, &key(told), ("value", told.value.clone()), reason);
    }

    fn tell(&self, kind: Kind, key: &[Cell], (name, value): (&str, String), reason: String) {
        let file = self.folder.tables.get(&kind);
        let file = file.map_or_else(|| crate::names::table(kind), |file| file.name.clone());
        self.context.fault(Fault {
            line: self.keys.line(kind, key),
            name: Some(name.to_owned()),
            value: Some(value),
            ..Fault::of_file(&file, reason)
        });
    }
}
