//! Exact numbers: what amounts of money and quantities have in common.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use crate::decimal::{self, DecimalError};

/// An integer of 1e-6 of a `K`. Numbers of different things do not mix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Exact<K>(i64, PhantomData<K>);

impl<K: Copy> Exact<K> {
    pub const ZERO: Self = Self(0, PhantomData);
    pub const ONE: Self = Self(decimal::ONE, PhantomData);

    /// From an integer of 1e-6.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros, PhantomData)
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

impl<K: Copy> FromStr for Exact<K> {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        decimal::parse(text).map(Self::from_micros)
    }
}

impl<K> fmt::Display for Exact<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(self.0, f)
    }
}

impl<K> fmt::Debug for Exact<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        decimal::write(self.0, f)
    }
}
