//! The commands, one file each.

pub(crate) mod account;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod documents;
pub(crate) mod example_config;
pub(crate) mod export;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod leads;
pub(crate) mod partner;
pub(crate) mod price;
pub(crate) mod questionnaire;
pub(crate) mod serve;
pub(crate) mod supplier;
