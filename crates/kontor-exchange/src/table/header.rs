//! The first line of a file: which delimiter it has and which columns of a noun stand where.

use std::io::{self, BufRead, Read};

use kontor_model::record::Column;

use crate::names;

use super::split::Rows;

/// Longest first line in bytes.
pub(crate) const MAX_HEADER_BYTES: usize = 64 << 10;

/// Which columns a file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub delimiter: u8,
    /// How many cells a row has.
    pub width: usize,
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
    /// Reads the first line of an input. It is not shown when it looks like data: that could be
    /// a secret.
    pub(crate) fn read(
        input: &mut dyn BufRead,
        columns: &'static [Column],
    ) -> io::Result<Result<Self, Vec<HeaderFault>>> {
        let mut line = Vec::new();
        let limit = MAX_HEADER_BYTES as u64 + 1;
        input.take(limit).read_until(b'\n', &mut line)?;
        Ok(parse(&line, columns))
    }

    /// Where a column of the noun, counted from 0, stands in the file.
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).copied().flatten()
    }
}

fn parse(line: &[u8], columns: &'static [Column]) -> Result<Header, Vec<HeaderFault>> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    if line.is_empty() {
        return Err(whole_line("the file is empty; its first line must name columns".to_owned()));
    }
    if line.len() > MAX_HEADER_BYTES {
        return Err(whole_line("the first line is longer than 64 KiB".to_owned()));
    }
    if line.starts_with(b"\xFF\xFE") || line.starts_with(b"\xFE\xFF") {
        return Err(whole_line("the file is UTF-16; save it as UTF-8".to_owned()));
    }
    let delimiter = delimiter_of(line);
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
    let is_known = |name: &&String| columns.iter().any(|column| column.name == **name);
    if names.iter().filter(is_known).count() * 2 < names.len() {
        let reason =
            format!("the first line does not name the columns; known are {}", list(columns));
        return Err(whole_line(reason));
    }
    let mut faults = Vec::new();
    let mut places = vec![None; columns.len()];
    for (index, name) in names.iter().enumerate() {
        let fault =
            |reason| HeaderFault { column: Some(index + 1), value: Some(name.clone()), reason };
        let place = columns.iter().position(|column| column.name == name);
        match place.and_then(|place| places.get_mut(place)) {
            None => faults.push(fault(unknown(name, columns))),
            Some(Some(_)) => faults.push(fault("the column stands there twice".to_owned())),
            Some(place) => *place = Some(index),
        }
    }
    for (column, place) in columns.iter().zip(&places) {
        if column.required && place.is_none() {
            let reason = format!("the column {} is missing", column.name);
            faults.extend(whole_line(reason));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Header { delimiter, width: names.len(), places })
}

fn unknown(name: &str, columns: &[Column]) -> String {
    match names::meant(name, columns.iter().map(|column| column.name)) {
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
        let header = parse(line.as_bytes(), Kind::Conversion.columns());
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
            ("sku,uom\n", "None None the column factor is missing"),
            (
                "hunter2,s3cret,sku\n",
                "None None the first line does not name the columns; known are sku, uom, factor",
            ),
            ("sku,\"uom\n", "None None a quote is opened and never closed"),
        ] {
            assert_eq!(read(line).unwrap_err()[0], expected, "{line:?}");
        }
        let utf16: Vec<u8> = "\u{feff}sku\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let faults = parse(&utf16, Kind::Conversion.columns()).unwrap_err();
        assert_eq!(faults[0].reason, "the file is UTF-16; save it as UTF-8");
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
