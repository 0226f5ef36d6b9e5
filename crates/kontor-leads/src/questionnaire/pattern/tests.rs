use super::*;

const EMAIL: &str = r"/^[_a-z0-9-]+(\.[_a-z0-9-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*(\.[a-z]{2,63})$/i";
const PHONE: &str = r"/^(\+33|0033|\+262|00262|\+590|00590|\+594|00594|\+596|00596|0)[\.\- ]?[0-9]([\.\- ]?[0-9]{2}){4}$/";
const NAME: &str = r"^[a-zA-Z áÁàÀâÂäÄãÃåÅæÆçÇéÉèÈêÊëËíÍìÌîÎïÏñÑóÓòÒôÔöÖõÕøØœŒßúÚùÙûÛüÜ\-']+$";

fn check(pattern: &str, found: &[&str], not_found: &[&str]) {
    let compiled = Pattern::compile(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    for answer in found {
        assert!(compiled.matches(answer), "{pattern} finds nothing in {answer:?}");
    }
    for answer in not_found {
        assert!(!compiled.matches(answer), "{pattern} is found in {answer:?}");
    }
}

#[test]
fn the_documented_patterns() {
    check("/^[0-9]{5}$/", &["75001"], &["7500", "750011", "75001\n", "٧٥٠٠١", "7500A"]);
    check(
        EMAIL,
        &["wayne.hotte@test.fr", "WAYNE@TEST.FR", "a_b-c@d-e.museum", "a@b.co.uk"],
        &[
            "a@b",
            "a@b.c",
            "a+b@x.fr",
            "jean@exämple.fr",
            "a@b.\u{17F}r",
            "a@b.\u{212A}r",
            "\u{212A}@b.fr",
            "a@b.fr\n",
            "a.@b.fr",
        ],
    );
    check(
        PHONE,
        &["0130926784", "+33.1.30.92.67.84", "0033 130926785", "+262 262-12-34-56", "0 1 30926784"],
        &["01309267840", "01..30926784", "+33 01 30 92 67 84", "+1 202 555 0100", "0130926784\n"],
    );
    check(
        NAME,
        &["Anne-Élodie", "O'Neil Œuvre", "ß"],
        &["W4yne", "ÿ", "Łukasz", "O’Neil", "a\nb", "日"],
    );
    check(r"/.*\S.*/", &["x", "a\nb", "\u{A0}"], &["", " \t\r\n\x0B\x0C"]);
    check("/^[0-9]{14}$/", &["12345678901234"], &["1234567890123", "1234567890123४"]);
    check(
        r"/^(\d){2}[.]?(\d){2}[a-zA-Z]{1}$/",
        &["56.10A", "5610a"],
        &["56,10A", "5610", "5610é", "५६10A", "5610\u{212A}"],
    );
    check(r"/^[\d]+$/", &["0", "12"], &["", "-1", "１２", "1 2"]);
    check("/^(.*)$/", &["Paris", "", "a\rb", "\u{2028}"], &["Paris\nLyon", "Paris\n"]);
}

#[test]
fn classes_and_flags_mean_ascii() {
    check(r"^\d\D\w\W\s\S$", &["1x_é x"], &["1x_é\u{A0}x", "१x_é x"]);
    check(r"^[\D]$", &["x", "é", "\u{10FFFF}"], &["5"]);
    check(r"^[\W\d]$", &["-", "7", "é"], &["a", "_"]);
    check(r"^[^\S]$", &[" ", "\t"], &["x", "\u{A0}"]);
    check("/^k$/i", &["k", "K"], &["\u{212A}"]);
    check("/^[^k]$/i", &["\u{212A}", "x"], &["k", "K"]);
    check("/^S$/i", &["s", "S"], &["\u{17F}"]);
    check("/^[j-l]$/i", &["K"], &["\u{212A}"]);
    check("/^é$/i", &["é"], &["É"]);
    check("/^[Y-b]$/i", &["y", "Z", "A", "B", "_", "^"], &["c", "C", "x"]);
    check("^k$", &["k"], &["K"]);
    check(r"\bab\b", &["ab", "é ab", "éab"], &["cab", "abc"]);
}

#[test]
fn characters_that_other_notations_read_differently() {
    check(r"^\_\-\'\/\<\>$", &["_-'/<>"], &["_-'/"]);
    check("^[[]$", &["["], &["]"]);
    check("^[]a]$", &["]", "a"], &["b"]);
    check("^[^]a]$", &["b"], &["]", "a"]);
    check("^[a&&b]$", &["a", "&", "b"], &["c"]);
    check("^[a~~b#]$", &["~", "#"], &["c"]);
    check("^[a-]$", &["a", "-"], &["b"]);
    check("^[-a]$", &["a", "-"], &["b"]);
    check(r"^[\d-]$", &["3", "-"], &["a"]);
    check(r"^[\b]$", &["\x08"], &["b"]);
    check("^a{$", &["a{"], &["a"]);
    check("^a{,2}$", &["a{,2}"], &["aa"]);
    check("^a{2}}]$", &["aa}]"], &["aa"]);
    check("^a b#c$", &["a b#c"], &["abc"]);
    check("/^a/b$/", &["a/b"], &["a"]);
    check(r"/^a\/b$/", &["a/b"], &["a"]);
    check(r"^\x41\x{e9}\u00E9$", &["Aéé"], &["A"]);
    check(r"^\t\r\n\f$", &["\t\r\n\x0C"], &["t"]);
    check("^(?<year>[0-9]{4})(?P<b>x)(?:y)$", &["2016xy"], &["2016x"]);
    check("a|b", &["xbx"], &["c"]);
    check("^a+?b*?c??d{1,2}?$", &["abcd", "aadd"], &["b"]);
    check("//", &[""], &[]);
}

#[test]
fn the_ends_are_those_of_the_answer() {
    check("^b$", &["b"], &["a\nb", "b\n", "b\r\n", "\nb"]);
    check(r"\Ab\z", &["b"], &["b\n"]);
    check(r"^b\Z", &["b"], &["b\n"]);
}

fn refused(pattern: &str, expected: &str) {
    let error = Pattern::compile(pattern).expect_err(pattern);
    assert_eq!(error.to_string(), expected, "{pattern}");
}

#[test]
fn what_cannot_be_had_is_refused_with_the_reason() {
    for pattern in ["a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b"] {
        refused(pattern, "look-around is not supported");
    }
    for pattern in [r"(a)\1", r"(?<n>a)\k<n>", r"(a)\g1", "(?P<n>a)(?P=n)"] {
        refused(pattern, "back-references are not supported");
    }
    refused("", "empty pattern");
    refused("/abc", "begins with / but no / ends it");
    refused("/a/m", "flag 'm' is not supported, only i is");
    refused("/a/ii", "flag 'i' is not supported, only i is");
    refused("a++", "a possessive quantifier is not supported");
    refused("(?>a)", "an atomic group (?> is not supported");
    refused("(?i)a", "a group that begins with (?i is not supported");
    refused("(*ACCEPT)", "a verb such as (*ACCEPT) is not supported");
    refused(r"\p{L}", "the escape \\p is not supported");
    refused(r"\v", "the escape \\v is not supported");
    refused(r"\0", "the escape \\0 is not supported");
    refused("[[:alpha:]]", "a class such as [:alpha:] is not supported");
    refused("[a", "a [ has no ]");
    refused("[b-a]", "a range of characters runs backwards");
    refused(r"[a-\d]", "a range of characters ends in a set");
    refused("a\\", "a backslash at the end");
    refused(r"\x{D800}", "an escape names no character");
    refused(r"\xZZ", "an escape names no character");
    refused("a**", "a quantifier follows a quantifier");
    refused("(a", "unclosed group");
    refused("a)", "unopened group");
    refused("*a", "repetition operator missing expression");
    refused("(?", "a group has no end");
    refused("(?<n", "the name of a group has no end");
}

#[test]
fn size_is_limited() {
    assert!(Pattern::compile(&"a".repeat(MAX_PATTERN_CHARS)).is_ok());
    refused(&"a".repeat(MAX_PATTERN_CHARS + 1), "longer than 1000 characters");
    refused("((a{500}){500}){500}", "takes more than 1048576 bytes when compiled");
    assert!(matches!(Pattern::compile(&"(".repeat(900)), Err(PatternError::Syntax(_))));
}

#[test]
fn long_answers_take_linear_time() {
    // A backtracking engine would need years for this one.
    let pattern = Pattern::compile("^(a+)+$").expect("a good pattern");
    assert!(!pattern.matches(&format!("{}b", "a".repeat(200_000))));
}
