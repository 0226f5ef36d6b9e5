//! Writing: jobs, transactions, acknowledgement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use kontor_model::account::Protocol;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::clock::Clock;
use kontor_model::instant::Instant;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::{SupplierCode, SupplierId};

use crate::book::BookSource;
use crate::change::ChangeNumber;
use crate::error::{Abort, StoreError};
use crate::prices::{PriceFault, PriceImport, PriceOrder, PriceRows};
use crate::prune::{Horizon, Prune};
use crate::read::ReadTx;
use crate::sessions::Sessions;
use crate::staged::{Staged, StagedOrder};
use crate::tokens::{TakenToken, Tokens};
use crate::writability::Writability;

/// The work of one write, inside a transaction. A store may run it several times, each time from the
/// beginning and with nothing left of what it did before, when others wrote what it had read: it must
/// not count on an earlier run, and only the last one counts.
pub type Job = Box<dyn Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send>;

/// A write that is to be done.
pub struct Order {
    /// Whose rows are written. A supplier that does not exist yet is created when the job puts it.
    pub supplier: SupplierCode,
    /// Who writes, for the change log, e.g. `import` or `restigo`. Never a secret.
    pub actor: String,
    /// Is asked for the time when the job begins to run, which may be long after it was ordered: a
    /// change is not dated before those who poll by date can have seen it. A change is never dated
    /// before the one before it, even when the clock went back.
    pub clock: Arc<dyn Clock>,
    pub job: Job,
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Durable, as this change.
    Committed(ChangeNumber),
    /// Durable, and no change: only bookkeeping was written ([`Kind::is_bookkeeping`]).
    Aside,
    /// The job changed nothing.
    Unchanged,
    /// The job refused; nothing of it was kept.
    Refused,
}

/// What putting a row did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    Inserted,
    Updated,
    /// The row was there exactly like this.
    Unchanged,
}

/// A product whose base unit cannot change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the base_uom of {sku} cannot become {base_uom}: its prices in list {list} would mean something \
     else; give new ones in the same import, or remove them"
)]
pub struct MisreadPrices {
    pub sku: String,
    pub base_uom: String,
    /// A list with such prices.
    pub list: String,
}

impl From<MisreadPrices> for StoreError {
    fn from(misread: MisreadPrices) -> Self {
        Self::Conflict(misread.to_string())
    }
}

/// Two stored prices that apply at once in a zone in which nobody asked before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "in the zone {zone} {price} and {other} would apply at once, as one has days and the other \
     instants: end one of them earlier, or write both as days"
)]
pub struct ZoneOverlap {
    pub zone: String,
    pub list: String,
    /// The two as people name them.
    pub price: String,
    pub other: String,
}

impl From<ZoneOverlap> for StoreError {
    fn from(overlap: ZoneOverlap) -> Self {
        Self::Conflict(overlap.to_string())
    }
}

/// A transaction that may write rows of one supplier.
pub trait WriteTx: ReadTx {
    /// Puts a row: inserts it, or supersedes the row with the same key. A price is checked
    /// against the other prices of its list and product; the caller does so for many prices with
    /// [`WriteTx::import_prices`]. Rows it refers to must exist; what forbids the row comes as
    /// [`StoreError::Conflict`]. The first row of a new supplier is the supplier itself.
    fn put(&mut self, record: &Record) -> Result<Put, Abort>;

    /// Removes a row; `false` when there was none. A row that others refer to stays:
    /// [`StoreError::Conflict`].
    fn remove(&mut self, kind: Kind, key: &[Cell]) -> Result<bool, StoreError>;

    /// The same for many rows of a kind, not prices, in one pass. Returns how many there were.
    fn remove_all(&mut self, kind: Kind, keys: &BTreeSet<Row>) -> Result<u64, StoreError> {
        let mut removed = 0;
        for key in keys {
            removed += u64::from(self.remove(kind, key)?);
        }
        Ok(removed)
    }

    /// Removes the rows of a kind that were not put since the transaction began (also those put
    /// unchanged count as put). Returns how many. Used to replace a whole kind by a file. Rows
    /// that are still referred to make it fail, so kinds are cleared in reverse catalogue order.
    fn remove_unseen(&mut self, kind: Kind) -> Result<u64, StoreError>;

    /// Starts to remember which rows of this kind are put, for [`WriteTx::remove_unseen`]. Not for
    /// prices: [`WriteTx::import_prices`] replaces them.
    fn remember_seen(&mut self, kind: Kind) -> Result<(), StoreError>;

    /// Gives out the next number of a counter; a counter that does not exist begins at 1.
    fn next_number(&mut self, counter: &str) -> Result<i64, StoreError>;

    /// Lets all sessions of an account, and all that are opened for one of them, end by this time. It
    /// belongs to the change of the account that made it necessary. Not part of a staged write.
    fn end_sessions(
        &mut self,
        protocol: Protocol,
        login: &str,
        by: Instant,
    ) -> Result<(), StoreError>;

