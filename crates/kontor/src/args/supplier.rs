//! The arguments of `kontor supplier`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// List suppliers, or remove one with all its data.
#[derive(Debug, Args)]
#[command(after_help = "See what would be removed, then remove it:\n  \
    kontor supplier remove demo42\n  \
    kontor supplier remove demo42 --yes\n\n\
    When the command ends, a running server answers as if the supplier had never existed. Copies \
    of the data, such as backups, still contain it.")]
pub(crate) struct Supplier {
    /// Data directory.
    #[arg(long, global = true, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) action: SupplierAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SupplierAction {
    /// List suppliers with what they have and the protocols they can be asked in.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove a supplier: catalogue, prices, customers, accounts with their sessions, documents, leads.
    /// Without --yes it shows what would be removed, and asks for confirmation on a terminal.
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
