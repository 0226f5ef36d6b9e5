//! Lists that may be long, written while they are sent (`restigo.md` 2 and 4).
//!
//! What is in memory is the version of the book, the numbers of what is listed, and one piece of JSON.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use kontor_app::App;
use kontor_app::lists::{Item, ListedBranch, ListedItem, NumberedList};
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, Tenant};
use kontor_wire::decimal;
use kontor_wire::http::Response;
use kontor_wire::json::JsonWriter;
use kontor_wire::pieces::{Broken, Made, PIECE_BYTES, Pieces};

use crate::error::Failure;
use crate::to_wire::named;
use crate::wire::JSON;

/// A list that is being written.
pub(crate) struct Long {
    book: Arc<Book>,
    supplier: SupplierId,
    content: Content,
    /// The next of the outermost list; one beyond its end: the closing bracket is written.
    next: usize,
    /// Where in a price list we are.
    part: Part,
}

enum Content {
    Items(Vec<Item>),
    Pricings(Vec<NumberedList>),
}

/// The next part of a price list.
#[derive(Clone, Copy)]
enum Part {
    Begin,
    Client(usize),
    Item(usize),
}

impl Long {
    /// The answer of `GET /items`.
    pub(crate) fn items(book: Arc<Book>, supplier: SupplierId, items: Vec<Item>) -> Self {
        Self::of(book, supplier, Content::Items(items))
    }

    /// The answer of `GET /pricings`.
    pub(crate) fn pricings(
        book: Arc<Book>,
        supplier: SupplierId,
        lists: Vec<NumberedList>,
    ) -> Self {
        Self::of(book, supplier, Content::Pricings(lists))
    }

    fn of(book: Arc<Book>, supplier: SupplierId, content: Content) -> Self {
        Self { book, supplier, content, next: 0, part: Part::Begin }
    }

    /// The next piece.
    fn piece(&mut self) -> Bytes {
        let mut out = Vec::with_capacity(1024);
        if self.next == 0 && matches!(self.part, Part::Begin) {
            out.push(b'[');
        }
        while out.len() < PIECE_BYTES && !self.is_done() {
            self.step(&mut out);
        }
        out.into()
    }

    fn len(&self) -> usize {
        match &self.content {
            Content::Items(items) => items.len(),
            Content::Pricings(lists) => lists.len(),
        }
    }

    fn is_done(&self) -> bool {
        self.next > self.len()
    }

    /// Writes one item, one part of a price list, or the end.
    fn step(&mut self, out: &mut Vec<u8>) {
        let next = match &self.content {
            Content::Items(items) => items.get(self.next).map(|item| {
                comma(out, self.next);
                write_item(out, &self.book, item);
                None
            }),
            Content::Pricings(lists) => lists.get(self.next).map(|list| {
                if matches!(self.part, Part::Begin) {
                    comma(out, self.next);
                }
                let tenant = self.book.tenant(self.supplier);
                write_part(out, (&self.book, tenant), list, self.part)
            }),
        };
        match next {
            Some(Some(part)) => self.part = part,
            Some(None) => {
                self.part = Part::Begin;
                self.next += 1;
            }
            None => {
                out.push(b']');
                self.next += 1;
            }
        }
    }
}

/// Answers with a list that `begin` finds in the book; `None`: the supplier is not there any more.
pub(crate) async fn response(
    app: &Arc<App>,
    begin: impl FnOnce(&App) -> Option<Long> + Send + 'static,
) -> Result<Response, Failure> {
    let made = app.read_aside(move |app| {
        let mut long = begin(app)?;
        let first = long.piece();
        Some((first, (!long.is_done()).then_some(long)))
    });
    let (first, rest) = made.await?.ok_or(Failure::TokenNotFound)?;
    let rest = rest.map(|rest| pieces(app, rest));
    Ok(Response::new(StatusCode::OK, JSON, first).with_rest(rest))
}

fn pieces(app: &Arc<App>, rest: Long) -> Pieces {
    let app = Arc::clone(app);
    Pieces::new(rest, move |mut rest| {
        let app = Arc::clone(&app);
        Box::pin(async move {
            let made = app.read_aside(move |_| {
                let bytes = rest.piece();
                Made { bytes, left: (!rest.is_done()).then_some(rest) }
            });
            made.await.map_err(|_| Broken)
        })
    })
}

/// Writes a part of a price list and tells the next one; `None` after the last.
fn write_part(
    out: &mut Vec<u8>,
    (book, tenant): (&Book, Option<&Tenant>),
    list: &NumberedList,
    part: Part,
) -> Option<Part> {
    match part {
        Part::Begin => {
            let name = tenant.and_then(|tenant| list.name(tenant));
            out.push(b'{');
            named(&mut JsonWriter::new(out), "pricing_id", "pricing_name", (list.number, name));
            out.extend_from_slice(br#","clients":["#);
            Some(Part::Client(0))
        }
        Part::Client(at) => {
            let Some(branch) = list.branches.get(at) else {
                out.extend_from_slice(br#"],"catalog_items":["#);
                return Some(Part::Item(0));
            };
            comma(out, at);
            write_client(out, tenant, branch);
            Some(Part::Client(at + 1))
        }
        Part::Item(at) => {
            let Some(listed) = list.items.get(at) else {
                out.extend_from_slice(b"]}");
                return None;
            };
            comma(out, at);
            write_listed(out, book, listed);
            Some(Part::Item(at + 1))
        }
    }
}

fn write_client(out: &mut Vec<u8>, tenant: Option<&Tenant>, branch: &ListedBranch) {
    let client = (branch.number, tenant.and_then(|tenant| branch.name(tenant)));
    JsonWriter::new(out).object(|json| named(json, "client_id", "client_name", client));
}

fn write_item(out: &mut Vec<u8>, book: &Book, item: &Item) {
    let item = (item.number, item.name(book));
    JsonWriter::new(out).object(|json| named(json, "item_id", "item_name", item));
}

fn write_listed(out: &mut Vec<u8>, book: &Book, listed: &ListedItem) {
    JsonWriter::new(out).object(|json| {
        // Here the name comes before the number, in the list of items after it.
        json.key("item_name").optional_string(listed.item.name(book));
        json.key("item_id").integer(listed.item.number);
        let price = json.key("price_after_discount");
        price.raw(|out| decimal::write_minimal(out, listed.price.micros()));
    });
}

fn comma(out: &mut Vec<u8>, at: usize) {
    if at > 0 {
        out.push(b',');
    }
}
