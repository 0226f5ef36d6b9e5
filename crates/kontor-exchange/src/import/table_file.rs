//! A CSV file of a kind, row by row, with the faults of its cells.

use std::io::{BufReader, Read as _};

use kontor_model::catalogue::Kind;
use kontor_model::instant::Zone;
use kontor_model::record::{Cell, CellError, Column, Row};

use crate::bounds;
use crate::fault::{Fault, shown};
use crate::source::SourceFile;
use crate::table::{Header, HeaderFault, Rows};

use super::context::{Context, Counted};

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
                rows: Rows::new(input, header.delimiter, 2),
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

    /// Goes to the next row that has as many cells as the header; `false` at the end, and after
    /// damage, which is told.
    pub(crate) fn advance(&mut self) -> bool {
        loop {
            match self.rows.advance() {
                Ok(false) => return false,
                Ok(true) if self.rows.len() == self.header.width => return true,
                Ok(true) => {
                    self.incomplete = true;
                    let (has, expected) = (self.rows.len(), self.header.width);
                    self.fault_of_row(format_args!(
                        "the row has {has} cells, the header {expected}"
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

    /// Whether some rows could not be split into cells.
    pub(crate) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    pub(crate) fn line(&self) -> u64 {
        self.rows.line()
    }

    /// A cell by the number of its column; empty when the file does not have it.
    pub(crate) fn bytes(&self, column: usize) -> &[u8] {
        let place = self.header.place(column);
        place.map_or(b"", |place| self.rows.cell(place))
    }

    /// Reads all cells of the row and tells their faults. Dates are days of the zone.
    pub(crate) fn cells(&self, zone: &Zone) -> Cells {
        let columns = self.kind.columns();
        let mut cells = Cells { row: Vec::with_capacity(columns.len()), sound: true, key: true };
        for (index, column) in columns.iter().enumerate() {
            let cell = self.read(index, column, zone);
            cells.row.push(cell.unwrap_or_else(|error| {
                cells.sound = false;
                cells.key &= !column.key;
                self.fault(&error);
                Cell::Null
            }));
        }
        cells
    }

    fn read(&self, index: usize, column: &Column, zone: &Zone) -> Result<Cell, CellError> {
        match std::str::from_utf8(self.bytes(index)) {
            Ok(text) => bounds::parse(column, text, zone),
            Err(_) => Err(column.fault("not UTF-8 text")),
        }
    }

    /// Tells a fault of a cell of the current row.
    pub(crate) fn fault(&self, error: &CellError) {
        let columns = self.kind.columns();
        let index = columns.iter().position(|column| column.name == error.column);
        let place = index.and_then(|index| self.header.place(index));
        let secret = index.and_then(|index| columns.get(index)).is_some_and(|c| c.secret);
        let value = match place.map(|place| self.rows.cell(place)) {
            None | Some(b"") => None,
            Some(_) if secret => Some("…".to_owned()),
            Some(value) => Some(shown(value)),
        };
        self.context.fault(Fault {
            column: place.map(|place| place + 1),
            name: Some(error.column.to_owned()),
            value,
            ..Fault::of_line(self.name, self.line(), &error.reason)
        });
    }

    /// Tells a fault of the current row as a whole.
    pub(crate) fn fault_of_row(&self, reason: impl std::fmt::Display) {
        self.context.fault(Fault::of_line(self.name, self.line(), reason));
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
