//! What the caller decides about an import.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use kontor_model::catalogue::Record;
use kontor_model::clock::{Clock, FixedClock};
use kontor_model::instant::Instant;
use kontor_model::record::CellError;
use kontor_model::supplier::SupplierCode;
use kontor_store::OnOverlap;

use crate::fault::FaultSink;

/// Turns a record as people write it into the one that is stored, e.g. a password into its
/// digest, given the record that is there already. It sees the kinds with secrets, and categories
/// with their questions.
pub type Prepare = dyn Fn(Record, Option<&Record>) -> Result<Record, CellError> + Send + Sync;

/// What happens to rows of the database that a file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// They stay.
    #[default]
    Merge,
    /// They are removed, kind by kind, for the kinds the folder has a file of.
    Replace,
    /// Prices are removed from the price lists that the file of prices names; all other rows stay.
    ReplaceLists,
}

/// How many rows of a kind a replacement may remove. Rows that a file itself marks are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxRemoved {
    Rows(u64),
    /// Of the rows that were there.
    Percent(u32),
}

/// Without a word of the caller so many percent of a kind may go, and so many rows in any case: a
/// file that was cut off must not empty a catalogue.
const USUAL_PERCENT: u32 = 10;
const USUAL_ROWS: u64 = 100;

/// Whether a replacement may remove so many of the rows that were there.
pub(crate) fn may_remove(limit: Option<MaxRemoved>, removed: u64, before: u64) -> bool {
    let is_within =
        |percent: u32| u128::from(removed) * 100 <= u128::from(percent) * u128::from(before);
    match limit {
        None => removed <= USUAL_ROWS || is_within(USUAL_PERCENT),
        Some(MaxRemoved::Rows(rows)) => removed <= rows,
        Some(MaxRemoved::Percent(percent)) => is_within(percent),
    }
}

impl FromStr for MaxRemoved {
    type Err = &'static str;

    /// `250` or `15%`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "neither a number of rows such as 250 nor a percentage such as 15%";
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent: u32 = percent.trim().parse().map_err(|_| wrong)?;
                if percent > 100 { Err("more than 100%") } else { Ok(Self::Percent(percent)) }
            }
            None => text.parse().map(Self::Rows).map_err(|_| wrong),
        }
    }
}

/// What a GTIN with a wrong check digit or length is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WrongGtins {
    #[default]
    Fault,
    /// The row counts as if the file did not have this cell.
    Warning,
}

/// Makes a keyed digest of what a file says, so that it is known again without being kept.
pub type Fingerprint = dyn Fn(&[u8]) -> String + Send + Sync;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file that is read.
    pub file: &'a str,
    /// Bytes read of all files.
    pub bytes: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Rows read of all files.
    pub rows: u64,
    /// Passwords whose digests were made, which takes long.
    pub passwords: u64,
}

/// How to import.
pub struct ImportOptions {
    /// Whose the folder is when it has no `supplier.csv`.
    pub supplier: Option<SupplierCode>,
    pub mode: Mode,
    /// How many rows of a kind a replacement may remove; `None`: a tenth, and a hundred in any case.
    pub max_removed: Option<MaxRemoved>,
    /// What happens when a price of the file would apply at the same time as a stored one.
    pub on_overlap: OnOverlap,
    pub wrong_gtins: WrongGtins,
    /// Knows rows of accounts again that were imported before; without it they always count.
    pub fingerprint: Option<Arc<Fingerprint>>,
    /// Check everything, then apply nothing.
    pub dry_run: bool,
    /// Is asked for the time of the change when it begins to be written, after everything was read.
    pub clock: Arc<dyn Clock>,
    /// Who imports, for the change log.
    pub actor: String,
    pub prepare: Arc<Prepare>,
    /// Is called now and then, from several threads.
    pub progress: Arc<dyn Fn(Progress<'_>) + Send + Sync>,
    /// Is told every fault.
    pub fault_sink: Option<FaultSink>,
}

impl ImportOptions {
    /// Merges what is read, as it is written, without a word. The change has this time.
    pub fn new(at: Instant) -> Self {
        Self::by(Arc::new(FixedClock(at)))
    }

    /// The same with the time of a clock.
    pub fn by(clock: Arc<dyn Clock>) -> Self {
        Self {
            supplier: None,
            mode: Mode::default(),
            max_removed: None,
            on_overlap: OnOverlap::default(),
            wrong_gtins: WrongGtins::default(),
            fingerprint: None,
            dry_run: false,
            clock,
            actor: "import".to_owned(),
            prepare: Arc::new(|record, _| Ok(record)),
            progress: Arc::new(|_| {}),
            fault_sink: None,
        }
    }
}

impl fmt::Debug for ImportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportOptions")
            .field("supplier", &self.supplier)
            .field("mode", &self.mode)
            .field("dry_run", &self.dry_run)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_removes_a_tenth_and_a_hundred_rows_in_any_case() {
        for (limit, removed, before, may) in [
            (None, 100, 100, true),
            (None, 101, 101, false),
            (None, 101, 1010, true),
            (None, 101, 1009, false),
            (Some("236"), 237, 100_000, false),
            (Some("237"), 237, 237, true),
            (Some("0"), 1, 100_000, false),
            (Some("15%"), 237, 1500, false),
            (Some("15%"), 225, 1500, true),
            (Some("100%"), u64::MAX, u64::MAX, true),
        ] {
            let limit = limit.map(|text| text.parse().unwrap());
            assert_eq!(may_remove(limit, removed, before), may, "{limit:?} {removed} {before}");
        }
        for wrong in ["", "%", "-1", "1.5", "101%", "many"] {
            assert!(wrong.parse::<MaxRemoved>().is_err(), "{wrong}");
        }
    }
}
