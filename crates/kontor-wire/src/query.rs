//! Query strings, forms (`application/x-www-form-urlencoded`) and paths.
//!
//! Only `&` separates pairs, empty pairs are skipped, the first `=` ends the name, `+` is a blank, a
//! `%` without two hexadecimal digits stays, and bytes that are not UTF-8 become U+FFFD. Names keep
//! their case; the protocol says how they are compared.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// One pair of a query string or form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The pair as it was sent, without the separators. It may hold a secret: never log it.
    pub raw: &'a [u8],
    pub name: Cow<'a, str>,
    pub value: Cow<'a, str>,
}

/// The pairs of a query string (`&str`) or of a form body (`&[u8]`) in their order.
pub fn pairs<T: AsRef<[u8]> + ?Sized>(input: &T) -> impl Iterator<Item = Pair<'_>> + Clone {
    input.as_ref().split(|byte| *byte == b'&').filter(|raw| !raw.is_empty()).map(|raw| {
        let end_of_name = raw.iter().position(|byte| *byte == b'=');
        let (name, value) = match end_of_name.and_then(|end| raw.split_at_checked(end)) {
            Some((name, value)) => (name, value.get(1..).unwrap_or_default()),
            None => (raw, &[][..]),
        };
        Pair { raw, name: decode_component(name), value: decode_component(value) }
    })
}

/// The first non-empty value with exactly this name.
pub fn first_value<'q>(pairs: &'q [Pair<'_>], name: &str) -> Option<&'q str> {
    first_where(pairs, |candidate| candidate == name)
}

/// The first non-empty value with this name, ASCII letters compared without case.
pub fn first_value_any_case<'q>(pairs: &'q [Pair<'_>], name: &str) -> Option<&'q str> {
    first_where(pairs, |candidate| candidate.eq_ignore_ascii_case(name))
}

/// All values with exactly this name, empty ones included, in their order.
pub fn all_values<'q>(pairs: &'q [Pair<'_>], name: &'q str) -> impl Iterator<Item = &'q str> {
    pairs.iter().filter(move |pair| pair.name == name).map(|pair| pair.value.as_ref())
}

/// The segments of a path as it was sent, percent-decoded one by one, without the leading slash and
/// one trailing slash. `+` stays a plus. A slash that was percent-encoded is part of its segment.
pub fn path_segments(raw_path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let path = raw_path.strip_prefix('/').unwrap_or(raw_path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').map(|segment| percent_decode(segment.as_bytes()).decode_utf8_lossy())
}

/// A path as it was sent, percent-decoded and without one trailing slash (`/` alone stays). A slash
/// that was percent-encoded stays `%2F`, so that it never separates segments.
pub fn decode_path(raw_path: &str) -> String {
    let path = match raw_path.strip_suffix('/') {
        Some(shorter) if !shorter.is_empty() => shorter,
        Some(_) | None => raw_path,
    };
    let mut decoded = String::with_capacity(path.len());
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            decoded.push('/');
        }
        let segment = percent_decode(segment.as_bytes()).decode_utf8_lossy();
        for (index, piece) in segment.split('/').enumerate() {
            if index > 0 {
                decoded.push_str("%2F");
            }
            decoded.push_str(piece);
        }
    }
    decoded
}

fn first_where<'q>(pairs: &'q [Pair<'_>], is_name: impl Fn(&str) -> bool) -> Option<&'q str> {
    pairs
        .iter()
        .find(|pair| !pair.value.is_empty() && is_name(&pair.name))
        .map(|pair| pair.value.as_ref())
}

/// A name or value: `+` first, so that a `%2B` stays a plus.
fn decode_component(raw: &[u8]) -> Cow<'_, str> {
    let is_encoded = |found, byte: &u8| found | matches!(*byte, b'+' | b'%');
    if !raw.iter().fold(false, is_encoded)
        && let Ok(text) = std::str::from_utf8(raw)
    {
        return Cow::Borrowed(text);
    }
    if !raw.contains(&b'+') {
        return percent_decode(raw).decode_utf8_lossy();
    }
    let blanks: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    Cow::Owned(percent_decode(&blanks).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests;
