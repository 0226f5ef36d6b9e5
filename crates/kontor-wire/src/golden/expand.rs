//! Macros in case files.

use std::collections::BTreeMap;

/// What macros are replaced with.
#[derive(Debug)]
pub(super) struct Macros {
    /// Address of the server as it stands in `Host`.
    pub(super) host: String,
    /// What `{ANY:name}` matched so far.
    pub(super) caught: BTreeMap<String, String>,
}

impl Macros {
    /// Replaces `{REPEAT:n:text:END}`, `{=name}`, `{HOST}` and `{U+XXXX}`, in this order. What looks
    /// like a macro but is none stays.
    pub(super) fn expand(&self, text: &str) -> String {
        let text = replace(text, "{REPEAT:", repeated);
        let text = replace(&text, "{=", |rest| self.remembered(rest));
        replace(&text.replace("{HOST}", &self.host), "{U+", character)
    }

    fn remembered<'t>(&self, rest: &'t str) -> Option<(String, &'t str)> {
        let (name, rest) = rest.split_once('}')?;
        Some((self.caught.get(name)?.clone(), rest))
    }
}

/// Replaces what follows each `start`: `read` gives the replacement and what comes after the macro.
fn replace(text: &str, start: &str, read: impl Fn(&str) -> Option<(String, &str)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(start) {
        out.push_str(before);
        if let Some((replacement, behind)) = read(after) {
            out.push_str(&replacement);
            rest = behind;
        } else {
            out.push_str(start);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn repeated(rest: &str) -> Option<(String, &str)> {
    let (count, rest) = rest.split_once(':')?;
    let (text, rest) = rest.split_once(":END}")?;
    Some((text.repeat(count.parse().ok()?), rest))
}

fn character(rest: &str) -> Option<(String, &str)> {
    let (code, rest) = rest.split_once('}')?;
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'A'..=b'F');
    if !(4..=6).contains(&code.len()) || !code.bytes().all(hexadecimal) {
        return None;
    }
    let character = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
    Some((character.to_string(), rest))
}
