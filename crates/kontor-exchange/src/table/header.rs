//! The first line of a file: which delimiter it has and which columns of a noun stand where.

use std::io::{self, BufRead, Read};

use kontor_model::record::Column;

use crate::names;

use super::foreign;
use super::split::Rows;

/// Longest first line in bytes.
pub(crate) const MAX_HEADER_BYTES: usize = 64 << 10;
/// The column, of no noun, that says that a row goes.
pub(crate) const REMOVE: &str = "remove";

/// Which columns a file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub delimiter: u8,
    /// How many cells a row has at least: up to the last one with a name.
    pub width: usize,
    /// Line of the first row.
    pub first_row: u64,
    /// Cells before that without a name: nothing may stand there.
    pub nameless: Vec<usize>,
    /// Where the column [`REMOVE`] stands.
    pub remove: Option<usize>,
    /// Where each column of the noun stands in the file, counted from 0.
    places: Vec<Option<usize>>,
}

/// Something wrong with the first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeaderFault {
    /// Number of the cell, counted from 1; `None` for the whole line.
    pub column: Option<usize>,
    pub value: Option<String>,
    pub reason: String,
}

impl Header {
    /// Reads the first line of an input, behind a line `sep=;` the second. It is not shown when it
    /// looks like data that could be a secret.
    pub(crate) fn read(
        input: &mut dyn BufRead,
        columns: &'static [Column],
    ) -> io::Result<Result<Self, Vec<HeaderFault>>> {
        let line = first_line(input)?;
        let Some(delimiter) = stated_delimiter(&line) else {
            return Ok(parse(&line, columns, None));
        };
        let line = first_line(input)?;
        let header = parse(&line, columns, Some(delimiter));
        Ok(header.map(|header| Self { first_row: header.first_row + 1, ..header }))
    }

    /// Where a column of the noun, counted from 0, stands in the file.
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }
}

fn first_line(input: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    input.take(MAX_HEADER_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
    Ok(line)
}

/// The delimiter that a line `sep=;` states, which spreadsheet programs write before the header.
fn stated_delimiter(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let end = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'))?;
    let line = line.get(..=end)?;
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (name, rest) = line.split_at_checked(4)?;
    match rest {
        [delimiter @ (b',' | b';' | b'\t' | b'|')] if name.eq_ignore_ascii_case(b"sep=") => {
            Some(*delimiter)
        }
        _ => None,
    }
}

fn parse(
    line: &[u8],
    columns: &'static [Column],
    delimiter: Option<u8>,
) -> Result<Header, Vec<HeaderFault>> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    if line.is_empty() {
        return Err(whole_line("the file is empty; its first line must name columns".to_owned()));
    }
    if let Some(reason) = foreign::reason(line) {
        return Err(whole_line(reason));
    }
    if line.len() > MAX_HEADER_BYTES {
        return Err(whole_line("the first line is longer than 64 KiB".to_owned()));
    }
    if std::str::from_utf8(line).is_err() {
        return Err(whole_line(format!("the first line is {}", foreign::NOT_UTF8)));
    }
    let delimiter = delimiter.unwrap_or_else(|| delimiter_of(line));
    let mut row = Rows::new(line, delimiter, 1);
    match row.advance() {
        Ok(true) => {}
        Ok(false) => return Err(whole_line("the first line is blank".to_owned())),
        Err(damage) => return Err(whole_line(damage.to_string())),
    }
    let names: Vec<String> = (0..row.len())
        .map(|index| String::from_utf8_lossy(row.cell(index)).trim().to_owned())
        .collect();
    match_names(&names, columns, delimiter)
}

/// The delimiter that occurs most often; the comma when none does.
fn delimiter_of(line: &[u8]) -> u8 {
    let count = |delimiter: u8| line.split(|byte| *byte == delimiter).count();
    let best = [b'\t', b';', b','].into_iter().max_by_key(|d| count(*d));
    best.unwrap_or(b',')
}

