//! CNPJ: the registration number of a company in Brazil, of digits or alphanumeric.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// Characters of a CNPJ without punctuation.
const LENGTH: usize = 14;
/// Characters before the two check digits: eight of the company, four of the establishment.
const BODY: usize = 12;
/// A CNPJ as people write it: `0` stands for any of its characters.
const WRITTEN: &str = "00.000.000/0000-00";

/// A CNPJ whose check digits are right: twelve digits or capital letters and two digits, kept
/// without punctuation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cnpj(Box<str>);

/// Why a text is no CNPJ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CnpjError {
    #[error(
        "a CNPJ is 12 digits or capital letters and 2 check digits, \
         as 12345678000195 or 12.345.678/0001-95"
    )]
    Shape,
    /// Its check digits would be right, but it is what fills empty fields, and nobody's number.
    #[error("a CNPJ is not all zeros")]
    Zeros,
    #[error("wrong check digits, expected {expected:02}")]
    CheckDigits {
        /// As a number: 5 means `05`.
        expected: u8,
    },
}

impl Cnpj {
    /// The 14 characters without punctuation.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a CNPJ without punctuation, or with all of it.
impl FromStr for Cnpj {
    type Err = CnpjError;

    fn from_str(text: &str) -> Result<Self, CnpjError> {
        let number = without_punctuation(text);
        let (body, check) = number.split_at_checked(BODY).ok_or(CnpjError::Shape)?;
        let is_good = number.len() == LENGTH
            && body.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
            && check.bytes().all(|byte| byte.is_ascii_digit());
        if !is_good {
            return Err(CnpjError::Shape);
        }
        if number.bytes().all(|byte| byte == b'0') {
            return Err(CnpjError::Zeros);
        }
        let expected = check_digits(body);
        if check.parse() == Ok(expected) {
            Ok(Self(number.into()))
        } else {
            Err(CnpjError::CheckDigits { expected })
        }
    }
}

/// The text without punctuation when it has all of it, else as it is.
fn without_punctuation(text: &str) -> Cow<'_, str> {
    let marks = || text.chars().zip(WRITTEN.chars());
    let is_written = text.chars().count() == WRITTEN.len()
        && marks().all(|(own, mark)| mark == '0' || own == mark);
    if is_written {
        marks().filter(|(_, mark)| *mark == '0').map(|(own, _)| own).collect()
    } else {
        Cow::Borrowed(text)
    }
}

/// The two check digits as a number.
fn check_digits(body: &str) -> u8 {
    let first = check_digit(body.bytes());
    let second = check_digit(body.bytes().chain([b'0' + first]));
    first * 10 + second
}

/// Sum of the values (ASCII code less 48) weighted 2 to 9 from the right, again and again; what
/// its remainder of division by 11 lacks to 11. Remainders of 0 and 1 give 0.
fn check_digit(characters: impl DoubleEndedIterator<Item = u8>) -> u8 {
    let weighted = characters.rev().zip((2..=9_u32).cycle());
    let sum: u32 = weighted.map(|(character, weight)| u32::from(character - b'0') * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => u8::try_from(11 - rest).unwrap_or(0),
    }
}

impl fmt::Display for Cnpj {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first is the example by which the tax office explains the alphanumeric CNPJ; the
    /// others are in public use.
    const GOOD: [&str; 7] = [
        "12ABC34501DE35",
        "12345678000195",
        "00000000000191",
        "33000167000101",
        "60746948000112",
        "11222333000181",
        "98765432000198",
    ];

    fn parse(text: &str) -> Result<Cnpj, CnpjError> {
        text.parse()
    }

    fn written(plain: &str) -> String {
        format!(
            "{}.{}.{}/{}-{}",
            &plain[..2],
            &plain[2..5],
            &plain[5..8],
            &plain[8..12],
            &plain[12..]
        )
    }

    #[test]
    fn known_numbers_are_good_with_and_without_punctuation() {
        for plain in GOOD {
            assert_eq!(parse(plain).unwrap().to_string(), plain);
            assert_eq!(parse(&written(plain)).unwrap().as_str(), plain);
        }
        assert_eq!(written("12ABC34501DE35"), "12.ABC.345/01DE-35");
    }

