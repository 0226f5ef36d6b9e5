//! Warnings of what a catalogue as a whole can only answer wrongly: customers without a price, lists that
//! nobody is priced from, prices in units that lead to nothing. Only what the files touch is looked at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::customer::State;
use kontor_model::identifier::Scheme;
use kontor_model::money::Money;
use kontor_model::price_rule::convert_from;
use kontor_model::quantity::Quantity;
use kontor_model::record::{Cell, Row};
use kontor_model::store::Store;
use kontor_store::{Abort, WriteTx};

use crate::fault::Fault;
use crate::names;

use super::price_parser::InUnit;
use super::session::Session;

/// So many lists and currencies are looked up among the stored prices: each may be asked of every
/// product.
const MAX_LOOKED_UP: usize = 100;
/// Customers of so many accounts are looked up one by one; those of more among all.
const MAX_ASKING: usize = 10_000;
/// So many rows are searched for one that a protocol needs.
const MAX_SEARCHED: usize = 10_000;

/// The kinds that say who is priced from a list.
const PRICED_FROM: [Kind; 4] =
    [Kind::Entitlement, Kind::ContractList, Kind::Segment, Kind::SalesTable];

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
        // Accounts may be loaded before any price list is.
        let has_lists = has(tx, Kind::PriceList, |_| true)?;
        let mut priced = Priced::of(self, tx);
        for asked in self.customers(tx)? {
            let AskedCustomer { number, currency, lists } = asked;
            let Some(currency) = currency.or(self.currency) else {
                continue;
            };
            if lists.is_empty() {
                if let Some((line, login)) = self.asking.get(&number).filter(|_| has_lists) {
                    let value = format!("{login} of customer {number}");
                    let reason =
                        "the customer has no price list: every product is answered as unknown";
                    self.warn(Kind::Account, Some(*line), value, reason);
                }
                continue;
            }
            let mut has_price = false;
            for list in &lists {
                has_price |= priced.has(list, currency)?;
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

    /// The active customers that the files touch, with their lists.
    fn customers(&self, tx: &dyn WriteTx) -> Result<Vec<AskedCustomer>, Abort> {
        let mut found = Vec::new();
        let mut note = |record| {
            if let Record::Customer(customer) = record
                && customer.state == State::Active
                && self.is_touched(customer.number.as_str())
            {
                let (number, currency) = (customer.number.as_str().to_owned(), customer.currency);
                found.push(AskedCustomer { number, currency, lists: Vec::new() });
            }
        };
        let touched = self.touched(Kind::Customer).filter(|_| self.asking.len() <= MAX_ASKING);
        if let Some(mut touched) = touched {
            touched.extend(self.asking.keys().map(|number| vec![Cell::text(number)]));
            for key in touched {
                tx.get(Kind::Customer, &key)?.into_iter().for_each(&mut note);
            }
            for customer in &mut found {
                tx.scan(Kind::Entitlement, &[Cell::text(&customer.number)], &mut |record| {
                    if let Record::Entitlement(entitlement) = record {
                        customer.lists.push(entitlement.list.as_str().to_owned());
                    }
                    Ok(())
                })?;
            }
            return Ok(found);
        }
        each(tx, Kind::Customer, note)?;
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        each(tx, Kind::Entitlement, |record| {
            if let Record::Entitlement(entitlement) = record {
                let customer = entitlement.customer.as_str().to_owned();
                lists.entry(customer).or_default().push(entitlement.list.as_str().to_owned());
            }
        })?;
        for customer in &mut found {
            customer.lists = lists.remove(&customer.number).unwrap_or_default();
        }
        Ok(found)
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
        let mut unused = Vec::new();
        if let Some(touched) = self.touched(Kind::PriceList) {
            for key in touched {
                let is_used =
                    || PRICED_FROM.iter().map(|by| tx.referrer(*by, Kind::PriceList, &key));
                if let Some(Record::PriceList(list)) = tx.get(Kind::PriceList, &key)?
                    && !is_used().collect::<Result<Vec<_>, _>>()?.iter().any(Option::is_some)
                {
                    unused.push(list);
                }
            }
        } else {
            let mut used = BTreeSet::new();
            for kind in PRICED_FROM {
                let column = kind.columns().iter().position(|column| column.name == "price_list");
                each(tx, kind, |record| {
                    used.extend(column.and_then(|column| record.to_row().into_iter().nth(column)));
                })?;
            }
            each(tx, Kind::PriceList, |record| {
                if let Record::PriceList(list) = record
                    && !used.contains(&Cell::text(&list.code))
                {
                    unused.push(list);
                }
            })?;
        }
        for list in unused.into_iter().filter(|list| list.number.is_none()) {
            let line = self.keys.line(Kind::PriceList, &[Cell::text(&list.code)]);
            let reason = "no customer, contract or segment is priced from the list";
            self.warn(Kind::PriceList, line, list.code.to_string(), reason);
        }
        Ok(())
    }

    /// Tells stores whose contract has no list.
    fn warn_of_stores(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        if !self.has_any(&[Kind::Store, Kind::ContractList]) {
            return Ok(());
        }
        let touched = self.touched(Kind::Store).zip(self.touched(Kind::ContractList));
        let touched = match touched {
            // Contracts without a list are few, and so are stores.
            Some((stores, removed)) if !empties_a_store(tx, &removed)? => Some(stores),
            _ => None,
        };
        // Noted first: who looks at rows of a scan asks nothing meanwhile.
        let mut stores: Vec<Store> = Vec::new();
        let mut note = |record| {
            if let Record::Store(store) = record {
                stores.push(store);
            }
        };
        if let Some(touched) = touched {
            for key in touched {
                tx.get(Kind::Store, &key)?.into_iter().for_each(&mut note);
            }
        } else {
            each(tx, Kind::Store, note)?;
        }
        for Store { code, contract, .. } in stores {
            if has_below(tx, Kind::ContractList, &[Cell::text(&contract)], |_| true)? {
                continue;
            }
            let line = self.keys.line(Kind::Store, &[Cell::text(&code)]);
            let reason = "the contract of the store has no price list: nothing has a price";
            self.warn(Kind::Store, line, code.to_string(), reason);
        }
        Ok(())
    }

    /// Tells prices in units that the product has no conversion for.
    fn warn_of_units(&self, tx: &dyn WriteTx) -> Result<(), Abort> {
        let mut lines = Vec::new();
        for ((_, uom), price) in &self.met.in_units {
            let key = [Cell::text(&price.sku), Cell::text(uom)];
            let reason = match tx.get(Kind::Conversion, &key)? {
                Some(Record::Conversion(one)) if costs_nothing(price, one.factor) => format!(
                    "one base unit, of {} in the unit of the price, costs less than {} decimals show, so \
                     it shows as 0; set more decimals",
                    one.factor, price.decimals
                ),
                Some(_) => continue,
                None => {
                    "the product has no conversion for the unit of the price: only who asks in \
                         this unit gets it"
                        .to_owned()
                }
            };
            lines.push((price.line, format!("{} {uom}", price.sku), reason));
        }
        lines.sort_unstable();
        for (line, value, reason) in lines {
            self.warn(Kind::Price, Some(line), value, &reason);
        }
        Ok(())
    }
}

/// A customer that the files touch.
struct AskedCustomer {
    number: String,
    currency: Option<Currency>,
    lists: Vec<String>,
}

/// Which lists have prices in which currencies.
struct Priced<'a> {
    session: &'a Session<'a>,
    tx: &'a dyn WriteTx,
    known: HashMap<(String, Currency), bool>,
    looked_up: usize,
}

