//! The rules of the protocol over the demo catalogue, beyond the golden cases.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod finding;
mod limits;
mod support;
mod switches;
mod xml;