    #[test]
    fn other_check_digits_are_told_with_the_right_ones() {
        for wrong in ["12ABC34501DE34", "12ABC34501DE45", "12.ABC.345/01DE-00"] {
            let error = parse(wrong).unwrap_err();
            assert_eq!(error, CnpjError::CheckDigits { expected: 35 }, "{wrong}");
            assert_eq!(error.to_string(), "wrong check digits, expected 35");
        }
    }

    #[test]
    fn anything_else_is_no_cnpj() {
        for bad in [
            "",
            "1234567800019",
            "123456780001950",
            "12abc34501de35",
            "12ABC34501DE3A",
            "12.345.678/000195",
            "12345678/0001-95",
            "12-345-678/0001-95",
            "12.345.678/0001.95",
            "12.345.678/0001-9A",
            "12 345 678/0001-95",
            "1234567800019\u{665}",
            "\u{661}2345678000195",
            "É234567800195",
            " 12345678000195",
        ] {
            assert_eq!(parse(bad), Err(CnpjError::Shape), "{bad:?}");
        }
        assert_eq!(parse("00000000000000"), Err(CnpjError::Zeros));
        assert_eq!(parse("00.000.000/0000-00"), Err(CnpjError::Zeros));
    }

    /// Whether the rule of the tax office may be unable to tell two numbers apart that differ in
    /// one place. Values are compared modulo 11, so `A` (17) is as good as `L` (28). And two
    /// check digits of 0 may come from remainders 0 and 1 as well as 1 and 0, between which a
    /// change passes where the weights of a place, 5 and 6 or 9 and 2, add up to 11.
    fn may_look_alike(place: usize, old: u8, new: u8, check: &str) -> bool {
        old.abs_diff(new).is_multiple_of(11) || (matches!(place, 0 | 4 | 8) && check == "00")
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn of_all_check_digits_one_pair_is_right(body in "[0-9A-Z]{12}") {
            prop_assume!(body != "000000000000");
            let good = (0..100).filter(|check| parse(&format!("{body}{check:02}")).is_ok());
            prop_assert_eq!(good.count(), 1);
        }

        #[test]
        fn a_changed_character_is_caught(
            body in "([0-9]{12}|[0-9A-Z]{12})",
            place in 0..14_usize,
            new in "[0-9A-Z]",
        ) {
            prop_assume!(body != "000000000000");
            let number = format!("{body}{:02}", check_digits(&body));
            let cnpj = parse(&number).unwrap();
            prop_assert_eq!(cnpj.as_str(), &number);
            let old = number.as_bytes()[place];
            let mut changed = number.clone();
            changed.replace_range(place..=place, &new);
            let new = new.as_bytes()[0];
            if new != old && !may_look_alike(place, old, new, &number[12..]) {
                prop_assert!(parse(&changed).is_err(), "{} {}", number, changed);
            }
        }

        #[test]
        fn punctuation_changes_nothing(body in "[0-9A-Z]{12}") {
            let number = format!("{body}{:02}", check_digits(&body));
            prop_assert_eq!(parse(&written(&number)), parse(&number));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,20}") {
            let _ = parse(&text);
        }
    }

    #[test]
    fn every_changed_digit_of_a_known_number_is_caught() {
        for plain in GOOD {
            let digits = plain.char_indices().filter(|(_, old)| old.is_ascii_digit());
            for (place, new) in digits.flat_map(|(at, _)| ('0'..='9').map(move |new| (at, new))) {
                let mut changed = plain.to_owned();
                changed.replace_range(place..=place, new.encode_utf8(&mut [0; 4]));
                assert_eq!(parse(&changed).is_ok(), changed == plain, "{plain} {changed}");
            }
        }
    }

    #[test]
    fn the_rule_has_blind_spots() {
        for (one, other) in [
            // 5 and 6 times 9 are 1 more, and 1 less, than a multiple of 11.
            ("07526557000100", "97526557000100"),
            // A and L.
            ("12ABC34501DE35", "12LBC34501DE35"),
        ] {
            assert!(parse(one).is_ok() && parse(other).is_ok());
        }
    }
}
