//! What a column holds beside its kind.

use jiff::civil::Date;
use kontor_model::record::{Column, ColumnKind};

/// Whether blanks around a cell mean nothing: numbers, dates, words and codes of standards. They
/// belong to texts and to the codes that people choose.
pub(crate) fn is_spaced(column: &Column) -> bool {
    const STANDARD: [&str; 5] = ["gtin", "uom", "base_uom", "currency", "time_zone"];
    column.kind != ColumnKind::Text || is_day(column) || STANDARD.contains(&column.name)
}

/// Whether a column of texts has days.
pub(crate) fn is_day(column: &Column) -> bool {
    column.kind == ColumnKind::Text && column.example.parse::<Date>().is_ok()
}
