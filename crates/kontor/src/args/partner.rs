//! The arguments of `kontor partner`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kontor_model::Instant;

/// Manage partners that send leads, and issue their tokens.
#[derive(Debug, Args)]
#[command(after_help = "A new partner, from nothing to its first lead:\n  \
    kontor partner --supplier demo42 add 41 --name ACME\n  \
    kontor partner --supplier demo42 grant 41 1463 1500\n  \
    kontor partner --supplier demo42 token 41 --days 90\n\
    Replace a key that may have leaked:\n  \
    kontor partner --supplier demo42 rotate 41 --overlap-hours 0\n  \
    kontor partner --supplier demo42 token 41\n\n\
    A running server follows within a tenth of a second.")]
pub(crate) struct Partner {
    /// Data directory.
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
    /// List partners and the categories each may send; keys and tokens are never shown.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add a partner. It may not send anything until a category is granted to it.
    Add {
        /// Its number: 1 to 18 digits.
        partner: String,
        /// Its name, for people to read; part of its tokens.
        #[arg(long)]
        name: String,
        /// The number that follows the name in its tokens.
        #[arg(long, default_value = "1")]
        number: u32,
        /// Language its questionnaires must be in, e.g. fr; default any.
        #[arg(long, value_name = "CODE")]
        language: Option<String>,
    },
    /// Let a partner send leads of these categories: all of them, or on any error none.
    Grant {
        /// Its number.
        partner: String,
        /// Codes of the categories.
        #[arg(required = true, value_name = "CATEGORY")]
        categories: Vec<String>,
        /// Revoke the categories instead.
        #[arg(long)]
        revoke: bool,
    },
    /// Print a token for a partner. It is shown once and not stored.
    Token {
        /// Its number.
        partner: String,
        /// How many days it is valid.
        #[arg(long, default_value = "365", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        days: u32,
        /// When it expires (it is no longer valid then), instead of --days.
        #[arg(long, value_name = "RFC3339", conflicts_with = "days")]
        expires: Option<Instant>,
    },
    /// Give a partner a new key. Tokens of the previous key stay valid for a while; those of older
    /// keys do not.
    Rotate {
        /// Its number.
        partner: String,
        /// How long tokens of the previous key stay valid; 0 ends them now.
        #[arg(long, default_value = "24", value_name = "HOURS")]
        overlap_hours: u32,
    },
    /// Disable a partner: it is told so when it calls.
    Disable {
        /// Its number.
        partner: String,
    },
    /// Enable a partner again.
    Enable {
        /// Its number.
        partner: String,
    },
}
