//! Case files, macros and patterns.

use std::collections::BTreeMap;

use crate::golden::case::{CLOCK, Case, CaseError, Compare, State};
use crate::golden::expand::Macros;
use crate::golden::pattern::{Any, matches};

const HEADER: &str = "# title: t\n# why: FACT f\n";

#[test]
fn reads_a_case_file() {
    let text = "# title: two steps\n# why: DECISION because\n# compare: json\n# state: writes\n# keys: any\n\
        # clock: 2016-03-27T01:00:00.000Z\n>>>\nPOST /a?b=c HTTP/1.0\nX-One: 1:2\nX-Two:\t 2\n\n{\"a\":\n 1 }\n\n<<< bytes\n201\n\
        X: y\n\nbody\n>>>\nGET /\n<<<\n404\n===\n";
    let case = Case::parse("p/n", text).expect("readable");
    assert_eq!((case.name.as_str(), case.title.as_str()), ("p/n", "two steps"));
    assert_eq!(case.why, "DECISION because");
    assert_eq!((case.state, case.keys_ordered), (State::Writes, false));
    assert_eq!(case.clock, "2016-03-27T01:00:00.000Z");
    let [first, second] = case.steps.as_slice() else { panic!("two steps") };
    assert_eq!(first.request_line, "POST /a?b=c HTTP/1.0");
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(first.headers, [header("X-One", "1:2"), header("X-Two", "2")]);
    assert_eq!(first.body, "{\"a\":\n 1 }\n");
    assert_eq!((first.compare, first.status), (Compare::Bytes, 201));
    assert_eq!(first.expected_headers, [header("X", "y")]);
    assert_eq!(first.expected_body, "body");
    assert_eq!((second.compare, second.status), (Compare::Json, 404));
    assert!(second.headers.is_empty() && second.expected_body.is_empty());
}

#[test]
fn keys_have_defaults() {
    let case = Case::parse("n", &format!("{HEADER}>>>\nGET /\n<<<\n200\n")).expect("readable");
    assert_eq!((case.state, case.keys_ordered, case.clock.as_str()), (State::Reads, true, CLOCK));
    assert_eq!(case.steps[0].compare, Compare::Bytes);
}

#[test]
fn the_newline_that_ends_the_file_is_not_part_of_the_body() {
    let body = |end: &str| {
        let text = format!("{HEADER}>>>\nGET /\n<<<\n200\n\nx{end}");
        Case::parse("n", &text).expect("readable").steps[0].expected_body.clone()
    };
    assert_eq!(body(""), "x");
    assert_eq!(body("\n"), "x");
    assert_eq!(body("\n\n"), "x\n");
    assert_eq!(body("\n===\n"), "x");
    assert_eq!(body("\n\n===\n\n"), "x\n");
}

#[test]
fn refuses_files_that_break_the_format() {
    let steps = ">>>\nGET /\n<<<\n200\n";
    for text in [
        format!("# why: FACT x\n{steps}"),
        format!("# title: t\n{steps}"),
        format!("# title: t\n# why: maybe\n{steps}"),
        format!("# title: t\n# why: FACTS\n{steps}"),
        format!("{HEADER}# title: again\n{steps}"),
        format!("{HEADER}# other: x\n{steps}"),
        format!("{HEADER}# state: sleeps\n{steps}"),
        format!("{HEADER}# compare: all\n{steps}"),
        format!("{HEADER}{steps}").replace("GET", "\rGET"),
        HEADER.to_owned(),
        format!("{HEADER}>>>\nGET /\n"),
        format!("{HEADER}<<<\n200\n>>>\nGET /\n"),
        format!("{HEADER}>>>\nGET /\n>>>\nGET /\n"),
        format!("{HEADER}text\n{steps}"),
        format!("{HEADER}{steps}===\ntext\n"),
        format!("{HEADER}>>>\nGET\n<<<\n200\n"),
        format!("{HEADER}>>>\nGET / HTTP/1.1 x\n<<<\n200\n"),
        format!("{HEADER}>>>\nGET /\nno header\n<<<\n200\n"),
        format!("{HEADER}>>>\n<<<\n200\n"),
        format!("{HEADER}>>>\nGET /\n<<<\n2000\n"),
        format!("{HEADER}>>>\nGET /\n<<<\nOK\n"),
        format!("{HEADER}>>>\nGET /\n<<< status\n200\n\nbody\n"),
    ] {
        let got = Case::parse("n", &text);
        assert!(matches!(got, Err(CaseError::Format { .. } | CaseError::Key { .. })), "{text}");
    }
}

#[test]
fn expands_macros() {
    let caught = BTreeMap::from([("t".to_owned(), "seen".to_owned())]);
    let macros = Macros { host: "127.0.0.1:80".to_owned(), caught };
    for (text, expected) in [
        ("{HOST}/{=t}{=u}{=", "127.0.0.1:80/seen{=u}{="),
        ("{U+212A}{U+1F600}{U+000D}{U+41}{U+D800}{U+00e9}", "\u{212A}😀\r{U+41}{U+D800}{U+00e9}"),
        ("[{REPEAT:3:a,b\n:END}]", "[a,b\na,b\na,b\n]"),
        ("{REPEAT:2:{=t}{U+0041}:END}", "seenAseenA"),
        ("{REPEAT:0:x:END}{REPEAT:x:y:END}{REPEAT:2:y", "{REPEAT:x:y:END}{REPEAT:2:y"),
        ("{ANY}{ANY:t}{NONE}", "{ANY}{ANY:t}{NONE}"),
    ] {
        assert_eq!(macros.expand(text), expected);
    }
}

#[test]
fn placeholders_match_and_remember() {
    let check = |expected: &str, got: &str, any: Any, found: Option<&[(&str, &str)]>| {
        let mut caught = BTreeMap::new();
        let matched = matches(expected, got, any, &mut caught);
        let pairs: Vec<(&str, &str)> =
            caught.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(matched.then_some(pairs.as_slice()), found, "{expected} and {got}");
        assert!(matched || pairs.is_empty());
    };
    check("abc", "abc", Any::Text, Some(&[]));
    check("abc", "abd", Any::Text, None);
    check("a{ANY}c", "abbc", Any::Text, Some(&[]));
    check("a{ANY}c", "ac", Any::Text, None);
    check("{ANY}", "", Any::Text, None);
    check("{ANY}", "<\n\">é", Any::Text, Some(&[]));
    check("{ANY:x}-{ANY:y}", "1-2-3", Any::Text, Some(&[("x", "1"), ("y", "2-3")]));
    check("{ANY:x}-{ANY:y}", "1-2-3", Any::Plain, Some(&[("x", "1-2"), ("y", "3")]));
    check("<t>{ANY}</t>", "<t>12:34</t>", Any::Plain, Some(&[]));
    for hidden in ["1<b/>2", "1\n2", "1\"2", "1>2", "1\r2"] {
        check("<t>{ANY}</t>", &format!("<t>{hidden}</t>"), Any::Plain, None);
    }
    check("{ANY}{ANY:last}", "ab", Any::Text, Some(&[("last", "b")]));
    check("{ANY}{ANY}{ANY}", "ab", Any::Text, None);
    // Not placeholders, so ordinary text.
    check("{ANYTHING}{ANY:}", "{ANYTHING}{ANY:}", Any::Text, Some(&[]));
    check("{ANYTHING}", "x", Any::Text, None);
    // A careless search would take for ever.
    check(&"{ANY}a".repeat(40), &"a".repeat(400), Any::Text, Some(&[]));
    check(&("{ANY}a".repeat(40) + "b"), &"a".repeat(400), Any::Text, None);
}
