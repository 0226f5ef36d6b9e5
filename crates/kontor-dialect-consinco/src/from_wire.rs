//! From the query string to parameters (section 2 of the spec).

use std::num::NonZeroU32;
use std::ops::Range;

use jiff::civil::Date;
use kontor_wire::query::{self, Pair};

use crate::wire::Field;

/// Largest page.
pub(crate) const MAX_PAGE_SIZE: u32 = 10_000;
/// Longest number of a sales table in characters.
const MAX_TABLE: usize = 3;
/// Characters of a CNPJ without punctuation; the last two are its check digits.
const TAX_ID: usize = 14;
const CHECK_DIGITS: usize = 2;

/// The parameters of a call. Every value that is there is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parameters {
    pub(crate) company: Company,
    pub(crate) segment: Option<Sent<i32>>,
    pub(crate) gtin: Option<String>,
    pub(crate) sequence: Option<i32>,
    pub(crate) table: Option<String>,
    pub(crate) changed_since: Option<Date>,
    pub(crate) page: NonZeroU32,
    pub(crate) page_size: NonZeroU32,
}

/// How the company is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Company {
    Number(Sent<i32>),
    /// CNPJ without punctuation.
    TaxId(Sent<String>),
    /// Both, which must denote the same company.
    Both(Sent<i32>, Sent<String>),
}

/// A value with the text that was sent for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent<T> {
    pub(crate) text: String,
    pub(crate) value: T,
}

/// A parameter that is wrong, and the text that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) field: Field,
    pub(crate) text: String,
}

/// Reads a query string. The error lists every bad parameter in the order of the URL template.
pub(crate) fn parameters(
    raw_query: &str,
    default_page_size: NonZeroU32,
) -> Result<Parameters, Vec<Fault>> {
    let pairs: Vec<Pair<'_>> = query::pairs(raw_query).collect();
    let mut reader = Reader { pairs: &pairs, faults: Vec::new() };
    let gtin = reader.text(Field::CodeEan).map(str::to_owned);
    let changed_since = reader.read(Field::LastUpdateDate, date).map(|sent| sent.value);
    let number = reader.read(Field::NumberCompany, integer);
    let segment = reader.read(Field::NumberSegment, integer);
    let tax_id = reader.read(Field::RegNumber, tax_id);
    let table = reader.table();
    let sequence = reader.read(Field::SeqProduct, integer).map(|sent| sent.value);
    let page = reader.read(Field::PageNo, page_number).map_or(NonZeroU32::MIN, |sent| sent.value);
    let page_size = reader.read(Field::PageSize, page_size);
    let page_size = page_size.map_or(default_page_size, |sent| sent.value);

    let is_company_informed =
        [Field::NumberCompany, Field::RegNumber].iter().any(|field| reader.text(*field).is_some());
    if !is_company_informed {
        let text = "NUMBER_COMPANY or REG_NUMBER must be informed.".to_owned();
        reader.faults.push(Fault { field: Field::NumberCompany, text });
    }
    let mut faults = reader.faults;
    faults.sort_by_key(|fault| fault.field);
    let company = match (number, tax_id) {
        (Some(number), Some(tax_id)) => Company::Both(number, tax_id),
        (Some(number), None) => Company::Number(number),
        (None, Some(tax_id)) => Company::TaxId(tax_id),
        (None, None) => return Err(faults),
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Parameters { company, segment, gtin, sequence, table, changed_since, page, page_size })
}

/// Both names of a company are good but denote different ones.
pub(crate) fn disagreement() -> Fault {
    let text = "REG_NUMBER does not belong to NUMBER_COMPANY.".to_owned();
    Fault { field: Field::RegNumber, text }
}

/// Reads parameters and gathers what is wrong.
struct Reader<'q> {
    pairs: &'q [Pair<'q>],
    faults: Vec<Fault>,
}

impl<'q> Reader<'q> {
    /// The first value that is not empty, trimmed.
    fn text(&self, field: Field) -> Option<&'q str> {
        let own = self.pairs.iter().filter(|pair| pair.name.eq_ignore_ascii_case(field.name()));
        own.map(|pair| pair.value.trim()).find(|value| !value.is_empty())
    }

    fn read<T>(&mut self, field: Field, parse: impl FnOnce(&str) -> Option<T>) -> Option<Sent<T>> {
        let text = self.text(field)?;
        let value = parse(text);
        if value.is_none() {
            let name = field.name();
            let text = format!("The value '{text}' is not valid for {name}.");
            self.faults.push(Fault { field, text });
        }
        value.map(|value| Sent { text: text.to_owned(), value })
    }

    fn table(&mut self) -> Option<String> {
        let field = Field::SalesTableNumber;
        let text = self.text(field)?;
        if text.chars().nth(MAX_TABLE).is_some() {
            let name = field.name();
            let text =
                format!("The field {name} must be a string with a maximum length of {MAX_TABLE}.");
            self.faults.push(Fault { field, text });
            return None;
        }
        Some(text.to_owned())
    }
}

/// Optional sign and ASCII digits, 32 bits.
fn integer(text: &str) -> Option<i32> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_integer.then(|| text.parse().ok()).flatten()
}

fn page_number(text: &str) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(integer(text)?).ok()?)
}

fn page_size(text: &str) -> Option<NonZeroU32> {
    page_number(text).filter(|size| size.get() <= MAX_PAGE_SIZE)
}

/// `dd/mm/aaaa` or `ddmmaaaa`: a date of the calendar.
fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    // The places of day, month and year.
    let (day, month, year) = match bytes {
        [_, _, b'/', _, _, b'/', _, _, _, _] => (0..2, 3..5, 6..10),
        [_, _, _, _, _, _, _, _] => (0..2, 2..4, 4..8),
        _ => return None,
    };
    let number = |place: Range<usize>| {
        let digits = bytes.get(place)?;
        let are_digits = digits.iter().all(u8::is_ascii_digit);
        are_digits.then(|| digits.iter().fold(0, |n: i16, digit| n * 10 + i16::from(digit - b'0')))
    };
    let (day, month, year) = (number(day)?, number(month)?, number(year)?);
    let (day, month) = (i8::try_from(day).ok()?, i8::try_from(month).ok()?);
    // The calendar begins with the year 1.
    Date::new(year, month, day).ok().filter(|_| year > 0)
}

/// A CNPJ with or without its punctuation; letters may stand where digits do, but not in the check
/// digits, which are not verified.
fn tax_id(text: &str) -> Option<String> {
    let id: String = text.chars().filter(|c| !matches!(c, '.' | '/' | '-')).collect();
    let is_good = id.len() == TAX_ID
        && id.bytes().take(TAX_ID - CHECK_DIGITS).all(|byte| byte.is_ascii_alphanumeric())
        && id.bytes().skip(TAX_ID - CHECK_DIGITS).all(|byte| byte.is_ascii_digit());
    is_good.then_some(id)
}

#[cfg(test)]
mod tests;
