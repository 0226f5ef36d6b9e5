//! From rows to the bytes of a page (sections 4 and 5 of the spec).

mod dates;
mod json;
mod xml;

use std::collections::HashMap;
use std::sync::Arc;

use kontor_app::scan::market::{Market, MarketTable};
use kontor_app::scan::{Offer, Offers, ScanPage};
use kontor_model::instant::Instant;
use kontor_model::money::Money;
use kontor_model::payment_term::PaymentTerm;
use kontor_pricing::{Tenant, TermPrice};
use kontor_wire::pieces::PIECE_BYTES;

use crate::config::NoPromotion;
use crate::wire::Body;
use dates::Dates;

/// Bytes that a row takes, roughly.
const JSON_ROW: usize = 512;
const XML_ROW: usize = 1408;

/// How rows are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) body: Body,
    pub(crate) no_promotion: NoPromotion,
}

/// A page that is being written, and how far that is.
#[derive(Clone)]
pub(crate) struct Writing {
    page: Arc<ScanPage>,
    market: Arc<Market>,
    /// Number of the one sales table that is shown.
    table: Option<Arc<str>>,
    style: Style,
    /// How many rows of the page were gone over.
    passed: usize,
    has_rows: bool,
    is_done: bool,
}

impl Writing {
    pub(crate) fn new(page: ScanPage, market: Market, table: Option<&str>, style: Style) -> Self {
        Self {
            page: Arc::new(page),
            market: Arc::new(market),
            table: table.map(Into::into),
            style,
            passed: 0,
            has_rows: false,
            is_done: false,
        }
    }

    pub(crate) fn page(&self) -> &ScanPage {
        &self.page
    }

    /// Whether the last piece was written.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// The next piece of the body.
    pub(crate) fn piece(&mut self) -> Vec<u8> {
        let (begin, end, row) = match self.style.body {
            Body::Json => (json::begin as Step, json::end as Step, JSON_ROW),
            Body::Xml => (xml::begin as Step, xml::end as Step, XML_ROW),
        };
        let left = self.page.rows.len() - self.passed;
        let mut out = Vec::with_capacity((left * row + 256).min(PIECE_BYTES + PIECE_BYTES / 8));
        let mut sheet = Sheet::new(&self.page, &self.market, self.table.as_deref(), self.style);
        sheet.has_rows = self.has_rows;
        if self.passed == 0 {
            begin(&mut out, &sheet);
        }
        let passed = match self.style.body {
            Body::Json => sheet.each(self.passed, &mut out, json::row),
            Body::Xml => {
                let mut tables = Vec::new();
                sheet.each(self.passed, &mut out, |out, sheet, line| {
                    xml::row(out, sheet, line, &mut tables);
                })
            }
        };
        if passed == self.page.rows.len() {
            end(&mut out, &sheet);
            self.is_done = true;
        }
        self.has_rows = sheet.has_rows;
        self.passed = passed;
        out
    }
}

/// Writes what stands before or behind the rows.
type Step = fn(&mut Vec<u8>, &Sheet<'_>);

/// Everything the rows of one page have in common.
struct Sheet<'p> {
    page: &'p ScanPage,
    market: &'p Market,
    offers: Offers<'p>,
    no_promotion: NoPromotion,
    /// The tables that are shown, in their order.
    tables: Vec<&'p MarketTable>,
    terms: Terms<'p>,
    dates: Dates<'p>,
    /// Whether a row was written before.
    has_rows: bool,
}

/// A row as it is written.
struct Line<'p> {
    offer: Offer<'p>,
    promotion: Option<Promotion>,
}

/// A promotion in effect.
#[derive(Clone, Copy)]
struct Promotion {
    amount: Money,
    /// Beginnings of its first and of its last day.
    start: Option<Instant>,
    end: Option<Instant>,
}

/// A payment condition of a table.
#[derive(Debug, Clone, Copy)]
struct Condition<'p> {
    number: i64,
    name: Option<&'p str>,
    price: Money,
}

/// Payment terms as conditions show them, and room for reading them.
struct Terms<'p> {
    tenant: Option<&'p Tenant>,
    /// By code: number and name; `None` for codes that are no number.
    known: HashMap<&'p str, Option<(i64, Option<&'p str>)>>,
    prices: Vec<TermPrice<'p>>,
    conditions: Vec<Condition<'p>>,
}

impl<'p> Sheet<'p> {
    fn new(page: &'p ScanPage, market: &'p Market, table: Option<&str>, style: Style) -> Self {
        let is_shown = |own: &&MarketTable| table.is_none_or(|table| own.number.as_str() == table);
        Self {
            page,
            market,
            offers: Offers::new(&page.book, market, page.now),
            no_promotion: style.no_promotion,
            tables: market.tables.iter().filter(is_shown).collect(),
            terms: Terms {
                tenant: page.book.tenant(market.supplier),
                known: HashMap::new(),
                prices: Vec::new(),
                conditions: Vec::new(),
            },
            dates: Dates::new(&market.zone),
            has_rows: false,
        }
    }

    /// Has the rows of the page written one by one, from one of them on until a piece is full. Returns
    /// how many were gone over.
    fn each(
        &mut self,
        from: usize,
        out: &mut Vec<u8>,
        mut write: impl FnMut(&mut Vec<u8>, &mut Self, &Line<'p>),
    ) -> usize {
        let page = self.page;
        for (place, row) in page.rows.iter().enumerate().skip(from) {
            if out.len() >= PIECE_BYTES {
                return place;
            }
            // The page and the book are of one instant: every row has its offer.
            let Some(offer) = self.offers.offer(row.key) else { continue };
            let promotion = offer.price.promotion.map(|promotion| {
                let (start, end) = self.dates.days(promotion.validity);
                Promotion { amount: promotion.amount, start, end }
            });
            write(out, self, &Line { offer, promotion });
            self.has_rows = true;
        }
        page.rows.len()
    }

    /// Hands over the tables a row is in, with their conditions by number.
    fn each_table(
        &mut self,
        offer: &Offer<'p>,
        mut write: impl FnMut(&'p MarketTable, &[Condition<'p>]),
    ) {
        for table in &self.tables {
            if self.offers.in_table(offer, table, &mut self.terms.prices) {
                self.terms.sort();
                write(table, &self.terms.conditions);
            }
        }
    }
}

impl<'p> Terms<'p> {
    /// Makes conditions of the prices: terms whose code is a number, in the order of the numbers.
    fn sort(&mut self) {
        let Self { tenant, known, prices, conditions } = self;
        conditions.clear();
        for price in prices.iter() {
            let code: &'p str = price.term.as_str();
            let term = known.entry(code).or_insert_with(|| {
                let number = code.parse().ok()?;
                Some((number, name(*tenant, code)))
            });
            let (Some((number, name)), Some(amount)) = (*term, price.amount()) else { continue };
            conditions.push(Condition { number, name, price: amount });
        }
        // Codes such as 1 and 01 have one number; the lower price comes first.
        conditions.sort_by_key(|condition| (condition.number, condition.price));
    }
}

/// Name of a payment term.
fn name<'p>(tenant: Option<&'p Tenant>, code: &str) -> Option<&'p str> {
    Some(&tenant?.find(&PaymentTerm::by_code(code))?.name)
}
