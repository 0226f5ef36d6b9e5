//! Exact decimal text with at most six decimals, held as an integer of millionths.
//!
//! Both `Money` and `Quantity` are such numbers. Input with more than six decimals is refused,
//! never rounded; zeros at the end do not count as decimals.

use std::fmt;

/// Millionths in one.
pub const ONE: i64 = 1_000_000;
/// The most decimals an exact number has.
pub const MAX_DECIMALS: u8 = 6;

/// Why a text is not an exact number of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    #[error("not a decimal number")]
    Syntax,
    #[error("more than 6 decimals")]
    TooPrecise,
    #[error("number too large")]
    TooLarge,
}

/// Reads `[+-]digits[.digits]` into millionths.
pub fn parse(text: &str) -> Result<i64, DecimalError> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let mut parts = digits.splitn(2, |byte| *byte == b'.');
    let whole = parts.next().unwrap_or_default();
    let fraction = parts.next();
    if whole.is_empty() && fraction.is_none_or(<[u8]>::is_empty) {
        return Err(DecimalError::Syntax);
    }
    let mut value: i64 = 0;
    for byte in whole {
        value = push_digit(value, *byte)?;
    }
    value = value.checked_mul(ONE).ok_or(DecimalError::TooLarge)?;
    value = value
        .checked_add(read_fraction(fraction.unwrap_or_default())?)
        .ok_or(DecimalError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

fn read_fraction(fraction: &[u8]) -> Result<i64, DecimalError> {
    let mut value = 0;
    let mut weight = ONE;
    for byte in fraction {
        if !byte.is_ascii_digit() {
            return Err(DecimalError::Syntax);
        }
        weight /= 10;
        if weight == 0 && *byte != b'0' {
            return Err(DecimalError::TooPrecise);
        }
        value += i64::from(byte - b'0') * weight;
    }
    Ok(value)
}

fn push_digit(value: i64, byte: u8) -> Result<i64, DecimalError> {
    if !byte.is_ascii_digit() {
        return Err(DecimalError::Syntax);
    }
    value
        .checked_mul(10)
        .and_then(|value| value.checked_add(i64::from(byte - b'0')))
        .ok_or(DecimalError::TooLarge)
}

/// Decimals that are needed to write the number, 0 to 6.
pub fn decimals(millionths: i64) -> u8 {
    let mut rest = millionths % ONE;
    let mut decimals = MAX_DECIMALS;
    while decimals > 0 && rest % 10 == 0 {
        rest /= 10;
        decimals -= 1;
    }
    decimals
}

/// Writes the number with as few digits as possible: `30`, `8.8`, `-0.05`.
pub fn write(millionths: i64, out: &mut impl fmt::Write) -> fmt::Result {
    let sign = if millionths < 0 { "-" } else { "" };
    let magnitude = millionths.unsigned_abs();
    let (whole, fraction) = (magnitude / ONE.unsigned_abs(), magnitude % ONE.unsigned_abs());
    let width = usize::from(decimals(millionths));
    if width == 0 {
        return write!(out, "{sign}{whole}");
    }
    let fraction = fraction / 10_u64.pow(u32::from(MAX_DECIMALS - decimals(millionths)));
    write!(out, "{sign}{whole}.{fraction:0width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<i64, DecimalError>) {
        assert_eq!(parse(text), expected, "{text:?}");
    }

    #[test]
    fn reads_plain_decimals_and_refuses_the_rest() {
        check("8.80", Ok(8_800_000));
        check("-3", Ok(-3_000_000));
        check("+0.000001", Ok(1));
        check("1.0000000000", Ok(ONE));
        check(".5", Ok(500_000));
        check("9223372036854.775807", Ok(i64::MAX));
        check("9223372036854.775808", Err(DecimalError::TooLarge));
        check("0.0000001", Err(DecimalError::TooPrecise));
        for bad in ["", "-", ".", "1e3", "1,5", "NaN", "--1", " 1", "1.2.3", "\u{663}"] {
            check(bad, Err(DecimalError::Syntax));
        }
    }

    #[test]
    fn writes_as_few_digits_as_possible() {
        for text in ["30", "8.8", "9.999", "0.045", "-0.05", "0", "790.000001"] {
            let mut out = String::new();
            write(parse(text).unwrap(), &mut out).unwrap();
            assert_eq!(out, text);
        }
    }
}
