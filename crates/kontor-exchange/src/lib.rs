#![doc = include_str!("../README.md")]

mod column_texts;
pub mod demo;
mod export;
mod fault;
mod import;
mod names;
mod page;
mod source;
mod table;

pub use export::{ExportError, Exported, Occupied, export_folder};
pub use fault::{Cause, Fault, FaultFile, FaultSink, Faults, MAX_SHOWN_FAULTS};
pub use import::{
    Ended, Fingerprint, FolderReport, ImportError, ImportOptions, KindReport, MaxRemoved, Mode,
    Prepare, Progress, Report, WrongGtins, import_folder,
};
pub use page::{FAULT_EXAMPLES, format_page};
pub use source::{Directory, FolderSource, SourceFile};
