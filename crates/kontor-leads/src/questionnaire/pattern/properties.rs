//! Patterns against what they mean, for many texts.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use super::Pattern;

fn config() -> Config {
    Config {
        rng_seed: RngSeed::Fixed(0x6b6f_6e74_6f72),
        failure_persistence: None,
        ..Config::default()
    }
}

/// A text as a pattern that means it: what is not a letter or digit is escaped.
fn quoted(text: &str) -> String {
    let quoted = text.chars().flat_map(|c| {
        let escape = !c.is_ascii_alphanumeric();
        escape.then_some('\\').into_iter().chain(std::iter::once(c))
    });
    quoted.collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_written_nothing_breaks(pattern in ".{0,40}", answer in "(?s).{0,40}") {
        if let Ok(pattern) = Pattern::compile(&pattern) {
            let _ = pattern.matches(&answer);
        }
    }

    #[test]
    fn almost_patterns_break_nothing(pattern in r"[\[\](){}|^$.*+?\\dwbs/i,0-9a-]{0,30}") {
        if let Ok(pattern) = Pattern::compile(&pattern) {
            let _ = pattern.matches("a1-b");
        }
    }

    #[test]
    fn a_quoted_text_is_found_where_it_stands(text in "(?s).{1,20}", around in "[a-c]{0,5}") {
        let pattern = Pattern::compile(&quoted(&text)).expect("a good pattern");
        let answer = format!("{around}{text}{around}");
        prop_assert!(pattern.matches(&answer));
        let whole = format!("^{}$", quoted(&text));
        let whole = Pattern::compile(&whole).expect("a good pattern");
        prop_assert!(whole.matches(&text));
        prop_assert_eq!(whole.matches(&answer), around.is_empty());
    }

    #[test]
    fn folding_is_that_of_ascii(text in "[a-zA-ZéÉ\u{212A}\u{17F}]{1,10}", other in "[a-zA-ZéÉ\u{212A}\u{17F}]{1,10}") {
        let pattern = Pattern::compile(&format!("/^{text}$/i")).expect("a good pattern");
        prop_assert!(pattern.matches(&text.to_ascii_uppercase()));
        prop_assert_eq!(pattern.matches(&other), other.eq_ignore_ascii_case(&text));
    }

    #[test]
    fn a_class_is_its_members(from in any::<char>(), to in any::<char>(), c in any::<char>()) {
        let (low, high) = (from.min(to), from.max(to));
        let range = format!(r"\x{{{:x}}}-\x{{{:x}}}", u32::from(low), u32::from(high));
        let inside = Pattern::compile(&format!("^[{range}]$")).expect("a good pattern");
        let outside = Pattern::compile(&format!("^[^{range}]$")).expect("a good pattern");
        let is_in = low <= c && c <= high;
        prop_assert_eq!(inside.matches(&c.to_string()), is_in);
        prop_assert_eq!(outside.matches(&c.to_string()), !is_in);
    }

    #[test]
    fn escapes_are_ascii(c in any::<char>()) {
        let is = |pattern: &str| {
            Pattern::compile(pattern).expect("a good pattern").matches(&c.to_string())
        };
        prop_assert_eq!(is(r"^\d$"), c.is_ascii_digit());
        prop_assert_eq!(is(r"^[\D]$"), !c.is_ascii_digit());
        prop_assert_eq!(is(r"^\w$"), c.is_ascii_alphanumeric() || c == '_');
        let is_space = matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0B' | '\x0C');
        prop_assert_eq!(is(r"^\s$"), is_space);
        prop_assert_eq!(is(r"^[\S]$"), !is_space);
        prop_assert_eq!(is("^.$"), c != '\n');
    }
}
