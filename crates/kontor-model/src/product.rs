//! Products, their packings and unit conversions.

use std::fmt;
use std::str::FromStr;

use crate::code::Code;
use crate::gtin::Gtin;
use crate::key::Key;
use crate::noun::{BookPlace, Noun, Reference};
use crate::quantity::Quantity;
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};
use crate::uom::Uom;

/// Marker of [`Sku`].
pub enum SkuKind {}
/// The supplier's article number.
pub type Sku = Code<SkuKind>;
/// Marker of [`PackingCode`].
pub enum PackingKind {}
/// Name of a packing, e.g. `CX`.
pub type PackingCode = Code<PackingKind>;

/// Number of a product in one database; never used again for another product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductId(pub u32);

/// Whether a product is for sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProductState {
    #[default]
    Active,
    /// Withdrawn from sale: no price and no stock anywhere, even if some is left.
    EndOfLife,
}

/// Something that is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub sku: Sku,
    /// The manufacturer's part number.
    pub mpn: Option<String>,
    pub gtin: Option<Gtin>,
    pub name: Option<String>,
    pub state: ProductState,
    /// Unit of its stock and of prices that state none.
    pub base_uom: Uom,
    /// The smallest difference between two quantities that can be bought.
    pub quantity_step: Quantity,
}

/// Another unit in which a product is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    pub sku: Sku,
    pub uom: Uom,
    /// How many base units one such unit is.
    pub factor: Quantity,
}

/// A package of a product that has a price of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packing {
    pub sku: Sku,
    pub packing: PackingCode,
    /// Base units in it.
    pub quantity: Quantity,
    pub gtin: Option<Gtin>,
}

impl Product {
    /// The product with this article number.
    pub fn by_sku(sku: &str) -> Key<Self> {
        Key::from_cells([Cell::text(sku)])
    }
}

impl Noun for Product {
    const NAME: &'static str = "products";
    const DOC: &'static str = "A product by the supplier's article number.";
    const COLUMNS: &'static [Column] = &[
        Column::key("sku", "The supplier's article number.", "11045680"),
        Column::optional("mpn", "The manufacturer's part number.", "11.04.5680"),
        Column::optional(
            "gtin",
            "EAN-8, UPC, EAN-13 or GTIN-14 with its check digit.",
            "7611990131310",
        ),
        Column::optional("name", "Name for people.", "HDMI cable 2 m"),
        Column::optional("state", "For sale (default) or withdrawn.", "active")
            .of(ColumnKind::Choice(&["active", "end_of_life"])),
        Column::required("base_uom", "UN/ECE Rec 20 code of the unit of stock and prices.", "C62"),
        Column::optional("quantity_step", "Smallest step of a quantity, default 1.", "1")
            .of(ColumnKind::Decimal),
    ];
    const IN_BOOK: BookPlace = BookPlace::Product;
    const NUMBERED: bool = true;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.sku),
            Cell::opt_text(self.mpn.as_ref()),
            Cell::opt_text(self.gtin.as_ref()),
            Cell::opt_text(self.name.as_ref()),
            Cell::text(self.state),
            Cell::text(self.base_uom),
            Cell::quantity(self.quantity_step),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let product = Self {
            sku: cells.one()?,
            mpn: cells.opt_text()?,
            gtin: cells.opt()?,
            name: cells.opt_text()?,
            state: cells.opt()?.unwrap_or_default(),
            base_uom: cells.one()?,
            quantity_step: cells.opt_quantity()?.unwrap_or(Quantity::ONE),
        };
        positive(&cells, product.quantity_step)?;
        Ok(product)
    }
}

impl Noun for Conversion {
    const NAME: &'static str = "conversions";
    const DOC: &'static str =
        "Another unit in which a product is sold: how many base units one of it is.";
    const COLUMNS: &'static [Column] = &[
        Column::key("sku", "The product.", "11045682"),
        Column::key("uom", "UN/ECE Rec 20 code of the other unit.", "CT"),
        Column::required("factor", "Base units in one such unit.", "12").of(ColumnKind::Decimal),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Product>(&["sku"])];
    const IN_BOOK: BookPlace = BookPlace::Card;

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.sku), Cell::text(self.uom), Cell::quantity(self.factor)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let conversion = Self { sku: cells.one()?, uom: cells.one()?, factor: cells.quantity()? };
        positive(&cells, conversion.factor)?;
        Ok(conversion)
    }
}

impl Noun for Packing {
    const NAME: &'static str = "packings";
    const DOC: &'static str = "A package of a product that may have its own price and GTIN.";
    const COLUMNS: &'static [Column] = &[
        Column::key("sku", "The product.", "11045682"),
        Column::key("packing", "Name of the package.", "CX"),
        Column::key("quantity", "Base units in the package.", "12").of(ColumnKind::Decimal),
        Column::optional("gtin", "GTIN of the package.", "17611990131324"),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Product>(&["sku"])];
    const IN_BOOK: BookPlace = BookPlace::Card;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.sku),
            Cell::text(&self.packing),
            Cell::quantity(self.quantity),
            Cell::opt_text(self.gtin.as_ref()),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let (sku, packing, quantity) = (cells.one()?, cells.one()?, cells.quantity()?);
        positive(&cells, quantity)?;
        Ok(Self { sku, packing, quantity, gtin: cells.opt()? })
    }
}

fn positive(cells: &Cells<'_>, quantity: Quantity) -> Result<(), CellError> {
    if quantity > Quantity::ZERO { Ok(()) } else { Err(cells.fault("must be above 0")) }
}

impl FromStr for ProductState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "active" => Ok(Self::Active),
            "end_of_life" => Ok(Self::EndOfLife),
            _ => Err("not active or end_of_life"),
        }
    }
}

impl fmt::Display for ProductState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::EndOfLife => "end_of_life",
        })
    }
}