impl<'a> Priced<'a> {
    fn of(session: &'a Session<'a>, tx: &'a dyn WriteTx) -> Self {
        Self { session, tx, known: HashMap::new(), looked_up: 0 }
    }

    /// Whether a list has a price in a currency, or too many were asked for.
    fn has(&mut self, list: &str, currency: Currency) -> Result<bool, Abort> {
        let entry = (list.to_owned(), currency);
        if let Some(known) = self.known.get(&entry) {
            return Ok(*known);
        }
        let id = self.tx.list_id(list)?;
        let is_put = id.is_some_and(|id| self.session.met.priced.contains(&(id, currency)));
        let has = is_put || self.looked_up >= MAX_LOOKED_UP || self.tx.has_price(list, currency)?;
        self.looked_up += usize::from(!is_put);
        self.known.insert(entry, has);
        Ok(has)
    }
}

/// Whether a contract of a store lost its last list.
fn empties_a_store(tx: &dyn WriteTx, removed: &BTreeSet<Row>) -> Result<bool, Abort> {
    for contract in removed.iter().filter_map(|key| key.get(..1)) {
        if !has_below(tx, Kind::ContractList, contract, |_| true)?
            && tx.referrer(Kind::Store, Kind::Contract, contract)?.is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a price that is not zero shows as 0 to whoever asks for one base unit.
fn costs_nothing(price: &InUnit, factor: Quantity) -> bool {
    let amount = Money::from_micros(price.amount);
    let one = convert_from(amount, factor, Quantity::ONE, price.decimals);
    price.amount > 0 && one.is_some_and(|(one, _)| one == Money::ZERO)
}

fn is_catalogue_number(record: &Record) -> bool {
    matches!(record, Record::Identifier(identifier) if identifier.scheme == Scheme::CatalogueNumber)
}

/// Whether there is a row of a kind as wanted; the first one ends the search.
fn has(tx: &dyn WriteTx, kind: Kind, is_wanted: impl Fn(&Record) -> bool) -> Result<bool, Abort> {
    has_below(tx, kind, &[], is_wanted)
}

/// The same of the rows whose keys begin so. Where many are none it is taken for granted.
fn has_below(
    tx: &dyn WriteTx,
    kind: Kind,
    prefix: &[Cell],
    is_wanted: impl Fn(&Record) -> bool,
) -> Result<bool, Abort> {
    let (mut found, mut seen) = (false, 0);
    let search = tx.scan(kind, prefix, &mut |record| {
        seen += 1;
        found |= is_wanted(&record) || seen > MAX_SEARCHED;
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
