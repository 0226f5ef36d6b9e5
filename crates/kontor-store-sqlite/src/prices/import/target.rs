//! Where the result of comparing an import with what is stored goes: into the tables at once, or into a
//! file, to be written later.

use kontor_store::StoreError;

use crate::prices::read::PriceRow;

pub(crate) trait Target {
    /// A price that was not there.
    fn insert(&mut self, row: &PriceRow) -> Result<(), StoreError>;

    /// Replaces a price by another with its key.
    fn update(&mut self, old: &PriceRow, new: &PriceRow) -> Result<(), StoreError>;

    fn remove(&mut self, old: &PriceRow) -> Result<(), StoreError>;
}
