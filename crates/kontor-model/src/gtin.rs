//! Global trade item numbers: EAN-8, UPC-A, EAN-13, GTIN-14.

use std::fmt;
use std::str::FromStr;

/// A number of 8, 12, 13 or 14 digits whose check digit is right. It is kept as written: the
/// leading zeros of a GTIN-14 are part of what a partner sends and gets back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(Box<str>);

/// Why a text is no GTIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    #[error("a GTIN has 8, 12, 13 or 14 digits")]
    Shape,
    #[error("wrong check digit, expected {expected}")]
    CheckDigit { expected: u8 },
}

impl Gtin {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What of a text is compared where it is asked for as a GTIN: GTINs are numbers, so a UPC-A is
    /// the EAN-13 with one more zero before it. A text that is no number of at most 14 digits is
    /// compared as it is.
    pub fn compared(text: &str) -> &str {
        let is_number = text.len() <= 14 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.trim_start_matches('0') } else { text }
    }
}

impl FromStr for Gtin {
    type Err = GtinError;

    fn from_str(text: &str) -> Result<Self, GtinError> {
        let [body @ .., last] = text.as_bytes() else {
            return Err(GtinError::Shape);
        };
        if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(GtinError::Shape);
        }
        let weighted: u32 = body
            .iter()
            .rev()
            .zip([3, 1].into_iter().cycle())
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        let expected = u8::try_from((10 - weighted % 10) % 10).unwrap_or(0);
        if last - b'0' == expected {
            Ok(Self(text.into()))
        } else {
            Err(GtinError::CheckDigit { expected })
        }
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gtins_are_compared_as_numbers() {
        let same = |a: &str, b: &str| Gtin::compared(a) == Gtin::compared(b);
        for padded in ["0036000291452", "00036000291452"] {
            assert!(same("036000291452", padded), "{padded}");
        }
        assert!(!same("036000291452", "000036000291452"), "no GTIN has 15 digits");
        assert!(!same("036000291452", "36000291452 "));
        assert!(!same("7611990131310", "17611990131310"));
        assert!(!same("0a", "a"));
    }

    #[test]
    fn checks_the_check_digit() {
        for good in ["7611990131310", "17611990131324", "4000000000006", "73513537", "036000291452"]
        {
            assert_eq!(good.parse::<Gtin>().unwrap().to_string(), good);
        }
        assert_eq!("7611990131311".parse::<Gtin>(), Err(GtinError::CheckDigit { expected: 0 }));
        for bad in ["", "1", "76119901313", "761199013131a", "\u{661}611990131310"] {
            assert_eq!(bad.parse::<Gtin>(), Err(GtinError::Shape), "{bad:?}");
        }
    }
}
