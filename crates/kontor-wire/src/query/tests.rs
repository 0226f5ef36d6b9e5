use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::prelude::*;

use super::*;
use crate::seeded;

fn read(query: &str) -> Vec<(String, String)> {
    pairs(query).map(|pair| (pair.name.into_owned(), pair.value.into_owned())).collect()
}

fn check(query: &str, expected: &[(&str, &str)]) {
    let got = read(query);
    let got: Vec<(&str, &str)> = got.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(got, expected, "{query:?}");
}

#[test]
fn splits_at_ampersands_only() {
    check("a=1&b=2", &[("a", "1"), ("b", "2")]);
    check("a=1;b=2", &[("a", "1;b=2")]);
    check("", &[]);
    check("&&a=1&&", &[("a", "1")]);
    check("sku...", &[("sku...", "")]);
    check("a=b=c&=x&=", &[("a", "b=c"), ("", "x"), ("", "")]);
}

#[test]
fn decodes_names_and_values() {
    check("my+name=a+b%20c%2B", &[("my name", "a b c+")]);
    check("a=%D7%9B%D7%91%D7%9C", &[("a", "כבל")]);
    check("%61%3d=%26", &[("a=", "&")]);
    check("a=כ", &[("a", "כ")]);
}

#[test]
fn a_broken_escape_stays_as_it_is() {
    check(
        "a=%&b=%4&c=%zz&d=%%41&e=100%",
        &[("a", "%"), ("b", "%4"), ("c", "%zz"), ("d", "%A"), ("e", "100%")],
    );
    check("a=%+1", &[("a", "% 1")]);
    check("a=%2+1", &[("a", "%2 1")]);
}

#[test]
fn bytes_that_are_not_utf8_become_replacement_characters() {
    check("a=%FFx", &[("a", "\u{FFFD}x")]);
    check("%E4=%C3%", &[("\u{FFFD}", "\u{FFFD}%")]);
    let form: Vec<Pair<'_>> = pairs(&b"a=\xE4+\xC3\xA4"[..]).collect();
    assert_eq!(form[0].value, "\u{FFFD} ä");
}

#[test]
fn keeps_the_pair_as_it_was_sent() {
    let raw: Vec<&[u8]> = pairs("a=1&&langId=%2D1&x+y").map(|pair| pair.raw).collect();
    assert_eq!(raw, [&b"a=1"[..], b"langId=%2D1", b"x+y"]);
}

#[test]
fn finds_the_first_value_that_is_not_empty() {
    let query: Vec<Pair<'_>> = pairs("page=&Page=3&page=2&page=1").collect();
    assert_eq!(first_value(&query, "page"), Some("2"));
    assert_eq!(first_value_any_case(&query, "PAGE"), Some("3"));
    assert_eq!(first_value(&query, "PAGE"), None);
    assert_eq!(all_values(&query, "page").collect::<Vec<_>>(), ["", "2", "1"]);
}

#[test]
fn without_case_means_ascii_letters_only() {
    let kelvin: Vec<Pair<'_>> = pairs("s%E2%84%AAu=1").collect();
    assert_eq!(first_value_any_case(&kelvin, "sku"), None);
}

#[test]
fn decodes_paths_segment_by_segment() {
    for (raw, expected) in [
        ("/", "/"),
        ("//", "/"),
        ("/a/b", "/a/b"),
        ("/a/b/", "/a/b"),
        ("/a/b//", "/a/b/"),
        ("/%50roductQuery%46R", "/ProductQueryFR"),
        ("/a+b", "/a+b"),
        ("/a%2fb", "/a%2Fb"),
        ("/a%2F", "/a%2F"),
        ("/100%", "/100%"),
        ("/%FF", "/\u{FFFD}"),
    ] {
        assert_eq!(decode_path(raw), expected, "{raw}");
    }
    assert_eq!(path_segments("/a%2Fb/%63/").collect::<Vec<_>>(), ["a/b", "c"]);
    assert_eq!(path_segments("/").collect::<Vec<_>>(), [""]);
}

proptest! {
    #![proptest_config(seeded::config())]

    #[test]
    fn every_input_is_read(bytes: Vec<u8>) {
        for pair in pairs(&bytes) {
            prop_assert!(!pair.raw.is_empty());
        }
    }

    #[test]
    fn what_was_encoded_comes_back(entries: Vec<(String, String)>) {
        let mut query = String::new();
        for (name, value) in &entries {
            for (text, end) in [(name, '='), (value, '&')] {
                query.extend(percent_encode(text.as_bytes(), NON_ALPHANUMERIC));
                query.push(end);
            }
        }
        prop_assert_eq!(read(&query), entries);
    }

    #[test]
    fn every_path_is_decoded(path in "/\\PC*") {
        let without_slash = path.strip_suffix('/').filter(|shorter| !shorter.is_empty());
        let slashes = without_slash.unwrap_or(&path).matches('/').count();
        prop_assert_eq!(decode_path(&path).matches('/').count(), slashes);
    }
}
