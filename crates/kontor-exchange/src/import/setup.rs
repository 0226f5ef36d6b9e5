//! Warnings of what a catalogue as a whole can only answer wrongly: customers without a price, lists that
//! nobody is priced from, prices in units that lead to nothing. Only what the files touch is looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::customer::State;
use kontor_model::identifier::Scheme;
use kontor_model::price_list::PriceListId;
use kontor_model::record::Cell;
use kontor_store::{Abort, WriteTx};

use crate::fault::Fault;
use crate::names;

use super::session::Session;

/// So many lists and currencies are looked up among the stored prices: each may be asked of every
/// product.
const MAX_LOOKED_UP: usize = 100;

impl Session<'_> {
    /// Looks at everything, after all rows were put and removed.
    pub(super) fn warn_of_setup(&self, tx: &mut dyn WriteTx) -> Result<(), Abort> {
        self.warn_of_protocols(tx)?;
        self.warn_of_customers(tx)?;
        self.warn_of_lists(tx)?;
        self.warn_of_stores(tx)?;
        self.warn_of_units(tx)
    }

    fn warn(&self, kind: Kind, line: Option<u64>, value: String, reason: &str) {
        let file = self.folder.tables.get(&kind);
        let file = file.map_or_else(|| names::table(kind), |file| file.name.clone());
        self.context.warn(Fault { line, value: Some(value), ..Fault::of_file(&file, reason) });
    }

    fn has_any(&self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|kind| self.folder.tables.contains_key(kind))
    }

    /// Tells protocols with accounts that nothing of the catalogue can be asked for in.
    fn warn_of_protocols(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        for (protocol, line) in &self.protocols {
            let (is_set_up, reason) = match protocol {
                Protocol::Secomp => continue,
                Protocol::Restigo => (
                    has(tx, Kind::Identifier, is_catalogue_number)?,
                    "no product has a catalogue_number in identifiers.csv: no price can be set",
                ),
                Protocol::Consinco => (
                    has(tx, Kind::Segment, |_| true)?,
                    "there is no company with a segment (selling_entities.csv, segments.csv): there are no rows",
                ),
                Protocol::Websphere => (
                    has(tx, Kind::Store, |_| true)?,
                    "there is no store in stores.csv: every address is answered as unknown",
                ),
            };
            if !is_set_up {
                let value = format!("accounts of {protocol}");
                self.warn(Kind::Account, Some(*line), value, reason);
            }
        }
        Ok(())
    }

    /// Tells customers who ask without a list, and those whose lists have nothing in their currency.
    fn warn_of_customers(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        if !self.has_any(&[Kind::Customer, Kind::Entitlement, Kind::Account]) {
            return Ok(());
        }
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        each(tx, Kind::Entitlement, |record| {
            if let Record::Entitlement(entitlement) = record {
                let customer = entitlement.customer.as_str().to_owned();
                lists.entry(customer).or_default().push(entitlement.list.as_str().to_owned());
            }
        })?;
        // Accounts may be loaded before any price list is.
        let mut has_lists = false;
        each(tx, Kind::PriceList, |_| has_lists = true)?;
        let mut priced = self.priced(tx)?;
        let mut customers = Vec::new();
        each(tx, Kind::Customer, |record| {
            if let Record::Customer(customer) = record
                && customer.state == State::Active
                && self.is_touched(customer.number.as_str())
            {
                customers.push((customer.number.as_str().to_owned(), customer.currency));
            }
        })?;
        for (number, currency) in customers {
            let Some(currency) = currency.or(self.currency) else {
                continue;
            };
            let asking = self.asking.get(&number);
            let Some(entitled) = lists.get(&number) else {
                if let Some((line, login)) = asking.filter(|_| has_lists) {
                    let value = format!("{login} of customer {number}");
                    let reason =
                        "the customer has no price list: every product is answered as unknown";
                    self.warn(Kind::Account, Some(*line), value, reason);
                }
                continue;
            };
            let mut has_price = false;
            for list in entitled {
                has_price |= priced.has(tx, list, currency)?;
            }
            if !has_price {
                let line = self.keys.line(Kind::Customer, &[Cell::text(&number)]);
                let reason =
                    format!("none of the customer's price lists has a price in {currency}");
                self.warn(Kind::Customer, line, number, &reason);
            }
        }
        Ok(())
    }

    /// Whether the files have a row of a customer, or an account that asks for it.
    fn is_touched(&self, customer: &str) -> bool {
        self.asking.contains_key(customer)
            || self.keys.is_in_file(Kind::Customer, &[Cell::text(customer)])
    }

    /// Tells lists with which nobody is priced and that no partner maintains.
    fn warn_of_lists(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        if !self.has_any(&[Kind::PriceList]) {
            return Ok(());
        }
        let mut used = BTreeSet::new();
        for kind in [Kind::Entitlement, Kind::ContractList, Kind::Segment, Kind::SalesTable] {
            let column = kind.columns().iter().position(|column| column.name == "price_list");
            each(tx, kind, |record| {
                used.extend(column.and_then(|column| record.to_row().into_iter().nth(column)));
            })?;
        }
        each(tx, Kind::PriceList, |record| {
            if let Record::PriceList(list) = record
                && list.number.is_none()
                && !used.contains(&Cell::text(&list.code))
            {
                let line = self.keys.line(Kind::PriceList, &[Cell::text(&list.code)]);
                let reason = "no customer, contract or segment is priced from the list";
                self.warn(Kind::PriceList, line, list.code.to_string(), reason);
            }
        })
    }

    /// Tells stores whose contract has no list.
    fn warn_of_stores(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        if !self.has_any(&[Kind::Store, Kind::ContractList]) {
            return Ok(());
        }
        let mut contracts = BTreeSet::new();
        each(tx, Kind::ContractList, |record| {
            if let Record::ContractList(list) = record {
                contracts.insert(list.contract.to_string());
            }
        })?;
        each(tx, Kind::Store, |record| {
            if let Record::Store(store) = record
                && !contracts.contains(&store.contract.to_string())
            {
                let line = self.keys.line(Kind::Store, &[Cell::text(&store.code)]);
                let reason = "the contract of the store has no price list: nothing has a price";
                self.warn(Kind::Store, line, store.code.to_string(), reason);
            }
        })
    }

    /// Tells prices in units that the product has no conversion for.
    fn warn_of_units(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        let mut lines = Vec::new();
        for ((_, uom), (line, sku)) in &self.met.in_units {
            if tx.get(Kind::Conversion, &[Cell::text(sku), Cell::text(uom)])?.is_none() {
                lines.push((*line, format!("{sku} {uom}")));
            }
        }
        lines.sort_unstable();
        for (line, value) in lines {
            let reason = "the product has no conversion for the unit of the price: only who asks in \
                          this unit gets it";
            self.warn(Kind::Price, Some(line), value, reason);
        }
        Ok(())
    }

    fn priced(&self, tx: &dyn WriteTx) -> Result<Priced<'_>, Abort> {
        let mut ids = HashMap::new();
        tx.list_ids(&mut |code, id| {
            ids.insert(code.to_owned(), id);
            Ok(())
        })?;
        Ok(Priced { session: self, ids, known: HashMap::new(), looked_up: 0 })
    }
}