    /// Removes the supplier with all of its rows, bookkeeping and sessions, and forgets what was
    /// superseded of them: a supplier of the same code that comes later is another one. Returns how
    /// many rows of each kind there were. Nothing else is written by the same job. Not part of a
    /// staged write.
    fn remove_supplier(&mut self) -> Result<BTreeMap<Kind, u64>, StoreError>;

    /// The accounts which this transaction gave a token that another account has, of whichever
    /// supplier, as the rows stand now. A token may move between accounts in any order, so this is
    /// checked at the end: a job that leaves one behind ends with [`StoreError::Conflict`], and
    /// nothing of it is kept.
    fn taken_tokens(&self) -> Result<Vec<TakenToken>, StoreError>;

    /// The products whose base unit this transaction changed under prices that would mean something
    /// else then: a price of 3 per kilogram is not 3 a piece. New prices in the same transaction
    /// may take their place, so this is asked at the end; a job that leaves one behind ends
    /// with [`StoreError::Conflict`], and nothing of it is kept.
    fn misread_prices(&self) -> Result<Vec<MisreadPrices>, StoreError> {
        Ok(Vec::new())
    }

    /// The stored prices of days and of instants that apply at once in a zone which this transaction gave to
    /// the supplier, a company, a store or a list. The prices may move in the same transaction, so
    /// this is asked at the end; a job that leaves one behind ends with [`StoreError::Conflict`], and
    /// nothing of it is kept.
    fn zone_overlaps(&self) -> Result<Vec<ZoneOverlap>, StoreError> {
        Ok(Vec::new())
    }

    /// Puts many prices in one pass whose memory does not grow with their number, and removes others
    /// as the order says. Every row that repeats or conflicts with another is told to `fault`; when
    /// there was one nothing of the job is kept, whatever it returns.
    fn import_prices(
        &mut self,
        rows: &mut dyn PriceRows,
        order: PriceOrder,
        fault: &mut dyn FnMut(PriceFault),
    ) -> Result<PriceImport, Abort>;
}

/// A database.
pub trait Store: Sessions + Tokens + Send + Sync {
    /// Runs a job and returns when its effect is durable. Blocks; several callers share commits.
    fn write(&self, order: Order) -> Result<Outcome, StoreError>;

    /// The same for a job that takes long, such as an import: no other job waits for its commit.
    fn write_alone(&self, order: Order) -> Result<Outcome, StoreError> {
        self.write(order)
    }

    /// Runs a job beside other writes and then writes what differs. A job that refuses takes no lock.
    fn write_staged(&self, order: StagedOrder) -> Result<Staged, StoreError> {
        let StagedOrder { supplier, actor, clock, job } = order;
        let job: Job = Box::new(move |tx| job(tx));
        let outcome = self.write_alone(Order { supplier, actor, clock, job })?;
        Ok(Staged { outcome, counts: None, conflicts: Vec::new() })
    }

    /// Makes rows of a kind that were removed unreadable: afterwards no file of the database has them
    /// any more. For kinds with personal data, after their rows were removed. Takes as long as
    /// reading all rows of the kind, in slices between which others write, and waits for those who
    /// still read older data.
    fn wipe(&self, kind: Kind) -> Result<(), StoreError>;

    /// Opens a consistent view of one supplier's rows and runs `read` on it.
    fn read(
        &self,
        supplier: SupplierId,
        read: &mut dyn FnMut(&dyn ReadTx) -> Result<(), Abort>,
    ) -> Result<(), Abort>;

    /// Opens a consistent view of all suppliers for the price book and runs `read` on it.
    fn read_book(
        &self,
        read: &mut dyn FnMut(&dyn BookSource) -> Result<(), Abort>,
    ) -> Result<(), Abort>;

    /// The newest change that is durable.
    fn last_change(&self) -> Result<ChangeNumber, StoreError>;

    /// Waits until there is a durable change after this one, of whatever process, or until the time is
    /// over. Returns the newest that is known. A change of another process is seen within 10 ms.
    fn wait_for_change(
        &self,
        after: ChangeNumber,
        at_most: Duration,
    ) -> Result<ChangeNumber, StoreError>;

    /// From which change on the past is complete.
    fn horizon(&self) -> Result<Horizon, StoreError> {
        Ok(Horizon::default())
    }

    /// Forgets a slice of what is older than told, so small that who writes meanwhile does not
    /// notice. Returns where to go on, `None` at the end. It is no change of the data: no answer
    /// depends on what goes.
    fn prune(&self, _: &Prune) -> Result<Option<Prune>, StoreError> {
        Ok(None)
    }

    /// The supplier with this code.
    fn supplier_id(&self, code: &str) -> Result<Option<SupplierId>, StoreError>;

    /// Why nothing can be written any more until the data is opened anew; `None` while all is well.
    /// What was acknowledged before is safe, and reads go on.
    fn broken(&self) -> Option<StoreError>;

    /// How writing has been going. It costs nothing and waits for nobody.
    fn writability(&self) -> Writability {
        Writability { failure: self.broken(), ..Writability::default() }
    }

    /// Finishes what is queued and closes. Later calls return [`StoreError::Closed`].
    fn close(&self);
}
