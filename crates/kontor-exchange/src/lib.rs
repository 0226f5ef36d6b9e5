#![doc = include_str!("../README.md")]

mod bounds;
pub mod demo;
mod export;
mod fault;
mod import;
mod names;
mod page;
mod source;
mod table;

pub use export::{ExportError, Exported, Occupied, export_folder};
pub use fault::{Fault, FaultFile, FaultSink, Faults, MAX_SHOWN_FAULTS};
pub use import::{
    Ended, FolderReport, ImportError, ImportOptions, KindReport, Mode, Prepare, Progress, Report,
    import_folder,
};
pub use page::{FAULT_EXAMPLES, format_page};
pub use source::{Directory, FolderSource, SourceFile};