fn match_names(
    names: &[String],
    columns: &'static [Column],
    delimiter: u8,
) -> Result<Header, Vec<HeaderFault>> {
    if looks_like_data(names, columns) {
        let reason =
            format!("the first line does not name the columns; known are {}", list(columns));
        return Err(whole_line(reason));
    }
    let mut faults = Vec::new();
    let mut places = vec![None; columns.len()];
    let mut remove = None;
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let fault =
            |reason| HeaderFault { column: Some(index + 1), value: Some(name.clone()), reason };
        let place = columns.iter().position(|column| is_named(column.name, name));
        let place = match place {
            Some(place) => places.get_mut(place),
            None if is_named(REMOVE, name) => Some(&mut remove),
            None => None,
        };
        match place {
            None => faults.push(fault(unknown(name, columns))),
            Some(Some(_)) => faults.push(fault("the column stands there twice".to_owned())),
            Some(place) => *place = Some(index),
        }
    }
    let is_missing =
        |(column, place): &(&Column, &Option<usize>)| column.required && place.is_none();
    let missing = columns.iter().zip(&places).filter(is_missing).map(|(column, _)| column);
    // Rows that are there keep what the file does not have; who reads the rows tells the others.
    let missing: Vec<&Column> = missing.filter(|c| c.key || !faults.is_empty()).collect();
    for column in missing {
        faults.extend(whole_line(format!("the column {} is missing", column.name)));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let width = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    let nameless = names.iter().take(width).enumerate();
    let nameless = nameless.filter(|(_, name)| name.is_empty()).map(|(index, _)| index).collect();
    Ok(Header { delimiter, width, first_row: 2, nameless, remove, places })
}

/// Whether a line does not seem to name columns. Where rows have secrets it is not shown then.
fn looks_like_data(names: &[String], columns: &[Column]) -> bool {
    let names = || names.iter().filter(|name| !name.is_empty());
    let is_known = |name: &&String| {
        is_named(REMOVE, name) || columns.iter().any(|column| is_named(column.name, name))
    };
    let known = names().filter(is_known).count();
    if columns.iter().any(|column| column.secret) {
        known * 2 < names().count()
    } else {
        known == 0
    }
}

fn is_named(column: &str, name: &str) -> bool {
    column.eq_ignore_ascii_case(name)
}

fn unknown(name: &str, columns: &[Column]) -> String {
    let lower = name.to_lowercase();
    match names::meant(&lower, columns.iter().map(|column| column.name)) {
        Some(meant) => format!("no such column, is it {meant}? known are {}", list(columns)),
        None => format!("no such column; known are {}", list(columns)),
    }
}

fn list(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    names.join(", ")
}

fn whole_line(reason: String) -> Vec<HeaderFault> {
    vec![HeaderFault { column: None, value: None, reason }]
}

#[cfg(test)]
mod tests {
    use kontor_model::catalogue::Kind;

    use super::*;

    fn read(line: &str) -> Result<Header, Vec<String>> {
        let header = Header::read(&mut line.as_bytes(), Kind::Conversion.columns()).unwrap();
        header.map_err(|faults| {
            let show = |fault: HeaderFault| {
                format!("{:?} {:?} {}", fault.column, fault.value, fault.reason)
            };
            faults.into_iter().map(show).collect()
        })
    }

    #[test]
    fn columns_stand_in_any_order_behind_any_delimiter() {
        for (line, delimiter) in [
            ("factor,uom,sku\n", b','),
            ("factor;uom;sku\r\n", b';'),
            ("factor\tuom\tsku", b'\t'),
            ("\u{feff}\"factor\", uom ,sku\n", b','),
        ] {
            let header = read(line).unwrap();
            assert_eq!((header.delimiter, header.width), (delimiter, 3), "{line}");
            let places: Vec<_> = (0..4).map(|column| header.place(column)).collect();
            assert_eq!(places, [Some(2), Some(1), Some(0), None]);
        }
    }

