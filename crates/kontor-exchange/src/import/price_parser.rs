//! Turns rows of `prices.csv` into the small rows of a mass import.
//!
//! A catalogue with millions of prices has few different rows but for their list, product and
//! amount. So the slow path reads a row as the noun says and keeps what the other cells meant, as a
//! template; the fast path finds the template by the bytes of those cells. Both give the same.

use std::collections::{HashMap, HashSet};

use kontor_model::catalogue::Kind;
use kontor_model::currency::Currency;
use kontor_model::decimal;
use kontor_model::instant::Instant;
use kontor_model::money::Money;
use kontor_model::noun::Noun;
use kontor_model::price_list::{EntryKind, PriceEntry, PriceListId, PriceUnit, Shape};
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_model::uom::Uom;
use kontor_store::RawPrice;

use super::lookup::{List, Names};
use super::references::{self, Keys};
use super::table_file::TableFile;

/// Places of the columns of a price.
pub(super) const LIST: usize = 0;
pub(super) const SKU: usize = 1;
const UOM: usize = 2;
const CURRENCY: usize = 5;
const KIND: usize = 9;
pub(super) const TERM: usize = 10;
const AMOUNT: usize = 11;
pub(super) const VALID_TO: usize = 8;
pub(super) const PER: usize = 12;
pub(super) const DECIMALS: usize = 13;
const CHANGED_AT: usize = 14;
/// The columns that decide the shape of a price, with what the list and product say.
const SHAPE: [usize; 11] = [UOM, 3, 4, CURRENCY, 6, 7, 8, 9, TERM, PER, DECIMALS];

/// Most templates that are kept. When there are more it begins anew.
const MAX_TEMPLATES: usize = 1 << 16;
/// Numbers of decimals a price can have.
const SCALES: usize = decimal::MAX_DECIMALS as usize + 1;

/// Reads price rows.
pub(crate) struct PriceParser<'a> {
    names: Names,
    /// Keys of the other files, to be silent about rows whose fault is told.
    keys: &'a Keys,
    templates: HashMap<Box<[u8]>, Template>,
    shapes: HashMap<Shape, u32>,
    new_shapes: Vec<Shape>,
    /// What is asked of each shape.
    facts: Vec<Fact>,
    /// The cells that decide the shape of the current row.
    key: Vec<u8>,
    last_list: Option<(Vec<u8>, List)>,
    last_sku: Option<(Vec<u8>, (ProductId, Uom))>,
    last_change: Option<(Vec<u8>, i64)>,
    met: Met,
    /// The lists and shapes that were looked at: a hash that is made quickly is enough for numbers of
    /// our own.
    known_places: hashbrown::HashSet<(PriceListId, u32)>,
}

/// What the rows had in them, for what is looked at when all files are read.
#[derive(Default)]
pub(super) struct Met {
    /// The lists and currencies in which prices are put.
    pub(super) priced: HashSet<(PriceListId, Currency)>,
    /// Products with prices in units other than their base unit, with the smallest of each.
    pub(super) in_units: HashMap<(ProductId, Uom), InUnit>,
}

/// A price in a unit other than the base unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InUnit {
    pub(super) line: u64,
    pub(super) sku: String,
    /// Millionths; 0 for a listing.
    pub(super) amount: i64,
    pub(super) decimals: u8,
}

impl InUnit {
    /// How many of the smallest units that are shown it has, in millionths.
    fn shown(&self) -> i128 {
        i128::from(self.amount) * 10_i128.pow(u32::from(self.decimals))
    }
}

#[derive(Clone, Copy)]
struct Fact {
    currency: Currency,
    uom: Option<Uom>,
    decimals: u8,
}

/// So many products and units are looked at.
const MAX_UNITS: usize = 100_000;

/// What all cells but list, product and amount mean.
#[derive(Clone, Copy)]
struct Template {
    is_listing: bool,
    uom: Option<Uom>,
    /// As the row states them.
    decimals: Option<u8>,
    /// Those of the currency.
    minor_units: u8,
    /// The shape in the stated unit and in the base unit, by decimals; once it was met.
    shapes: [[Option<u32>; SCALES]; 2],
}

impl<'a> PriceParser<'a> {
    pub(crate) fn new(names: Names, keys: &'a Keys) -> Self {
        Self {
            names,
            keys,
            templates: HashMap::new(),
            shapes: HashMap::new(),
            new_shapes: Vec::new(),
            facts: Vec::new(),
            key: Vec::new(),
            last_list: None,
            last_sku: None,
            last_change: None,
            met: Met::default(),
            known_places: hashbrown::HashSet::new(),
        }
    }

    /// Shapes met since this was asked last, in the order of their numbers.
    pub(crate) fn take_new_shapes(&mut self) -> Vec<Shape> {
        std::mem::take(&mut self.new_shapes)
    }

