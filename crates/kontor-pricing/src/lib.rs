#![doc = include_str!("../README.md")]

mod base;
mod book;
mod builder;
mod card;
mod edit;
mod engine;
mod entry;
mod explain;
mod identifiers;
mod ids;
mod ladder;
mod packing;
mod question;
mod shapes;
mod tenant;

pub use book::{Book, BookSize, Edition, ProductRef};
pub use builder::BookBuilder;
pub use card::{CardIdentifier, PackingChange, ProductCard};
pub use edit::BookEdit;
pub use entry::{Entry, Run};
pub use explain::{Explanation, Looked, Verdict};
pub use identifiers::{Found, Lookup};
pub use packing::{
    PackagePrice, PackingList, PackingPromotion, PackingRef, TermPrice, priced_packings,
};
pub use question::{Price, Question, Tier};
pub use tenant::{ContractFacts, CustomerFacts, StoreFacts, Tenant};
