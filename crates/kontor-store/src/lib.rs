#![doc = include_str!("../README.md")]

mod book;
mod change;
#[cfg(feature = "contract")]
pub mod contract;
mod error;
mod prices;
mod read;
pub mod state;
mod write;

pub use book::{BookRow, BookSource, RemovedPrice, StoredPrice};
pub use change::{Change, ChangeNumber, Touched};
pub use error::{Abort, StoreError};
pub use prices::{PriceFault, PriceImport, PriceRows, RawPrice};
pub use read::{ReadTx, Visit};
pub use write::{Job, Order, Outcome, Put, Store, WriteTx};
