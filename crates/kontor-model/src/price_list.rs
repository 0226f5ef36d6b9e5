//! Price lists and their entries.

use std::fmt;
use std::str::FromStr;

use crate::code::Code;
use crate::currency::Currency;
use crate::instant::{Instant, Zone};
use crate::key::{Key, KeyPrefix};
use crate::money::Money;
use crate::noun::{BookPlace, Noun, Reference};
use crate::payment_term::{PaymentTerm, PaymentTermCode};
use crate::price_rule::convert_from;
use crate::product::{PackingCode, Product, Sku};
use crate::quantity::Quantity;
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};
use crate::uom::Uom;
use crate::validity::Validity;

/// Marker of [`PriceListCode`].
pub enum PriceListKind {}
/// Code of a price list.
pub type PriceListCode = Code<PriceListKind>;

/// A named set of prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    pub code: PriceListCode,
    /// Number under which partners maintain the list; lists without one are not theirs.
    pub number: Option<i64>,
    pub name: Option<String>,
    /// Currency of entries that state none; the supplier's when empty.
    pub currency: Option<Currency>,
    /// Zone of civil days in its entries; when empty that of whoever asks.
    pub time_zone: Option<Zone>,
}

/// What one price is the price of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriceUnit {
    /// One base unit of the product.
    Base,
    /// So many base units, not one: it is a price of the base unit, stated for several.
    BaseUnits(Quantity),
    /// One of another unit of the product.
    Uom(UomCode),
    /// One package.
    Packing { name: PackingCode, quantity: Quantity },
}

/// A unit of measure with an order, for sorted rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UomCode(pub Uom);

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum EntryKind {
    #[default]
    Regular,
    /// Competes with the regular price of its list and wins when lower.
    Promotion,
    /// The product belongs to the list without a price of its own.
    Listing,
}

/// Everything about an entry but its list, product and amount. A catalogue with millions of
/// entries has only a few different shapes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    pub unit: PriceUnit,
    pub currency: Currency,
    /// Smallest quantity, in the unit of the price. Zero: from the smallest quantity on.
    pub minimum: Quantity,
    pub validity: Validity,
    pub kind: EntryKind,
    pub term: Option<PaymentTermCode>,
    /// Decimals of the price; at least those of the amount.
    pub decimals: u8,
}

/// A price: for this product in this list, in this unit and currency, from this quantity on, as
/// long as it is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceEntry {
    pub list: PriceListCode,
    pub sku: Sku,
    pub shape: Shape,
    /// `None` only for [`EntryKind::Listing`].
    pub amount: Option<Money>,
    /// When the price last changed.
    pub changed_at: Instant,
}

/// Number of a price list in one database; never used again for another list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceListId(pub u32);

impl PriceUnit {
    /// Base units that an amount is for, when the price is one of the base unit.
    #[inline]
    pub fn per(&self) -> Option<Quantity> {
        match self {
            Self::Base => Some(Quantity::ONE),
            Self::BaseUnits(per) => Some(*per),
            Self::Uom(_) | Self::Packing { .. } => None,
        }
    }

    /// The same as a cell; empty for one and for other units.
    pub fn per_cell(&self) -> Cell {
        if let Self::BaseUnits(per) = self { Cell::quantity(*per) } else { Cell::Null }
    }

    /// Whether it is a price of the base unit, whatever number of them it is stated for.
    #[inline]
    pub fn is_base(&self) -> bool {
        matches!(self, Self::Base | Self::BaseUnits(_))
    }

    /// Whether prices of both answer the same questions.
    pub fn answers_like(&self, other: &Self) -> bool {
        self == other || self.is_base() && other.is_base()
    }
}

impl Shape {
    /// What one costs at this amount, rounded to the decimals of the price when the amount is for several
    /// base units. `None`: it does not fit.
    pub fn amount_of_one(&self, amount: Money) -> Option<Money> {
        let PriceUnit::BaseUnits(per) = &self.unit else { return Some(amount) };
        convert_from(amount, *per, Quantity::ONE, self.decimals).map(|(amount, _)| amount)
    }

    /// Whether two entries of this and that shape, in one list and of one product, would both
    /// apply to the same question. Such a pair is refused when it is written.
    /// Days are looked at in the zones in which the list may be asked.
    pub fn conflicts(&self, other: &Self, zones: &[Zone]) -> bool {
        self.same_question(other) && self.validity.overlaps(other.validity, zones)
    }

    /// Whether both have the same key: a row of one replaces a row of the other.
    pub fn same_key(&self, other: &Self) -> bool {
        self.same_question(other) && self.validity.from() == other.validity.from()
    }

    pub fn same_question(&self, other: &Self) -> bool {
        self.unit.answers_like(&other.unit)
            && self.currency == other.currency
            && self.minimum == other.minimum
            && self.kind == other.kind
            && self.term == other.term
    }
}

