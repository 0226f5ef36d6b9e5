//! Rows as bytes, for the time between staging and writing.

use kontor_model::record::{Cell, Row};
use kontor_store::StoreError;

const NULL: u8 = 0;
const INT: u8 = 1;
const TEXT: u8 = 2;

/// Writes cells one behind the other.
pub(crate) fn encode(row: &[Cell]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(row.len() * 12);
    for cell in row {
        match cell {
            Cell::Null => bytes.push(NULL),
            Cell::Int(number) => {
                bytes.push(INT);
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            Cell::Text(text) => {
                bytes.push(TEXT);
                let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
                bytes.extend_from_slice(&length.to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
        }
    }
    bytes
}

/// Reads them again.
pub(crate) fn decode(mut bytes: &[u8]) -> Result<Row, StoreError> {
    let mut row = Row::new();
    while let Some((tag, rest)) = bytes.split_first() {
        let (cell, rest) = match *tag {
            NULL => (Some(Cell::Null), rest),
            INT => {
                let (number, rest) = number(rest)?;
                (Some(Cell::Int(i64::from_le_bytes(number))), rest)
            }
            TEXT => {
                let (length, rest) = number(rest)?;
                let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
                let (text, rest) = rest.split_at_checked(length).ok_or_else(broken)?;
                (std::str::from_utf8(text).ok().map(Cell::text), rest)
            }
            _ => (None, rest),
        };
        row.push(cell.ok_or_else(broken)?);
        bytes = rest;
    }
    Ok(row)
}

fn number(bytes: &[u8]) -> Result<([u8; 8], &[u8]), StoreError> {
    let (number, rest) = bytes.split_first_chunk().ok_or_else(broken)?;
    Ok((*number, rest))
}

fn broken() -> StoreError {
    StoreError::Read("a staged row cannot be read again".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_back() {
        let row = vec![
            Cell::Int(i64::MIN),
            Cell::Null,
            Cell::text(""),
            Cell::text("Weiß, \"1\"\n"),
            Cell::Int(7),
        ];
        let bytes = encode(&row);
        assert_eq!(decode(&bytes).unwrap(), row);
        assert_eq!(decode(&[]).unwrap(), Row::new());
        for end in [1, 9, 11, 19, 20, bytes.len() - 1] {
            let cut = bytes.get(..end).unwrap();
            assert_ne!(decode(cut).ok().as_ref(), Some(&row), "{end}");
        }
        assert!(decode(&[3]).is_err());
    }
}
