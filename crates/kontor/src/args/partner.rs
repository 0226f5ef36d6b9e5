//! The arguments of `kontor partner`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kontor_model::Instant;

/// Manage partners that send leads, and give them tokens.
#[derive(Debug, Args)]
#[command(after_help = "A new partner, from nothing to its first lead:\n  \
    kontor partner --supplier demo42 add 41 --name ACME\n  \
    kontor partner --supplier demo42 grant 41 1463 1500\n  \
    kontor partner --supplier demo42 token 41 --days 90\n\
    A key that may be known to somebody else:\n  \
    kontor partner --supplier demo42 rotate 41 --overlap-hours 0\n  \
    kontor partner --supplier demo42 token 41\n\n\
    A running server follows within a tenth of a second.")]
pub(crate) struct Partner {
    /// Directory of the data.
    #[arg(long, global = true, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Code of the supplier.
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) supplier: Option<String>,

    #[command(subcommand)]
    pub(crate) action: PartnerAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PartnerAction {
    /// List partners and what each may send; keys and tokens are never shown.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add a partner. It may send nothing before a category is granted to it.
    Add {
        /// Its number: 1 to 18 digits.
        partner: String,
        /// Its name, for people; part of its tokens.
        #[arg(long)]
        name: String,
        /// The number that follows the name in its tokens.
        #[arg(long, default_value = "1")]
        number: u32,
        /// Language its questionnaires must be in, e.g. fr; default any.
        #[arg(long, value_name = "CODE")]
        language: Option<String>,
    },
    /// Let a partner send leads of categories: of all that are named, or none.
    Grant {
        /// Its number.
        partner: String,
        /// Codes of the categories.
        #[arg(required = true, value_name = "CATEGORY")]
        categories: Vec<String>,
        /// Take the categories away from it instead.
        #[arg(long)]
        revoke: bool,
    },
    /// Print a token for a partner. It is shown once and stored nowhere.
    Token {
        /// Its number.
        partner: String,
        /// For how many days it counts.
        #[arg(long, default_value = "365", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: u32,
        /// Until, and not at, which instant it counts, instead of --days.
        #[arg(long, value_name = "RFC3339", conflicts_with = "days")]
        expires: Option<Instant>,
    },
    /// Give a partner a new key. Tokens of the key before count for a while longer; those of older
    /// keys no more.
    Rotate {
        /// Its number.
        partner: String,
        /// How long tokens of the key before still count; 0: no longer.
        #[arg(long, default_value = "24", value_name = "HOURS")]
        overlap_hours: u32,
    },
    /// Switch a partner off: it is told that it is disabled.
    Disable {
        /// Its number.
        partner: String,
    },
    /// Let a partner in again.
    Enable {
        /// Its number.
        partner: String,
    },
}
