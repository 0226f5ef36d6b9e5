use proptest::prelude::*;

use super::*;
use crate::seeded;

fn read(body: &[u8]) -> Result<String, XmlError> {
    read_with(body, &Limits::default())
}

/// Reads a document and prints what a protocol can see of it.
fn read_with(body: &[u8], limits: &Limits) -> Result<String, XmlError> {
    let text = decode(body, None, limits)?;
    let document = text.parse(limits)?;
    Ok(print(document.root()))
}

fn print(element: Element<'_>) -> String {
    let inside: Vec<String> = element.children().map(print).collect();
    let mark = if element.has_namespace() { "*" } else { "" };
    if inside.is_empty() {
        format!("{mark}{}={:?}", element.name(), element.text())
    } else {
        format!("{mark}{}({})", element.name(), inside.join(" "))
    }
}

fn check(text: &str, expected: &str) {
    assert_eq!(read(text.as_bytes()).as_deref(), Ok(expected), "{text}");
}

fn refused(text: &str) {
    let got = read(text.as_bytes());
    assert!(matches!(got, Err(XmlError::Malformed { .. })), "{text:?} was read as {got:?}");
}

#[test]
fn reads_elements_and_their_text() {
    check("<a/>", "a=\"\"");
    check(
        "<?xml version='1.0' encoding='UTF-8' standalone='no'?>\n<a><b> x </b><c/></a>\n",
        "a(b=\" x \" c=\"\")",
    );
    check("<a>1<!-- 2 --><?p 3?><![CDATA[<4>&amp;]]>5&lt;&#54;&#x37;</a>", "a=\"1<4>&amp;5<67\"");
    check("<a>\r\n\r</a>", "a=\"\\n\\n\"");
    check("<é á='&amp;'>\u{85}😀</é>", "é=\"\u{85}😀\"".replace('\u{85}', "\\u{85}").as_str());
    check("<!-- x --><a/><?p?><!-- y --> ", "a=\"\"");
}

#[test]
fn text_includes_the_text_of_elements_inside() {
    let text = decode(b"<a> 1<b>2<c>3</c></b>4<b/> </a>", None, &Limits::default()).expect("UTF-8");
    let document = text.parse(&Limits::default()).expect("well-formed");
    assert_eq!(document.root().text(), " 1234 ");
    let inner = document.root().child("b").expect("there is one");
    assert_eq!(inner.text(), "23");
    assert_eq!(document.root().children_named("b").count(), 2);
    assert_eq!(document.root().child("c"), None);
}

#[test]
fn names_are_exact_and_namespaces_are_told() {
    check("<a xmlns='urn:x'><b/><c xmlns=''/></a>", "*a(*b=\"\" c=\"\")");
    check("<p:a xmlns:p='urn:x'><b/></p:a>", "*a(b=\"\")");
    check("<a xmlns:p='urn:x' p:x='1' x='1'/>", "a=\"\"");
    let text = decode(b"<a><B/><b xmlns='urn:x'/></a>", None, &Limits::default()).expect("UTF-8");
    let document = text.parse(&Limits::default()).expect("well-formed");
    assert_eq!(document.root().child("b"), None);
    assert!(document.root().is("a") && !document.root().is("A"));
}

#[test]
fn refuses_broken_structure() {
    for text in [
        "",
        "  ",
        "x",
        "<",
        "<a",
        "<a>",
        "<a><",
        "<a><b></a>",
        "<a></b>",
        "<a></A>",
        "</a>",
        "<a/></a>",
        "<a/>x",
        "<a/><b/>",
        "<a/>&#32;",
        "<a/><![CDATA[x]]>",
        "<a/>\0",
        "<a>\0</a>",
        "< a/>",
        "<a></ a>",
        "<a></a b='c'>",
        "<1a/>",
        "<-a/>",
        "<×/>",
        "<\u{300}a/>",
        "<a / >",
        "\u{FEFF}\u{FEFF}<a/>",
        "<!",
        "<a><!ELEMENT a ANY></a>",
        "<a><![cdata[x]]></a>",
    ] {
        refused(text);
    }
}

