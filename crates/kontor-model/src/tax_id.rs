//! Registration numbers of companies, as their country gives them out.
//!
//! Numbers whose rule is known here are checked; of other countries' it is only known which
//! country that is. Not here: whether a company with the number exists.

use std::fmt;
use std::str::FromStr;

use crate::cnpj::{Cnpj, CnpjError};

/// Longest number of another country, in characters.
pub const MAX_FOREIGN_CHARS: usize = 40;

/// Country prefix that may stand before a CNPJ.
const BRAZIL: &str = "BR";

/// Registration number of a company. A number without a country is a CNPJ; others are written
/// `COUNTRY:number`, because most countries' numbers cannot be told from a mistyped CNPJ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaxId {
    /// Of a company registered in Brazil.
    Cnpj(Cnpj),
    /// Of a company registered elsewhere.
    Foreign(ForeignTaxId),
}

/// A number of a country whose rule is not known here: two capital letters of ISO 3166-1, and 1 to
/// 40 digits and letters, kept as written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignTaxId {
    country: Box<str>,
    number: Box<str>,
}

/// Why a text is no registration number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaxIdError {
    #[error("{0}; numbers of other countries are written COUNTRY:number, e.g. DE:DE123456789")]
    NoCnpj(CnpjError),
    /// It has the form of a CNPJ, so it is meant to be one.
    #[error(transparent)]
    WrongCnpj(CnpjError),
    #[error("the country before the colon must be two capital letters, e.g. DE")]
    Country,
    #[error("the number must be 1 to {MAX_FOREIGN_CHARS} digits and letters without punctuation")]
    Number,
}

impl TaxId {
    /// The CNPJ, when it is one.
    pub fn cnpj(&self) -> Option<&Cnpj> {
        match self {
            Self::Cnpj(cnpj) => Some(cnpj),
            Self::Foreign(_) => None,
        }
    }
}

impl ForeignTaxId {
    /// Code of the country, e.g. `DE`.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// The number without the country, as written.
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl FromStr for TaxId {
    type Err = TaxIdError;

    fn from_str(text: &str) -> Result<Self, TaxIdError> {
        match text.split_once(':') {
            None => text.parse().map(Self::Cnpj).map_err(|error| match error {
                CnpjError::Shape => TaxIdError::NoCnpj(error),
                CnpjError::Zeros | CnpjError::CheckDigits { .. } => TaxIdError::WrongCnpj(error),
            }),
            Some((BRAZIL, number)) => number.parse().map(Self::Cnpj).map_err(TaxIdError::WrongCnpj),
            Some((country, number)) => foreign(country, number).map(Self::Foreign),
        }
    }
}

fn foreign(country: &str, number: &str) -> Result<ForeignTaxId, TaxIdError> {
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(TaxIdError::Country);
    }
    let is_good = (1..=MAX_FOREIGN_CHARS).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_good {
        return Err(TaxIdError::Number);
    }
    Ok(ForeignTaxId { country: country.into(), number: number.into() })
}

impl fmt::Display for TaxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cnpj(cnpj) => cnpj.fmt(f),
            Self::Foreign(id) => write!(f, "{}:{}", id.country, id.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, printed: &str) {
        let id: TaxId = text.parse().unwrap();
        assert_eq!(id.to_string(), printed, "{text}");
        assert_eq!(printed.parse(), Ok(id), "{text}");
    }

    #[test]
    fn without_a_country_it_is_a_cnpj() {
        check("12345678000195", "12345678000195");
        check("12.345.678/0001-95", "12345678000195");
        check("BR:12ABC34501DE35", "12ABC34501DE35");
        assert!("12345678000195".parse::<TaxId>().unwrap().cnpj().is_some());
    }

    #[test]
    fn numbers_of_other_countries_are_kept_as_written() {
        check("DE:DE123456789", "DE:DE123456789");
        // Fourteen digits, as in Brazil, and no CNPJ.
        check("FR:73282932000074", "FR:73282932000074");
        check("IE:1234567Fa", "IE:1234567Fa");
        let id: TaxId = "FR:73282932000074".parse().unwrap();
        assert_eq!(id.cnpj(), None);
        let TaxId::Foreign(id) = id else { panic!("{id:?}") };
        assert_eq!((id.country(), id.number()), ("FR", "73282932000074"));
    }

    #[test]
    fn a_number_of_another_country_is_at_most_40_characters_long() {
        let text = |chars| format!("DE:{}", "1".repeat(chars));
        check(&text(MAX_FOREIGN_CHARS), &text(MAX_FOREIGN_CHARS));
        assert_eq!(text(MAX_FOREIGN_CHARS + 1).parse::<TaxId>(), Err(TaxIdError::Number));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let wrong = CnpjError::CheckDigits { expected: 95 };
        for (text, error) in [
            ("12345678000194", TaxIdError::WrongCnpj(wrong)),
            ("BR:12345678000194", TaxIdError::WrongCnpj(wrong)),
            ("BR:DE123456789", TaxIdError::WrongCnpj(CnpjError::Shape)),
            ("DE123456789", TaxIdError::NoCnpj(CnpjError::Shape)),
            // A spreadsheet took the zero from its beginning.
            ("7526557000100", TaxIdError::NoCnpj(CnpjError::Shape)),
            ("", TaxIdError::NoCnpj(CnpjError::Shape)),
            ("de:DE123456789", TaxIdError::Country),
            ("DEU:DE123456789", TaxIdError::Country),
            (":DE123456789", TaxIdError::Country),
            ("DE:", TaxIdError::Number),
            ("DE:DE 123", TaxIdError::Number),
            ("DE:DE:123", TaxIdError::Number),
            ("CH:CHE-123.456.788", TaxIdError::Number),
        ] {
            assert_eq!(text.parse::<TaxId>(), Err(error), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_printed_is_read_back(text in "([A-Z]{2}:)?[0-9A-Za-z]{1,40}") {
            if let Ok(id) = text.parse::<TaxId>() {
                prop_assert_eq!(id.to_string().parse(), Ok(id));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = text.parse::<TaxId>();
        }
    }
}
