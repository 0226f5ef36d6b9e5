//! Splits a stream into rows of cells, strictly as RFC 4180 says.
//!
//! A lenient reader turns a forgotten quote into one endless cell and shifts lines without a word.
//! This one refuses: a quote that is never closed, text around a quoted cell, a lone carriage
//! return. It knows the true line of every row, and no row makes it hold more than
//! [`MAX_ROW_BYTES`]. Cells are bytes; whether they are text is for the caller to say.

use std::io::{self, BufRead};

/// Longest row in bytes, quotes and delimiters not counted.
pub(crate) const MAX_ROW_BYTES: usize = 1 << 20;
/// Most cells of a row: many more than any noun has columns.
pub(crate) const MAX_CELLS: usize = 1000;

/// Why the rest of a file cannot be split.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Damage {
    #[error("cannot read the file: {0}")]
    Read(#[from] io::Error),
    #[error("a quote is opened and never closed")]
    OpenQuote,
    #[error("a quote inside a cell that does not begin with one")]
    StrayQuote,
    #[error("text after the closing quote of a cell")]
    AfterQuote,
    #[error("a carriage return without a line feed")]
    LoneReturn,
    #[error("the row is longer than 1 MiB")]
    TooLong,
    #[error("the row has more than 1000 cells")]
    TooManyCells,
}

/// The rows of a file, one at a time.
pub(crate) struct Rows<R> {
    input: R,
    row: Splitter,
}

/// Takes bytes until a row is complete.
struct Splitter {
    delimiter: u8,
    state: State,
    /// Text of the row, its cells one after the other.
    text: Vec<u8>,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
    /// Line the row begins on.
    line: u64,
    /// Line the next byte is on.
    next_line: u64,
    /// Line of the quote that was opened last.
    quote_line: u64,
    /// Whether the line has anything on it.
    begun: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: its end, or half of a doubled quote.
    QuoteSeen,
    /// After a carriage return.
    Return,
}

impl<R: BufRead> Rows<R> {
    /// Rows of an input whose first byte is on `line`.
    pub(crate) fn new(input: R, delimiter: u8, line: u64) -> Self {
        let row = Splitter {
            delimiter,
            state: State::CellStart,
            text: Vec::new(),
            ends: Vec::new(),
            line,
            next_line: line,
            quote_line: line,
            begun: false,
        };
        Self { input, row }
    }

    /// Goes to the next row; `false` at the end. Blank lines are no rows. After damage the line
    /// is where it was noticed, for an open quote where it was opened.
    pub(crate) fn advance(&mut self) -> Result<bool, Damage> {
        self.row.begin();
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if chunk.is_empty() {
                return self.row.finish();
            }
            let (used, complete) = self.row.take(chunk)?;
            self.input.consume(used);
            if complete {
                return Ok(true);
            }
        }
    }

    /// Line the current row begins on.
    pub(crate) fn line(&self) -> u64 {
        self.row.line
    }

    /// How many cells the current row has.
    pub(crate) fn len(&self) -> usize {
        self.row.ends.len()
    }

    /// A cell of the current row, counted from 0; empty beyond its end.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        let begin = match index.checked_sub(1) {
            None => Some(0),
            Some(before) => self.row.ends.get(before).copied(),
        };
        let range = begin.zip(self.row.ends.get(index).copied());
        range.and_then(|(begin, end)| self.row.text.get(begin..end)).unwrap_or_default()
    }
}

impl Splitter {
    fn begin(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.begun = false;
        self.state = State::CellStart;
        self.line = self.next_line;
    }

    /// Takes bytes up to the end of the row. Returns how many, and whether the row is complete.
    fn take(&mut self, chunk: &[u8]) -> Result<(usize, bool), Damage> {
        let mut rest = chunk;
        loop {
            let end = self.delimiter;
            let ends_cell = |byte| byte == end || matches!(byte, b'"' | b'\n' | b'\r');
            rest = match self.state {
                State::Plain => self.copy(rest, ends_cell)?,
                State::Quoted => self.copy(rest, |byte| byte == b'"')?,
                State::CellStart | State::QuoteSeen | State::Return => rest,
            };
            let Some((&byte, after)) = rest.split_first() else {
                return Ok((chunk.len(), false));
            };
            if self.step(byte)? {
                return Ok((chunk.len() - after.len(), true));
            }
            // The first byte of a plain cell is copied with the rest of it.
            let copied_next = self.state == State::Plain;
            rest = if copied_next { rest } else { after };
        }
    }

    /// Copies the bytes before the first one that ends the run; returns what is left.
    fn copy<'a>(&mut self, rest: &'a [u8], ends: impl Fn(u8) -> bool) -> Result<&'a [u8], Damage> {
        let length = rest.iter().position(|byte| ends(*byte));
        let (run, rest) = rest.split_at(length.unwrap_or(rest.len()));
        self.text.extend_from_slice(run);
        if self.state == State::Quoted {
            let lines = run.iter().filter(|byte| **byte == b'\n');
            self.next_line += lines.fold(0, |count, _| count + 1);
        }
        if self.text.len() > MAX_ROW_BYTES {
            return Err(Damage::TooLong);
        }
        Ok(rest)
    }

    /// Handles a byte that is not simply copied; `true` when it ends the row.
    fn step(&mut self, byte: u8) -> Result<bool, Damage> {
        match (self.state, byte) {
            (State::CellStart, b'"') => {
                self.quote_line = self.next_line;
                self.begun = true;
                self.state = State::Quoted;
            }
            (State::Quoted, _) => self.state = State::QuoteSeen,
            (State::QuoteSeen, b'"') => {
                self.text.push(b'"');
                self.state = State::Quoted;
            }
            (State::Plain, b'"') => return Err(self.damaged(Damage::StrayQuote)),
            (_, b'\n') => return self.end_row(),
            (State::Return, _) => return Err(self.damaged(Damage::LoneReturn)),
            (_, b'\r') => self.state = State::Return,
            (_, byte) if byte == self.delimiter => {
                self.end_cell()?;
                self.state = State::CellStart;
            }
            (State::QuoteSeen, _) => return Err(self.damaged(Damage::AfterQuote)),
            (State::CellStart | State::Plain, _) => {
                self.begun = true;
                self.state = State::Plain;
            }
        }
        Ok(false)
    }

    fn end_cell(&mut self) -> Result<(), Damage> {
        self.begun = true;
        self.ends.push(self.text.len());
        if self.ends.len() > MAX_CELLS {
            return Err(Damage::TooManyCells);
        }
        Ok(())
    }

    /// Ends the row, unless it is a blank line.
    fn end_row(&mut self) -> Result<bool, Damage> {
        self.next_line += 1;
        if self.begun {
            self.end_cell()?;
            return Ok(true);
        }
        self.begin();
        Ok(false)
    }

    /// The input has ended; `true` when it ends with a row.
    fn finish(&mut self) -> Result<bool, Damage> {
        match self.state {
            State::Quoted => {
                self.line = self.quote_line;
                Err(Damage::OpenQuote)
            }
            State::Return => Err(self.damaged(Damage::LoneReturn)),
            State::CellStart | State::Plain | State::QuoteSeen if self.begun => {
                self.end_cell()?;
                Ok(true)
            }
            State::CellStart | State::Plain | State::QuoteSeen => Ok(false),
        }
    }

    fn damaged(&mut self, damage: Damage) -> Damage {
        self.line = self.next_line;
        damage
    }
}

#[cfg(test)]
mod tests;
