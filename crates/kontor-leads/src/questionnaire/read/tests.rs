use super::*;

const EMAIL: &str =
    r#"{"id":"email","label":"E","mandatory":true,"kind":"text","reports_as":"email"}"#;

fn reason(text: &str) -> String {
    Questionnaire::read(text).expect_err(text).to_string()
}

/// Reads a questionnaire of an e-mail question and this one.
fn with(question: &str) -> Result<Questionnaire, QuestionnaireError> {
    Questionnaire::read(&format!("[{EMAIL},{question}]"))
}

#[test]
fn the_demo_questionnaires_are_read() {
    let read = |text: &str| Questionnaire::read(text).expect("a good questionnaire");
    let documented = read(include_str!("../../../../../demo/demo42/questionnaires/1463.json"));
    assert_eq!(documented.questions().len(), 14);
    assert_eq!(documented.question("30148").map(|q| q.kind.options().len()), Some(5));
    assert_eq!(documented.email().map(|q| &*q.id), Some("email"));
    assert_eq!(documented.phone().map(|q| &*q.id), Some("phone"));
    let zip = documented.question("25533").expect("the zip code");
    assert_eq!(zip.reports_as, Some(ReportsAs::ZipCode));
    assert_eq!(zip.kind.pattern().map(Pattern::as_written), Some("/^[0-9]{5}$/"));
    assert!(documented.question("EMAIL").is_none());
    let other = read(include_str!("../../../../../demo/demo42/questionnaires/1500.json"));
    assert!(matches!(other.questions()[0].kind, QuestionKind::Multiple(_)));
}

#[test]
fn every_example_is_an_answer() {
    let text = include_str!("../../../../../demo/demo42/questionnaires/1500.json");
    let questionnaire = Questionnaire::read(text).expect("a good questionnaire");
    let given: Vec<_> = questionnaire
        .questions()
        .iter()
        .map(|q| (q.id.to_string(), crate::questionnaire::Given::Text(q.example().expect(&q.id))))
        .collect();
    assert!(questionnaire.check(&given).is_ok(), "{:?}", questionnaire.check(&given));
    for (pattern, expected) in [("^[0-9]{14}$", "11111111111111"), ("^(X|Y)-[b-d]{2,3}$", "X-bb")] {
        let question = with(&format!(
            r#"{{"id":"q","label":"Q","mandatory":false,"kind":"text","pattern":"{pattern}"}}"#
        ));
        let example = question.expect(pattern).question("q").and_then(Question::example);
        assert_eq!(example.as_deref(), Some(expected));
    }
}

#[test]
fn ids_may_be_integers() {
    let read = with(
        r#"{"id":7,"label":"Q","mandatory":false,"kind":"single","options":[{"id":1,"label":"x"},{"id":"01","label":"y"}]}"#,
    )
    .expect("a good questionnaire");
    let options: Vec<_> = read.question("7").expect("7").kind.options().iter().collect();
    assert_eq!((&*options[0].id, &*options[1].id), ("1", "01"));
}

