//! The arguments of the commands that maintain the data.

use std::path::PathBuf;

use clap::Args;

/// List who changed what and when, newest first.
#[derive(Debug, Args)]
#[command(after_help = "Example: kontor history --data data --supplier demo42 --sku 11045680")]
pub(crate) struct History {
    /// Code of the supplier.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: String,

    /// Only changes of this product, its prices and its other rows.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) sku: Option<String>,

    /// How many changes to list at most.
    #[arg(long, default_value = "50", value_name = "COUNT")]
    pub(crate) limit: usize,

    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Data directory.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Copy the data into a new directory, even while a server runs.
#[derive(Debug, Args)]
#[command(
    after_help = "The copy has everything that was acknowledged before it began, and is on disk when the \
    command ends. Keep it on another disk.\n\n  \
    kontor backup --data data /backup/2016-01-28\n  \
    kontor doctor --data /backup/2016-01-28\n\n\
    Exit status: 0 the copy is complete and on disk, 1 there is no copy, 2 wrong usage"
)]
pub(crate) struct Backup {
    /// The new directory: empty or not existing yet.
    pub(crate) to: PathBuf,

    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Data directory.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Restore a backup into an empty data directory, after checking all of it.
#[derive(Debug, Args)]
#[command(
    after_help = "What was acknowledged after the backup is lost: lead numbers issued since then are \
    issued again, and webhooks delivered since then are delivered again.\n\n\
    Exit status: 0 restored, 1 not restored and nothing overwritten, 2 wrong usage"
)]
pub(crate) struct Restore {
    /// The directory of the backup.
    pub(crate) from: PathBuf,

    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Data directory: empty or not existing yet.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Check the configuration as `serve` would, and report what is wrong with it. Without data everything is
/// checked except whether the suppliers it names exist.
#[derive(Debug, Args)]
#[command(after_help = "Example: kontor check --config kontor.toml --data data\n\n\
    Exit status: 0 the configuration is good, 1 it is not, 2 wrong usage")]
pub(crate) struct Check {
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Data directory.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}
