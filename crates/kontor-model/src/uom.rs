//! Units of measure: the whole UN/ECE Recommendation 20 (and 21) code list.

use std::fmt;
use std::str::FromStr;

use cefact_units::UnitCode;

/// A unit of measure by its common code, e.g. `C62` (one) or `KGM` (kilogram).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uom(UnitCode);

/// The text is no code of the list. Codes are compared exactly, capitals included.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a UN/ECE Rec 20 unit code (pieces are C62, kilograms KGM)")]
pub struct UnknownUom;

impl Uom {
    /// The unit `one`, C62.
    pub const fn one() -> Self {
        Self(UnitCode::C62)
    }

    pub fn code(self) -> &'static str {
        self.0.as_str()
    }

    /// English name of the unit.
    pub fn name(self) -> &'static str {
        self.0.info().name
    }

    /// A number that never changes between releases of the code list.
    pub fn number(self) -> u16 {
        self.0.id().get()
    }
}

impl FromStr for Uom {
    type Err = UnknownUom;

    fn from_str(text: &str) -> Result<Self, UnknownUom> {
        UnitCode::from_code(text).map(Self).ok_or(UnknownUom)
    }
}

impl fmt::Display for Uom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_whole_list_and_nothing_else() {
        for code in ["C62", "KGM", "GRM", "MTR", "DZN", "CT", "XCT", "H87"] {
            assert_eq!(code.parse::<Uom>().unwrap().to_string(), code);
        }
        for code in ["", "c62", "QQQ9", "KG "] {
            assert!(code.parse::<Uom>().is_err(), "{code:?}");
        }
    }
}
