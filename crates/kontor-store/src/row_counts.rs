//! How many rows a supplier has.

use std::collections::BTreeMap;

use kontor_model::catalogue::{Kind, StoredNoun};

use crate::error::StoreError;
use crate::read::ReadTx;

/// How many rows of each noun of a catalogue folder a supplier has, without the supplier itself, of
/// which there is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowCounts(BTreeMap<Kind, u64>);

impl RowCounts {
    /// From the counts of all kinds.
    pub fn of_kinds(counts: BTreeMap<Kind, u64>) -> Self {
        let is_told = |kind: Kind| kind != Kind::Supplier && !kind.is_bookkeeping();
        Self(counts.into_iter().filter(|(kind, count)| is_told(*kind) && *count > 0).collect())
    }

    /// What is stored.
    pub fn stored(tx: &dyn ReadTx) -> Result<Self, StoreError> {
        let counted = Kind::CATALOGUE.into_iter().map(|kind| Ok((kind, tx.count(kind)?)));
        Ok(Self::of_kinds(counted.collect::<Result<_, StoreError>>()?))
    }

    pub fn of<N: StoredNoun>(&self) -> u64 {
        self.0.get(&N::KIND).copied().unwrap_or(0)
    }

    /// Plural names of the nouns that have rows, and how many, in the order of the catalogue.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(kind, count)| (kind.name(), *count))
    }
}
