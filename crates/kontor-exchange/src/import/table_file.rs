//! A CSV file of a kind, row by row, with the faults of its cells.

use std::io::{BufReader, Read as _};

use kontor_model::catalogue::Kind;
use kontor_model::record::{Cell, CellError, Column, ColumnKind, Row};

use crate::column_texts;
use crate::fault::{Fault, shown};
use crate::source::SourceFile;
use crate::table::{Header, HeaderFault, NOT_UTF8, REMOVE, Rows};

use super::context::{Context, Counted};
use super::remedy;

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 256 << 10;

/// A file that is being read.
pub(crate) struct TableFile<'a> {
    context: &'a Context,
    pub(crate) kind: Kind,
    name: &'a str,
    header: Header,
    rows: Rows<BufReader<Counted<'a>>>,
    incomplete: bool,
}

/// The cells of a row; empty ones for those that cannot be read.
pub(crate) struct Cells {
    pub(crate) row: Row,
    /// Whether all cells could be read.
    pub(crate) sound: bool,
    /// Whether all cells of the key could be read.
    pub(crate) key: bool,
}

impl<'a> TableFile<'a> {
    /// Opens a file and reads its header; `None` after a fault.
    pub(crate) fn open(context: &'a Context, kind: Kind, file: &'a SourceFile) -> Option<Self> {
        let fault = |error| context.fault(Fault::of_file(&file.name, error));
        let input = context.open(file).map_err(|e| fault(unreadable(&e))).ok()?;
        let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
        let header = Header::read(&mut input, kind.columns());
        match header.map_err(|e| fault(unreadable(&e))).ok()? {
            Ok(header) => Some(Self {
                context,
                kind,
                name: &file.name,
                rows: Rows::new(input, header.delimiter, header.first_row),
                header,
                incomplete: false,
            }),
            Err(faults) => {
                for fault in faults {
                    context.fault(in_header(&file.name, fault));
                }
                None
            }
        }
    }

    /// Goes to the next row that has the cells of the header; `false` at the end, and after damage,
    /// which is told. Rows in which nothing stands do not count.
    pub(crate) fn advance(&mut self) -> bool {
        loop {
            match self.rows.advance() {
                Ok(false) => return false,
                Ok(true) if self.has_shape() => {
                    if (0..self.header.width).any(|index| !is_blank(self.rows.cell(index))) {
                        return true;
                    }
                }
                Ok(true) => {
                    self.incomplete = true;
                    let (has, expected) = (self.rows.len(), self.header.width);
                    let remedy = if has > expected {
                        "; a cell with a delimiter in it needs quotes around it"
                    } else {
                        ""
                    };
                    self.fault_of_row(format_args!(
                        "the row has {has} cells, the header {expected}{remedy}"
                    ));
                }
                Err(damage) => {
                    self.incomplete = true;
                    self.fault_of_row(format_args!("{damage}; the rest is not read"));
                    return false;
                }
            }
        }
    }

    /// Whether the row has all cells that the header names, and nothing stands in others: spreadsheet
    /// programs end lines with delimiters.
    fn has_shape(&self) -> bool {
        let width = self.header.width;
        let is_empty = |index: usize| is_blank(self.rows.cell(index));
        let len = self.rows.len();
        if len == width && self.header.nameless.is_empty() {
            return true;
        }
        len >= width
            && (width..len).all(is_empty)
            && self.header.nameless.iter().all(|index| is_empty(*index))
    }

