//! Quantities and their units (`websphere.md` 3).

use kontor_model::quantity::Quantity;
use kontor_model::uom::Uom;
use kontor_wire::decimal::{DecimalError, parse_json_number, parse_micros};

use crate::asked::AskedQuantity;
use crate::body::Node;
use crate::error::{Error, Place};
use crate::shop::Shop;

/// One above the greatest quantity, in micros: twelve digits before the point.
const TOO_LARGE: i64 = 1_000_000_000_000_000_000;

/// Reads `{"quantity":…,"uom":…}`. A missing quantity is 1, a missing unit the store's.
pub(super) fn of_body(
    shop: &Shop<'_>,
    node: &Node<'_>,
    place: Place,
) -> Result<AskedQuantity, Error> {
    if !matches!(node, Node::Object(_)) {
        return Err(Error::Invalid(place, "a quantity is an object"));
    }
    let mut asked = shop.default_quantity();
    let at = place.part("quantity");
    asked.quantity = match node.filled("quantity") {
        None => Quantity::ONE,
        Some(Node::Number(literal)) => amount(parse_json_number(literal), at)?,
        Some(Node::Text(text)) => amount(parse_micros(text), at)?,
        Some(Node::Null | Node::Bool | Node::List(_) | Node::Object(_)) => {
            return Err(Error::Invalid(at, "a quantity is a number"));
        }
    };
    if let Some(code) = node.filled("uom") {
        let at = place.part("uom");
        asked.uom = unit(code.text().ok_or(Error::Invalid(at, "a unit is a text"))?, at)?;
    }
    Ok(asked)
}

/// Reads the parameters `quantity` and `uom`, one each.
pub(crate) fn of_parameters(
    shop: &Shop<'_>,
    quantity: Option<&str>,
    uom: Option<&str>,
) -> Result<AskedQuantity, Error> {
    let mut asked = shop.default_quantity();
    if let Some(text) = quantity {
        asked.quantity = amount(parse_micros(text), Place::parameter("quantity"))?;
    }
    if let Some(code) = uom {
        asked.uom = unit(code, Place::parameter("uom"))?;
    }
    Ok(asked)
}

fn amount(parsed: Result<i64, DecimalError>, place: Place) -> Result<Quantity, Error> {
    let reason = match parsed {
        Ok(..=0) | Err(DecimalError::TooSmall) => "a quantity is above zero",
        Ok(TOO_LARGE..) | Err(DecimalError::TooLarge) => {
            "a quantity has at most 12 digits before the point"
        }
        Ok(micros) => return Ok(Quantity::from_micros(micros)),
        Err(DecimalError::TooManyDecimals) => "a quantity has at most 6 decimals",
        Err(DecimalError::NotANumber) => "a quantity is a number",
    };
    Err(Error::Invalid(place, reason))
}

/// A unit of one to three capital letters or digits; `None`: well-formed but not known.
fn unit(code: &str, place: Place) -> Result<Option<Uom>, Error> {
    let is_of_unit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if !(1..=3).contains(&code.len()) || !code.bytes().all(is_of_unit) {
        return Err(Error::Invalid(place, "a unit is one to three capital letters or digits"));
    }
    Ok(code.parse().ok())
}
