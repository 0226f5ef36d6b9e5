use http::HeaderValue;
use proptest::prelude::*;

use super::*;
use crate::seeded;

const JSON: Format<char> =
    Format { format: 'j', first_type: "application/json", other_types: &["text/json"] };
const XML: Format<char> =
    Format { format: 'x', first_type: "application/xml", other_types: &["text/xml"] };

fn check(accept: &str, expected: &str) {
    let choice = choose(accept, JSON, &[XML]);
    assert_eq!(choice.media_type, expected, "{accept:?}");
    assert_eq!(choice.format == 'j', expected.ends_with("json"), "{accept:?}");
}

#[test]
fn without_a_match_it_is_the_preferred_format() {
    for accept in
        ["", ",", "text/html", "*", "json", "*/json", "application", "application/*+xml", "image/*"]
    {
        check(accept, "application/json");
    }
}

#[test]
fn an_exact_type_is_answered_by_its_name() {
    for name in ["application/json", "text/json", "application/xml", "text/xml"] {
        check(name, name);
        check(&name.to_uppercase(), name);
        check(&format!("  {name} ; version=1 "), name);
    }
}

#[test]
fn a_wildcard_is_answered_by_the_first_type_it_covers() {
    check("*/*", "application/json");
    check("application/*", "application/json");
    check("TEXT/*", "text/json");
    check("text/*, application/json;q=0.5", "text/json");
}

#[test]
fn quality_comes_before_specificity() {
    check("application/json;q=0.8, application/xml;q=0.9", "application/xml");
    check("application/xml;q=0.9, */*", "application/json");
    check("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml");
    check("application/json;q=0.899, text/xml;q=0.9", "text/xml");
    check("application/json;q=0.5, text/json", "text/json");
    check("text/json;q=0.2, */*;q=0.3", "application/json");
}

#[test]
fn at_equal_quality_the_more_specific_range_wins() {
    check("*/*, application/xml", "application/xml");
    check("*/*, text/*", "text/json");
    check("application/*, text/xml", "text/xml");
    check("text/*;q=0.5, text/xml;q=0.5", "text/xml");
}

#[test]
fn a_draw_goes_to_the_format_listed_first() {
    check("application/xml, application/json", "application/json");
    check("text/xml, application/json", "application/json");
    check("text/xml;q=0.1, text/json;q=0.1", "text/json");
    check("text/json, application/json", "text/json");
}

#[test]
fn quality_zero_is_no_match() {
    check("application/json;q=0, application/xml;q=0.001", "application/xml");
    check("application/xml;q=0.000", "application/json");
    check("application/json;q=0, */*", "application/json");
    check("*/*;q=0", "application/json");
}

#[test]
fn a_range_with_an_unusable_quality_is_skipped() {
    for quality in [
        "", "x", "-1", "2", "1.001", "1.1", "0.1234", ".5", "0,5", "0.5x", "00.5", "1e0", "\"1\"",
        "+1",
    ] {
        check(&format!("application/json;q=0.1, application/xml;q={quality}"), "application/json");
    }
    check("application/json;q=0.1, application/xml;q", "application/json");
    for quality in ["1", "1.", "1.0", "1.000", "0.9", "0.90", "0.900", " 1 "] {
        check(&format!("application/json;q=0.1, application/xml;Q={quality}"), "application/xml");
    }
    check("application/json;q=0., application/xml;q=0.1", "application/xml");
}

#[test]
fn other_parameters_are_ignored_also_when_they_hold_separators() {
    check("application/json;a=\",;q=0\", application/xml;q=0.9", "application/json");
    check("application/json;a=\"\\\",\";q=0.1, application/xml;q=0.9", "application/xml");
    check("application/xml;charset=utf-8;q=0.9;ext=1, */*;q=0.1", "application/xml");
}

#[test]
fn several_headers_count_as_one() {
    let mut headers = HeaderMap::new();
    assert_eq!(choose_by_headers(&headers, JSON, &[XML]).media_type, "application/json");
    for value in ["application/json;q=0.1", "text/xml;q=0.2"] {
        headers.append(ACCEPT, HeaderValue::from_static(value));
    }
    assert_eq!(choose_by_headers(&headers, JSON, &[XML]).media_type, "text/xml");
}

proptest! {
    #![proptest_config(seeded::config())]

    #[test]
    fn every_value_is_answered(accept in "\\PC*", like in "[a-z*/;,=q0-9.\" ]{0,60}") {
        let _ = (choose(&accept, JSON, &[XML]), choose(&like, JSON, &[XML]));
    }

    #[test]
    fn the_order_of_formats_decides_only_draws(accept in "(application|text|\\*)/(json|xml|\\*);q=0\\.[0-9](, (application|text|\\*)/(json|xml|\\*);q=0\\.[0-9]){0,3}") {
        let (one, other) = (choose(&accept, JSON, &[XML]), choose(&accept, XML, &[JSON]));
        let both = best_range(&accept, &JSON).map(|best| best.0) == best_range(&accept, &XML).map(|best| best.0);
        prop_assert_eq!(one == other, !both);
    }
}
