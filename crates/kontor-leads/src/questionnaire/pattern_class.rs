//! Sets of characters in patterns: `[...]`, `\d` and its kin, and single characters.

use std::fmt::Write as _;
use std::str::Chars;

use super::pattern_error::{PatternError, syntax};

/// A set of characters as ranges, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

/// An item of a class: one character, which may begin a range, or a set.
enum Item {
    One(char),
    Set(Class),
}

const DIGITS: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const SPACE: &[(char, char)] = &[('\t', '\r'), (' ', ' ')];

impl Class {
    /// One character; with `fold`, an ASCII letter in both cases.
    pub(super) fn of(c: char, fold: bool) -> Self {
        let mut class = Self { negated: false, ranges: vec![(c, c)] };
        if fold {
            class.fold();
        }
        class
    }

    /// Reads what follows `[`, through `]`.
    pub(super) fn read(rest: &mut Chars<'_>, fold: bool) -> Result<Self, PatternError> {
        let mut class = Self::default();
        if rest.clone().next() == Some('^') {
            rest.next();
            class.negated = true;
        }
        let mut first = true;
        loop {
            let c = rest.next().ok_or_else(|| syntax("a [ has no ]"))?;
            if c == ']' && !first {
                break;
            }
            first = false;
            match item(c, rest)? {
                Item::Set(set) => class.ranges.extend(set.inside()),
                Item::One(from) => {
                    let to = range_end(rest)?.unwrap_or(from);
                    if to < from {
                        return Err(syntax("a range of characters runs backwards"));
                    }
                    class.ranges.push((from, to));
                }
            }
        }
        if fold {
            class.fold();
        }
        Ok(class)
    }

    /// Writes the set in the notation of the regex crate, every character by its number.
    pub(super) fn write(&self, out: &mut String) {
        out.push_str(if self.negated { "[^" } else { "[" });
        for (from, to) in &self.ranges {
            // Writing to a text cannot fail.
            let _ = write!(out, "\\x{{{:x}}}-\\x{{{:x}}}", u32::from(*from), u32::from(*to));
        }
        out.push(']');
    }

    /// Adds the other case of ASCII letters, and of no others.
    fn fold(&mut self) {
        let mut other_case = Vec::new();
        for (from, to) in &self.ranges {
            let (low, high) = ((*from).max('a'), (*to).min('z'));
            if low <= high {
                other_case.push((low.to_ascii_uppercase(), high.to_ascii_uppercase()));
            }
            let (low, high) = ((*from).max('A'), (*to).min('Z'));
            if low <= high {
                other_case.push((low.to_ascii_lowercase(), high.to_ascii_lowercase()));
            }
        }
        self.ranges.extend(other_case);
    }

    /// The ranges of what is inside the set, also of a negated one.
    fn inside(&self) -> Vec<(char, char)> {
        if !self.negated {
            return self.ranges.clone();
        }
        let mut outside = Vec::new();
        let mut next = 0;
        for (from, to) in &self.ranges {
            if next < u32::from(*from) {
                outside.extend(char::from_u32(next).zip(char::from_u32(u32::from(*from) - 1)));
            }
            next = u32::from(*to) + 1;
        }
        outside.extend(char::from_u32(next).map(|from| (from, char::MAX)));
        outside
    }
}

/// The set that an escape such as `\d` stands for.
pub(super) fn class_escape(c: char) -> Option<Class> {
    let ranges = match c.to_ascii_lowercase() {
        'd' => DIGITS,
        'w' => WORD,
        's' => SPACE,
        _ => return None,
    };
    Some(Class { negated: c.is_ascii_uppercase(), ranges: ranges.to_vec() })
}

/// The character that an escape stands for; `c` follows the backslash.
pub(super) fn single_escape(c: char, rest: &mut Chars<'_>) -> Result<char, PatternError> {
    match c {
        't' => Ok('\t'),
        'n' => Ok('\n'),
        'r' => Ok('\r'),
        'f' => Ok('\x0C'),
        'e' => Ok('\x1B'),
        'a' => Ok('\x07'),
        'x' if rest.clone().next() == Some('{') => {
            rest.next();
            let digits: String = rest.by_ref().take_while(|c| *c != '}').collect();
            by_number(&digits)
        }
        'x' => by_number(&rest.by_ref().take(2).collect::<String>()),
        'u' => by_number(&rest.by_ref().take(4).collect::<String>()),
        c if c.is_ascii_alphanumeric() => {
            Err(PatternError::Unsupported(format!("the escape \\{c}")))
        }
        c => Ok(c),
    }
}

fn by_number(digits: &str) -> Result<char, PatternError> {
    let is_hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex);
    number.and_then(char::from_u32).ok_or_else(|| syntax("an escape names no character"))
}

fn item(c: char, rest: &mut Chars<'_>) -> Result<Item, PatternError> {
    match c {
        '[' if matches!(rest.clone().next(), Some(':' | '.' | '=')) => {
            Err(PatternError::Unsupported("a class such as [:alpha:]".to_owned()))
        }
        '\\' => {
            let c = rest.next().ok_or_else(|| syntax("a backslash at the end"))?;
            match class_escape(c) {
                Some(set) => Ok(Item::Set(set)),
                None if c == 'b' => Ok(Item::One('\x08')),
                None => single_escape(c, rest).map(Item::One),
            }
        }
        c => Ok(Item::One(c)),
    }
}

/// The end of a range, when a hyphen and an end follow.
fn range_end(rest: &mut Chars<'_>) -> Result<Option<char>, PatternError> {
    let mut ahead = rest.clone();
    if ahead.next() != Some('-') || ahead.clone().next() == Some(']') {
        return Ok(None);
    }
    let c = ahead.next().ok_or_else(|| syntax("a [ has no ]"))?;
    match item(c, &mut ahead)? {
        Item::One(end) => {
            *rest = ahead;
            Ok(Some(end))
        }
        Item::Set(_) => Err(syntax("a range of characters ends in a set")),
    }
}