    /// Whether some rows could not be split into cells.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Name of the file.
    pub(crate) fn file(&self) -> &'a str {
        self.name
    }

    pub(crate) fn line(&self) -> u64 {
        self.rows.line()
    }

    /// A cell by the number of its column; empty when the file does not have it.
    pub(crate) fn bytes(&self, column: usize) -> &[u8] {
        let place = self.header.place(column);
        place.map_or(b"", |place| self.rows.cell(place))
    }

    /// Whether the file has a column of the noun, counted from 0.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.header.place(column).is_some()
    }

    /// Whether the row says that what has its key goes; `None` after a fault.
    pub(crate) fn removes(&self) -> Option<bool> {
        let Some(place) = self.header.remove else {
            return Some(false);
        };
        let cell = self.rows.cell(place).trim_ascii();
        match cell {
            b"" | b"no" => Some(false),
            b"yes" => Some(true),
            other => {
                self.context.fault(Fault {
                    column: Some(place + 1),
                    name: Some(REMOVE.to_owned()),
                    value: Some(shown(other)),
                    ..Fault::of_line(self.name, self.line(), "not yes or no")
                });
                None
            }
        }
    }

    /// Whether rows may say that something goes.
    pub(crate) fn may_remove(&self) -> bool {
        self.header.remove.is_some()
    }

    /// Reads all cells of the row and tells their faults. Cells of columns
    /// that the file does not have are empty.
    pub(crate) fn cells(&self) -> Cells {
        self.read_cells(|_| true)
    }

    /// The same of the key alone.
    pub(crate) fn key_cells(&self) -> Cells {
        self.read_cells(|column| column.key)
    }

    fn read_cells(&self, is_read: impl Fn(&Column) -> bool) -> Cells {
        let columns = self.kind.columns();
        let mut cells = Cells { row: Vec::with_capacity(columns.len()), sound: true, key: true };
        for (index, column) in columns.iter().enumerate() {
            if !self.has(index) || !is_read(column) {
                cells.row.push(Cell::Null);
                continue;
            }
            let cell = self.read(index, column);
            cells.row.push(cell.unwrap_or_else(|error| {
                cells.sound = false;
                cells.key &= !column.key;
                self.fault(&error);
                Cell::Null
            }));
        }
        cells
    }

    fn read(&self, index: usize, column: &Column) -> Result<Cell, CellError> {
        match std::str::from_utf8(self.bytes(index)) {
            // What partners sent is carried as it was accepted.
            Ok(text) if self.is_from_outside(column) && !text.is_empty() => Ok(Cell::text(text)),
            Ok(text) if column_texts::is_spaced(column) => column.parse(text.trim()),
            Ok(text) => column.parse(text),
            Err(_) => Err(column.fault(NOT_UTF8)),
        }
    }

    /// Whether a text was written by others than the supplier, in protocols that take any character.
    fn is_from_outside(&self, column: &Column) -> bool {
        self.kind.is_from_partners()
            && column.kind == ColumnKind::Text
            && !column.key
            && !column_texts::is_day(column)
    }

    /// Tells a fault of a cell of the current row.
    pub(crate) fn fault(&self, error: &CellError) {
        self.context.fault(self.at_cell(error));
    }

    /// Tells that a cell of the current row is odd.
    pub(crate) fn warn(&self, error: &CellError) {
        self.context.warn(self.at_cell(error));
    }

    /// Where the column of this name stands in the file, counted from 1.
    pub(crate) fn column_of(&self, name: &str) -> Option<usize> {
        let index = self.kind.columns().iter().position(|column| column.name == name)?;
        self.header.place(index).map(|place| place + 1)
    }

    fn at_cell(&self, error: &CellError) -> Fault {
        let columns = self.kind.columns();
        let index = columns.iter().position(|column| column.name == error.column);
        let place = index.and_then(|index| self.header.place(index));
        let column = index.and_then(|index| columns.get(index));
        let cell = place.map(|place| self.rows.cell(place)).unwrap_or_default();
        let (value, remedy) = match column {
            _ if cell.is_empty() => (None, None),
            Some(column) if column.secret => (Some("…".to_owned()), None),
            Some(column) => {
                let text = std::str::from_utf8(cell).ok();
                (Some(shown(cell)), text.and_then(|text| remedy::of(column, text)))
            }
            None => (Some(shown(cell)), None),
        };
        let reason = match remedy {
            Some(remedy) => format!("{}; {remedy}", error.reason),
            None => error.reason.clone(),
        };
        Fault {
            column: place.map(|place| place + 1),
            name: Some(error.column.to_owned()),
            value,
            ..Fault::of_line(self.name, self.line(), reason)
        }
    }

    /// Tells that the current row as a whole is odd.
    pub(crate) fn warn_of_row(&self, reason: impl std::fmt::Display) {
        self.context.warn(Fault::of_line(self.name, self.line(), reason));
    }

    /// Tells a fault of the current row as a whole.
    pub(crate) fn fault_of_row(&self, reason: impl std::fmt::Display) {
        self.context.fault(Fault::of_line(self.name, self.line(), reason));
    }

    /// Tells a fault of the first line.
    pub(crate) fn fault_of_header(&self, reason: impl std::fmt::Display) {
        self.context.fault(Fault::of_line(self.name, 1, reason));
    }

    pub(crate) fn fault_of_file(&self, reason: impl std::fmt::Display) {
        self.context.fault(Fault::of_file(self.name, reason));
    }
}

/// Reads a small file whole; `None` after a fault.
pub(crate) fn read_whole(context: &Context, file: &SourceFile, limit: usize) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let read = context.open(file).and_then(|input| {
        let limit = limit as u64 + 1;
        input.take(limit).read_to_end(&mut text)
    });
    let fault = |reason: String| context.fault(Fault::of_file(&file.name, reason));
    match read {
        Err(error) => fault(unreadable(&error)),
        Ok(bytes) if bytes > limit => fault(format!("longer than {limit} bytes")),
        Ok(_) => return Some(text),
    }
    None
}

fn is_blank(cell: &[u8]) -> bool {
    cell.trim_ascii().is_empty()
}

fn unreadable(error: &std::io::Error) -> String {
    format!("cannot read the file: {error}")
}

fn in_header(file: &str, fault: HeaderFault) -> Fault {
    Fault {
        column: fault.column,
        value: fault.value.map(|value| shown(value.as_bytes())),
        ..Fault::of_line(file, 1, fault.reason)
    }
}
