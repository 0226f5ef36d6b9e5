//! Puts the rows of a file of any kind but prices.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, StoreError, WriteTx};

use crate::fault::Fault;
use crate::names;
use crate::source::SourceFile;

use super::accounts::Accounts;
use super::complete::Unsaid;
use super::reach;
use super::references::References;
use super::report::KindReport;
use super::session::Session;
use super::table_file::TableFile;

/// A file whose rows are put.
struct Reading<'a> {
    table: TableFile<'a>,
    references: References,
    unsaid: Unsaid,
    accounts: Accounts,
}

impl Session<'_> {
    /// Puts the rows of a file. After a fault the rest is still checked.
    pub(super) fn import_table(
        &mut self,
        tx: &mut dyn WriteTx,
        kind: Kind,
        file: &SourceFile,
        report: &mut KindReport,
    ) -> Result<(), Abort> {
        let Some(table) = TableFile::open(self.context, kind, file) else {
            self.keys.mark_incomplete(kind);
            return Ok(());
        };
        if table.may_remove() && matches!(kind, Kind::Supplier | Kind::Counter) {
            table.fault_of_header(format_args!(
                "rows of {} cannot be removed; leave the column remove out{}",
                kind.name(),
                if kind == Kind::Supplier {
                    ", `kontor supplier remove` takes a supplier away"
                } else {
                    ""
                }
            ));
        }
        let unsaid = Unsaid::of(&table);
        let references = References::of(kind);
        let accounts = Accounts::of(&table);
        let mut reading = Reading { table, references, unsaid, accounts };
        let mut rows = 0;
        while reading.table.advance() {
            rows += 1;
            self.context.count_rows(1);
            self.read_row(tx, &mut reading, report)?;
        }
        self.put_accounts(tx, &mut reading.accounts, report)?;
        if reading.table.is_incomplete() {
            self.keys.mark_incomplete(kind);
        }
        if kind == Kind::Supplier && rows != 1 && !self.is_faulty() {
            reading.table.fault_of_file(format_args!("must have exactly one row, it has {rows}"));
        }
        Ok(())
    }

    fn read_row(
        &mut self,
        tx: &mut dyn WriteTx,
        reading: &mut Reading<'_>,
        report: &mut KindReport,
    ) -> Result<(), Abort> {
        let table = &reading.table;
        let kind = table.kind;
        let Some(removes) = table.removes() else {
            self.keys.mark_incomplete(kind);
            return Ok(());
        };
        let mut cells = if removes { table.key_cells() } else { table.cells() };
        let key = key_of(kind, &cells.row);
        if !cells.key {
            self.keys.mark_incomplete(kind);
        } else if let Some(line) = self.keys.insert(kind, &key, table.line()) {
            let key = names::key(kind, &key);
            table.fault_of_row(format_args!("{key} stands on line {line} already"));
            return Ok(());
        }
        if removes {
            if cells.sound {
                self.touch(kind, &key, true);
                self.marked.entry(kind).or_default().insert(key);
            }
            return Ok(());
        }
        if !cells.sound || !reading.unsaid.fill(tx, self, table, &mut cells.row, &key)? {
            self.keys.mark_faulty(kind, &key);
            return Ok(());
        }
        self.touch(kind, &key, false);
        let record = self.record(tx, table, &reading.references, &cells.row)?;
        // Without a supplier, whose fault is told, there is nowhere to put rows.
        let has_supplier = kind == Kind::Supplier || self.currency.is_some();
        let Some(record) = record else {
            self.keys.mark_faulty(kind, &key);
            return Ok(());
        };
        if !has_supplier {
            return Ok(());
        }
        if let Record::Account(account) = record {
            reading.accounts.add(tx, self, table, account)?;
            if reading.accounts.is_full() {
                self.put_accounts(tx, &mut reading.accounts, report)?;
            }
            return Ok(());
        }
        let (file, line) = (table.file(), table.line());
        self.put(tx, &record, (file, line), report)
    }

    /// Puts a row of a line; what forbids it is told.
    pub(super) fn put(
        &mut self,
        tx: &mut dyn WriteTx,
        record: &Record,
        (file, line): (&str, u64),
        report: &mut KindReport,
    ) -> Result<(), Abort> {
        match tx.put(record) {
            Ok(put) => {
                self.numbered.note(record, put);
                self.zoned.note(record);
                report.count(put);
                Ok(())
            }
            Err(Abort::Store(StoreError::Conflict(reason))) => {
                self.keys.mark_faulty(record.kind(), &record.key());
                self.context.fault(Fault::of_line(file, line, reason));
                Ok(())
            }
            Err(abort) => Err(abort),
        }
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
        if let Some(error) = reach::number_out_of_reach(&record) {
            table.fault(&error);
            return Ok(None);
        }
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
        // Those of accounts are many, and take long.
        if kind == Kind::Account || !kind.has_secrets() {
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
