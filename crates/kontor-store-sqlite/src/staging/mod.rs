//! Staging: a job runs on a read view of the data, and what it puts and removes is only noted. Other
//! writes go on meanwhile. A transaction then writes the difference (`apply.rs`), after it has looked
//! at what others changed since the view (`moved.rs`).

mod apply;
mod cells;
mod moved;
mod referred;
mod rows;
mod run;
mod stage;
mod taken;
mod tokens;
mod view;

pub(crate) use rows::StagedRows;
pub(crate) use run::{Applied, Difference, Prepared, prepare};
pub(crate) use view::Overlay;
