//! From query strings and forms to a call (section 3).

use std::borrow::Cow;

use kontor_wire::query::{self, Pair};

use crate::wire::{MAX_NUMBERS, parameter};

/// What somebody asks. Its `Debug` is not derived: it holds a password.
pub(crate) struct Call<'a> {
    pub(crate) login: Cow<'a, str>,
    pub(crate) password: Cow<'a, str>,
    pub(crate) items: Vec<Number<'a>>,
}

/// The number of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Number<'a> {
    ProductId(Cow<'a, str>),
    Sku(Cow<'a, str>),
    Ean(Cow<'a, str>),
    /// An item of an XML request without any number.
    Missing,
}

/// The request cannot be read: status 4 of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl Call<'_> {
    /// The same call with texts of its own.
    pub(crate) fn into_owned(self) -> Call<'static> {
        Call {
            login: self.login.into_owned().into(),
            password: self.password.into_owned().into(),
            items: self.items.into_iter().map(Number::into_owned).collect(),
        }
    }
}

impl Number<'_> {
    /// Whether there is no number at all.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::ProductId(value) | Self::Sku(value) | Self::Ean(value) => value.is_empty(),
            Self::Missing => true,
        }
    }

    /// The same number with a text of its own.
    pub(crate) fn into_owned(self) -> Number<'static> {
        match self {
            Self::ProductId(value) => Number::ProductId(value.into_owned().into()),
            Self::Sku(value) => Number::Sku(value.into_owned().into()),
            Self::Ean(value) => Number::Ean(value.into_owned().into()),
            Self::Missing => Number::Missing,
        }
    }
}

/// Reads a query string, or a form that is read like one.
pub(crate) fn from_pairs(text: &[u8]) -> Result<Call<'_>, Unreadable> {
    let mut call = Call { login: "".into(), password: "".into(), items: Vec::new() };
    for Pair { name, value, .. } in query::pairs(text) {
        let is = |parameter: &str| name.eq_ignore_ascii_case(parameter);
        let value = trimmed(value);
        if is(parameter::USERID) {
            keep_first(&mut call.login, value);
        } else if is(parameter::PASSWORD) {
            keep_first(&mut call.password, value);
        } else if is(parameter::PRODUCT_ID) {
            call.items.push(Number::ProductId(value));
        } else if is(parameter::SKU) {
            call.items.push(Number::Sku(value));
        } else if is(parameter::EAN) {
            call.items.push(Number::Ean(value));
        }
        if call.items.len() > MAX_NUMBERS {
            return Err(Unreadable);
        }
    }
    Ok(call)
}

/// Of several values the first that is not empty counts.
pub(crate) fn keep_first<'a>(kept: &mut Cow<'a, str>, value: Cow<'a, str>) {
    if kept.is_empty() {
        *kept = value;
    }
}

pub(crate) fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(query: &str) -> Vec<Number<'_>> {
        from_pairs(query.as_bytes()).map(|call| call.items).unwrap()
    }

    #[test]
    fn kinds_are_mixed_in_order_and_names_have_no_case() {
        use Number::{Ean, ProductId, Sku};
        let expected = [Sku("a b".into()), Ean("1".into()), ProductId("x".into()), Sku("".into())];
        assert_eq!(numbers("SKU=+a+b+&eAn=1&x=y&Product_Id=x&sku"), expected);
    }

    #[test]
    fn the_first_credentials_that_are_not_empty_count() {
        let call =
            from_pairs(b"userid=&USERID=+&userid=_RQ1&userid=_RQ2&password=+p+").ok().unwrap();
        assert_eq!((&*call.login, &*call.password), ("_RQ1", "p"));
    }

    #[test]
    fn five_hundred_numbers_and_not_one_more() {
        assert_eq!(numbers(&"ean=1&".repeat(500)).len(), 500);
        assert_eq!(from_pairs("ean=1&".repeat(501).as_bytes()).err(), Some(Unreadable));
    }
}