/// Which lists have prices in which currencies.
struct Priced<'a> {
    session: &'a Session<'a>,
    ids: HashMap<String, PriceListId>,
    known: HashMap<(String, Currency), bool>,
    looked_up: usize,
}

impl Priced<'_> {
    /// Whether a list has a price in a currency, or too many were asked for.
    fn has(&mut self, tx: &dyn WriteTx, list: &str, currency: Currency) -> Result<bool, Abort> {
        let entry = (list.to_owned(), currency);
        if let Some(known) = self.known.get(&entry) {
            return Ok(*known);
        }
        let id = self.ids.get(list);
        let is_put = id.is_some_and(|id| self.session.met.priced.contains(&(*id, currency)));
        let has = is_put || self.looked_up >= MAX_LOOKED_UP || tx.has_price(list, currency)?;
        self.looked_up += usize::from(!is_put);
        self.known.insert(entry, has);
        Ok(has)
    }
}

fn is_catalogue_number(record: &Record) -> bool {
    matches!(record, Record::Identifier(identifier) if identifier.scheme == Scheme::CatalogueNumber)
}

/// Whether there is a row of a kind as wanted; the first one ends the search.
fn has(tx: &dyn WriteTx, kind: Kind, is_wanted: impl Fn(&Record) -> bool) -> Result<bool, Abort> {
    let mut found = false;
    let search = tx.scan(kind, &[], &mut |record| {
        found |= is_wanted(&record);
        if found { Err(Abort::Refused) } else { Ok(()) }
    });
    match search {
        Err(Abort::Refused) if found => Ok(true),
        other => other.map(|()| found),
    }
}

fn each(tx: &dyn WriteTx, kind: Kind, mut visit: impl FnMut(Record)) -> Result<(), Abort> {
    tx.scan(kind, &[], &mut |record| {
        visit(record);
        Ok(())
    })
}
