//! Records: how nouns are taken apart into cells and put together again.
//!
//! A noun's list of columns is its only definition outside of its type. The CSV file, the SQL
//! table, the change log and the documentation of the catalogue folder all follow it.

use std::fmt;
use std::str::FromStr;

use crate::decimal;
use crate::instant::Instant;
use crate::money::Money;
use crate::quantity::Quantity;
use crate::validity::Bound;

/// One value of a row as it is stored: decimals as millionths, instants as microseconds, flags
/// as 0 and 1, everything else as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
}

/// What a column holds, hence how its text is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Any text without control characters other than line breaks and tabs.
    Text,
    /// A whole number.
    Integer,
    /// An exact decimal number with at most six decimals.
    Decimal,
    /// An instant in RFC 3339.
    Instant,
    /// Beginning of a validity: an instant, or a date (that day is the first).
    From,
    /// End of a validity: an instant (excluded), or a date (that day is the last).
    To,
    /// `yes` or `no`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// A column of a noun.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnKind,
    /// Part of the key that names a row.
    pub key: bool,
    /// An empty cell is refused.
    pub required: bool,
    /// Its value is a secret: no message shows it.
    pub secret: bool,
    /// One sentence for the documentation.
    pub doc: &'static str,
    /// A value for the documentation.
    pub example: &'static str,
}

/// A row: one cell per column, in the order of the columns.
pub type Row = Vec<Cell>;

/// A cell that cannot be what its column says. It names the column; who reads a file adds place
/// and value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{column}: {reason}")]
pub struct CellError {
    pub column: &'static str,
    pub reason: String,
}

impl Column {
    /// A column that belongs to the key and must be filled.
    pub const fn key(name: &'static str, doc: &'static str, example: &'static str) -> Self {
        Self {
            name,
            kind: ColumnKind::Text,
            key: true,
            required: true,
            secret: false,
            doc,
            example,
        }
    }

    /// A column that must be filled.
    pub const fn required(name: &'static str, doc: &'static str, example: &'static str) -> Self {
        Self {
            name,
            kind: ColumnKind::Text,
            key: false,
            required: true,
            secret: false,
            doc,
            example,
        }
    }

    /// A column that may stay empty.
    pub const fn optional(name: &'static str, doc: &'static str, example: &'static str) -> Self {
        Self {
            name,
            kind: ColumnKind::Text,
            key: false,
            required: false,
            secret: false,
            doc,
            example,
        }
    }

    /// The same column with another kind.
    #[must_use]
    pub const fn of(mut self, kind: ColumnKind) -> Self {
        self.kind = kind;
        self
    }

    /// A key column that may stay empty.
    #[must_use]
    pub const fn or_empty(mut self) -> Self {
        self.required = false;
        self
    }

    /// The same column, its values never shown.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Reads the text of a cell.
    pub fn parse(&self, text: &str) -> Result<Cell, CellError> {
        if text.is_empty() {
            return if self.required {
                Err(self.fault("must not be empty"))
            } else {
                Ok(Cell::Null)
            };
        }
        match self.kind {
            ColumnKind::Text => self.parse_text(text),
            ColumnKind::Integer => {
                text.parse().map(Cell::Int).map_err(|_| self.fault("not a whole number"))
            }
            ColumnKind::Decimal => {
                decimal::parse(text).map(Cell::Int).map_err(|error| self.fault(error))
            }
            ColumnKind::From => self.bound(Bound::parse_from(text)),
            ColumnKind::To => self.bound(Bound::parse_to(text)),
            ColumnKind::Instant => text
                .parse::<Instant>()
                .map(|instant| Cell::Int(instant.micros()))
                .map_err(|error| self.fault(error)),
            ColumnKind::Flag => match text {
                "yes" => Ok(Cell::Int(1)),
                "no" => Ok(Cell::Int(0)),
                _ => Err(self.fault("not yes or no")),
            },
            ColumnKind::Choice(words) if words.contains(&text) => Ok(Cell::Text(text.to_owned())),
            ColumnKind::Choice(words) => {
                Err(self.fault(format_args!("not one of {}", words.join(", "))))
            }
        }
    }

    fn bound(&self, bound: Option<Bound>) -> Result<Cell, CellError> {
        bound.map(|bound| Cell::Int(bound.cell())).ok_or_else(|| {
            self.fault("not a date such as 2016-01-28, nor an instant such as 2016-01-28T11:24:28Z")
        })
    }

    fn parse_text(&self, text: &str) -> Result<Cell, CellError> {
        let allowed = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        if text.chars().all(allowed) {
            Ok(Cell::Text(text.to_owned()))
        } else {
            Err(self.fault("has a control character"))
        }
    }

    /// The text of a cell, which [`Column::parse`] reads back to the same cell.
    pub fn print(&self, cell: &Cell) -> String {
        match (cell, self.kind) {
            (Cell::Null, _) => String::new(),
            (Cell::Text(text), _) => text.clone(),
            (Cell::Int(micros), ColumnKind::Decimal) => Money::from_micros(*micros).to_string(),
            (Cell::Int(micros), ColumnKind::Instant) => Instant::from_micros(*micros).to_string(),
            (Cell::Int(cell), ColumnKind::From) => Bound::from_cell(*cell).from_text(),
            (Cell::Int(cell), ColumnKind::To) => Bound::from_cell(*cell).to_text(),
            (Cell::Int(flag), ColumnKind::Flag) => if *flag == 0 { "no" } else { "yes" }.to_owned(),
            (Cell::Int(number), _) => number.to_string(),
        }
    }

