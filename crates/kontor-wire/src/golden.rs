//! Runs golden cases: requests sent to a server on loopback, answers compared with what is written
//! down. For tests only, behind the feature `golden`.
//!
//! A case file begins with `# key: value` lines, then has pairs of blocks: `>>>` a request, `<<<` the
//! answer it must get. The folder of the conformance cases describes the format; this runner and
//! the one that lies there judge alike. How a server is started is told by the caller.

mod case;
mod compare;
mod exchange;
mod expand;
mod pattern;
mod runner;

pub use case::{CLOCK, Case, CaseError, Compare, State, Step, load};
pub use runner::{Failure, Report, Running, Start, run_all, run_case};

#[cfg(test)]
mod tests;
