//! Exact decimals to and from text, counted in millionths.
//!
//! Every amount and quantity on the wire has at most six decimals and is an `i64` of 1e-6 ("micros").
//! Nothing here rounds: a value that does not fit is an error, and printing never drops a digit.
//! Which range a field allows is the business of the protocols.

use thiserror::Error;

/// Millionths in one.
pub const ONE: i64 = 1_000_000;

/// Decimals a value can have.
const DECIMALS: i64 = 6;

/// Digits before the point that an `i64` of micros can have.
const WHOLE_DIGITS: i64 = 13;

/// Why a text is not a usable decimal. The first that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecimalError {
    /// Not the notation of a number.
    #[error("not a decimal number")]
    NotANumber,
    /// More than six decimals, trailing zeros not counted.
    #[error("more than 6 decimals")]
    TooManyDecimals,
    /// Above the greatest value (about 9.2e12).
    #[error("number too large")]
    TooLarge,
    /// Below the smallest value (about -9.2e12).
    #[error("number too small")]
    TooSmall,
}

/// Reads a plain decimal: optional sign, ASCII digits, optional point, no exponent, no blanks. Digits
/// may be missing on one side of the point (`.5`, `5.`).
pub fn parse_micros(text: &str) -> Result<i64, DecimalError> {
    Parts::of_plain(text)?.micros(0)
}

/// Reads the literal of a JSON number, which may have an exponent: `1e2` is 100. The exponent is
/// never carried out, so a literal such as `1e999999999` costs no more than its length.
///
/// What binary floats print is read as what was meant: a number that differs from one of six decimals
/// by less than 1e-9 is that number, so `21.599999999999998` is 21.6.
pub fn parse_json_number(literal: &str) -> Result<i64, DecimalError> {
    let (mantissa, exponent) = match literal.split_once(['e', 'E']) {
        None => (literal, 0),
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
    };
    let mantissa = Parts::of_plain(mantissa)?;
    match mantissa.micros(exponent) {
        Err(DecimalError::TooManyDecimals) => mantissa.nearly_micros(exponent),
        read => read,
    }
}

/// Prints with as few digits as possible: `30`, `8.8`, `9.999`.
pub fn write_minimal(out: &mut Vec<u8>, micros: i64) {
    write_scaled(out, micros, 0);
}

/// Prints with as few digits as possible but always a fraction: `30.0`, `8.8`.
pub fn write_with_fraction(out: &mut Vec<u8>, micros: i64) {
    write_scaled(out, micros, 1);
}

/// Prints with `scale` decimals: `60.00` for 2, `9000` for 0. A value that needs more decimals gets
/// them, since rounding is a matter of pricing, not of printing. A scale above 6 counts as 6.
pub fn write_scaled(out: &mut Vec<u8>, micros: i64, scale: u8) {
    if micros < 0 {
        out.push(b'-');
    }
    let magnitude = micros.unsigned_abs();
    let (whole, fraction) = (magnitude / ONE.unsigned_abs(), magnitude % ONE.unsigned_abs());
    out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());

    let decimals = needed_decimals(fraction).max(usize::from(scale.min(6)));
    if decimals > 0 {
        // A leading one keeps the zeros after the point: 1_050_000 prints as 1 and 050000.
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(ONE.unsigned_abs() + fraction).as_bytes();
        out.push(b'.');
        out.extend(digits.iter().skip(1).take(decimals));
    }
}

/// How many of the six digits after the point are left without the trailing zeros.
fn needed_decimals(mut fraction: u64) -> usize {
    if fraction == 0 {
        return 0;
    }
    let mut decimals = 6;
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        decimals -= 1;
    }
    decimals
}

/// The exponent of a JSON number. One that no `i64` holds is as good as the largest: the number is
/// zero or out of range either way.
fn parse_exponent(text: &str) -> Result<i64, DecimalError> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    // Far outside of any value, and far enough from the ends of `i64` to calculate with.
    let magnitude = digits.parse::<i64>().unwrap_or(i64::MAX).min(i64::MAX / 4);
    Ok(if negative { -magnitude } else { magnitude })
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The pieces of a plain decimal; both texts hold ASCII digits only.
struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Parts<'a> {
    fn of_plain(text: &'a str) -> Result<Self, DecimalError> {
        let (negative, digits) = split_sign(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction)
        {
            return Err(DecimalError::NotANumber);
        }
        Ok(Self { negative, whole, fraction })
    }

    /// The value times ten to the `exponent`, in micros.
    fn micros(&self, exponent: i64) -> Result<i64, DecimalError> {
        let digits = || self.whole.bytes().chain(self.fraction.bytes()).map(|byte| byte - b'0');
        let mut nonzero = digits().enumerate().filter(|(_, digit)| *digit != 0);
        let Some((first, _)) = nonzero.next() else {
            return Ok(0);
        };
        let last = nonzero.last().map_or(first, |(index, _)| index);
        // The digit at index i stands for digit x 10^(top - i).
        let top = distance(self.whole.len()) - 1 + exponent;
        let lowest = top - distance(last);
        if lowest < -DECIMALS {
            return Err(DecimalError::TooManyDecimals);
        }
        let out_of_range =
            if self.negative { DecimalError::TooSmall } else { DecimalError::TooLarge };
        if top - distance(first) >= WHOLE_DIGITS {
            return Err(out_of_range);
        }
        // At most 19 digits are left between the two, so nothing below can overflow an i128.
        let significant = digits()
            .take(last + 1)
            .skip(first)
            .fold(0_i128, |value, digit| value * 10 + i128::from(digit));
        let zeros = u32::try_from(lowest + DECIMALS).map_err(|_| out_of_range)?;
        self.signed(significant * 10_i128.pow(zeros))
    }

    /// The same of a number with more than six decimals that is, but for less than a thousandth of
    /// a millionth, one with six.
    fn nearly_micros(&self, exponent: i64) -> Result<i64, DecimalError> {
        let digits = || self.whole.bytes().chain(self.fraction.bytes()).map(|byte| byte - b'0');
        // How many digits stand before the seventh decimal; below zero: zeros stand between.
        let kept = distance(self.whole.len()) + exponent + DECIMALS;
        let kept_digits = usize::try_from(kept).unwrap_or(0);
        let zeros = usize::try_from(-kept).unwrap_or(0).min(3);
        let mut rest = std::iter::repeat_n(0, zeros).chain(digits().skip(kept_digits));
        let beyond = [rest.next(), rest.next(), rest.next()].map(Option::unwrap_or_default);
        let up = match beyond {
            [0, 0, 0] => 0,
            [9, 9, 9] if rest.any(|digit| digit != 0) => 1,
            _ => return Err(DecimalError::TooManyDecimals),
        };
        let significant = digits().take(kept_digits).skip_while(|digit| *digit == 0);
        let magnitude = significant.take(20).fold(0, |value, digit| value * 10 + i128::from(digit));
        self.signed(magnitude + up)
    }

    fn signed(&self, magnitude: i128) -> Result<i64, DecimalError> {
        let signed = if self.negative { -magnitude } else { magnitude };
        let out_of_range =
            if self.negative { DecimalError::TooSmall } else { DecimalError::TooLarge };
        i64::try_from(signed).map_err(|_| out_of_range)
    }
}

/// A length as a power of ten; the cap keeps sums with a capped exponent inside of `i64`.
fn distance(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX).min(i64::MAX / 4)
}

#[cfg(test)]
mod tests;
