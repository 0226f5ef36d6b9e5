//! Puts the rows of a file of any kind but prices.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, StoreError, WriteTx};

use crate::source::SourceFile;

use super::references::References;
use super::report::KindReport;
use super::session::Session;
use super::table_file::TableFile;

impl Session<'_> {
    /// Puts the rows of a file. After a fault the rest is still checked.
    pub(super) fn import_table(
        &mut self,
        tx: &mut dyn WriteTx,
        kind: Kind,
        file: &SourceFile,
        report: &mut KindReport,
    ) -> Result<(), Abort> {
        let Some(mut table) = TableFile::open(self.context, kind, file) else {
            self.keys.mark_incomplete(kind);
            return Ok(());
        };
        let references = References::of(kind);
        let mut rows = 0;
        while table.advance() {
            rows += 1;
            self.context.count_rows(1);
            let cells = table.cells(&self.zone);
            let key = key_of(kind, &cells.row);
            if !cells.key {
                self.keys.mark_incomplete(kind);
            } else if let Some(line) = self.keys.insert(kind, &key, table.line()) {
                let key = shown(kind, &key);
                table.fault_of_row(format_args!("{key} stands on line {line} already"));
                continue;
            }
            let record =
                if cells.sound { self.record(tx, &table, &references, &cells.row)? } else { None };
            // Without a supplier, whose fault is told, there is nowhere to put rows.
            let has_supplier = kind == Kind::Supplier || self.currency.is_some();
            let put = match record {
                Some(record) if has_supplier => tx.put(&record),
                Some(_) => continue,
                None => {
                    self.keys.mark_faulty(kind, &key);
                    continue;
                }
            };
            match put {
                Ok(put) => report.count(put),
                Err(Abort::Store(StoreError::Conflict(reason))) => {
                    self.keys.mark_faulty(kind, &key);
                    table.fault_of_row(reason);
                }
                Err(abort) => return Err(abort),
            }
        }
        if table.is_incomplete() {
            self.keys.mark_incomplete(kind);
        }
        if kind == Kind::Supplier && rows != 1 && !self.is_faulty() {
            table.fault_of_file(format_args!("must have exactly one row, it has {rows}"));
        }
        Ok(())
    }

    /// What is stored for the current row; `None` when it is faulty.
    fn record(
        &mut self,
        tx: &dyn WriteTx,
        table: &TableFile<'_>,
        references: &References,
        row: &[Cell],
    ) -> Result<Option<Record>, Abort> {
        let kind = table.kind;
        let record = match Record::from_row(kind, row) {
            Ok(record) => record,
            Err(error) => {
                if kind.columns().iter().any(|column| column.key && column.name == error.column) {
                    self.keys.mark_incomplete(kind);
                }
                table.fault(&error);
                return Ok(None);
            }
        };
        if !references.hold(tx, &mut self.keys, row, &mut |error| table.fault(&error))? {
            return Ok(None);
        }
        if let Record::Supplier(supplier) = &record
            && supplier.code != self.supplier
        {
            table.fault_of_row(format_args!("the folder is that of {}", self.supplier));
            return Ok(None);
        }
        if let Record::Counter(counter) = &record
            && let Some(Record::Counter(existing)) = tx.get(kind, &record.key())?
            && existing.next > counter.next
        {
            // Numbers that were given out since the file was written are never given out again.
            return Ok(Some(Record::Counter(existing)));
        }
        if let Record::Category(category) = record {
            return self.complete_category(tx, table, category);
        }
        if !kind.columns().iter().any(|column| column.secret) {
            return Ok(Some(record));
        }
        let existing = tx.get(kind, &record.key())?;
        let prepared = (self.context.prepare)(record, existing.as_ref());
        Ok(prepared.map_err(|error| table.fault(&error)).ok())
    }
}

/// The cells of the key columns of a row.
fn key_of(kind: Kind, row: &[Cell]) -> Row {
    let columns = kind.columns().iter();
    let keys = columns.zip(row).filter(|(column, _)| column.key);
    keys.map(|(_, cell)| cell.clone()).collect()
}

/// A key as people read it. Keys of the catalogue are never secret.
fn shown(kind: Kind, key: &[Cell]) -> String {
    let columns = kind.columns().iter().filter(|column| column.key);
    let filled = columns.zip(key).filter(|(_, cell)| **cell != Cell::Null);
    let texts: Vec<String> = filled.map(|(column, cell)| column.print(cell)).collect();
    texts.join(" ")
}
