//! Expected texts with `{ANY}` and `{ANY:name}`.

use std::collections::{BTreeMap, HashSet};

/// What `{ANY}` stands for; it is always at least one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Any {
    /// Any characters, as few as possible.
    Text,
    /// No markup, quotes or line ends; as many characters as possible.
    Plain,
}

/// Compares a text with what is expected, and remembers what named placeholders stood for when
/// all of it matches.
pub(super) fn matches(
    expected: &str,
    got: &str,
    any: Any,
    caught: &mut BTreeMap<String, String>,
) -> bool {
    if expected == got {
        return true;
    }
    let (literal, placeholders) = split(expected);
    if placeholders.is_empty() {
        return false;
    }
    let Some(rest) = got.strip_prefix(literal) else {
        return false;
    };
    let mut search =
        Search { placeholders: &placeholders, any, dead_ends: HashSet::new(), found: Vec::new() };
    if !search.run(0, rest) {
        return false;
    }
    for (placeholder, text) in placeholders.iter().zip(search.found.into_iter().rev()) {
        if let Some(name) = placeholder.name {
            caught.insert(name.to_owned(), text.to_owned());
        }
    }
    true
}

struct Placeholder<'a> {
    name: Option<&'a str>,
    /// The literal text up to the next placeholder or the end.
    then: &'a str,
}

/// The text before the first placeholder, and the placeholders.
fn split(expected: &str) -> (&str, Vec<Placeholder<'_>>) {
    let mut pieces: Vec<(Option<&str>, usize, usize)> = Vec::new();
    for (start, found) in expected.match_indices("{ANY") {
        let after = expected.get(start + found.len()..).unwrap_or_default();
        let Some((inside, _)) = after.split_once('}') else {
            continue;
        };
        let is_word =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let name = inside.strip_prefix(':').filter(|name| is_word(name));
        if inside.is_empty() || name.is_some() {
            pieces.push((name, start, start + found.len() + inside.len() + 1));
        }
    }
    let next_starts = pieces.iter().skip(1).map(|piece| piece.1).chain([expected.len()]);
    let placeholders = pieces
        .iter()
        .zip(next_starts)
        .map(|((name, _, end), next)| Placeholder {
            name: *name,
            then: expected.get(*end..next).unwrap_or_default(),
        })
        .collect();
    let first = pieces.first().map_or(expected.len(), |piece| piece.1);
    (expected.get(..first).unwrap_or_default(), placeholders)
}

/// A search with backtracking that never tries the same place twice.
struct Search<'p, 'g> {
    placeholders: &'p [Placeholder<'p>],
    any: Any,
    /// Placeholder and remaining length from which nothing matches.
    dead_ends: HashSet<(usize, usize)>,
    /// What the placeholders stand for, last one first.
    found: Vec<&'g str>,
}

impl<'g> Search<'_, 'g> {
    fn run(&mut self, index: usize, rest: &'g str) -> bool {
        let Some(placeholder) = self.placeholders.get(index) else {
            return rest.is_empty();
        };
        if !self.dead_ends.insert((index, rest.len())) {
            return false;
        }
        let then = placeholder.then;
        let ends = self.possible_ends(rest);
        for end in ends {
            let (text, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if let Some(after) = after.strip_prefix(then)
                && self.run(index + 1, after)
            {
                self.found.push(text);
                return true;
            }
        }
        false
    }

    /// Where a placeholder at the start of `rest` may end, in the order of preference.
    fn possible_ends(&self, rest: &str) -> Vec<usize> {
        let ends = |text: &str| {
            text.char_indices().map(|(at, c)| at + c.len_utf8()).collect::<Vec<usize>>()
        };
        match self.any {
            Any::Text => ends(rest),
            Any::Plain => {
                let stop = rest.find(['<', '>', '"', '\r', '\n']).unwrap_or(rest.len());
                let mut ends = ends(rest.get(..stop).unwrap_or_default());
                ends.reverse();
                ends
            }
        }
    }
}
