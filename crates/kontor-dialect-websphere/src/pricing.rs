//! `GET | POST {base}/store/{storeId}/price`, `websphere.md` 3 to 6, without the question who asks.
//!
//! What is asked is read and bounded first. A short answer is written at once; a long one on a thread
//! of its own, where no other request waits, and a deadline need not wait for it. What is longer than a
//! piece is written while it is sent.

use std::sync::Arc;

use http::Method;
use kontor_app::App;
use kontor_model::instant::Instant;
use kontor_pricing::{Book, StoreFacts, Tenant};
use kontor_wire::http::{Body, Request};
use kontor_wire::pieces::{Broken, Made, PIECE_BYTES, Pieces};
use kontor_wire::query::{Pair, pairs};

use crate::asked::Asked;
use crate::body;
use crate::config::Switches;
use crate::error::Error;
use crate::from_wire::{get, post};
use crate::shop::Shop;
use crate::to_wire::{self, Progress};
use crate::wire::Format;

/// Lists and tiers that are looked at while other requests of the thread wait: well below a
/// millisecond.
const AT_ONCE: u64 = 10_000;
/// Longest body that is read while they wait.
const SHORT_BODY: usize = 32 * 1024;

/// A piece of an answer, and what is left then.
type Piece = (Vec<u8>, Option<Progress>);

/// Which piece is made.
#[derive(Clone, Copy)]
enum Step {
    /// The first, unless it is more work than that.
    First { most: u64 },
    /// The one that begins there.
    Next(Progress),
}

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
    /// The body of the answer: the first piece and those that follow.
    pub(crate) async fn answer(
        self,
        app: &Arc<App>,
        request: &Request,
    ) -> Result<(Vec<u8>, Option<Pieces>), Error> {
        if body_bytes(request) <= SHORT_BODY
            && let Some(piece) = self.piece(request, Step::First { most: AT_ONCE })?
        {
            return Ok(self.followed(app, request, piece));
        }
        let (pricing, asked) = (self.clone(), request.clone());
        let first = move |_: &App| pricing.piece(&asked, Step::First { most: u64::MAX });
        let piece = app.read_aside(first).await.map_err(|_| Error::Internal)??;
        Ok(self.followed(app, request, piece.ok_or(Error::Internal)?))
    }

    /// A first piece and those that follow. What is asked is read again for each: it is short beside
    /// what is answered, and nothing that could be wrong with it was not found before.
    fn followed(
        self,
        app: &Arc<App>,
        request: &Request,
        piece: Piece,
    ) -> (Vec<u8>, Option<Pieces>) {
        let (first, left) = piece;
        let Some(left) = left else { return (first, None) };
        let (app, request) = (Arc::clone(app), request.clone());
        let pieces = Pieces::new((self, request, left), move |(pricing, request, left)| {
            let app = Arc::clone(&app);
            Box::pin(async move {
                let next = move |_: &App| {
                    let piece = pricing.piece(&request, Step::Next(left));
                    let (bytes, left) = piece.ok().flatten().ok_or(Broken)?;
                    let left = left.map(|left| (pricing, request, left));
                    Ok(Made { bytes: bytes.into(), left })
                };
                app.read_aside(next).await.map_err(|_| Broken)?
            })
        });
        (first, Some(pieces))
    }

    /// A piece of the body, unless it is the first of more work than may be.
    fn piece(&self, request: &Request, step: Step) -> Result<Option<Piece>, Error> {
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
            self.written(&shop, asked, request, step)
        } else {
            body::fits(request)?;
            let asked = get::asked(&shop, &parameters)?;
            self.written(&shop, asked, request, step)
        }
    }

    fn written<'a>(
        &self,
        shop: &Shop<'a>,
        mut asked: Asked<'a>,
        request: &Request,
        step: Step,
    ) -> Result<Option<Piece>, Error> {
        let from = match step {
            Step::Next(from) => Some(from),
            Step::First { most } => {
                asked = asked.bounded(shop)?;
                if asked.work > most {
                    return Ok(None);
                }
                None
            }
        };
        let layout = to_wire::Layout {
            resource: &self.resource,
            format: self.format,
            // To read what is asked again costs little beside writing twice as much.
            piece_bytes: PIECE_BYTES.max(2 * body_bytes(request)),
        };
        to_wire::prices(shop, &asked, layout, from).map(Some)
    }
}

/// Bytes of the body of a request that were read.
fn body_bytes(request: &Request) -> usize {
    match &request.body {
        Body::Read(body) => body.len(),
        Body::TooLarge | Body::Undecodable => 0,
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
