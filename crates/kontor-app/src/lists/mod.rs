//! Price lists that partners maintain.

mod assignment;
mod change;
mod entries;
mod maintain;
mod numbers;
mod overview;

pub use change::{ListRefusal, PricesSet, PricesToRemove, PricesToSet};
pub(crate) use numbers::CatalogueNumbers;
pub use overview::{
    Branch, Item, ListedBranch, ListedItem, NumberedList, branch_lists, branch_of, items,
    price_lists,
};
