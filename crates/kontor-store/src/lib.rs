#![doc = include_str!("../README.md")]

mod book;
mod change;
mod change_times;
#[cfg(feature = "contract")]
pub mod contract;
mod error;
mod nouns;
mod prices;
mod prune;
mod read;
mod row_counts;
mod sessions;
mod staged;
pub mod state;
mod tokens;
pub mod touched_codec;
mod writability;
mod write;

pub use book::{BookRow, BookSource, RemovedOf, RemovedPrice, StoredPrice};
pub use change::{ChangeNumber, LogEntry, LogPage, LogPlace, Touched};
pub use change_times::{CONCERNING, ChangeTime, Concerns, concerns};
pub use error::{Abort, StoreError};
pub use nouns::{ReadNouns, WriteNouns};
pub use prices::{
    Kept, OnOverlap, PriceFault, PriceImport, PriceOrder, PriceRows, RawPrice, Removes, Severity,
};
pub use prune::{Horizon, Prune};
pub use read::{ReadTx, Visit};
pub use row_counts::RowCounts;
pub use sessions::{Opened, Opening, Sessions, TokenKey, Turn, Used};
pub use staged::{LateConflict, Staged, StagedJob, StagedOrder};
pub use tokens::{TakenToken, TokenHolder, Tokens};
pub use writability::Writability;
pub use write::{Job, MisreadPrices, Order, Outcome, Put, Store, WriteTx, ZoneOverlap};
