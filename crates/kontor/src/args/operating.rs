//! The arguments of the commands that look after the data.

use std::path::PathBuf;

use clap::Args;

/// List who changed what and when, the newest first.
#[derive(Debug, Args)]
#[command(after_help = "Example: kontor history --data data --supplier demo42 --sku 11045680")]
pub(crate) struct History {
    /// Code of the supplier.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: String,

    /// Only changes of this product, its prices and its other rows.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) sku: Option<String>,

    /// At most so many.
    #[arg(long, default_value = "50", value_name = "COUNT")]
    pub(crate) limit: usize,

    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Copy the data into a new directory, also while a server runs.
#[derive(Debug, Args)]
#[command(
    after_help = "The copy has everything that was acknowledged before, and is on disk when the \
    command ends. Keep it where the machine's disk is not.\n\n  \
    kontor backup --data data /backup/2016-01-28\n  \
    kontor doctor --data /backup/2016-01-28"
)]
pub(crate) struct Backup {
    /// A directory that is empty or not there.
    pub(crate) to: PathBuf,

    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Bring a backup back into an empty data directory, after looking at all of it.
#[derive(Debug, Args)]
#[command(
    after_help = "What was acknowledged after the backup is lost: numbers of leads that were given \
    out since are given out again, and webhooks that were delivered since are delivered again."
)]
pub(crate) struct Restore {
    /// The directory of the backup.
    pub(crate) from: PathBuf,

    /// Directory of the data: empty or not there.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Check the configuration as `serve` reads it, and say what is wrong with it.
#[derive(Debug, Args)]
#[command(after_help = "Example: kontor check --config kontor.toml --data data")]
pub(crate) struct Check {
    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}
