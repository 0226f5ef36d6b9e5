//! Choosing the format of an answer by `Accept` (`common.md` 9).
//!
//! The caller lists the formats it offers, each with the exact type names it knows for it. There is
//! always an answer: without `Accept`, or when nothing matches, it is the preferred format.

use http::HeaderMap;
use http::header::ACCEPT;

use crate::media_type::split_unquoted;

/// A format a protocol offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format<T> {
    /// What the protocol calls the format.
    pub format: T,
    /// Its preferred media type, in lower case.
    pub first_type: &'static str,
    /// Its other media types, in lower case.
    pub other_types: &'static [&'static str],
}

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<T> {
    pub format: T,
    /// The name to answer with: the type that was asked for, or the first one a wildcard covers.
    pub media_type: &'static str,
}

/// Chooses by the `Accept` headers of a request.
pub fn choose_by_headers<T: Copy>(
    headers: &HeaderMap,
    preferred: Format<T>,
    others: &[Format<T>],
) -> Choice<T> {
    let values: Vec<_> = headers
        .get_all(ACCEPT)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    choose(&values.join(","), preferred, others)
}

/// Chooses by the value of `Accept`; without the header it is empty. The format with the highest
/// quality wins, then the one matched more specifically, then the one listed first.
pub fn choose<T: Copy>(accept: &str, preferred: Format<T>, others: &[Format<T>]) -> Choice<T> {
    let default = Choice { format: preferred.format, media_type: preferred.first_type };
    let mut best: Option<(Weight, Choice<T>)> = None;
    for offered in std::iter::once(&preferred).chain(others) {
        let Some((weight, media_type)) = best_range(accept, offered) else {
            continue;
        };
        // Strictly better, so that the format listed first keeps a draw.
        if best.is_none_or(|(so_far, _)| weight > so_far) {
            best = Some((weight, Choice { format: offered.format, media_type }));
        }
    }
    best.map_or(default, |(_, choice)| choice)
}

/// How well a range matches, compared field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    /// Quality in thousandths, never 0.
    quality: u16,
    specificity: Specificity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    /// `*/*`
    Anything,
    /// `type/*`
    Type,
    /// `type/subtype`
    Exact,
}

/// The best range for one format with the name it stands for; of equal ones the first.
fn best_range<T>(accept: &str, offered: &Format<T>) -> Option<(Weight, &'static str)> {
    let types = || std::iter::once(&offered.first_type).chain(offered.other_types);
    let mut best: Option<(Weight, &'static str)> = None;
    for range in split_unquoted(accept, ',') {
        let mut parts = split_unquoted(range, ';');
        let name = parts.next().unwrap_or_default().trim();
        let matched = types().find_map(|known| Some((covers(name, known)?, *known)));
        let Some((specificity, known)) = matched else {
            continue;
        };
        let Some(quality) = quality(parts).filter(|quality| *quality > 0) else {
            continue;
        };
        let weight = Weight { quality, specificity };
        if best.is_none_or(|(so_far, _)| weight > so_far) {
            best = Some((weight, known));
        }
    }
    best
}

fn covers(range: &str, known: &str) -> Option<Specificity> {
    if range == "*/*" {
        return Some(Specificity::Anything);
    }
    if range.eq_ignore_ascii_case(known) {
        return Some(Specificity::Exact);
    }
    let main = range.strip_suffix("/*")?;
    let (known_main, _) = known.split_once('/')?;
    main.eq_ignore_ascii_case(known_main).then_some(Specificity::Type)
}

/// The quality in thousandths: 1000 without a `q`, `None` when it is unusable.
fn quality<'a>(parameters: impl Iterator<Item = &'a str>) -> Option<u16> {
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("q") {
            return parse_quality(value.trim());
        }
    }
    Some(1000)
}

/// What RFC 9110 calls a qvalue: `0` or `1` with up to three decimals.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = decimals.bytes().chain(std::iter::repeat(b'0')).take(3);
    let thousandths = digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
