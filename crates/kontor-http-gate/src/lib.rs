#![doc = include_str!("../README.md")]

mod framing;
mod h2;
mod head;
mod limits;
mod outbox;
mod reader;
mod stand_in;
mod watch;

pub use framing::{BrokenFraming, Chunked, Framing};
pub use h2::judge_h2;
pub use head::{Head, judge};
pub use limits::{HeadLimits, MAX_HEADERS, MAX_URI_BYTES};
pub use reader::Gate;
pub use stand_in::is_refused;
pub use watch::Watch;
