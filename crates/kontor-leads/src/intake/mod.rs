//! Taking in leads: all of a call or none of it, each accepted once, durable before the answer.
//!
//! What a call sends is checked against the questionnaires of one version of the book. Whether it
//! repeats a call or a lead is decided inside of the transaction that stores it, so that of two
//! calls at the same time one is the repetition. A call that is refused never takes the writer's
//! turn: it only reads.

mod category;
mod desk;
mod submission;
mod transaction;

pub use desk::LeadDesk;
pub use submission::{Accepted, InputFault, LeadInput, RepeatKey, Submission, SubmitError};
