//! Cells as people write them. Bounds of validities are civil days or instants; days stay days, so no
//! zone matters.

use kontor_model::instant::Zone;
use kontor_model::record::{Cell, CellError, Column};

pub(crate) fn parse(column: &Column, text: &str, _: &Zone) -> Result<Cell, CellError> {
    column.parse(text)
}

pub(crate) fn print(column: &Column, cell: &Cell, _: &Zone) -> String {
    column.print(cell)
}
