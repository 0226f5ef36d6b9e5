//! Writes that are prepared beside other writes, such as imports.

use std::collections::BTreeMap;
use std::sync::Arc;

use kontor_model::catalogue::Kind;
use kontor_model::clock::Clock;
use kontor_model::record::Row;
use kontor_model::supplier::SupplierCode;

use crate::error::Abort;
use crate::prices::{PriceFault, PriceImport};
use crate::write::{Outcome, WriteTx};

/// The work of a staged write. It may run several times, each time from the beginning and on a newer
/// view of the data: it must not count on what it did before.
pub type StagedJob = Arc<dyn Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + Sync>;

/// A write whose job runs beside other writes. What it puts and removes is noted; a transaction that
/// takes as long as the difference is large writes it afterwards.
///
/// Inside the job single prices are neither put nor removed, prices are imported at most once, and
/// leads and documents are read as they are stored, without what the job put.
pub struct StagedOrder {
    /// As in [`Order`](crate::Order).
    pub supplier: SupplierCode,
    pub actor: String,
    /// Is asked for the time when the difference begins to be written.
    pub clock: Arc<dyn Clock>,
    pub job: StagedJob,
}

/// How a staged write ended. What others wrote meanwhile was taken into account: what it wrote is what
/// a job writes that runs alone at the moment of the commit. A job that refuses does so by what it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    pub outcome: Outcome,
    /// What became of the rows, by kind; `None` where what the job was told itself holds.
    pub counts: Option<BTreeMap<Kind, PriceImport>>,
    /// Why it was refused after the job had accepted it: what others wrote meanwhile is in the way, or
    /// a rule that only the transaction can check.
    pub conflicts: Vec<LateConflict>,
}

/// A row of a staged write that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LateConflict {
    Put { kind: Kind, key: Row, reason: String },
    Removal { kind: Kind, key: Row, reason: String },
    Price(PriceFault),
}
