//! From answers to XML bytes (section 4): one line, elements in the documented order.

use jiff::civil::Date;
use kontor_model::decimal::ONE;
use kontor_model::{Currency, Instant, Quantity, Zone};
use kontor_pricing::{ProductCard, Tier};
use kontor_wire::pieces::PIECE_BYTES;
use kontor_wire::{decimal, xml_write};

use crate::config::{Layout, ProductNumber, ScaleLayout};
use crate::from_wire::Number;
use crate::wire::{Status, element};

/// Now, on the clocks of a site.
#[derive(Clone)]
pub(crate) struct Clocked {
    pub(crate) now: Instant,
    today: Date,
    /// Begins with today.
    timestamp: String,
}

/// Length of a date.
const DATE: usize = "2016-01-28".len();

/// An answer that is being written.
pub(crate) struct Reply {
    out: Vec<u8>,
    layout: Layout,
    is_listing: bool,
}

impl Clocked {
    pub(crate) fn new(zone: &Zone, now: Instant) -> Self {
        let local = zone.local(now);
        let (date, time) = (local.date(), local.time());
        let mut timestamp = String::with_capacity(DATE + "T12:24:28.874".len());
        push_date(&mut timestamp, date);
        for (sign, number) in [('T', time.hour()), (':', time.minute()), (':', time.second())] {
            timestamp.push(sign);
            push_digits::<2>(&mut timestamp, number.unsigned_abs().into());
        }
        timestamp.push('.');
        push_digits::<3>(&mut timestamp, time.subsec_nanosecond().unsigned_abs() / 1_000_000);
        Self { now, today: date, timestamp }
    }

    fn today(&self) -> &str {
        self.timestamp.get(..DATE).unwrap_or_default()
    }
}

impl Reply {
    /// The whole answer to a call that is refused.
    pub(crate) fn refusal(login: &str, status: Status, clocked: &Clocked) -> Self {
        let out = head(login, status, clocked, 0);
        Self { out, layout: Layout::default(), is_listing: false }
    }

    /// The beginning of the answer to a call with this many items.
    pub(crate) fn successful(login: &str, clocked: &Clocked, layout: Layout, items: usize) -> Self {
        let mut out = head(login, Status::Successful, clocked, items);
        let is_listing = items > 0;
        if is_listing {
            xml_write::open(&mut out, element::ITEM_LIST);
        }
        Self { out, layout, is_listing }
    }

    /// An item with its price.
    pub(crate) fn item(
        &mut self,
        number: &Number<'_>,
        card: &ProductCard,
        (tiers, currency): (&[Tier], Currency),
        clocked: &Clocked,
    ) {
        let (out, layout) = (&mut self.out, self.layout);
        let stock = card.availability.as_ref().map_or(Quantity::ZERO, |stock| stock.quantity);
        xml_write::open(out, element::ITEM);
        identifiers(out, number, Some(card), layout.product_number);
        xml_write::element_with(out, element::AVAILQUANTITY, |out| {
            decimal::write_minimal(out, whole(stock).max(0));
        });
        prices(out, tiers, layout.scales);
        xml_write::element(out, element::CURRENCY, currency.code());
        statuses(out, Status::Successful, clocked);
        delivery_info(out, card, stock, clocked);
        xml_write::close(out, element::ITEM);
    }

    /// An item that has only identifiers and a status.
    pub(crate) fn error(
        &mut self,
        number: &Number<'_>,
        product: Option<&ProductCard>,
        status: Status,
        clocked: &Clocked,
    ) {
        let out = &mut self.out;
        xml_write::open(out, element::ITEM);
        identifiers(out, number, product, self.layout.product_number);
        statuses(out, status, clocked);
        xml_write::close(out, element::ITEM);
    }

    /// Whether a piece of the answer is long enough to be sent.
    pub(crate) fn is_full(&self) -> bool {
        self.out.len() >= PIECE_BYTES
    }

    /// What was written since it was taken last.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// The end of the answer with what was not taken before.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        let mut out = self.out;
        if self.is_listing {
            xml_write::close(&mut out, element::ITEM_LIST);
        } else {
            xml_write::empty(&mut out, element::ITEM_LIST);
        }
        xml_write::close(&mut out, element::RESPONSE);
        out
    }
}

fn head(login: &str, status: Status, clocked: &Clocked, items: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(320 + items * 480);
    out.extend_from_slice(xml_write::DECLARATION);
    xml_write::open(&mut out, element::RESPONSE);
    xml_write::open(&mut out, element::CUSTOMER);
    xml_write::element(&mut out, element::LOGIN, login);
    statuses(&mut out, status, clocked);
    xml_write::close(&mut out, element::CUSTOMER);
    out
}

