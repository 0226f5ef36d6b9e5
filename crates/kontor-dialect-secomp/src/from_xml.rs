//! From XML to a call (section 3). Element names are exact and without a namespace.

use std::borrow::Cow;

use kontor_wire::http::Request;
use kontor_wire::media_type;
use kontor_wire::xml_read::{self, Element, Limits};

use crate::from_wire::{Call, Number, Unreadable, from_pairs, trimmed};
use crate::wire::{MAX_ITEMS, element};

/// What a body is, whatever it calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Xml,
    Form,
    Neither,
}

/// XML begins with `<`; a form says that it is one.
pub(crate) fn kind_of(body: &[u8], content_type: Option<&str>) -> BodyKind {
    let is_form =
        content_type.is_some_and(|it| media_type::is(it, "application/x-www-form-urlencoded"));
    if first_sign(body) == Some(b'<') {
        BodyKind::Xml
    } else if is_form && !body.is_empty() {
        BodyKind::Form
    } else {
        BodyKind::Neither
    }
}

/// The first byte that is neither blank nor part of a byte order mark.
fn first_sign(body: &[u8]) -> Option<u8> {
    let (rest, is_wide) = match body {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (rest, false),
        [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] => (rest, true),
        all => (all, false),
    };
    // In UTF-16 every blank and the `<` have a zero byte on one side.
    let skip = |byte: &u8| byte.is_ascii_whitespace() || is_wide && *byte == 0;
    rest.iter().copied().find(|byte| !skip(byte))
}

/// Reads the body of a `POST` and passes what it asks to `use_call`.
pub(crate) fn with_body<T>(
    body: &[u8],
    request: &Request,
    use_call: impl FnOnce(Result<Call<'_>, Unreadable>) -> T,
) -> T {
    let content_type = request.header("content-type");
    match kind_of(body, content_type) {
        BodyKind::Form => use_call(from_pairs(body)),
        BodyKind::Neither => use_call(Err(Unreadable)),
        BodyKind::Xml => {
            let limits = Limits::default();
            let charset = content_type.and_then(media_type::charset);
            let Ok(text) = xml_read::decode(body, charset, &limits) else {
                return use_call(Err(Unreadable));
            };
            match text.parse(&limits) {
                Ok(document) => use_call(from_root(document.root())),
                Err(_) => use_call(Err(Unreadable)),
            }
        }
    }
}

fn from_root(root: Element<'_>) -> Result<Call<'_>, Unreadable> {
    if !root.is(element::REQUEST) {
        return Err(Unreadable);
    }
    let customer = root.child(element::CUSTOMER).ok_or(Unreadable)?;
    let list = root.child(element::ITEM_LIST).ok_or(Unreadable)?;
    let items: Vec<_> =
        list.children_named(element::ITEM).take(MAX_ITEMS + 1).map(number).collect();
    if items.len() > MAX_ITEMS {
        return Err(Unreadable);
    }
    let value = |name| filled(customer, name).unwrap_or_default();
    Ok(Call { login: value(element::LOGIN), password: value(element::PASSWORD), items })
}

/// Of several numbers the first kind that is filled counts.
fn number(item: Element<'_>) -> Number<'_> {
    filled(item, element::PRODUCT_ID)
        .map(Number::ProductId)
        .or_else(|| filled(item, element::SKU).map(Number::Sku))
        .or_else(|| filled(item, element::EAN).map(Number::Ean))
        .unwrap_or(Number::Missing)
}

/// The trimmed text of the first child of this name that has any.
fn filled<'a>(parent: Element<'a>, name: &str) -> Option<Cow<'a, str>> {
    let texts = parent.children().filter(|child| child.is(name)).map(|child| trimmed(child.text()));
    { texts }.find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_told_apart_by_their_first_sign() {
        let form = Some("application/x-www-form-urlencoded; charset=utf-8");
        for (body, content_type, expected) in [
            (&b" \r\n\t<a/>"[..], form, BodyKind::Xml),
            (b"\xEF\xBB\xBF <a/>", None, BodyKind::Xml),
            (b"\xFF\xFE \0<\0", Some("text/plain"), BodyKind::Xml),
            (b"\xFE\xFF\0 \0<", None, BodyKind::Xml),
            (b"userid=1", form, BodyKind::Form),
            (b"userid=1", Some("text/plain"), BodyKind::Neither),
            (b"userid=1", None, BodyKind::Neither),
            (b"", form, BodyKind::Neither),
            (b"", None, BodyKind::Neither),
        ] {
            assert_eq!(kind_of(body, content_type), expected, "{body:?} {content_type:?}");
        }
    }
}