    /// What all rows had in them.
    pub(super) fn into_met(self) -> Met {
        self.met
    }

    /// The price of the current row; `None` after a fault.
    pub(crate) fn read(&mut self, table: &TableFile<'_>) -> Option<RawPrice> {
        let price = self.read_row(table)?;
        if price.amount.is_some() && !self.known_places.contains(&(price.list, price.shape)) {
            self.meet(&price, table);
        }
        Some(price)
    }

    /// Notes what a row has in it.
    fn meet(&mut self, price: &RawPrice, table: &TableFile<'_>) {
        let index = usize::try_from(price.shape).unwrap_or(usize::MAX);
        let Some(Fact { currency, uom, decimals }) = self.facts.get(index).copied() else {
            return;
        };
        self.met.priced.insert((price.list, currency));
        let Some(uom) = uom else {
            self.known_places.insert((price.list, price.shape));
            return;
        };
        // Every product with such a price is looked at. A price of zero is told anyway.
        let amount = price.amount.unwrap_or(0);
        let mut new = InUnit { line: table.line(), sku: String::new(), amount, decimals };
        let key = (price.product, uom);
        let known = self.met.in_units.get(&key);
        let is_smaller =
            |known: &InUnit| new.amount > 0 && (known.amount == 0 || new.shown() < known.shown());
        if known.map_or(self.met.in_units.len() < MAX_UNITS, is_smaller) {
            new.sku = String::from_utf8_lossy(table.bytes(SKU)).into_owned();
            self.met.in_units.insert(key, new);
        }
    }

    fn read_row(&mut self, table: &TableFile<'_>) -> Option<RawPrice> {
        match table.removes() {
            None => None,
            Some(false) => self.read_fast(table).or_else(|| self.read_slowly(table, false)),
            Some(true) => self.read_slowly(table, true),
        }
    }

    fn read_fast(&mut self, table: &TableFile<'_>) -> Option<RawPrice> {
        let names = &self.names;
        let list = cached(&mut self.last_list, table.bytes(LIST), |code| names.lists.get(code))?;
        let (product, base) =
            cached(&mut self.last_sku, table.bytes(SKU), |sku| names.skus.get(sku))?;
        self.fill_key(table, list);
        let template = self.templates.get(self.key.as_slice())?;
        let amount = text(table.bytes(AMOUNT))?.trim();
        let (amount, needed) = match (amount, template.is_listing) {
            ("", true) => (0, 0),
            (text, false) => {
                let amount = decimal::parse(text).ok().filter(|amount| *amount >= 0)?;
                (amount, decimal::decimals(amount))
            }
            _ => return None,
        };
        let shape = template.shape(base, needed)?;
        let changed_at = match table.bytes(CHANGED_AT) {
            b"" => None,
            bytes => Some(cached(&mut self.last_change, bytes, |bytes| {
                let instant: Instant = text(bytes)?.trim().parse().ok()?;
                Some(instant.micros())
            })?),
        };
        let amount = Some(amount);
        Some(RawPrice { product, list: list.id, shape, line: table.line(), amount, changed_at })
    }

    /// Of a row that says that a price goes the key counts alone.
    fn read_slowly(&mut self, table: &TableFile<'_>, goes: bool) -> Option<RawPrice> {
        let list = self.names.lists.get(table.bytes(LIST));
        let defaults = self.names.lists.defaults(list).clone();
        let cells = if goes { table.key_cells() } else { table.cells() };
        let written = cells.sound.then_some(cells.row)?;
        let mut filled = written.clone();
        if goes && filled.get(KIND) != Some(&Cell::text(EntryKind::Listing)) {
            fill(&mut filled, AMOUNT, || Cell::Int(0));
        }
        fill(&mut filled, CURRENCY, || Cell::text(defaults.currency));
        fill(&mut filled, CHANGED_AT, || Cell::Int(0));
        let entry = match PriceEntry::from_row(&filled) {
            Ok(entry) => entry,
            Err(error) => {
                table.fault(&error);
                return None;
            }
        };
        let sku = self.names.skus.get(table.bytes(SKU));
        let term = table.bytes(TERM);
        let has_term = term.is_empty() || self.names.terms.contains(term);
        let term_exists =
            has_term || goes || self.is_missing(table, &written, TERM, Kind::PaymentTerm);
        let (Some(list), Some((product, base)), true) = (list, sku, term_exists) else {
            if goes {
                // What is not there need not go.
                return None;
            }
            if list.is_none() {
                self.is_missing(table, &written, LIST, Kind::PriceList);
            }
            if sku.is_none() {
                self.is_missing(table, &written, SKU, Kind::Product);
            }
            return None;
        };
        let changed_at = match written.get(CHANGED_AT) {
            Some(Cell::Int(micros)) => Some(*micros),
            _ => None,
        };
        Some(RawPrice {
            product,
            list: list.id,
            shape: if goes {
                self.number(normal(entry.shape, base))
            } else {
                self.learn(table, list, base, entry.shape, &written)
            },
            line: table.line(),
            amount: (!goes).then(|| entry.amount.map_or(0, Money::micros)),
            changed_at,
        })
    }

