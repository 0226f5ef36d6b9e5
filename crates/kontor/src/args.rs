//! The command line.

mod leads;
mod operating;
mod partner;
mod supplier;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr as _;

use clap::{Parser, Subcommand};
use kontor_exchange::MaxRemoved;
use kontor_model::Instant;

use crate::exit;

pub(crate) use leads::{Leads, LeadsAction, WhichLeads};
pub(crate) use operating::{Backup, Check, History, Restore};
pub(crate) use partner::{Partner, PartnerAction};
pub(crate) use supplier::{Supplier, SupplierAction};

/// One catalogue, one pricing core, every partner's own protocol.
#[derive(Debug, Parser)]
#[command(name = "kontor", version, about, after_help = concat_help("Try it: kontor serve --demo"))]
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
    Export(Export),
    Price(Price),
    Documents(Documents),
    Questionnaire(Questionnaire),
    Leads(Leads),
    Partner(Partner),
    Supplier(Supplier),
    Account(Account),
    History(History),
    Backup(Backup),
    Restore(Restore),
    Check(Check),
    Doctor(Doctor),
    Completions(Completions),
    /// Print the manual page (roff), e.g. for man -l -.
    Man,
    /// Print an example configuration with every key, its default and what it means.
    ExampleConfig,
}

/// Answer partners.
#[derive(Debug, clap::Args)]
#[command(after_help = "Try it:\n  kontor serve --demo\nServe what was imported:\n  \
    kontor serve --data data --listen 127.0.0.1:8080\nA demo at another moment, on data that stays:\n  \
    kontor serve --demo --data demo-data --clock 2026-03-01T12:00:00Z")]
pub(crate) struct Serve {
    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Begin with no data where there is none yet.
    #[arg(long)]
    pub(crate) create: bool,

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

/// Load a catalogue folder, or an XML file of documents: all of it, or, with any fault, nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = concat_help("The folder is described in docs/catalogue-format.md. Partial \
    folders are welcome: only prices.csv, only availability.csv."))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Import {
    /// The folder, a folder of such folders, one file of a folder (.csv), or a file of documents (.xml).
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

    /// Remove the prices that prices.csv does not have from the price lists that it names; other
    /// lists and files are merged.
    #[arg(long, conflicts_with = "replace")]
    pub(crate) replace_lists: bool,

    /// How many rows of a kind --replace and --replace-lists may remove, e.g. 250 or 15%; default a
    /// tenth, and 100 in any case.
    #[arg(long, value_name = "ROWS|PERCENT%")]
    pub(crate) max_removed: Option<MaxRemoved>,

    /// When a price would be valid at the same time as a stored one with another beginning: refuse it,
    /// or let it take over its time.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    pub(crate) on_overlap: Overlap,

    /// Check everything and apply nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Write all faults to a CSV file; only the first 1,000 are shown.
    #[arg(long, value_name = "FILE")]
    pub(crate) errors: Option<PathBuf>,
}

/// What happens to a stored price whose time a row of the file takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Overlap {
    Refuse,
    Trim,
}

/// A quantity that can be bought.
fn quantity(text: &str) -> Result<kontor_model::Quantity, String> {
    let quantity = kontor_model::Quantity::from_str(text).map_err(|error| error.to_string())?;
    if quantity <= kontor_model::Quantity::ZERO {
        return Err("must be above 0".to_owned());
    }
    Ok(quantity)
}

/// A help text with how commands end.
fn concat_help(text: &str) -> String {
    format!("{text}\n\n{}", exit::HELP)
}

/// Write the catalogue of a supplier as a folder that `import` reads.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: kontor export --data data --supplier demo42 copy")]
pub(crate) struct Export {
    /// Code of the supplier.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: String,

    /// The folder; made when it does not exist.
    pub(crate) folder: PathBuf,

    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Write into a folder that is not empty.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Protocols whose choice of defaults can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PricedDialect {
    Websphere,
}

/// Ask for a price, and why it is this one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: kontor price --demo --supplier demo42 --customer 123456 \
    --sku 11045680 --quantity 10 --explain")]
#[command(group = clap::ArgGroup::new("who").required(true).multiple(true)
    .args(["customer", "contract", "list", "dialect"]))]
pub(crate) struct Price {
    /// Code of the supplier.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: String,

    /// Article number of the product (with --dialect websphere: its part number).
    #[arg(long, value_name = "NUMBER")]
    pub(crate) sku: String,

    /// Choose defaults as this protocol does: store, contract, date, currency and unit.
    #[arg(long, value_name = "NAME", requires = "store", conflicts_with_all = ["customer", "list"])]
    pub(crate) dialect: Option<PricedDialect>,

    /// The store, with --dialect websphere.
    #[arg(long, value_name = "CODE", requires = "dialect")]
    pub(crate) store: Option<String>,

    /// Price for this customer: its price lists count.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) customer: Option<String>,

