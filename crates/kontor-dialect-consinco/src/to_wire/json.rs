//! Rows as JSON: members in the order of the documented sample.

use kontor_model::money::Money;
use kontor_wire::decimal::write_with_fraction;
use kontor_wire::json::write_string;

use super::{Condition, Line, Promotion, Sheet};
use crate::config::NoPromotion;

pub(super) fn begin(out: &mut Vec<u8>, _: &Sheet<'_>) {
    out.push(b'[');
}

pub(super) fn end(out: &mut Vec<u8>, _: &Sheet<'_>) {
    out.push(b']');
}

pub(super) fn row<'p>(out: &mut Vec<u8>, sheet: &mut Sheet<'p>, line: &Line<'p>) {
    if sheet.has_rows {
        out.push(b',');
    }
    let offer = &line.offer;
    out.extend_from_slice(b"{\"code_ean\":");
    optional(out, offer.gtin, |out, gtin| write_string(out, gtin.as_str()));
    promotion_dates(out, sheet, line.promotion.as_ref());
    out.extend_from_slice(b",\"lower_sale_price\":");
    money(out, offer.price.lowest());
    out.extend_from_slice(b",\"normal_base_price\":");
    money(out, offer.price.regular);
    out.extend_from_slice(b",\"number_company\":");
    integer(out, sheet.market.entity);
    out.extend_from_slice(b",\"number_segment\":");
    integer(out, sheet.market.segment);
    out.extend_from_slice(b",\"packing\":");
    write_string(out, offer.packing.name.as_str());
    out.extend_from_slice(b",\"packing_quantity\":");
    write_with_fraction(out, offer.packing.quantity.micros());
    out.extend_from_slice(b",\"promotional_price\":");
    match (line.promotion, sheet.no_promotion) {
        (Some(promotion), _) => money(out, promotion.amount),
        (None, NoPromotion::Zero) => money(out, Money::ZERO),
        (None, NoPromotion::Null) => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"seq_product\":");
    integer(out, i64::from(offer.sequence));
    out.extend_from_slice(b".0,\"sales_table\":[");
    let mut is_first = true;
    sheet.each_table(offer, |table, conditions| {
        if !std::mem::take(&mut is_first) {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"description_sales_table\":");
        write_string(out, &table.name);
        out.extend_from_slice(b",\"number_sales_table\":");
        write_string(out, table.number.as_str());
        out.extend_from_slice(b",\"payment_condition\":[");
        for (place, condition) in conditions.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            payment_condition(out, condition);
        }
        out.extend_from_slice(b"]}");
    });
    out.extend_from_slice(b"]}");
}

fn promotion_dates(out: &mut Vec<u8>, sheet: &mut Sheet<'_>, promotion: Option<&Promotion>) {
    let mut date = |name: &[u8], instant| {
        out.extend_from_slice(name);
        optional(out, instant, |out, instant| {
            out.push(b'"');
            sheet.dates.write(out, instant);
            out.push(b'"');
        });
    };
    date(b",\"date_end_promotion\":", promotion.and_then(|promotion| promotion.end));
    date(b",\"date_start_promotion\":", promotion.and_then(|promotion| promotion.start));
}

fn payment_condition(out: &mut Vec<u8>, condition: &Condition<'_>) {
    out.extend_from_slice(b"{\"description_payment_condition\":");
    optional(out, condition.name, write_string);
    out.extend_from_slice(b",\"number_payment_condition\":");
    integer(out, condition.number);
    out.extend_from_slice(b",\"price\":");
    money(out, condition.price);
    out.push(b'}');
}

fn optional<T>(out: &mut Vec<u8>, value: Option<T>, write: impl FnOnce(&mut Vec<u8>, T)) {
    match value {
        Some(value) => write(out, value),
        None => out.extend_from_slice(b"null"),
    }
}

fn money(out: &mut Vec<u8>, amount: Money) {
    write_with_fraction(out, amount.micros());
}

fn integer(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}