    /// Tells that something does not exist, unless the file that should have it has it: then its
    /// fault is told already. Always `false`.
    fn is_missing(&self, table: &TableFile<'_>, row: &Row, column: usize, kind: Kind) -> bool {
        let key = row.get(column).map(std::slice::from_ref).unwrap_or_default();
        if !self.keys.may_be_in_file(kind, key)
            && let Some(column) = PriceEntry::COLUMNS.get(column)
        {
            table.fault(&column.fault(references::unknown(kind)));
        }
        false
    }

    /// Numbers the shape of a row and keeps what its cells meant.
    fn learn(
        &mut self,
        table: &TableFile<'_>,
        list: List,
        base: Uom,
        shape: Shape,
        written: &Row,
    ) -> u32 {
        let uom = match &shape.unit {
            PriceUnit::Uom(uom) => Some(uom.0),
            PriceUnit::Base | PriceUnit::BaseUnits(_) | PriceUnit::Packing { .. } => None,
        };
        let shape = normal(shape, base);
        let stated = written.get(DECIMALS).is_some_and(|cell| *cell != Cell::Null);
        let fresh = Template {
            is_listing: shape.kind == EntryKind::Listing,
            uom,
            decimals: stated.then_some(shape.decimals),
            minor_units: shape.currency.minor_units(),
            shapes: [[None; SCALES]; 2],
        };
        let decimals = shape.decimals;
        let id = self.number(shape);
        self.fill_key(table, list);
        if self.templates.len() >= MAX_TEMPLATES {
            self.templates.clear();
        }
        let key = self.key.as_slice().into();
        let template = self.templates.entry(key).or_insert(fresh);
        let slot = template.slot(base).get_mut(usize::from(decimals));
        if let Some(slot) = slot {
            *slot = Some(id);
        }
        id
    }

    fn number(&mut self, shape: Shape) -> u32 {
        if let Some(id) = self.shapes.get(&shape) {
            return *id;
        }
        let id = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        let uom = match &shape.unit {
            PriceUnit::Uom(uom) => Some(uom.0),
            PriceUnit::Base | PriceUnit::BaseUnits(_) | PriceUnit::Packing { .. } => None,
        };
        self.facts.push(Fact { currency: shape.currency, uom, decimals: shape.decimals });
        self.new_shapes.push(shape.clone());
        self.shapes.insert(shape, id);
        id
    }

    fn fill_key(&mut self, table: &TableFile<'_>, list: List) {
        self.key.clear();
        self.key.extend_from_slice(&list.defaults.to_le_bytes());
        for column in SHAPE {
            let bytes = table.bytes(column);
            // The length keeps cells apart whatever stands in them.
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            self.key.extend_from_slice(&length.to_le_bytes());
            self.key.extend_from_slice(bytes);
        }
    }
}

impl Template {
    /// The shape of a price with so many decimals of a product with this base unit.
    fn shape(&self, base: Uom, needed: u8) -> Option<u32> {
        let decimals = match self.decimals {
            Some(stated) if stated < needed => return None,
            Some(stated) => stated,
            None => needed.max(self.minor_units),
        };
        let [other, in_base] = &self.shapes;
        let shapes = if self.uom == Some(base) { in_base } else { other };
        shapes.get(usize::from(decimals)).copied().flatten()
    }

    fn slot(&mut self, base: Uom) -> &mut [Option<u32>; SCALES] {
        let [other, in_base] = &mut self.shapes;
        if self.uom == Some(base) { in_base } else { other }
    }
}

/// A shape as it is stored for a product with this base unit.
fn normal(mut shape: Shape, base: Uom) -> Shape {
    if matches!(&shape.unit, PriceUnit::Uom(uom) if uom.0 == base) {
        shape.unit = PriceUnit::Base;
    }
    shape
}

/// Finds what bytes stand for; most often the same as in the row before.
fn cached<T: Copy>(
    last: &mut Option<(Vec<u8>, T)>,
    bytes: &[u8],
    find: impl FnOnce(&[u8]) -> Option<T>,
) -> Option<T> {
    if let Some((known, value)) = last
        && known.as_slice() == bytes
    {
        return Some(*value);
    }
    let value = find(bytes)?;
    match last {
        Some((known, old)) => {
            known.clear();
            known.extend_from_slice(bytes);
            *old = value;
        }
        None => *last = Some((bytes.to_vec(), value)),
    }
    Some(value)
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn fill(row: &mut Row, column: usize, default: impl FnOnce() -> Cell) {
    if let Some(cell @ Cell::Null) = row.get_mut(column) {
        *cell = default();
    }
}

#[cfg(test)]
mod tests;
