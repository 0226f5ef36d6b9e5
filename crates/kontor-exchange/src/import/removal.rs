//! Removes the rows that the files mark, and those that a folder which replaces does not have.

use std::collections::BTreeSet;

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, Row};
use kontor_store::{Abort, StoreError, WriteTx};

use crate::fault::Fault;
use crate::names;
use crate::source::SourceFile;

use super::options::{self, Mode};
use super::report::KindReport;
use super::session::Session;

/// So many rows that have to stay are told.
const MAX_TOLD: u32 = 100;

impl Session<'_> {
    /// Removes rows of kinds that refer to others first. Prices are removed by their own import. A
    /// row that others refer to stays, and is a fault.
    pub(super) fn remove_rows(&mut self, tx: &mut dyn WriteTx) -> Result<(), Abort> {
        let folder = self.folder;
        for kind in Kind::CATALOGUE.into_iter().rev() {
            let Some(file) = folder.tables.get(&kind).filter(|_| kind != Kind::Price) else {
                continue;
            };
            let marked = self.marked.remove(&kind).unwrap_or_default();
            let asked = match tx.remove_all(kind, &marked) {
                Ok(asked) => asked,
                Err(StoreError::Conflict(_)) => self.tell_kept(tx, file, kind, &marked)?,
                Err(error) => return Err(error.into()),
            };
            let unseen =
                if self.replaces(kind) { self.removed(file, tx.remove_unseen(kind))? } else { 0 };
            let Some(report) = self.reports.iter_mut().find(|report| report.kind == kind) else {
                continue;
            };
            report.removed += asked + unseen;
            let report = *report;
            self.check_removed(file, &report, unseen);
        }
        Ok(())
    }

    /// Tells when a replacement would remove more rows than it may: of so many that were there.
    pub(super) fn check_removed(&self, file: &SourceFile, report: &KindReport, unnamed: u64) {
        let before = report.updated + report.unchanged + report.removed + report.trimmed;
        if options::may_remove(self.context.max_removed, unnamed, before) {
            return;
        }
        let (option, of) = match self.context.mode {
            Mode::ReplaceLists => ("--replace-lists", " of its price lists"),
            Mode::Merge | Mode::Replace => ("--replace", ""),
        };
        self.context.fault(Fault::of_file(
            &file.name,
            format_args!(
                "{option} would remove {unnamed} of the {before} {}{of}; when that is meant, \
                 --max-removed {unnamed} allows it",
                report.kind.name()
            ),
        ));
    }

    fn removed(&self, file: &SourceFile, removed: Result<u64, StoreError>) -> Result<u64, Abort> {
        match removed {
            Ok(removed) => Ok(removed),
            Err(StoreError::Conflict(reason)) => {
                let remedy = "--replace removes from the kinds that have a file: give the file of those, too";
                self.context.fault(Fault::of_file(&file.name, format_args!("{reason}; {remedy}")));
                Ok(0)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Tells the marked rows that have to stay, with the row that refers to each.
    fn tell_kept(
        &self,
        tx: &mut dyn WriteTx,
        file: &SourceFile,
        kind: Kind,
        marked: &BTreeSet<Row>,
    ) -> Result<u64, Abort> {
        let mut told = 0;
        for key in marked {
            let reason = match tx.remove(kind, key) {
                Ok(_) => continue,
                Err(StoreError::Conflict(reason)) => reason,
                Err(error) => return Err(error.into()),
            };
            let reason = match self.referrer(tx, kind, key)? {
                Some(place) => format!(
                    "{} cannot be removed: {place} still refers to it; remove that row in the same import, \
                     or let it name another one",
                    names::key(kind, key)
                ),
                None => format!("{reason}; remove those in the same import"),
            };
            let line = self.keys.line(kind, key);
            self.context.fault(Fault { line, ..Fault::of_file(&file.name, reason) });
            told += 1;
            if told == MAX_TOLD {
                break;
            }
        }
        Ok(0)
    }

    /// Who refers to a row, prices aside: where it stands in the files, or its key in the data.
    fn referrer(
        &self,
        tx: &dyn WriteTx,
        kind: Kind,
        key: &[Cell],
    ) -> Result<Option<String>, Abort> {
        for by in Kind::CATALOGUE.into_iter().filter(|by| *by != Kind::Price) {
            let Some(row) = tx.referrer(by, kind, key)? else {
                continue;
            };
            let shown = names::key(by, &row);
            let place = self.folder.tables.get(&by).zip(self.keys.line(by, &row));
            return Ok(Some(match place {
                Some((file, line)) => format!("{shown} ({}:{line})", file.name),
                None => format!("{shown} of {} in the data", by.name()),
            }));
        }
        Ok(None)
    }

    /// Tells products whose base unit cannot change, when all prices are put and removed.
    pub(super) fn tell_misread_prices(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        let Some(file) = self.folder.tables.get(&Kind::Product) else {
            return Ok(());
        };
        for misread in tx.misread_prices()? {
            let line = self.keys.line(Kind::Product, &[Cell::text(&misread.sku)]);
            self.context.fault(Fault { line, ..Fault::of_file(&file.name, misread) });
        }
        Ok(())
    }
}
