//! Currencies of ISO 4217 with their minor units.

use std::fmt;
use std::str::FromStr;

/// A currency, e.g. `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    /// Kept with the code, since every price needs them.
    minor_units: u8,
}

/// The text is no code of ISO 4217. Codes are three capital letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 4217 currency code such as EUR")]
pub struct UnknownCurrency;

impl Currency {
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// Decimals of the currency's smallest coin: 2 for EUR, 0 for JPY. Currencies for which the
    /// standard states none (gold, test codes) have 0.
    pub fn minor_units(self) -> u8 {
        self.minor_units
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        let code: [u8; 3] = text.as_bytes().try_into().map_err(|_| UnknownCurrency)?;
        if !code.iter().all(u8::is_ascii_uppercase) {
            return Err(UnknownCurrency);
        }
        let known = iso_currency::Currency::from_code(text).ok_or(UnknownCurrency)?;
        let minor_units = known.exponent().and_then(|exponent| u8::try_from(exponent).ok());
        Ok(Self { code, minor_units: minor_units.unwrap_or(0) })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_are_those_of_the_standard() {
        for (code, units) in
            [("EUR", 2), ("JPY", 0), ("DKK", 2), ("BHD", 3), ("HUF", 2), ("CLF", 4)]
        {
            assert_eq!(code.parse::<Currency>().unwrap().minor_units(), units, "{code}");
        }
    }

    #[test]
    fn codes_are_three_capitals_of_the_list() {
        for bad in ["eur", "EU", "EURO", "QQQ", "", "€"] {
            assert!(bad.parse::<Currency>().is_err(), "{bad:?}");
        }
    }
}
