//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use kontor_model::Instant;

/// One catalogue, one pricing core, every partner's own protocol.
#[derive(Debug, Parser)]
#[command(name = "kontor", version, about, after_help = "Try it: kontor serve --demo")]
pub(crate) struct Args {
    /// Configuration file; without it `kontor.toml` in this directory counts, when there is one.
    #[arg(long, global = true, env = "KONTOR_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(Serve),
    Import(Import),
}

/// Answer partners.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Directory of the data; made when it does not exist.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "KONTOR_LISTEN", value_name = "HOST:PORT")]
    pub(crate) listen: Option<SocketAddr>,

    /// Serve the demo catalogue. Without --data its data is temporary. Rate limits are off.
    #[arg(long)]
    pub(crate) demo: bool,

    /// Freeze the clock, e.g. 2016-01-28T11:24:28.874Z (only with --demo).
    #[arg(long, value_name = "RFC3339", requires = "demo")]
    pub(crate) clock: Option<Instant>,

    /// Accept data that is older than what was acknowledged, e.g. a backup that was put back.
    #[arg(long)]
    pub(crate) accept_older_data: bool,
}

/// Load a catalogue folder: all of it, or, with any fault, nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "The folder is described in docs/catalogue-format.md. Partial folders are \
    welcome: only prices.csv, only availability.csv.")]
pub(crate) struct Import {
    /// The folder, or a folder of such folders.
    pub(crate) folder: PathBuf,

    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Whose the folder is when it has no supplier.csv.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: Option<String>,

    /// Remove what the files do not have, kind by kind, for the kinds there is a file of.
    #[arg(long)]
    pub(crate) replace: bool,

    /// Check everything and apply nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Write all faults to a CSV file; only the first 1,000 are shown.
    #[arg(long, value_name = "FILE")]
    pub(crate) errors: Option<PathBuf>,
}
