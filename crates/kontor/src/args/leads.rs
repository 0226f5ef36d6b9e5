//! The arguments of `kontor leads`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kontor_model::Instant;
use kontor_model::lead_delivery::DeliveryState;

/// Look after leads that were accepted.
#[derive(Debug, Args)]
#[command(after_help = "What could not be delivered, why, and once more:\n  \
    kontor leads --supplier demo42 list --state dead\n  \
    kontor leads --supplier demo42 retry\n\n\
    Leads of this year for a spreadsheet:\n  \
    kontor leads --supplier demo42 export --csv --since 2016-01-01T00:00:00Z > leads.csv")]
pub(crate) struct Leads {
    /// Directory of the data.
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
    /// Numbers, dates and how far each was delivered: nothing personal.
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
    /// Deliver a lead again; without a number all that were given up. A receiver that was closed is
    /// opened.
    Retry {
        /// Number of the lead.
        number: Option<i64>,
    },
    /// Leads with their answers, as CSV.
    Export {
        #[command(flatten)]
        which: WhichLeads,
        /// As CSV, which is the form anyway.
        #[arg(long)]
        csv: bool,
    },
    /// Forget the leads of a person: afterwards no file of the data has them.
    Erase {
        /// E-mail address of the person, without case.
        #[arg(long)]
        email: String,
    },
}

/// Which leads are meant; all without any of these.
#[derive(Debug, Args)]
pub(crate) struct WhichLeads {
    /// Only those of a category.
    #[arg(long, value_name = "CODE")]
    pub(crate) category: Option<String>,

    /// Only those that got so far: pending, delivered or dead.
    #[arg(long)]
    pub(crate) state: Option<DeliveryState>,

    /// Only those accepted at or after this instant.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) since: Option<Instant>,
}