    #[test]
    fn names_what_is_wrong() {
        for (line, expected) in [
            ("", "None None the file is empty; its first line must name columns"),
            ("\n", "None None the first line is blank"),
            (
                "sku,uom,factr\n",
                "Some(3) Some(\"factr\") no such column, is it factor? known are sku, uom, factor",
            ),
            (
                "sku,uom,factor,colour\n",
                "Some(4) Some(\"colour\") no such column; known are sku, uom, factor",
            ),
            ("sku,uom,factor,uom\n", "Some(4) Some(\"uom\") the column stands there twice"),
            ("sku,SKU,uom\n", "Some(2) Some(\"SKU\") the column stands there twice"),
            ("sku,factor\n", "None None the column uom is missing"),
            (
                "SKU,unit,Faktor\n",
                "Some(2) Some(\"unit\") no such column; known are sku, uom, factor",
            ),
            (
                "hunter2,s3cret\n",
                "None None the first line does not name the columns; known are sku, uom, factor",
            ),
            ("sku,\"uom\n", "None None a quote is opened and never closed"),
        ] {
            assert_eq!(read(line).unwrap_err()[0], expected, "{line:?}");
        }
        let faults = parse(b"sku,uom,f\xE4ctor\n", Kind::Conversion.columns(), None).unwrap_err();
        assert!(faults[0].reason.contains("Windows-1252"), "{faults:?}");
        let utf16: Vec<u8> = "\u{feff}sku\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let faults = parse(&utf16, Kind::Conversion.columns(), None).unwrap_err();
        assert_eq!(faults[0].reason, "the file is UTF-16; save it as UTF-8");
    }

    #[test]
    fn what_spreadsheets_write_names_the_same_columns() {
        for (line, width, first_row, nameless) in [
            ("SKU;Uom; FACTOR ;;\n", 3, 2, &[][..]),
            ("sku;;uom;factor\n", 4, 2, &[1]),
            ("sep=;\r\nsku;uom;factor\n", 3, 3, &[]),
            ("\u{feff}\"SEP=|\"\nsku|uom|factor\n", 3, 3, &[]),
            ("sku,uom\n", 2, 2, &[]),
        ] {
            let header = read(line).unwrap();
            assert_eq!((header.width, header.first_row), (width, first_row), "{line:?}");
            assert_eq!(header.nameless, nameless, "{line:?}");
            assert_eq!(header.remove, None);
        }
        assert_eq!(read("sku,Remove,uom\n").unwrap().remove, Some(1));
        assert_eq!(read("sep=x\nsku,uom\n").unwrap_err().len(), 1);
    }

    #[test]
    fn a_line_that_may_have_secrets_is_not_shown() {
        let columns = Kind::Account.columns();
        let reasons = |line: &str| {
            let faults = parse(line.as_bytes(), columns, None).unwrap_err();
            faults.into_iter().map(|fault| format!("{:?}", fault.value)).collect::<Vec<_>>()
        };
        assert_eq!(reasons("secomp,login,u1,hunter2\n"), ["None"]);
        assert_eq!(reasons("protocol,login,passwort\n"), ["Some(\"passwort\")"]);
    }

    #[test]
    fn the_first_line_has_a_longest_length() {
        let line = |bytes: usize| format!("sku,uom,factor{}\n", " ".repeat(bytes - 15));
        let mut at = line(MAX_HEADER_BYTES).into_bytes();
        at.extend_from_slice(b"next");
        let mut input = at.as_slice();
        assert!(Header::read(&mut input, Kind::Conversion.columns()).unwrap().is_ok());
        assert_eq!(input, b"next");
        let above = line(MAX_HEADER_BYTES + 1);
        let faults = Header::read(&mut above.as_bytes(), Kind::Conversion.columns());
        assert_eq!(faults.unwrap().unwrap_err()[0].reason, "the first line is longer than 64 KiB");
    }
}
