//! Rows as the XML of a DataContract: other members than the JSON, in ordinal order.

use kontor_model::money::Money;
use kontor_wire::decimal::write_minimal;
use kontor_wire::xml_write::text;

use super::{Condition, Line, Sheet};
use crate::config::NoPromotion;

const ROOT: &str = "ArrayOfProductPriceResponseDTO";
const ROW: &str = "ProductPriceResponseDTO";
const TABLE: &str = "SalesTableResponseDTO";
const CONDITION: &str = "PaymentConditionResponseDTO";
const NAMESPACES: &str = " xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" \
    xmlns=\"http://schemas.datacontract.org/2004/07/Consinco.SM.API.Entities.Entities.v2.Products\"";

/// The beginning of the root, which the first row completes.
pub(super) fn begin(out: &mut Vec<u8>, _: &Sheet<'_>) {
    push(out, &["<", ROOT, NAMESPACES]);
}

pub(super) fn end(out: &mut Vec<u8>, sheet: &Sheet<'_>) {
    if sheet.has_rows {
        push(out, &["</", ROOT, ">"]);
    } else {
        push(out, &[" />"]);
    }
}

/// A row. `tables` is room for its tables, whose first members come before them.
pub(super) fn row<'p>(
    out: &mut Vec<u8>,
    sheet: &mut Sheet<'p>,
    line: &Line<'p>,
    tables: &mut Vec<u8>,
) {
    if !sheet.has_rows {
        out.push(b'>');
    }
    let offer = &line.offer;
    let (first_table, first_condition) = write_tables(tables, sheet, line);
    let total = i64::try_from(sheet.page.total).unwrap_or(i64::MAX);
    push(out, &["<", ROW, ">"]);
    optional(out, "CODE_EAN", offer.gtin, |out, gtin| text(out, gtin.as_str()));
    element(out, "COUNT", |out| integer(out, total));
    // The last change that was written; dates that merely pass are no change of the price.
    let changed = sheet.offers.last_recorded(offer);
    let dates = &mut sheet.dates;
    let end = line.promotion.and_then(|promotion| promotion.end);
    optional(out, "DATE_END_PROMOTION", end, |out, end| dates.write(out, end));
    optional(out, "DATE_PRICE_VALIDATITON", changed, |out, at| dates.write(out, at));
    let start = line.promotion.and_then(|promotion| promotion.start);
    optional(out, "DATE_START_PROMOTION", start, |out, start| dates.write(out, start));
    let description = first_condition.and_then(|condition| condition.name);
    optional(out, "DESCRIPTION_PAYMENT_CONDITION", description, text);
    optional(out, "DESCRIPTION_SALES_TABLE", first_table.map(|(_, name)| name), text);
    element(out, "LOWER_SALE_PRICE", |out| money(out, offer.price.lowest()));
    element(out, "NORMAL_BASE_PRICE", |out| money(out, offer.price.regular));
    element(out, "NUMBER_COMPANY", |out| integer(out, sheet.market.entity));
    let number = first_condition.map(|condition| condition.number);
    optional(out, "NUMBER_PAYMENT_CONDITION", number, integer);
    optional(out, "NUMBER_SALES_TABLE", first_table.map(|(number, _)| number), text);
    element(out, "NUMBER_SEGMENT", |out| integer(out, sheet.market.segment));
    element(out, "PACKING", |out| text(out, offer.packing.name.as_str()));
    element(out, "PACKING_QUANTITY", |out| write_minimal(out, offer.packing.quantity.micros()));
    optional(out, "PRICE", first_condition.map(|condition| condition.price), money);
    let promotion = line.promotion.map(|promotion| promotion.amount);
    let shown = match sheet.no_promotion {
        NoPromotion::Zero => Some(promotion.unwrap_or(Money::ZERO)),
        NoPromotion::Null => promotion,
    };
    optional(out, "PROMOTIONAL_PRICE", shown, money);
    element(out, "SEQ_PRODUCT", |out| integer(out, i64::from(offer.sequence)));
    list(out, TABLE, tables);
    push(out, &["</", ROW, ">"]);
}

/// Writes the tables of a row. Returns number and name of the first, and its first condition.
fn write_tables<'p>(
    tables: &mut Vec<u8>,
    sheet: &mut Sheet<'p>,
    line: &Line<'p>,
) -> (Option<(&'p str, &'p str)>, Option<Condition<'p>>) {
    tables.clear();
    let mut first = (None, None);
    let mut conditions_of_table = Vec::new();
    sheet.each_table(&line.offer, |table, conditions| {
        if first.0.is_none() {
            let names = (table.number.as_str(), table.name.as_str());
            first = (Some(names), conditions.first().copied());
        }
        conditions_of_table.clear();
        for condition in conditions {
            payment_condition(&mut conditions_of_table, condition);
        }
        push(tables, &["<", TABLE, ">"]);
        element(tables, "DESCRIPTION_SALES_TABLE", |out| text(out, &table.name));
        element(tables, "NUMBER_SALES_TABLE", |out| text(out, table.number.as_str()));
        list(tables, CONDITION, &conditions_of_table);
        push(tables, &["</", TABLE, ">"]);
    });
    first
}

fn payment_condition(out: &mut Vec<u8>, condition: &Condition<'_>) {
    push(out, &["<", CONDITION, ">"]);
    optional(out, "DESCRIPTION_PAYMENT_CONDITION", condition.name, text);
    element(out, "NUMBER_PAYMENT_CONDITION", |out| integer(out, condition.number));
    element(out, "PRICE", |out| money(out, condition.price));
    push(out, &["</", CONDITION, ">"]);
}

/// A list whose elements are written already: `<X />` when there are none.
fn list(out: &mut Vec<u8>, name: &str, elements: &[u8]) {
    if elements.is_empty() {
        push(out, &["<", name, " />"]);
    } else {
        element(out, name, |out| out.extend_from_slice(elements));
    }
}

fn element(out: &mut Vec<u8>, name: &str, content: impl FnOnce(&mut Vec<u8>)) {
    push(out, &["<", name, ">"]);
    content(out);
    push(out, &["</", name, ">"]);
}

/// An element, or nil.
fn optional<T>(
    out: &mut Vec<u8>,
    name: &str,
    value: Option<T>,
    write: impl FnOnce(&mut Vec<u8>, T),
) {
    match value {
        Some(value) => element(out, name, |out| write(out, value)),
        None => push(out, &["<", name, " i:nil=\"true\" />"]),
    }
}

fn push(out: &mut Vec<u8>, pieces: &[&str]) {
    for piece in pieces {
        out.extend_from_slice(piece.as_bytes());
    }
}

fn money(out: &mut Vec<u8>, amount: Money) {
    write_minimal(out, amount.micros());
}

fn integer(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}
