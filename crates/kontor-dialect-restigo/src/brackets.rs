//! Lists in forms and query strings: `items[]=a`, `items[0]=a`, `items[0][field]=a`
//! (`restigo.md` 3).

use std::collections::HashMap;

use kontor_wire::query::Pair;
use serde_json::{Map, Value};

use crate::parameters::is_blank;

/// The value of a parameter that may be a list; `None` when no pair has its name. The list has the
/// order of first appearance; the numbers in brackets only group. Without brackets it is a text.
pub(crate) fn value(pairs: &[Pair<'_>], name: &str) -> Option<Value> {
    let mut list = List::default();
    let mut text: Option<&str> = None;
    for pair in pairs {
        let Some(rest) = pair.name.strip_prefix(name) else {
            continue;
        };
        if rest.is_empty() {
            let known = text.filter(|known| !is_blank(known));
            text = known.or(Some(&pair.value));
        } else if let Some(place) = Place::read(rest) {
            list.add(&place, &pair.value);
        }
    }
    if list.lines.is_empty() {
        return text.map(|text| Value::String(text.to_owned()));
    }
    let lines = list.lines.into_iter().map(Line::into_value);
    Some(Value::Array(lines.collect()))
}

/// Where in the list a pair belongs.
struct Place<'p> {
    /// The number that groups; empty: a line of its own.
    group: &'p str,
    field: Option<&'p str>,
}

#[derive(Default)]
struct List<'p> {
    lines: Vec<Line>,
    groups: HashMap<&'p str, usize>,
}

#[derive(Default)]
struct Line {
    text: String,
    fields: Map<String, Value>,
}

impl<'p> Place<'p> {
    /// Reads what follows the name. `None` for anything else, which is an unknown name.
    fn read(rest: &'p str) -> Option<Self> {
        let (group, rest) = rest.strip_prefix('[')?.split_once(']')?;
        if !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if rest.is_empty() {
            return Some(Self { group, field: None });
        }
        let field = rest.strip_prefix('[')?.strip_suffix(']')?;
        let is_plain = !field.is_empty() && !field.contains(['[', ']']);
        is_plain.then_some(Self { group, field: Some(field) })
    }
}

impl<'p> List<'p> {
    fn add(&mut self, place: &Place<'p>, value: &str) {
        let next = self.lines.len();
        let index = if place.group.is_empty() {
            next
        } else {
            *self.groups.entry(place.group).or_insert(next)
        };
        if index == next {
            self.lines.push(Line::default());
        }
        let Some(line) = self.lines.get_mut(index) else {
            return;
        };
        match place.field {
            None if is_blank(&line.text) => value.clone_into(&mut line.text),
            None => {}
            Some(field) => line.set(field, value),
        }
    }
}

impl Line {
    /// The first non-empty value counts.
    fn set(&mut self, field: &str, value: &str) {
        let known = self.fields.get(field).and_then(Value::as_str);
        if known.is_none_or(is_blank) {
            self.fields.insert(field.to_owned(), Value::String(value.to_owned()));
        }
    }

    fn into_value(self) -> Value {
        if self.fields.is_empty() { Value::String(self.text) } else { Value::Object(self.fields) }
    }
}

#[cfg(test)]
mod tests {
    use kontor_wire::query::pairs;

    use super::*;

    fn check(query: &str, expected: Option<&str>) {
        let pairs: Vec<Pair<'_>> = pairs(query).collect();
        let found = value(&pairs, "items").map(|value| value.to_string());
        assert_eq!(found.as_deref(), expected, "{query}");
    }

    #[test]
    fn brackets_make_a_list_in_the_order_of_first_appearance() {
        check("items[]=a&items[]=b&items[]=a", Some(r#"["a","b","a"]"#));
        check("items[7]=a&items[0]=b", Some(r#"["a","b"]"#));
        check("items%5B%5D=a", Some(r#"["a"]"#));
        check("items[]=&items[]=b", Some(r#"["","b"]"#));
        check("items[0]=&items[0]=b&items[0]=c", Some(r#"["b"]"#));
        check("items[0]=+&items[0]=b", Some(r#"["b"]"#));
    }

    #[test]
    fn numbers_group_the_fields_of_a_line() {
        check(
            "items[1][n]=a&items[0][n]=b&items[1][p]=1&items[0][p]=2",
            Some(r#"[{"n":"a","p":"1"},{"n":"b","p":"2"}]"#),
        );
        check("items[0][n]=&items[0][n]=b&items[0][n]=c", Some(r#"[{"n":"b"}]"#));
        check("items[0][n]=+&items[0][n]=b", Some(r#"[{"n":"b"}]"#));
        check("items[][n]=a&items[][p]=1", Some(r#"[{"n":"a"},{"p":"1"}]"#));
    }

    #[test]
    fn without_brackets_it_is_a_text() {
        check("items=0101", Some(r#""0101""#));
        check("items=&items=0101&items=2", Some(r#""0101""#));
        check("items=+&items=0101", Some(r#""0101""#));
        check("items", Some(r#""""#));
    }

    #[test]
    fn other_names_are_unknown() {
        check("", None);
        check("item[]=a&itemsx=b&Items=c&x[items]=d", None);
        check("items[a]=1&items[0=2&items0]=3&items[0]x=4", None);
        check("items[0][n][m]=1&items[0][]=2&items[0][n]x=3", None);
        check("items[-1]=a&items[ 1]=b", None);
    }
}
