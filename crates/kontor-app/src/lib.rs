#![doc = include_str!("../README.md")]

pub mod access;
pub mod app;
mod cards;
pub mod deadline;
pub mod documents;
pub mod follow;
mod follow_product;
pub mod lists;
mod load;
pub mod of_supplier;
pub mod prepare;
mod read_aside;
pub mod retention;
pub mod row_key;
pub mod scan;
pub mod supplier_admin;
pub mod write;

pub use access::asker::{Asker, Denied};
pub use access::login_limits::LoginLimits;
pub use app::{App, AppConfig};
pub use follow::FollowPolicy;
pub use kontor_store::StoreError;
pub use write::WriteError;