#[test]
fn refuses_broken_attributes() {
    for text in [
        "<a b/>",
        "<a b=c/>",
        "<a b='1'c='2'/>",
        "<a b='1' b='2'/>",
        "<a b='<'/>",
        "<a b='",
        "<a b='\u{1}'/>",
        "<a b='1\"/>",
        "<a ='1'/>",
        "<a 1b='1'/>",
        "<a\u{85}b='1'/>",
        "<a\u{A0}b='1'/>",
        "<a b='&'/>",
        "<a b='&x;'/>",
        "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>",
    ] {
        refused(text);
    }
    check("<a b = '>' c=\"'&lt;&#60;]]>\" />", "a=\"\"");
}

#[test]
fn refuses_broken_text_and_references() {
    for text in [
        "&",
        "a & b",
        "&amp",
        "&nbsp;",
        "&a:b;",
        "&#;",
        "&#x;",
        "&#X41;",
        "&#0;",
        "&#1;",
        "&#xD800;",
        "&#xDFFF;",
        "&#xFFFE;",
        "&#x110000;",
        "&#99999999999999999999;",
        "&#+65;",
        "&#65",
        "]]>",
        "\u{1}",
        "\u{B}",
        "\u{FFFE}",
        "<!-- a -- b -->",
        "<!-- a --->",
        "<!--->",
        "<!-- \u{1} -->",
        "<![CDATA[\u{1}]]>",
        "<![CDATA[",
        "<!--",
        "<?p",
    ] {
        refused(&format!("<a>{text}</a>"));
    }
    check("<a>&#00000000000000000000065;&#x1F600;%x;</a>", "a=\"A😀%x;\"");
}

#[test]
fn refuses_declarations_and_instructions_in_the_wrong_form() {
    for text in [
        " <?xml version='1.0'?><a/>",
        "<?xml version='1.0'?><?xml version='1.0'?><a/>",
        "<a/><?xml version='1.0'?>",
        "<?xml?><a/>",
        "<?xml\tversion='2.0'?><a/>",
        "<?XML x?><a/>",
        "<a><?xMl?></a>",
        "<a><?a+b?></a>",
        "<a><?a×b?></a>",
        "<a><? ?></a>",
        "<a><?1 ?></a>",
        "<?xml version='1.0'?>",
    ] {
        refused(text);
    }
    check("<?xml-stylesheet x?><a><?p?><?q r?s?></a>", "a=\"\"");
}

#[test]
fn refuses_namespaces_that_are_not_in_order() {
    for text in [
        "<x:a/>",
        "<a x:b='1'/>",
        "<:a/>",
        "<a></:a>",
        "<a :b='1'/>",
        "<a:/>",
        "<a:b:c xmlns:a='urn:x'/>",
        "<a xmlns='urn:x' xmlns='urn:y'/>",
        "<a xmlns:p='urn:x' xmlns:p='urn:y'/>",
        "<a xmlns:p=''/>",
        "<a xmlns:='urn:x'/>",
        "<xmlns:a/>",
        "<a xmlns:xml='urn:x'/>",
        "<p:a xmlns:p='urn:x' xmlns:q='urn:x'></q:a>",
    ] {
        refused(text);
    }
}

#[test]
fn a_doctype_is_refused_wherever_it_stands() {
    for text in [
        "<!DOCTYPE a><a/>",
        "<?xml version='1.0'?><!-- x --><!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<a><!DOCTYPE a></a>",
        "<a/><!DOCTYPE a>",
    ] {
        assert_eq!(read(text.as_bytes()), Err(XmlError::Doctype), "{text}");
    }
    check("<a><!-- <!DOCTYPE a> --><![CDATA[<!DOCTYPE a>]]></a>", "a=\"<!DOCTYPE a>\"");
}

#[test]
fn says_in_which_line_it_is_malformed() {
    for (text, line) in [
        ("<a>\n<b>\n</a>", 3),
        ("<?xml version='1.0'\n?>\n<a>\n&#xD800;</a>", 4),
        ("<?xml version='1.0'\n?>\n<a>\n<b></c></a>", 4),
        ("<a>\n<?a+b?></a>", 2),
    ] {
        assert_eq!(read(text.as_bytes()), Err(XmlError::Malformed { line }), "{text}");
    }
}

