//! The arguments of `kontor leads`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kontor_model::Instant;
use kontor_model::lead_delivery::DeliveryState;

/// Manage accepted leads.
#[derive(Debug, Args)]
#[command(after_help = "See what could not be delivered and why, then try again:\n  \
    kontor leads --supplier demo42 list --state dead\n  \
    kontor leads --supplier demo42 retry\n\n\
    Leads of this year for a spreadsheet:\n  \
    kontor leads --supplier demo42 export --csv --since 2016-01-01T00:00:00Z > leads.csv")]
pub(crate) struct Leads {
    /// Data directory.
    #[arg(long, global = true, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Code of the supplier.
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) supplier: Option<String>,

    #[command(subcommand)]
    pub(crate) action: LeadsAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LeadsAction {
    /// Numbers, dates and delivery states: no personal data.
    List {
        #[command(flatten)]
        which: WhichLeads,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// One lead with its answers.
    Show {
        /// Number of the lead.
        number: i64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Deliver a lead again, or without a number all that were given up. A closed receiver is
    /// reopened.
    Retry {
        /// Number of the lead.
        number: Option<i64>,
    },
    /// Leads with their answers, as CSV.
    Export {
        #[command(flatten)]
        which: WhichLeads,
        /// As CSV, which is the default.
        #[arg(long)]
        csv: bool,
    },
    /// Erase the leads of a person: afterwards no file of the data contains them.
    Erase {
        /// E-mail address of the person; case is ignored.
        #[arg(long)]
        email: String,
    },
}

/// Which leads; without any of these, all.
#[derive(Debug, Args)]
pub(crate) struct WhichLeads {
    /// Only those of this category.
    #[arg(long, value_name = "CODE")]
    pub(crate) category: Option<String>,

    /// Only those in this state: pending, delivered or dead.
    #[arg(long)]
    pub(crate) state: Option<DeliveryState>,

    /// Only those accepted at or after this instant.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) since: Option<Instant>,
}
