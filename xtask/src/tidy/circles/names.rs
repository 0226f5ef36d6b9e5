//! Paths in a Rust file, read word by word: what it uses, and what it hands on.
//!
//! Not a parser: macros, inline modules and methods are not understood. What it reads is enough to
//! see which file names which.

use crate::tree::File;

/// What a file names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Imports as name and path.
    pub(super) imports: Vec<(String, Vec<String>)>,
    /// Public imports: what others find under a name of this file.
    pub(super) exports: Vec<(String, Vec<String>)>,
    /// Paths of two segments and more, anywhere else.
    pub(super) paths: Vec<Vec<String>>,
}

/// What a file names outside of its tests.
pub(super) fn named(file: &File) -> Named {
    let words = words(&product_text(file));
    let mut named = Named::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        // `use<'a>` in a type is another thing.
        if word == "use" && words.get(at + 1).is_some_and(|next| next != "<") {
            let is_public =
                at > 0 && matches!(words.get(at - 1), Some(w) if w == "pub" || w == ")");
            let mut tree = Vec::new();
            at = read_tree(&words, at + 1, &[], &mut tree);
            if is_public { &mut named.exports } else { &mut named.imports }.append(&mut tree);
        } else if is_name(word) && words.get(at + 1).is_some_and(|next| next == "::") {
            let path = read_path(&words, at);
            at += 2 * path.len() - 1;
            named.paths.push(path);
        } else {
            at += 1;
        }
    }
    named
}

/// The text up to the test module, without test modules in files of their own.
fn product_text(file: &File) -> String {
    let mut text = String::new();
    let mut lines = file.text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("#[cfg(test)]") {
            match lines.peek() {
                Some(next) if next.ends_with(';') => drop(lines.next()),
                _ => break,
            }
            continue;
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// `a::b::c`, from its first name.
fn read_path(words: &[String], mut at: usize) -> Vec<String> {
    let mut path = Vec::new();
    while let Some(word) = words.get(at).filter(|word| is_name(word)) {
        path.push(word.clone());
        if words.get(at + 1).is_none_or(|next| next != "::") {
            break;
        }
        at += 2;
    }
    path
}

/// A tree of imports after `prefix`; returns where it ends.
fn read_tree(
    words: &[String],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<(String, Vec<String>)>,
) -> usize {
    let mut path = prefix.to_vec();
    while let Some(word) = words.get(at) {
        match word.as_str() {
            "{" => {
                at += 1;
                while words.get(at).is_some_and(|word| word != "}" && word != ";") {
                    at = read_tree(words, at, &path, found);
                    at += usize::from(words.get(at).is_some_and(|word| word == ","));
                }
                return at + 1;
            }
            "as" => {
                let name = words.get(at + 1).cloned().unwrap_or_default();
                found.push((name, path));
                return at + 2;
            }
            ";" | "," | "}" => break,
            "::" => {}
            "self" if !path.is_empty() => {}
            _ => path.push(word.clone()),
        }
        at += 1;
    }
    if path.len() > prefix.len() || words.get(at.wrapping_sub(1)).is_some_and(|w| w == "self") {
        found.push((path.last().cloned().unwrap_or_default(), path));
    }
    at
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names and marks of a text; comments, strings and numbers are left out.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#") => raw(rest),
            '\'' => character(rest),
            ':' if rest.starts_with("::") => {
                words.push("::".to_owned());
                2
            }
            _ if first.is_alphanumeric() || first == '_' => {
                let is_end = |c: char| !(c.is_alphanumeric() || c == '_');
                let end = rest.find(is_end).unwrap_or(rest.len());
                words.extend(rest.get(..end).map(str::to_owned));
                end
            }
            _ if first.is_whitespace() => first.len_utf8(),
            _ => {
                words.push(first.to_string());
                first.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    words
}

/// Bytes of a string literal at the beginning.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Bytes of a raw string at the beginning, or of `r#name`'s mark.
fn raw(text: &str) -> usize {
    let marks = text.chars().skip(1).take_while(|c| *c == '#').count();
    if !text.get(1 + marks..).is_some_and(|rest| rest.starts_with('"')) {
        return 1 + marks;
    }
    let end = format!("\"{}", "#".repeat(marks));
    let body = text.get(2 + marks..).unwrap_or_default();
    body.find(&end).map_or(text.len(), |at| 2 + marks + at + end.len())
}

/// Bytes of a character at the beginning, or of a lifetime's mark.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text.get(3..).and_then(|rest| rest.find('\'')).map_or(1, |end| end + 4),
        _ => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Named {
        named(&File::new("crates/a/src/lib.rs", text))
    }

    fn told(all: &[(String, Vec<String>)]) -> Vec<String> {
        all.iter().map(|(name, path)| format!("{name}={}", path.join("::"))).collect()
    }

    #[test]
    fn trees_of_imports_are_read() {
        let named =
            of("use a::{b, c::{self, D as E}, super::f};\npub(crate) use self::g::H;\nuse x::*;");
        let expected = ["b=a::b", "c=a::c", "E=a::c::D", "f=a::super::f", "*=x::*"];
        assert_eq!(told(&named.imports), expected);
        assert_eq!(told(&named.exports), ["H=self::g::H"]);
        assert!(named.paths.is_empty());
    }

    #[test]
    fn what_is_no_tree_of_imports_ends() {
        let named = of("fn f() -> impl Sized + use<'_> { a::b(); }\nuse {c::d; e::f();");
        assert_eq!(named.paths.first().map(|path| path.join("::")).as_deref(), Some("a::b"));
        assert_eq!(told(&named.imports), ["d=c::d"]);
    }

    #[test]
    fn paths_are_read_outside_of_comments_texts_and_tests() {
        let text = "// a::b\n/* c::d */ fn f<'a>(x: &'a g::H<'_>) { let s = \"i::j\"; let t = r#\"k::\"l\"#; \
                    m::n::<O>('\\'', ':', 'x'); }\n#[cfg(test)]\nmod tests;\nfn p() { q::r() }\n\
                    #[cfg(test)]\nmod more {\n    s::t();\n}\n";
        let paths: Vec<String> = of(text).paths.iter().map(|path| path.join("::")).collect();
        assert_eq!(paths, ["g::H", "m::n", "q::r"]);
    }
}
