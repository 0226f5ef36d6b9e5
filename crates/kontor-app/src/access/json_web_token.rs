//! JSON web tokens (RFC 7519) in the one form Kontor takes and gives: HS256.
//!
//! Whoever checks a token picks the key by the subject it names and believes nothing else in it
//! before the signature was verified with that key. The algorithm is never read from the token.
//! docs/decisions/0006-json-web-tokens.md says why no library does this.

use std::cmp::Ordering;
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kontor_model::instant::Instant;
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::Sha256;

/// Longest token in bytes; a longer one is refused unread.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

/// A token whose form is right. Its signature has yet to be verified.
pub struct Unverified<'a> {
    /// Header and claims as they were signed.
    signed: &'a str,
    signature: Vec<u8>,
    claims: Members,
    subject: Option<String>,
    issuer: Option<String>,
}

/// Members as they were written: a number is told from everything else by its first sign.
type Members = HashMap<String, Box<RawValue>>;

impl<'a> Unverified<'a> {
    /// Reads a token. `None` when it is too long, not three parts of base64url, or its header is
    /// not one of HS256: another algorithm, or `crit`, which asks for what nobody here knows.
    pub fn read(token: &'a str) -> Option<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = object(header)?;
        let is_hs256 = text(&header, "alg").as_deref() == Some("HS256");
        if !is_hs256 || header.contains_key("crit") {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let claims = object(claims)?;
        let subject = number(&claims, "sub").map(str::to_owned).or_else(|| text(&claims, "sub"));
        let issuer = text(&claims, "iss");
        Some(Self { signed, signature, claims, subject, issuer })
    }

    /// The subject: digits, given as a number or as a text.
    pub fn subject(&self) -> Option<&str> {
        let subject = self.subject.as_deref()?;
        let is_digits = !subject.is_empty() && subject.bytes().all(|byte| byte.is_ascii_digit());
        is_digits.then_some(subject)
    }

    /// Whether the token was signed with this key. Takes the same time for every wrong signature.
    pub fn is_signed_with(&self, key: &str) -> bool {
        let Some(mut mac) = mac(key) else { return false };
        mac.update(self.signed.as_bytes());
        mac.verify_slice(&self.signature).is_ok()
    }

    /// Whether the token counts now: `exp` is there and later than now, `nbf` is not later.
    pub fn counts_at(&self, now: Instant) -> bool {
        let order = |name| number(&self.claims, name).and_then(|literal| order(literal, now));
        let has_start = self.claims.get("nbf").is_some_and(|nbf| nbf.get() != "null");
        let starts = if has_start { order("nbf") } else { Some(Ordering::Equal) };
        let expires = order("exp");
        expires == Some(Ordering::Greater) && starts.is_some_and(Ordering::is_le)
    }

    /// The issuer.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }
}

/// Signs a token for a subject made of digits. `expires` is in seconds since 1970.
pub fn issue(key: &str, subject: &str, expires: i64, issuer: Option<&str>) -> Option<String> {
    let issuer = issuer.map(|issuer| format!(r#","iss":{}"#, Value::from(issuer)));
    let claims = format!(r#"{{"sub":{subject},"exp":{expires}{}}}"#, issuer.unwrap_or_default());
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = mac(key)?;
    mac.update(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    Some(format!("{signed}.{signature}"))
}

/// `None` never happens: HMAC takes keys of every length.
fn mac(key: &str) -> Option<Hmac<Sha256>> {
    Hmac::new_from_slice(key.as_bytes()).ok()
}

/// The members of an object; of repeated ones the last counts.
fn object(part: &str) -> Option<Members> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

fn text(members: &Members, name: &str) -> Option<String> {
    serde_json::from_str(members.get(name)?.get()).ok()
}

/// The literal of a number.
fn number<'m>(members: &'m Members, name: &str) -> Option<&'m str> {
    let literal = members.get(name)?.get();
    literal.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit()).then_some(literal)
}

/// How a number of seconds since 1970 compares with an instant, exactly. `None`: no number.
fn order(literal: &str, instant: Instant) -> Option<Ordering> {
    let (literal, negative) = match literal.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (literal, false),
    };
    let (micros, has_more) = micros(literal)?;
    let instant = i128::from(instant.micros());
    Some(if negative {
        (-micros).cmp(&instant).then(if has_more { Ordering::Less } else { Ordering::Equal })
    } else {
        micros.cmp(&instant).then(if has_more { Ordering::Greater } else { Ordering::Equal })
    })
}

/// The whole microseconds of a JSON number of seconds without sign, cut to what is far beyond every
/// instant, and whether something smaller follows.
fn micros(literal: &str) -> Option<(i128, bool)> {
    let (mantissa, exponent) = match literal.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, saturating(exponent)),
        None => (literal, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()?.saturating_add(exponent).saturating_add(6);
    let mut micros: i128 = 0;
    let mut has_more = false;
    for (place, digit) in (0_i64..).zip(&digits) {
        if place < point {
            micros = beyond(micros.saturating_mul(10) + i128::from(digit - b'0'));
        } else {
            has_more |= *digit != b'0';
        }
    }
    let missing = point.saturating_sub(i64::try_from(digits.len()).ok()?);
    for _ in 0..missing.clamp(0, 40) {
        micros = beyond(micros.saturating_mul(10));
    }
    Some((micros, has_more))
}

/// Cuts to a number that is later than every instant.
fn beyond(micros: i128) -> i128 {
    micros.min(i128::from(i64::MAX) * 10)
}

/// An exponent; JSON lets it be of any length.
fn saturating(exponent: &str) -> i64 {
    let negative = exponent.starts_with('-');
    let digits = exponent.trim_start_matches(['+', '-']);
    let exponent = digits.parse::<i32>().map_or(i64::from(i32::MAX), i64::from);
    if negative { -exponent } else { exponent }
}

#[cfg(test)]
mod tests;
