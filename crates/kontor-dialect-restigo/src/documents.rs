//! The daily documents as XML, out and in (`restigo.md` 8).
//!
//! One element per line of a document; the lines of one document repeat what they share. All names
//! and the codes of the kinds can be set per supplier, because every receiver reads its own.

mod read;
mod words;
mod write;

pub use read::{DocumentXmlError, Limits, read};
pub use words::DocumentWords;
pub use write::DocumentsWriter;

#[cfg(test)]
mod tests;
