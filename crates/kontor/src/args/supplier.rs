//! The arguments of `kontor supplier`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// List suppliers, or remove one with everything of it.
#[derive(Debug, Args)]
#[command(after_help = "See what would go, then remove it:\n  \
    kontor supplier remove demo42\n  \
    kontor supplier remove demo42 --yes\n\n\
    A running server answers as if the supplier had never been there when the command ends. Copies \
    of the data, such as backups, still have it.")]
pub(crate) struct Supplier {
    /// Directory of the data.
    #[arg(long, global = true, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) action: SupplierAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SupplierAction {
    /// List suppliers with what they have and the protocols in which they can be asked.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove a supplier: catalogue, prices, customers, accounts with their sessions, documents, leads.
    /// Without --yes it shows what would go, and asks when there is somebody to answer.
    Remove {
        /// Code of the supplier.
        code: String,
        /// Remove it without asking.
        #[arg(long)]
        yes: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}
