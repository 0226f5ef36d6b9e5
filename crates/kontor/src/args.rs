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
    /// Configuration file; the default is `kontor.toml` in this directory, if there is one.
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
    kontor serve --data data --listen 127.0.0.1:8080\nA demo at another time, on data that is kept:\n  \
    kontor serve --demo --data demo-data --clock 2026-03-01T12:00:00Z")]
pub(crate) struct Serve {
    /// Data directory.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Create the data directory if there is none yet.
    #[arg(long)]
    pub(crate) create: bool,

    /// Address to listen on; port 0 takes a free one.
    #[arg(long, env = "KONTOR_LISTEN", value_name = "HOST:PORT")]
    pub(crate) listen: Option<SocketAddr>,

    /// Serve the demo catalogue. Without --data, changes are discarded at the end. Rate limits are off.
    #[arg(long)]
    pub(crate) demo: bool,

    /// Freeze the clock, e.g. 2016-01-28T11:24:28.874Z (only with --demo).
    #[arg(long, value_name = "RFC3339", requires = "demo")]
    pub(crate) clock: Option<Instant>,

    /// Accept data that is older than what was acknowledged, e.g. a restored backup.
    #[arg(long)]
    pub(crate) accept_older_data: bool,
}

/// Load a catalogue folder, or an XML file of documents: completely, or not at all if there is any error.
#[derive(Debug, clap::Args)]
#[command(after_help = concat_help("The folder is described in docs/catalogue-format.md. Partial \
    folders are welcome: only prices.csv, only availability.csv."))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Import {
    /// The folder, a folder of such folders, one file of a folder (.csv), or a file of documents (.xml).
    pub(crate) folder: PathBuf,

    /// Data directory.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// The supplier the folder belongs to, when it has no supplier.csv.
    #[arg(long, value_name = "CODE")]
    pub(crate) supplier: Option<String>,

    /// Delete rows that the files do not contain; record types without a file stay.
    #[arg(long)]
    pub(crate) replace: bool,

    /// Delete prices that prices.csv does not contain from the price lists that it names; other
    /// lists and files are merged.
    #[arg(long, conflicts_with = "replace")]
    pub(crate) replace_lists: bool,

    /// How many rows of a record type --replace and --replace-lists may delete, e.g. 250 or 15%;
    /// default 10%, and always up to 100 rows.
    #[arg(long, value_name = "ROWS|PERCENT%")]
    pub(crate) max_removed: Option<MaxRemoved>,

    /// What to do when a price overlaps a stored one with another start: refuse the import, or trim
    /// the stored one.
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    pub(crate) on_overlap: Overlap,

    /// Check everything and apply nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Write all errors to a CSV file; only the first 1,000 are shown.
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

    /// The folder; created if it does not exist.
    pub(crate) folder: PathBuf,

    /// Data directory.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Write into a folder that is not empty.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Protocols whose defaults can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PricedDialect {
    Websphere,
}

/// Ask for a price, and explain it.
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

    /// Price for this customer, from its price lists.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) customer: Option<String>,

    /// Price under this contract, from its price lists, while it is valid. With --customer, only if
    /// that customer may use it.
    #[arg(long, value_name = "CODE", conflicts_with = "list")]
    pub(crate) contract: Option<String>,

    /// Price from this list; may be repeated.
    #[arg(long, value_name = "CODE")]
    pub(crate) list: Vec<String>,

    /// Quantity; above 0.
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

    /// Take this as the current time, e.g. 2026-03-01T12:00:00Z.
    #[arg(long, value_name = "RFC3339")]
    pub(crate) clock: Option<Instant>,

    /// Code of a payment term.
    #[arg(long, value_name = "CODE")]
    pub(crate) payment_term: Option<String>,

    /// Show every price that was considered, and why it won or lost.
    #[arg(long)]
    pub(crate) explain: bool,

    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,

    /// Ask the demo catalogue.
    #[arg(long, conflicts_with = "data")]
    pub(crate) demo: bool,

    /// Data directory.
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

    /// The day they were issued; default: yesterday in the supplier's time zone.
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

    /// Data directory.
    #[arg(long, env = "KONTOR_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Print what partners need to know about a lead category.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: kontor questionnaire --data data --supplier demo42 show 1463 --html"
)]
pub(crate) struct Questionnaire {
    /// Data directory.
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

/// Manage the accounts of partners.
#[derive(Debug, clap::Args)]
#[command(after_help = "An account of a customer, and another password for it:\n  \
    kontor account --supplier demo42 add --protocol secomp --login RQ1 --customer 123456\n  \
    kontor account --supplier demo42 rotate --protocol secomp --login RQ1\n\n\
    A running server uses the result as soon as the command ends.")]
pub(crate) struct Account {
    /// Data directory.
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
    /// List accounts and when each was last used (to within ten minutes); secrets are never shown.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add an account. Its password or token is generated and shown once.
    Add {
        /// secomp, websphere, consinco or restigo.
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        /// Login; for protocols without one, a name of your choice.
        #[arg(long)]
        login: String,
        /// The customer whose prices it gets.
        #[arg(long)]
        customer: Option<String>,
        /// Second name asked for at login, if the protocol has one.
        #[arg(long)]
        realm: Option<String>,
        /// User number, if the protocol has one.
        #[arg(long)]
        number: Option<i64>,
    },
    /// Generate a new password or token, shown once. The old password ends at once; old tokens and
    /// sessions stay valid for a while.
    Rotate {
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        #[arg(long)]
        login: String,
        /// How long old tokens and sessions stay valid; 0 ends them now.
        #[arg(long, default_value = "24", value_name = "HOURS")]
        overlap_hours: u32,
    },
    /// Disable an account. It is answered as if it did not exist.
    Disable {
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        #[arg(long)]
        login: String,
    },
    /// Enable an account again, with its old password and token.
    Enable {
        #[arg(long)]
        protocol: kontor_model::account::Protocol,
        #[arg(long)]
        login: String,
    },
}

/// Check the data, and say what is wrong and what to do.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "After an upgrade, before the new version is served for the first time:\n  \
    kontor doctor --upgrade-report"
)]
pub(crate) struct Doctor {
    /// Only report which answers change because validities that an earlier version stored as instants
    /// become days. `serve` and `import` convert them; after that, report which answers changed.
    #[arg(long)]
    pub(crate) upgrade_report: bool,

    /// Data directory.
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
