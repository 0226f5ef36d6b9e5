//! `GET | POST {base}/store/{storeId}/price`, `websphere.md` 3 to 6, without the question who asks.
//!
//! What is asked is read and bounded first. A short answer is written at once; a long one on a thread
//! of its own, where no other request waits, and a deadline need not wait for it.

use std::sync::Arc;

use http::Method;
use kontor_app::App;
use kontor_model::instant::Instant;
use kontor_pricing::{Book, StoreFacts, Tenant};
use kontor_wire::http::{Body, Request};
use kontor_wire::query::{Pair, pairs};

use crate::body;
use crate::config::Switches;
use crate::error::Error;
use crate::from_wire::{get, post};
use crate::shop::Shop;
use crate::to_wire;
use crate::wire::Format;

/// Lists and tiers that are looked at while other requests of the thread wait: well below a
/// millisecond.
const AT_ONCE: u64 = 10_000;
/// Longest body that is read while they wait.
const SHORT_BODY: usize = 32 * 1024;

/// A request for prices, and what it needs to be answered.
#[derive(Clone)]
pub(crate) struct Pricing {
    pub(crate) book: Arc<Book>,
    pub(crate) store: String,
    /// Who is priced; `None`: a guest.
    pub(crate) customer: Option<String>,
    pub(crate) now: Instant,
    pub(crate) switches: Switches,
    /// URL of the request.
    pub(crate) resource: String,
    pub(crate) format: Format,
}

impl Pricing {
    /// The body of the answer.
    pub(crate) async fn answer(self, app: &Arc<App>, request: &Request) -> Result<Vec<u8>, Error> {
        let is_short = match &request.body {
            Body::Read(body) => body.len() <= SHORT_BODY,
            Body::TooLarge => true,
        };
        if is_short && let Some(body) = self.answered(request, AT_ONCE)? {
            return Ok(body);
        }
        let request = request.clone();
        let body = app.read_aside(move |_| self.answered(&request, u64::MAX)).await;
        body.map_err(|_| Error::Internal)?.map(Option::unwrap_or_default)
    }

    /// The body of the answer, unless it is more work than `most`.
    fn answered(&self, request: &Request, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let (tenant, store) = store(&self.book, &self.store)?;
        let shop = Shop {
            book: &self.book,
            tenant,
            store,
            customer: self.customer.as_deref(),
            now: self.now,
            switches: self.switches,
        };
        let parameters: Vec<Pair<'_>> = parameters(request).collect();
        if request.method == Method::POST {
            let in_url = post::parameters(&shop, &parameters)?;
            let body = body::read(request)?;
            let asked = post::asked(&shop, in_url, &body)?;
            self.written(&shop, &asked, most)
        } else {
            body::fits(request)?;
            let asked = get::asked(&shop, &parameters)?;
            self.written(&shop, &asked, most)
        }
    }

    fn written(
        &self,
        shop: &Shop<'_>,
        asked: &crate::asked::Asked<'_>,
        most: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        if asked.work > most {
            return Ok(None);
        }
        to_wire::prices(shop, asked, &self.resource, self.format).map(Some)
    }
}

/// The parameters of the URL.
pub(crate) fn parameters(request: &Request) -> impl Iterator<Item = Pair<'_>> {
    pairs(request.raw_query.as_deref().unwrap_or_default())
}

/// The store with this id and whose it is.
pub(crate) fn store<'b>(book: &'b Book, id: &str) -> Result<(&'b Tenant, &'b StoreFacts), Error> {
    let tenant = book.supplier_of_store(id);
    tenant
        .and_then(|tenant| Some((tenant, tenant.store(id)?)))
        .ok_or_else(|| Error::Store(id.to_owned()))
}