const FAULTS: &[(&str, &str)] = &[
    ("7", "question 2: not an object"),
    ("{}", "question 2: id: missing"),
    (r#"{"id":"q"}"#, "question 2 (q): label: missing"),
    (r#"{"id":1.5,"label":"Q"}"#, "question 2 (1.5): id: not an integer"),
    (r#"{"id":true}"#, "question 2: id: not a text or an integer"),
    (
        r#"{"id":" q","label":"Q"}"#,
        "question 2 ( q): id: has blanks around it or control characters",
    ),
    (r#"{"id":"","label":"Q"}"#, "question 2 (): id: not 1 to 255 bytes"),
    (r#"{"id":"q","label":" "}"#, "question 2 (q): label: empty"),
    (r#"{"id":"q","label":"Q","mandatory":"yes"}"#, "question 2 (q): mandatory: not true or false"),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"date"}"#,
        "question 2 (q): kind: not single, multiple or text",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"single"}"#,
        "question 2 (q): options: missing",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"single","options":[]}"#,
        "question 2 (q): options: not 1 to 1000 options",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"single","options":[{"id":"1","label":"a"},{"id":1,"label":"b"}]}"#,
        "question 2 (q): options: option 2: id: another option has it",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"single","options":[{"id":"1"}]}"#,
        "question 2 (q): options: option 1: label: missing",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"single","options":[{"id":"1","label":"a"}],"pattern":"x"}"#,
        "question 2 (q): pattern: only a text has one",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"text","options":[{"id":"1","label":"a"}]}"#,
        "question 2 (q): options: a text has none",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"text","pattern":"/a(?=b)/"}"#,
        "question 2 (q): pattern: look-around is not supported",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"text","pattern":"(a)\\1"}"#,
        "question 2 (q): pattern: back-references are not supported",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"text","reports_as":"fax"}"#,
        "question 2 (q): reports_as: not last_name, first_name, email, company_name, zip_code or phone",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"text","patern":"x"}"#,
        "question 2 (q): unknown member \"patern\"",
    ),
    (
        r#"{"id":"email","label":"Q","mandatory":true,"kind":"text"}"#,
        "question 2 (email): id: another question has it",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"text","reports_as":"email"}"#,
        "two questions have reports_as email",
    ),
    (
        r#"{"id":"q","label":"Q","mandatory":true,"kind":"single","reports_as":"phone","options":[{"id":"1","label":"a"}]}"#,
        "the question that has reports_as phone must be a text",
    ),
];

#[test]
fn faults_name_the_question_and_the_member() {
    for (question, expected) in FAULTS {
        let error = with(question).expect_err(question);
        assert_eq!(error.to_string(), *expected);
    }
}

#[test]
fn every_question_with_a_fault_is_named() {
    let text = |id: &str, pattern: &str| {
        format!(
            r#"{{"id":"{id}","label":"Q","mandatory":true,"kind":"text","pattern":"{pattern}"}}"#
        )
    };
    let all = [text("a", "(?=x)"), EMAIL.to_owned(), text("b", r"(x)\\1"), text("email", "x")];
    assert_eq!(
        reason(&format!("[{}]", all.join(","))),
        "question 1 (a): pattern: look-around is not supported; \
         question 3 (b): pattern: back-references are not supported; \
         question 4 (email): id: another question has it"
    );
}

#[test]
fn faults_of_the_whole() {
    assert_eq!(reason("{}"), "not a list of questions");
    assert_eq!(reason("[]"), "not 1 to 200 questions");
    assert!(reason("[").starts_with("not JSON: "));
    assert_eq!(
        reason(r#"[{"id":"q","label":"Q","mandatory":true,"kind":"text"}]"#),
        "no question has reports_as email"
    );
    assert_eq!(
        reason(&format!("[{}]", EMAIL.replace("true", "false"))),
        "the question that has reports_as email must be mandatory"
    );
}

#[test]
fn numbers_of_questions_and_options_are_limited() {
    let list = |count: usize| {
        let more = (1..count)
            .map(|n| format!(r#"{{"id":{n},"label":"Q","mandatory":false,"kind":"text"}}"#));
        let all: Vec<_> = std::iter::once(EMAIL.to_owned()).chain(more).collect();
        Questionnaire::read(&format!("[{}]", all.join(",")))
    };
    assert!(list(MAX_QUESTIONS).is_ok());
    assert!(list(MAX_QUESTIONS + 1).is_err());
    let options = |count: usize| {
        let all: Vec<_> = (0..count).map(|n| format!(r#"{{"id":{n},"label":"o"}}"#)).collect();
        with(&format!(
            r#"{{"id":"q","label":"Q","mandatory":true,"kind":"single","options":[{}]}}"#,
            all.join(",")
        ))
    };
    assert!(options(MAX_OPTIONS).is_ok());
    assert!(options(MAX_OPTIONS + 1).is_err());
}
