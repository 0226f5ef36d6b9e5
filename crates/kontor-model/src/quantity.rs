//! An exact quantity, without its unit.

use std::fmt;
use std::str::FromStr;

use crate::decimal::{self, DecimalError};

/// A quantity: an integer of 1e-6 of the unit that stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    pub const ZERO: Self = Self(0);
    pub const ONE: Self = Self(decimal::ONE);

    /// From an integer of 1e-6.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// As an integer of 1e-6.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Decimals that are needed to write it, 0 to 6.
    pub fn decimals(self) -> u8 {
        decimal::decimals(self.0)
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl FromStr for Quantity {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text).map(Self)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(self.0, f)
    }
}