/// The supplier's number is told with the product; otherwise what was asked comes back.
fn identifiers(
    out: &mut Vec<u8>,
    number: &Number<'_>,
    product: Option<&ProductCard>,
    shown: ProductNumber,
) {
    let (product_id, ean, sku) = match number {
        Number::ProductId(value) => (&**value, "", ""),
        Number::Ean(value) => ("", &**value, ""),
        Number::Sku(value) => ("", "", &**value),
        Number::Missing => ("", "", ""),
    };
    match product {
        Some(card) if shown == ProductNumber::AsStored => {
            xml_write::element(out, element::PRODUCT_ID, card.product.sku.as_str());
        }
        Some(card) => xml_write::element_with(out, element::PRODUCT_ID, |out| {
            for part in card.product.sku.as_str().split('.') {
                xml_write::text(out, part);
            }
        }),
        None => xml_write::element(out, element::PRODUCT_ID, product_id),
    }
    xml_write::element(out, element::EAN, ean);
    xml_write::element(out, element::SKU, sku);
}

/// The price of one, and the scale prices above it.
fn prices(out: &mut Vec<u8>, tiers: &[Tier], layout: ScaleLayout) {
    let of_one = tiers.iter().rev().find(|tier| tier.minimum <= Quantity::ONE);
    let Some(price) = of_one.or_else(|| tiers.first()) else {
        return;
    };
    xml_write::element_with(out, element::PRICE, |out| {
        decimal::write_minimal(out, price.price.amount.micros());
    });
    let mut scales = scales(tiers).peekable();
    match layout {
        ScaleLayout::Repeat => scales.for_each(|tier| {
            xml_write::element_with(out, element::SCALE_PRICES, |out| scale(out, tier));
        }),
        ScaleLayout::Pairs if scales.peek().is_some() => {
            xml_write::element_with(out, element::SCALE_PRICES, |out| {
                scales.for_each(|tier| scale(out, tier));
            });
        }
        ScaleLayout::Pairs => {}
    }
}

/// The tiers above one. Of those that begin at the same whole quantity only the last: it is the one
/// whose price is paid for that quantity.
fn scales(tiers: &[Tier]) -> impl Iterator<Item = &Tier> {
    let next = tiers.iter().skip(1).map(Some).chain([None]);
    let above_one = tiers.iter().zip(next).filter(|(tier, _)| tier.minimum > Quantity::ONE);
    let last = above_one.filter(|(tier, next)| next.is_none_or(|next| begin(next) != begin(tier)));
    last.map(|(tier, _)| tier)
}

/// The first whole quantity of a tier, in millionths. A fractional minimum is rounded up: from there
/// on the price holds for whole quantities.
fn begin(tier: &Tier) -> i64 {
    whole(Quantity::from_micros(tier.minimum.micros().saturating_add(ONE - 1)))
}

fn scale(out: &mut Vec<u8>, tier: &Tier) {
    xml_write::element_with(out, element::SCALE_QUANTITY, |out| {
        decimal::write_minimal(out, begin(tier));
    });
    xml_write::element_with(out, element::SCALE_PRICE, |out| {
        decimal::write_minimal(out, tier.price.amount.micros());
    });
}

fn statuses(out: &mut Vec<u8>, status: Status, clocked: &Clocked) {
    xml_write::element(out, element::TIMESTAMP, &clocked.timestamp);
    xml_write::element(out, element::STATUSCODE, status.code());
    xml_write::element(out, element::STATUSTEXT, status.text());
}

/// Today with at least one in stock, else the next arrival unless it has passed.
fn delivery_info(out: &mut Vec<u8>, card: &ProductCard, stock: Quantity, clocked: &Clocked) {
    let arrival = card.availability.as_ref().and_then(|stock| stock.next_arrival);
    if stock >= Quantity::ONE {
        return xml_write::element(out, element::DELIVERY_INFO, clocked.today());
    }
    match arrival.filter(|arrival| *arrival >= clocked.today) {
        Some(date) => xml_write::element(out, element::DELIVERY_INFO, &date.to_string()),
        None => xml_write::empty(out, element::DELIVERY_INFO),
    }
}

/// Years have four digits: nobody's clock stands before the year 0.
fn push_date(out: &mut String, date: Date) {
    push_digits::<4>(out, date.year().unsigned_abs().into());
    for number in [date.month(), date.day()] {
        out.push('-');
        push_digits::<2>(out, number.unsigned_abs().into());
    }
}

/// The last `N` digits of a number. Much faster than formatting.
fn push_digits<const N: usize>(out: &mut String, mut number: u32) {
    let mut digits = ['0'; N];
    for digit in digits.iter_mut().rev() {
        *digit = char::from_digit(number % 10, 10).unwrap_or('0');
        number /= 10;
    }
    out.extend(digits);
}

/// The whole part of a quantity, in millionths.
fn whole(quantity: Quantity) -> i64 {
    quantity.micros() / ONE * ONE
}
