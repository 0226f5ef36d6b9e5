//! Numbers by which partners know a product. One number may denote several products.

use std::fmt;
use std::str::FromStr;

use crate::customer::{Customer, CustomerNumber};
use crate::gtin::Gtin;
use crate::key::KeyPrefix;
use crate::noun::{BookPlace, Noun, Reference};
use crate::product::{Product, Sku};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// What kind of number an identifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// The manufacturer's part number.
    Mpn,
    /// EAN, UPC or GTIN-14.
    Gtin,
    /// The own article number of one customer.
    CustomerSku,
    /// The number of the product in a web shop.
    ProductNumber,
    /// The running number of the product in an ERP system; an integer.
    SequenceNumber,
    /// The number of the item in an ordering system; an integer.
    ItemNumber,
    /// The number printed in the catalogue.
    CatalogueNumber,
}

/// A number of a product beside its article number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    pub sku: Sku,
    pub scheme: Scheme,
    pub value: String,
    /// Whose number it is; only for [`Scheme::CustomerSku`].
    pub customer: Option<CustomerNumber>,
}

impl Scheme {
    pub const ALL: [Self; 7] = [
        Self::Mpn,
        Self::Gtin,
        Self::CustomerSku,
        Self::ProductNumber,
        Self::SequenceNumber,
        Self::ItemNumber,
        Self::CatalogueNumber,
    ];
    const NAMES: [&'static str; 7] = [
        "mpn",
        "gtin",
        "customer_sku",
        "product_number",
        "sequence_number",
        "item_number",
        "catalogue_number",
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Mpn => "mpn",
            Self::Gtin => "gtin",
            Self::CustomerSku => "customer_sku",
            Self::ProductNumber => "product_number",
            Self::SequenceNumber => "sequence_number",
            Self::ItemNumber => "item_number",
            Self::CatalogueNumber => "catalogue_number",
        }
    }
}

impl Identifier {
    /// Numbers of a product of a scheme that have this value.
    pub fn with_value(sku: &Sku, scheme: Scheme, value: &str) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::text(sku), Cell::text(scheme), Cell::text(value)])
    }
}

impl Noun for Identifier {
    const NAME: &'static str = "identifiers";
    const DOC: &'static str =
        "Another number of a product; a number may belong to several products.";
    const COLUMNS: &'static [Column] = &[
        Column::key("sku", "The product.", "11045680"),
        Column::key("scheme", "Kind of number.", "customer_sku")
            .of(ColumnKind::Choice(&Scheme::NAMES)),
        Column::key("value", "The number, exactly as partners send it.", "MY-CABLE"),
        Column::key("customer", "Whose own number it is (only with customer_sku).", "123456")
            .or_empty(),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Product>(&["sku"]), Reference::to::<Customer>(&["customer"])];
    const IN_BOOK: BookPlace = BookPlace::Card;

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.sku),
            Cell::text(self.scheme),
            Cell::text(&self.value),
            Cell::opt_text(self.customer.as_ref()),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let (sku, scheme, value) = (cells.one()?, cells.one()?, cells.text()?);
        check_value(&cells, scheme, &value)?;
        let customer = cells.opt()?;
        if (scheme == Scheme::CustomerSku) != customer.is_some() {
            return Err(cells.fault("must be filled for customer_sku and empty for other schemes"));
        }
        Ok(Self { sku, scheme, value, customer })
    }
}

fn check_value(cells: &Cells<'_>, scheme: Scheme, value: &str) -> Result<(), CellError> {
    match scheme {
        Scheme::Gtin => value.parse::<Gtin>().map(drop).map_err(|error| cells.fault(error)),
        Scheme::SequenceNumber | Scheme::ItemNumber => {
            let canonical = value.parse::<i32>().is_ok_and(|number| number.to_string() == value);
            if canonical { Ok(()) } else { Err(cells.fault("must be a whole number of 32 bits")) }
        }
        Scheme::Mpn | Scheme::CustomerSku | Scheme::ProductNumber | Scheme::CatalogueNumber => {
            Ok(())
        }
    }
}

impl FromStr for Scheme {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|scheme| scheme.name() == text);
        known.ok_or("not a known scheme")
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
