//! What to write instead of a cell that cannot be read: numbers as spreadsheet programs show them.

use kontor_model::decimal;
use kontor_model::record::{Column, ColumnKind};

/// What to do about a cell; `None` when the reason says it all.
pub(crate) fn of(column: &Column, text: &str) -> Option<String> {
    let text = text.trim();
    if is_shortened(text) {
        let remedy = "the spreadsheet has shortened the number; format the column as text";
        return Some(remedy.to_owned());
    }
    if column.kind != ColumnKind::Decimal {
        return None;
    }
    let numbers = plain(text)?;
    Some(format!("write {}", numbers.join(", or without a thousands separator ")))
}

/// `7,61199E+12`: what is left of a long number, the exponent in two digits.
fn is_shortened(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_number = |text: &str, marks: &str| {
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_digit() || marks.contains(c))
    };
    is_number(digits, ",.") && exponent.len() > 1 && is_number(exponent, "")
}

/// The number as it is to be written; two when a mark can mean either of two things.
fn plain(text: &str) -> Option<Vec<String>> {
    let is_inner = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',');
    let number: String = text
        .trim_matches(|c| !is_inner(c))
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '\u{2019}'))
        .collect();
    let digits = |text: &str| text.replace([',', '.'], "");
    let (before, mark, after) = match number.rfind([',', '.']) {
        None => (number.as_str(), "", ""),
        Some(at) => {
            let (before, rest) = number.split_at(at);
            let (mark, after) = rest.split_at(1);
            (before, mark, after)
        }
    };
    let is_repeated = before.contains(mark) && !mark.is_empty();
    let as_decimal = format!("{}.{after}", digits(before));
    let as_thousands = digits(&number);
    let groups =
        after.len() == 3 && !before.is_empty() && !before.trim_start_matches('-').starts_with('0');
    let numbers = if mark.is_empty() || is_repeated {
        vec![as_thousands]
    } else if mark == "," && groups && before.len() <= 3 {
        vec![as_decimal, as_thousands]
    } else {
        vec![as_decimal]
    };
    let is_new = |number: &String| decimal::parse(number).is_ok() && number != text;
    numbers.iter().all(is_new).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMOUNT: Column = Column::optional("amount", "", "").of(ColumnKind::Decimal);
    const GTIN: Column = Column::optional("gtin", "", "");

    #[test]
    fn shows_the_number_as_it_is_to_be_written() {
        for (text, expected) in [
            ("8,80", "write 8.80"),
            ("1234,5", "write 1234.5"),
            ("1.234,50", "write 1234.50"),
            ("1,234.50", "write 1234.50"),
            ("1.234.567", "write 1234567"),
            ("1 234,5", "write 1234.5"),
            ("1\u{a0}234,5", "write 1234.5"),
            ("1'234.50", "write 1234.50"),
            ("8,80 €", "write 8.80"),
            ("EUR 8.80", "write 8.80"),
            ("-0,125", "write -0.125"),
            ("1,234", "write 1.234, or without a thousands separator 1234"),
            ("1,5E+06", "the spreadsheet has shortened the number; format the column as text"),
        ] {
            assert_eq!(of(&AMOUNT, text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "x", "8.80", "12abc34", "--", "1,2,3,", "on request"] {
            assert!(of(&AMOUNT, text).is_none_or(|r| r == "write 123"), "{text}");
        }
    }

    #[test]
    fn a_shortened_code_is_told() {
        assert!(of(&GTIN, "7,61199E+12").is_some());
        assert_eq!(of(&GTIN, "7611990131311"), None);
        assert_eq!(of(&GTIN, "8,80"), None);
    }
}
