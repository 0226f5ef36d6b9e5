#![doc = include_str!("../README.md")]

pub mod demo;
mod fault;
mod source;
mod table;

pub use fault::{Fault, FaultFile, FaultSink, Faults, MAX_SHOWN_FAULTS};
pub use source::{Directory, FolderSource, SourceFile};