impl PriceList {
    /// The row with this code.
    pub fn by_code(code: &str) -> Key<Self> {
        Key::from_cells([Cell::text(code)])
    }
}

impl Noun for PriceList {
    const NAME: &'static str = "price_lists";
    const DOC: &'static str = "A price list.";
    const COLUMNS: &'static [Column] = &[
        Column::key("price_list", "Code of the list.", "EUR-A"),
        Column::optional(
            "number",
            "Number under which partners maintain the list; empty: they do not.",
            "4515",
        )
        .of(ColumnKind::Integer),
        Column::optional("name", "Name for people.", "Standard EUR"),
        Column::optional(
            "currency",
            "Currency of prices that state none; default the supplier's.",
            "EUR",
        ),
        Column::optional(
            "time_zone",
            "Zone of civil days in its prices; empty: that of whoever asks.",
            "America/Sao_Paulo",
        ),
    ];
    const NUMBERED: bool = true;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.code),
            Cell::int(self.number),
            Cell::opt_text(self.name.as_ref()),
            Cell::opt_text(self.currency),
            Cell::opt_text(self.time_zone.as_ref()),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            code: cells.one()?,
            number: cells.opt_int()?,
            name: cells.opt_text()?,
            currency: cells.opt()?,
            time_zone: cells.opt()?,
        })
    }
}

impl PriceEntry {
    /// Those of a product.
    pub fn of_product(list: &PriceListCode, sku: &Sku) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::text(list), Cell::text(sku)])
    }
}

impl Noun for PriceEntry {
    const NAME: &'static str = "prices";
    const DOC: &'static str = "A price of a product in a price list.";
    const COLUMNS: &'static [Column] = &[
        Column::key("price_list", "The list.", "EUR-A"),
        Column::key("sku", "The product.", "11045680"),
        Column::key("uom", "Unit of the price when it is not the base unit.", "CT").or_empty(),
        Column::key("packing", "Packing of the price, instead of a unit.", "CX").or_empty(),
        Column::key("packing_quantity", "Base units in the packing.", "12")
            .or_empty()
            .of(ColumnKind::Decimal),
        Column::key("currency", "Currency; default the list's.", "EUR").or_empty(),
        Column::key(
            "minimum_quantity",
            "The price counts from this quantity on; empty: from the smallest on.",
            "10",
        )
        .or_empty()
        .of(ColumnKind::Decimal),
        Column::key("valid_from", "First day, or first instant.", "2016-01-01")
            .or_empty()
            .of(ColumnKind::From),
        Column::optional("valid_to", "Last day, or the instant after the last.", "2016-12-31")
            .of(ColumnKind::To),
        Column::key(
            "kind",
            "regular (default); promotion: wins when lower; listing: in the list, without a price.",
            "regular",
        )
        .or_empty()
        .of(ColumnKind::Choice(&["regular", "promotion", "listing"])),
        Column::key("payment_term", "Payment term the price depends on.", "1").or_empty(),
        Column::optional(
            "amount",
            "Price of one unit or packing, or of as many base units as per says; empty only for a \
             listing.",
            "8.8",
        )
        .of(ColumnKind::Decimal),
        Column::optional(
            "per",
            "Base units that the amount is for, e.g. 100; default 1. Not with a uom or packing.",
            "100",
        )
        .of(ColumnKind::Decimal),
        Column::optional(
            "decimals",
            "Decimals the price is shown with, 0 to 6; default those of the currency or amount.",
            "2",
        )
        .of(ColumnKind::Integer),
        Column::optional(
            "changed_at",
            "When the price last changed; default the time of the import.",
            "2016-01-20T02:00:00Z",
        )
        .of(ColumnKind::Instant),
    ];
    const REFERENCES: &'static [Reference] = &[
        Reference::to::<PriceList>(&["price_list"]),
        Reference::to::<Product>(&["sku"]),
        Reference::to::<PaymentTerm>(&["payment_term"]),
    ];
    const IN_BOOK: BookPlace = BookPlace::Prices;

    fn to_row(&self) -> Row {
        let shape = &self.shape;
        let (uom, packing, quantity) = match &shape.unit {
            PriceUnit::Base | PriceUnit::BaseUnits(_) => (Cell::Null, Cell::Null, Cell::Null),
            PriceUnit::Uom(uom) => (Cell::text(uom.0), Cell::Null, Cell::Null),
            PriceUnit::Packing { name, quantity } => {
                (Cell::Null, Cell::text(name), Cell::quantity(*quantity))
            }
        };
        let minimum = (shape.minimum != Quantity::ZERO).then(|| shape.minimum.micros());
        vec![
            Cell::text(&self.list),
            Cell::text(&self.sku),
            uom,
            packing,
            quantity,
            Cell::text(shape.currency),
            Cell::int(minimum),
            Cell::bound(shape.validity.from()),
            Cell::bound(shape.validity.to()),
            Cell::text(shape.kind),
            Cell::opt_text(shape.term.as_ref()),
            Cell::money(self.amount),
            shape.unit.per_cell(),
            Cell::Int(i64::from(shape.decimals)),
            Cell::instant(Some(self.changed_at)),
        ]
    }

    /// Reads a row whose currency and time of change are already filled in; its unit stays as
    /// written, also where it is the base unit.
    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let (list, sku) = (cells.one()?, cells.one()?);
        let unit_of_one = read_unit(&mut cells)?;
        let currency: Currency = cells.one()?;
        let minimum = cells.opt_quantity()?.unwrap_or(Quantity::ZERO);
        if minimum.is_negative() {
            return Err(cells.fault("must not be negative"));
        }
        let (from, to) = (cells.opt_bound()?, cells.opt_bound()?);
        let validity = Validity::new(from, to).map_err(|error| cells.fault(error))?;
        let kind = cells.opt()?.unwrap_or_default();
        let term = cells.opt()?;
        let amount = read_amount(&mut cells, kind)?;
        let unit = read_per(&mut cells, unit_of_one, kind)?;
        let decimals = read_decimals(&mut cells, amount, currency)?;
        let changed_at = cells.opt_instant()?.ok_or_else(|| cells.fault("must not be empty"))?;
        let shape = Shape { unit, currency, minimum, validity, kind, term, decimals };
        Ok(Self { list, sku, shape, amount, changed_at })
    }
}

