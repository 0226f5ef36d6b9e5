//! The import of one supplier, inside its transaction.

use std::collections::{BTreeMap, BTreeSet};

use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, WriteTx};

use super::Read;
use super::context::Context;
use super::options::Mode;
use super::plan::Folder;
use super::price_parser::Met;
use super::reach::Numbered;
use super::references::Keys;
use super::report::KindReport;
use super::touched::Touched;
use super::zones::Zoned;

/// The import of one supplier.
pub(crate) struct Session<'a> {
    pub(super) context: &'a Context,
    pub(super) folder: &'a Folder,
    pub(super) supplier: SupplierCode,
    /// Currency of lists that state none; unknown only when the supplier is faulty.
    pub(super) currency: Option<Currency>,
    pub(super) keys: Keys,
    pub(super) reports: Vec<KindReport>,
    /// What the file of prices had in it.
    pub(super) met: Met,
    /// Keys of rows that the files say are to go.
    pub(super) marked: BTreeMap<Kind, BTreeSet<Row>>,
    /// Customers that accounts of the file ask for, with the line and name of the first account.
    pub(super) asking: BTreeMap<String, (u64, String)>,
    /// The protocols of the accounts of the file, with the line of the first of each.
    pub(super) protocols: BTreeMap<Protocol, u64>,
    pub(super) numbered: Numbered,
    touched: Touched,
    pub(super) zoned: Zoned,
    faults_before: u64,
}

impl<'a> Session<'a> {
    pub(crate) fn new(context: &'a Context, folder: &'a Folder, supplier: SupplierCode) -> Self {
        Self {
            context,
            folder,
            supplier,
            currency: None,
            keys: Keys::default(),
            reports: Vec::new(),
            met: Met::default(),
            marked: BTreeMap::new(),
            asking: BTreeMap::new(),
            protocols: BTreeMap::new(),
            numbered: Numbered::default(),
            touched: Touched::default(),
            zoned: Zoned::default(),
            faults_before: context.fault_count(),
        }
    }

    /// Reads all files, referred-to kinds first. Refuses when there was a fault.
    pub(crate) fn run(&mut self, tx: &mut dyn WriteTx) -> Result<(), Abort> {
        for stranger in &self.folder.strangers {
            self.context.fault(stranger.clone());
        }
        for kind in Kind::CATALOGUE {
            let mut report = KindReport::new(kind);
            let file = self.folder.tables.get(&kind);
            if let Some(file) = file {
                if kind == Kind::Price {
                    self.import_prices(tx, file, &mut report)?;
                } else {
                    if self.replaces(kind) {
                        tx.remember_seen(kind)?;
                    }
                    self.import_table(tx, kind, file, &mut report)?;
                }
            }
            if kind == Kind::Supplier {
                self.learn_supplier(tx)?;
            }
            if kind == Kind::Category {
                self.import_questionnaires(tx, &mut report)?;
            }
            if file.is_some() || report != KindReport::new(kind) {
                self.reports.push(report);
            }
        }
        if !self.is_faulty() {
            self.remove_rows(tx)?;
            self.tell_taken_tokens(tx)?;
            self.tell_misread_prices(tx)?;
            self.tell_zone_overlaps(tx)?;
            self.tell_out_of_reach(tx)?;
        }
        if !self.is_faulty() {
            self.warn_of_setup(tx)?;
        }
        if self.is_faulty() || self.context.dry_run {
            return Err(Abort::Refused);
        }
        Ok(())
    }

    pub(crate) fn into_read(self) -> Read {
        Read { reports: self.reports, keys: self.keys }
    }

    pub(super) fn is_faulty(&self) -> bool {
        self.context.fault_count() > self.faults_before
    }

    /// Whether rows of this kind that the folder does not have are removed. Never leads: those that
    /// were accepted since the file was written are nowhere else.
    pub(super) fn replaces(&self, kind: Kind) -> bool {
        self.context.mode == Mode::Replace
            && !matches!(kind, Kind::Supplier | Kind::Lead)
            && self.folder.tables.contains_key(&kind)
    }

    pub(super) fn touch(&mut self, kind: Kind, key: &Row, is_removed: bool) {
        self.touched.note(kind, key, is_removed);
    }

    /// The rows of a kind that the files touch; `None` when they are many, or others go with them.
    pub(super) fn touched(&self, kind: Kind) -> Option<BTreeSet<Row>> {
        self.touched.of(kind).filter(|_| self.context.mode != Mode::Replace)
    }

    fn learn_supplier(&mut self, tx: &mut dyn WriteTx) -> Result<(), Abort> {
        let key = [Cell::text(&self.supplier)];
        if let Some(Record::Supplier(supplier)) = tx.get(Kind::Supplier, &key)? {
            self.currency = Some(supplier.currency);
        }
        Ok(())
    }
}