    /// Price under this contract: its price lists count while it is valid. With --customer only if
    /// that customer may use it.
    #[arg(long, value_name = "CODE", conflicts_with = "list")]
    pub(crate) contract: Option<String>,

    /// Price from this list; may be repeated.
    #[arg(long, value_name = "CODE")]
    pub(crate) list: Vec<String>,

    /// How many; above 0.
    #[arg(long, default_value = "1", value_name = "NUMBER", value_parser = quantity)]
    pub(crate) quantity: kontor_model::Quantity,

    /// Unit of the quantity; default the base unit of the product.
    #[arg(long, value_name = "CODE")]
    pub(crate) uom: Option<kontor_model::Uom>,

    /// Currency; default the customer's, else the supplier's.
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<kontor_model::Currency>,

    /// When; default now.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<Instant>,

    /// Answer as if it were this moment, e.g. 2026-03-01T12:00:00Z: it is now for all that asks.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) clock: Option<Instant>,

    /// Code of a payment term.
    #[arg(long, value_name = "CODE")]
    pub(crate) payment_term: Option<String>,

    /// Show every price that was looked at, and why it won or lost.
    #[arg(long)]
    pub(crate) explain: bool,

    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Ask the demo catalogue.
    #[arg(long, conflicts_with = "data")]
    pub(crate) demo: bool,

    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Write the documents of a day as XML.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: kontor documents --data data --supplier demo42 --date 2016-01-27 \
    --out documents.xml"
)]
pub(crate) struct Documents {
    /// Code of the supplier.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: String,

    /// The day they were issued; default yesterday where the supplier is.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<jiff::civil::Date>,

    /// Only those for this customer.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) customer: Option<String>,

    /// File to write; default standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Write JSON instead of XML.
    #[arg(long)]
    pub(crate) json: bool,

    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Print what partners must know of a category of leads.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: kontor questionnaire --data data --supplier demo42 show 1463 --html"
)]
pub(crate) struct Questionnaire {
    /// Directory of the data.
    #[arg(long, global = true, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Code of the supplier.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: String,

    #[command(subcommand)]
    pub(crate) action: QuestionnaireAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QuestionnaireAction {
    /// Questions, answer ids, an example and a line to try it.
    Show {
        /// Code of the category.
        category: String,
        /// For a browser, in one file.
        #[arg(long)]
        html: bool,
        /// Address of the server, for the example.
        #[arg(long, default_value = "http://127.0.0.1:8080", value_name = "URL")]
        url: String,
    },
}

/// Manage who may ask.
#[derive(Debug, clap::Args)]
#[command(after_help = "An account of a customer, and another password for it:\n  \
    kontor account --supplier demo42 add --protocol secomp --login RQ1 --customer 123456\n  \
    kontor account --supplier demo42 rotate --protocol secomp --login RQ1\n\n\
    A running server shows what was done when the command ends.")]
pub(crate) struct Account {
    /// Directory of the data.
    #[arg(long, global = true, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Code of the supplier.
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) supplier: Option<String>,

    /// List the accounts of the demo catalogue.
    #[arg(long)]
    pub(crate) demo: bool,

    #[command(subcommand)]
    pub(crate) action: AccountAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountAction {
    /// List accounts and when each was used last, within ten minutes; secrets are never shown.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add an account. Its password or token is made, and shown once.
    Add {
        /// secomp, websphere, consinco or restigo.
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        /// Login; for protocols without one, a name of your choice.
        #[arg(long)]
        login: String,
        /// The customer who is priced.
        #[arg(long)]
        customer: Option<String>,
        /// Second name asked for at login, where the protocol has one.
        #[arg(long)]
        realm: Option<String>,
        /// Number of the user, where the protocol has one.
        #[arg(long)]
        number: Option<i64>,
    },
    /// Make a new password or token, shown once. A password before ends at once; tokens and sessions
    /// of before count for a while longer.
    Rotate {
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        #[arg(long)]
        login: String,
        /// How long tokens and sessions of before still count; 0 ends them now.
        #[arg(long, default_value = "24", value_name = "HOURS")]
        overlap_hours: u32,
    },
    /// Switch an account off. It is answered as if it did not exist.
    Disable {
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        #[arg(long)]
        login: String,
    },
    /// Switch an account on again; its password and token count as before.
    Enable {
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        #[arg(long)]
        login: String,
    },
}

/// Look at the data and say what is wrong and what to do.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "After an upgrade, before the new version is served for the first time:\n  \
    kontor doctor --upgrade-report"
)]
pub(crate) struct Doctor {
    /// Only say which answers change because validities that an earlier version stored as instants
    /// become days; `serve` and `import` make days of them. Afterwards it says which changed.
    #[arg(long)]
    pub(crate) upgrade_report: bool,

    /// Directory of the data.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    pub(crate) shell: clap_complete::Shell,
}
