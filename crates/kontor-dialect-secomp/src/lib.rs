#![doc = include_str!("../README.md")]

mod from_wire;
mod from_xml;
mod handlers;
mod items;
mod to_wire;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{Method, StatusCode};
use kontor_app::App;
use kontor_model::Zone;
use kontor_wire::http::{Answer, Body, Dialect, Refusal, Request, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::from_wire::Unreadable;
use crate::handlers::at_once;

/// Settings of this dialect.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Whether the dialect is offered at all.
    pub enabled: bool,
    /// Time zones of the sites, by their two capital letters.
    pub sites: BTreeMap<String, String>,
    /// Layout of several scale prices.
    pub scale_layout: ScaleLayout,
    /// How article numbers are shown: `without_dots` (default) or `as_stored`.
    pub product_number: ProductNumber,
    /// Settings of one supplier, by its code.
    pub suppliers: BTreeMap<String, SupplierConfig>,
}

/// What a supplier may set otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupplierConfig {
    /// Layout of several scale prices.
    pub scale_layout: Option<ScaleLayout>,
    /// How article numbers are shown.
    pub product_number: Option<ProductNumber>,
}

/// How several scale prices are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleLayout {
    /// One block for each.
    #[default]
    Repeat,
    /// All pairs in one block.
    Pairs,
}

/// How the supplier's article numbers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductNumber {
    /// As the documented answers have them.
    #[default]
    WithoutDots,
    /// With their dots, for suppliers whose numbers differ in nothing else.
    AsStored,
}

/// What one supplier's answers look like.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Layout {
    pub(crate) scales: ScaleLayout,
    pub(crate) product_number: ProductNumber,
}

/// The dialect, ready to answer.
pub(crate) struct Secomp {
    app: Arc<App>,
    sites: BTreeMap<String, Zone>,
    config: Config,
}

const PATH: &str = "/ProductQuery";
const ALLOW: &str = "GET, HEAD, POST";
/// Longest query string in bytes (section 6).
const MAX_QUERY: usize = 16 * 1024;
/// Longest body in bytes (section 6).
const MAX_BODY: usize = 1 << 20;

/// Makes the dialect. The error names the setting that is wrong.
pub fn dialect(app: Arc<App>, config: Config) -> Result<Arc<dyn Dialect>, String> {
    let mut sites = BTreeMap::new();
    for (site, zone) in &config.sites {
        if site.len() != 2 || !site.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(format!("secomp.sites: {site:?} is not two capital letters"));
        }
        let zone =
            zone.parse().map_err(|error| format!("secomp.sites.{site}: {zone:?}: {error}"))?;
        sites.insert(site.clone(), zone);
    }
    Ok(Arc::new(Secomp { app, sites, config }))
}

impl Dialect for Secomp {
    fn name(&self) -> &'static str {
        "secomp"
    }

    fn owns(&self, path: &str) -> bool {
        path.starts_with(PATH)
    }

    fn max_body(&self) -> usize {
        MAX_BODY
    }

    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        self.route(request)
    }

    fn refuse(&self, refusal: Refusal, _request: &Request) -> Response {
        Response::empty(match refusal {
            Refusal::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Overloaded { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        })
    }
}

impl Secomp {
    fn route<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        let site = request.path.strip_prefix(PATH).and_then(|site| self.sites.get(site));
        let Some(zone) = site else { return at_once(not_found()) };
        let is_get = match request.method {
            Method::GET | Method::HEAD => true,
            Method::POST => false,
            _ => return at_once(Response::method_not_allowed(ALLOW)),
        };
        let query = request.raw_query.as_deref().unwrap_or_default();
        if is_get && query.len() > MAX_QUERY {
            return at_once(Response::empty(StatusCode::URI_TOO_LONG));
        }
        match &request.body {
            Body::TooLarge => at_once(Response::empty(StatusCode::PAYLOAD_TOO_LARGE)),
            _ if is_get => self.ask(from_wire::from_pairs(query.as_bytes()), zone, request),
            Body::Undecodable => self.ask(Err(Unreadable), zone, request),
            Body::Read(body) => {
                from_xml::with_body(body, request, |call| self.ask(call, zone, request))
            }
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        let site = |code: &str, zone: &str| (code.to_owned(), zone.to_owned());
        Self {
            enabled: true,
            sites: BTreeMap::from([
                site("FR", "Europe/Berlin"),
                site("DE", "Europe/Berlin"),
                site("EN", "Europe/London"),
            ]),
            scale_layout: ScaleLayout::default(),
            product_number: ProductNumber::default(),
            suppliers: BTreeMap::new(),
        }
    }
}

fn not_found() -> Response {
    Response::new(StatusCode::NOT_FOUND, "text/plain; charset=UTF-8", "not found")
}
