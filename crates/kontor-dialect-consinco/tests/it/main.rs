//! Calls to the dialect over the demo catalogue, and their answers.

mod changed_since;
mod contract_reader;
mod errors;
mod formats;
mod logins;
mod paging;
mod promotions;
mod rows;
mod support;
mod switches;
mod writer;