#[test]
fn decodes_before_it_parses() {
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\x80\xE9</a>";
    assert_eq!(read(latin).as_deref(), Ok("a=\"\\u{80}é\""));
    let utf16: Vec<u8> = "\u{FEFF}<?xml version='1.0' encoding='UTF-16'?><a>é</a>"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(read(&utf16).as_deref(), Ok("a=\"é\""));
    assert_eq!(read(b"<a>\xFF</a>"), Err(XmlError::Undecodable));
}

#[test]
fn every_limit_holds_and_allows_what_is_at_it() {
    let small = Limits {
        bytes: 400,
        depth: 3,
        attributes: 3,
        namespaces_in_scope: 4,
        namespaces: 5,
        namespace_name: 8,
        nodes: 6,
    };
    let at_and_above = [
        ("bytes", format!("<a>{}</a>", "x".repeat(393)), format!("<a>{}</a>", "x".repeat(394))),
        (
            "elements inside of each other",
            "<a><b><c/></b></a>".to_owned(),
            "<a><b><c><d/></c></b></a>".to_owned(),
        ),
        ("attributes", "<a b='' c='' d=''/>".to_owned(), "<a b='' c='' d='' e=''/>".to_owned()),
        (
            "namespaces",
            "<a xmlns:p='1' xmlns:q='1'><b xmlns:r='1' xmlns:s='1'></b><c xmlns:t='1'/></a>"
                .to_owned(),
            "<a xmlns:p='1' xmlns:q='1'><b xmlns:r='1' xmlns:s='1' xmlns:t='1'/></a>".to_owned(),
        ),
        (
            "namespaces",
            "<a xmlns='1'><b xmlns='2'/><b xmlns='3'/><b xmlns='4'/><b xmlns='5'/></a>".to_owned(),
            "<a xmlns='1'><b xmlns='2'/><b xmlns='3'/><b xmlns='4'/><b xmlns='5' xmlns:p='6'/></a>"
                .to_owned(),
        ),
        (
            "bytes in a namespace name",
            "<a xmlns='12345678'/>".to_owned(),
            "<a xmlns='123456789'/>".to_owned(),
        ),
        // The document itself is a node.
        ("nodes", "<a><!----><b/>x<c/></a>".to_owned(), "<a><!----><b/>x<c/><c/></a>".to_owned()),
    ];
    for (what, at, above) in at_and_above {
        assert!(read_with(at.as_bytes(), &small).is_ok(), "{at}");
        assert_eq!(read_with(above.as_bytes(), &small), Err(XmlError::Limit(what)), "{above}");
    }
}

#[test]
fn nesting_is_limited_to_64() {
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert!(read(nested(64).as_bytes()).is_ok());
    for depth in [65, 100_000] {
        let got = read(nested(depth).as_bytes());
        assert_eq!(got, Err(XmlError::Limit("elements inside of each other")));
    }
}

#[test]
fn every_prefix_of_a_document_is_answered() {
    let document = "\u{FEFF}<?xml version='1.0' encoding=\"UTF-8\"?><!-- é --><?p q?>\
        <a b='&#65;' xmlns:c='urn:c'><c:d>&amp;<![CDATA[<é>]]></c:d></a>\n";
    for end in 0..document.len() {
        let got = read(document.as_bytes().get(..end).expect("inside"));
        assert_eq!(got.is_ok(), end >= document.len() - 1, "{end}: {got:?}");
    }
}

proptest! {
    #![proptest_config(seeded::config())]

    #[test]
    fn every_body_is_answered(bytes: Vec<u8>, marked in "(\u{FEFF})?(<\\?xml )?\\PC{0,30}") {
        let _ = (read(&bytes), read(marked.as_bytes()));
    }

    #[test]
    fn every_mix_of_markup_is_answered(pieces in prop::collection::vec(
        prop::sample::select(vec![
            "<", ">", "/", "</", "/>", "<a", "a", ":", "=", "'", "\"", " ", "<!--", "-->", "<![CDATA[", "]]>",
            "<?", "?>", "xml", "xmlns", "&", "#", "x", ";", "&#", "<a>", "</a>", "é", "\u{1}", "<!DOCTYPE", "\n",
        ]), 0..40,
    )) {
        let _ = read(pieces.concat().as_bytes());
    }
}
