//! What belongs to the protocol, and the checks before a call is read (sections 2 and 6).

use http::{Method, StatusCode};
use kontor_wire::http::{Answer, Body, Dialect, Refusal, Request, Response};

use crate::from_wire::Unreadable;
use crate::handlers::{Secomp, at_once};
use crate::{from_wire, from_xml};

const PATH: &str = "/ProductQuery";
const ALLOW: &str = "GET, HEAD, POST";
/// Longest query string in bytes (section 6).
const MAX_QUERY: usize = 16 * 1024;
/// Longest body in bytes (section 6).
const MAX_BODY: usize = 1 << 20;

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

fn not_found() -> Response {
    Response::new(StatusCode::NOT_FOUND, "text/plain; charset=UTF-8", "not found")
}
