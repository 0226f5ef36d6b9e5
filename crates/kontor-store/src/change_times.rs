//! When answers about packages changed for another reason than a price.
//!
//! Whoever keeps a copy of all package prices and asks only for what changed must be told of a new
//! GTIN, a renamed sales table or a segment with another list as well. Such a write notes the time
//! of its change: of a product, of one of its packings, or of a row that many answers depend on.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most kinds of rows concern no package; a new kind is one of them until it is named"
)]

use kontor_model::catalogue::{Kind, Record};
use kontor_model::identifier::Scheme;
use kontor_model::instant::Instant;
use kontor_model::product::{PackingCode, ProductId, Sku};
use kontor_model::quantity::Quantity;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;

/// What a write changes the answers of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concerns {
    /// All packages of a product.
    Product { sku: Sku },
    /// One packing of a product.
    Packing { sku: Sku, packing: PackingCode, quantity: Quantity },
    /// Whatever depends on a row: an entity, a segment, a sales table, a list or a payment term.
    Row { kind: Kind, key: Row },
}

/// When answers last changed for another reason than a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeTime {
    /// Those about a product, in one packing when it is named.
    Product { product: ProductId, packing: Option<(PackingCode, Quantity)>, changed_at: Instant },
    /// Those that depend on a row, which may be gone.
    Row { supplier: SupplierId, kind: Kind, key: Row, changed_at: Instant },
}

/// Kinds of rows that may concern packages.
pub const CONCERNING: [Kind; 8] = [
    Kind::Product,
    Kind::Identifier,
    Kind::Packing,
    Kind::SellingEntity,
    Kind::Segment,
    Kind::SalesTable,
    Kind::PriceList,
    Kind::PaymentTerm,
];

/// What a row concerns that is put in the place of another one, put anew or removed.
/// Nothing, when its kind is none of [`CONCERNING`].
pub fn concerns(before: Option<&Record>, after: Option<&Record>) -> Vec<Concerns> {
    let Some(row) = after.or(before) else { return Vec::new() };
    let row_of = |kind: Kind| Concerns::Row { kind, key: row.key() };
    // Nothing was answered from a list or a payment term before there was one.
    let differs = before.is_some() && after.is_some() && is_told_otherwise(before, after);
    match row {
        Record::Product(product) if is_told_otherwise(before, after) => {
            vec![Concerns::Product { sku: product.sku.clone() }]
        }
        Record::Identifier(number) if number.scheme == Scheme::SequenceNumber => {
            vec![Concerns::Product { sku: number.sku.clone() }]
        }
        Record::Packing(packing) => vec![Concerns::Packing {
            sku: packing.sku.clone(),
            packing: packing.packing.clone(),
            quantity: packing.quantity,
        }],
        Record::SellingEntity(_) if is_told_otherwise(before, after) => {
            vec![row_of(Kind::SellingEntity)]
        }
        Record::Segment(_) => vec![row_of(Kind::Segment)],
        Record::SalesTable(table) => {
            let mut all = vec![row_of(Kind::SalesTable)];
            // Which packages the table had before is not known of its list any more.
            if before.is_some() && list_of_table(before) != list_of_table(after) {
                let key = vec![Cell::Int(table.entity), Cell::Int(table.segment)];
                all.push(Concerns::Row { kind: Kind::Segment, key });
            }
            all
        }
        Record::PriceList(_) if differs => vec![row_of(Kind::PriceList)],
        Record::PaymentTerm(_) if differs => vec![row_of(Kind::PaymentTerm)],
        _ => Vec::new(),
    }
}

/// Whether what partners are told of a row differs, or it was put anew or removed.
fn is_told_otherwise(before: Option<&Record>, after: Option<&Record>) -> bool {
    match (before, after) {
        (Some(Record::Product(before)), Some(Record::Product(after))) => {
            (before.state, before.base_uom) != (after.state, after.base_uom)
        }
        (Some(Record::SellingEntity(before)), Some(Record::SellingEntity(after))) => {
            (before.currency, &before.time_zone, before.main_segment, &before.tax_id)
                != (after.currency, &after.time_zone, after.main_segment, &after.tax_id)
        }
        (Some(Record::PriceList(before)), Some(Record::PriceList(after))) => {
            before.time_zone != after.time_zone
        }
        (before, after) => before != after,
    }
}

fn list_of_table(row: Option<&Record>) -> Option<&str> {
    if let Some(Record::SalesTable(table)) = row { Some(table.list.as_str()) } else { None }
}
