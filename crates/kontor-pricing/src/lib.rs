#![doc = include_str!("../README.md")]

mod base;
mod book;
mod builder;
mod card;
mod directory;
mod edit;
mod engine;
mod entry;
mod explain;
mod facts;
mod fold;
mod identifiers;
mod ids;
mod ladder;
mod number_index;
mod packing;
mod product_ref;
mod question;
mod ranges;
mod shapes;
mod tenant;
mod tenant_edit;

pub use book::{Book, BookSize, Edition};
pub use builder::BookBuilder;
pub use card::{CardChange, CardIdentifier, PackingChange, ProductCard};
pub use edit::{BookEdit, FoldPolicy};
pub use entry::{Entry, Run};
pub use explain::{Explanation, Looked, Verdict};
pub use facts::{ContractFacts, CustomerFacts, Members, StoreFacts};
pub use identifiers::{Found, Lookup};
pub use packing::{
    PackagePrice, PackingList, PackingPromotion, PackingRef, TermPrice, priced_packings,
};
pub use product_ref::ProductRef;
pub use question::{Price, Question, Tier};
pub use ranges::{Effort, PriceRange};
pub use tenant::Tenant;
