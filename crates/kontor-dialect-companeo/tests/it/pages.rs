//! The page of a category for partners: made from the data, its example accepted.

use kontor_dialect_companeo::page::{Page, PageError};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::questionnaire::Category;
use kontor_model::record::Cell;

use crate::support::{Brief, CREATE, Call, Office, token};

fn category(office: &Office, code: &str) -> Category {
    match office.row(Kind::Category, &[Cell::text(code)]) {
        Some(Record::Category(category)) => category,
        other => panic!("no category: {other:?}"),
    }
}

#[test]
fn examples_are_accepted() {
    for (code, partner) in [("1463", 22), ("1500", 22), ("7214", 32)] {
        let office = Office::open();
        let category = category(&office, code);
        let page = Page::new(&category, "https://api.example.com/").expect("a page");
        let answer = office.send(&Call::post(CREATE, &page.example()).bearer(&token(partner)));
        assert_eq!(answer.brief(), "200", "{}", page.example());
        // The line for the command line sends the same.
        let curl = page.curl();
        assert!(curl.contains("https://api.example.com/api/v1/partners/create_rfq \\\n"), "{curl}");
        let (_, data) = curl.split_once("--data '").expect("data");
        let data: serde_json::Value =
            serde_json::from_str(data.trim_end_matches('\'')).expect("JSON");
        let example: serde_json::Value = serde_json::from_str(&page.example()).expect("JSON");
        assert_eq!(data, example);
    }
}

#[test]
fn pages_show_questions_options_and_codes() {
    let office = Office::open();
    let category = category(&office, "1463");
    let page = Page::new(&category, "https://api.example.com").expect("a page");
    let text = page.text();
    for part in [
        "Category 1463, fr",
        "POST https://api.example.com/api/v1/partners/create_rfq",
        "  30148        yes        6, 8, 9  Nombre de salariés / Visiteurs      one option",
        "  25533        yes        14       Code postal :                       /^[0-9]{5}$/",
        "  city         no         9        Ville                               /^(.*)$/",
        "segment: Quelle est votre forme juridique ?\n  1     Société créée (SASU, SARL, etc.)\n  CREA  ",
        "            \"30148\": 25638,\n            \"25533\": \"75001\",",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    let html = page.html();
    for part in [
        "<td>Quelle est votre forme juridique ?</td><td><code>segment</code></td><td>yes</td>",
        "<tr><td><code>CREA</code></td><td>Société en cours d&#39;immatriculation</td></tr>",
        "<code>/.*\\S.*/</code>",
    ] {
        assert!(html.contains(part), "{part:?} is not in\n{html}");
    }
    assert!(!html.contains("http-equiv") && !html.contains("<script") && !html.contains("src="));
}

#[test]
fn labels_cannot_break_out_of_the_page() {
    let office = Office::open();
    let mut category = category(&office, "1463");
    category.name = Some("<script>alert(1)</script>".to_owned());
    category.questions = category.questions.map(|q| q.replace("Prénom", "<b>&\\\"'"));
    let page = Page::new(&category, "https://api.example.com").expect("a page");
    let html = page.html();
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    assert!(html.contains("&lt;b&gt;&amp;&quot;&#39;"));
    assert!(html.contains("(&lt;script&gt;alert(1)&lt;/script&gt;)"));
}

#[test]
fn without_questionnaire_there_is_no_page() {
    let office = Office::open();
    let none = category(&office, "1701");
    let refused = Page::new(&none, "").err();
    assert_eq!(refused, Some(PageError::NoQuestionnaire("1701".to_owned())));
}
