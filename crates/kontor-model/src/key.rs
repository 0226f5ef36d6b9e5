//! Keys that know whose they are: what one row, or some rows of a noun are found by.
//!
//! Each noun has constructors beside its columns, such as [`crate::customer::Customer::by_number`],
//! so that nobody else has to know in which order and form its key columns are stored.

use std::fmt;
use std::marker::PhantomData;

use crate::noun::Noun;
use crate::record::{Cell, Row};

/// The key of a row.
pub struct Key<N>(Row, PhantomData<fn() -> N>);

/// What the keys of some rows begin with; all rows of the noun when it is empty.
pub struct KeyPrefix<N>(Row, PhantomData<fn() -> N>);

impl<N: Noun> Key<N> {
    /// The key of this row.
    pub fn of(noun: &N) -> Self {
        Self(noun.key(), PhantomData)
    }

    /// From the cells of all key columns.
    pub(crate) fn from_cells(cells: impl Into<Row>) -> Self {
        Self(cells.into(), PhantomData)
    }

    pub fn cells(&self) -> &[Cell] {
        &self.0
    }
}

impl<N: Noun> KeyPrefix<N> {
    /// All rows.
    pub fn all() -> Self {
        Self(Row::new(), PhantomData)
    }

    /// From the cells of the first key columns.
    pub(crate) fn from_cells(cells: impl Into<Row>) -> Self {
        Self(cells.into(), PhantomData)
    }

    pub fn cells(&self) -> &[Cell] {
        &self.0
    }
}

impl<N> Clone for Key<N> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<N: Noun> fmt::Debug for Key<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A key may be a login; that is no secret, but nothing to be shown without need.
        f.debug_tuple("Key").field(&N::NAME).finish()
    }
}
