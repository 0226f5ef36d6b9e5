//! Cells as people write them. Bounds of validities are civil days or instants; days stay days, so no
//! zone matters.

use jiff::civil::Date;
use kontor_model::instant::Zone;
use kontor_model::record::{Cell, CellError, Column, ColumnKind};

pub(crate) fn parse(column: &Column, text: &str, _: &Zone) -> Result<Cell, CellError> {
    column.parse(text)
}

pub(crate) fn print(column: &Column, cell: &Cell, _: &Zone) -> String {
    column.print(cell)
}

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