    pub fn fault(&self, reason: impl fmt::Display) -> CellError {
        CellError { column: self.name, reason: reason.to_string() }
    }
}

impl Cell {
    pub fn text(value: impl fmt::Display) -> Self {
        Self::Text(value.to_string())
    }

    pub fn opt_text(value: Option<impl fmt::Display>) -> Self {
        value.map_or(Self::Null, Self::text)
    }

    pub fn flag(value: bool) -> Self {
        Self::Int(i64::from(value))
    }

    pub fn int(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Int)
    }

    pub fn money(value: Option<Money>) -> Self {
        Self::int(value.map(Money::micros))
    }

    pub fn quantity(value: Quantity) -> Self {
        Self::Int(value.micros())
    }

    pub fn instant(value: Option<Instant>) -> Self {
        Self::int(value.map(Instant::micros))
    }

    pub fn bound(value: Option<Bound>) -> Self {
        Self::int(value.map(Bound::cell))
    }
}

/// Takes the cells of a row one after the other, in the order of the columns.
pub struct Cells<'a> {
    columns: std::slice::Iter<'static, Column>,
    rest: std::slice::Iter<'a, Cell>,
    /// The column of the cell taken last, for faults found afterwards.
    last: Option<&'static Column>,
}

impl<'a> Cells<'a> {
    pub fn new(columns: &'static [Column], row: &'a [Cell]) -> Self {
        Self { columns: columns.iter(), rest: row.iter(), last: None }
    }

    fn next(&mut self) -> (&'static Column, &'a Cell) {
        static BEYOND: Column = Column::optional("row", "", "");
        let column = self.columns.next().unwrap_or(&BEYOND);
        self.last = Some(column);
        (column, self.rest.next().unwrap_or(&Cell::Null))
    }

    /// A fault of the cell taken last.
    pub fn fault(&self, reason: impl fmt::Display) -> CellError {
        CellError {
            column: self.last.map_or("row", |column| column.name),
            reason: reason.to_string(),
        }
    }

    pub fn opt_str(&mut self) -> Result<Option<&'a str>, CellError> {
        match self.next() {
            (_, Cell::Text(text)) => Ok(Some(text)),
            (column, Cell::Null) if column.required => Err(column.fault("must not be empty")),
            (_, Cell::Null) => Ok(None),
            (column, Cell::Int(_)) => Err(column.fault("a number where a text is expected")),
        }
    }

    pub fn opt_int(&mut self) -> Result<Option<i64>, CellError> {
        match self.next() {
            (_, Cell::Int(number)) => Ok(Some(*number)),
            (column, Cell::Null) if column.required => Err(column.fault("must not be empty")),
            (_, Cell::Null) => Ok(None),
            (column, Cell::Text(_)) => Err(column.fault("a text where a number is expected")),
        }
    }

    pub fn opt<T: FromStr<Err: fmt::Display>>(&mut self) -> Result<Option<T>, CellError> {
        let text = self.opt_str()?;
        text.map(str::parse).transpose().map_err(|error: T::Err| self.fault(error))
    }

    pub fn one<T: FromStr<Err: fmt::Display>>(&mut self) -> Result<T, CellError> {
        let value = self.opt()?;
        value.ok_or_else(|| self.fault("must not be empty"))
    }

    pub fn text(&mut self) -> Result<String, CellError> {
        let text = self.opt_str()?;
        text.map(str::to_owned).ok_or_else(|| self.fault("must not be empty"))
    }

    pub fn opt_text(&mut self) -> Result<Option<String>, CellError> {
        Ok(self.opt_str()?.map(str::to_owned))
    }

    pub fn int(&mut self) -> Result<i64, CellError> {
        let number = self.opt_int()?;
        number.ok_or_else(|| self.fault("must not be empty"))
    }

    pub fn flag(&mut self) -> Result<bool, CellError> {
        Ok(self.int()? != 0)
    }

    pub fn opt_money(&mut self) -> Result<Option<Money>, CellError> {
        Ok(self.opt_int()?.map(Money::from_micros))
    }

    pub fn opt_quantity(&mut self) -> Result<Option<Quantity>, CellError> {
        Ok(self.opt_int()?.map(Quantity::from_micros))
    }

    pub fn quantity(&mut self) -> Result<Quantity, CellError> {
        Ok(Quantity::from_micros(self.int()?))
    }

    pub fn opt_bound(&mut self) -> Result<Option<Bound>, CellError> {
        Ok(self.opt_int()?.map(Bound::from_cell))
    }

    pub fn opt_instant(&mut self) -> Result<Option<Instant>, CellError> {
        Ok(self.opt_int()?.map(Instant::from_micros))
    }

    pub fn instant(&mut self) -> Result<Instant, CellError> {
        Ok(Instant::from_micros(self.int()?))
    }
}