fn read_unit(cells: &mut Cells<'_>) -> Result<PriceUnit, CellError> {
    let uom: Option<Uom> = cells.opt()?;
    let name: Option<PackingCode> = cells.opt()?;
    if uom.is_some() && name.is_some() {
        return Err(cells.fault("a price has a uom or a packing, not both"));
    }
    let quantity = cells.opt_quantity()?;
    match (uom, name, quantity) {
        (Some(uom), _, None) => Ok(PriceUnit::Uom(UomCode(uom))),
        (None, None, None) => Ok(PriceUnit::Base),
        (None, Some(name), Some(quantity)) if quantity > Quantity::ZERO => {
            Ok(PriceUnit::Packing { name, quantity })
        }
        _ => Err(cells.fault("must be above 0 with a packing, and empty without one")),
    }
}

fn read_amount(cells: &mut Cells<'_>, kind: EntryKind) -> Result<Option<Money>, CellError> {
    let amount = cells.opt_money()?;
    match (amount, kind) {
        (None, EntryKind::Listing) => Ok(None),
        (Some(_), EntryKind::Listing) => Err(cells.fault("a listing has no amount")),
        (None, _) => Err(cells.fault("must not be empty")),
        (Some(amount), _) if amount.is_negative() => Err(cells.fault("must not be negative")),
        (amount, _) => Ok(amount),
    }
}

/// The unit with the number of base units that the amount is for.
fn read_per(
    cells: &mut Cells<'_>,
    unit: PriceUnit,
    kind: EntryKind,
) -> Result<PriceUnit, CellError> {
    let Some(per) = cells.opt_quantity()? else { return Ok(unit) };
    if unit != PriceUnit::Base {
        return Err(cells.fault(
            "says for how many base units the amount is, so it cannot stand beside a uom or packing: \
             leave one of them empty",
        ));
    }
    if kind == EntryKind::Listing {
        return Err(cells.fault("a listing has no amount, hence no per"));
    }
    if per <= Quantity::ZERO {
        return Err(cells.fault("must be above 0"));
    }
    Ok(if per == Quantity::ONE { unit } else { PriceUnit::BaseUnits(per) })
}

fn read_decimals(
    cells: &mut Cells<'_>,
    amount: Option<Money>,
    currency: Currency,
) -> Result<u8, CellError> {
    let needed = amount.map_or(0, Money::decimals);
    let Some(decimals) = cells.opt_int()? else {
        return Ok(needed.max(currency.minor_units()));
    };
    let decimals = u8::try_from(decimals).ok().filter(|decimals| *decimals <= 6);
    let decimals = decimals.ok_or_else(|| cells.fault("must be 0 to 6"))?;
    if decimals < needed {
        return Err(cells.fault(format_args!("the amount has {needed} decimals")));
    }
    Ok(decimals)
}

impl PartialOrd for UomCode {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UomCode {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.number().cmp(&other.0.number())
    }
}

impl FromStr for EntryKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "regular" => Ok(Self::Regular),
            "promotion" => Ok(Self::Promotion),
            "listing" => Ok(Self::Listing),
            _ => Err("not regular, promotion or listing"),
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Regular => "regular",
            Self::Promotion => "promotion",
            Self::Listing => "listing",
        })
    }
}
