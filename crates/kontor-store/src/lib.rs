#![doc = include_str!("../README.md")]

mod book;
mod change;
#[cfg(feature = "contract")]
pub mod contract;
mod error;
mod prices;
mod prune;
mod read;
mod sessions;
mod staged;
pub mod state;
mod tokens;
pub mod touched_codec;
mod writability;
mod write;

pub use book::{BookRow, BookSource, RemovedOf, RemovedPrice, StoredPrice};
pub use change::{ChangeNumber, LogEntry, LogPage, LogPlace, OF_PRODUCTS, Touched};
pub use error::{Abort, StoreError};
pub use prices::{PriceFault, PriceImport, PriceRows, RawPrice};
pub use prune::{Horizon, Prune};
pub use read::{ReadTx, Visit};
pub use sessions::{Opened, Opening, Sessions, TokenKey, Turn, Used};
pub use staged::{LateConflict, Staged, StagedJob, StagedOrder};
pub use tokens::{TakenToken, TokenHolder, Tokens};
pub use writability::Writability;
pub use write::{Job, Order, Outcome, Put, Store, WriteTx};
