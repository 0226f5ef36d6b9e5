//! Asking `ProductQuery`.

use std::sync::Arc;

use http::Method;
use kontor_app::App;
use kontor_dialect_secomp::{Config, dialect};
use kontor_model::catalogue::{Kind, Record};
use kontor_testkit::demo::{Answer, Call, Served};
use kontor_wire::http::Dialect;

/// The credentials of customer 123456 in a query.
pub(crate) const LOGIN: &str = "userid=_RQ123456&password=12abcd34";

pub(crate) fn make(config: Config) -> impl FnOnce(Arc<App>) -> Arc<dyn Dialect> {
    |app| dialect(app, config).expect("settings that can be used")
}

pub(crate) fn served() -> Served {
    Served::new(make(Config::default()))
}

/// A query of customer 123456.
pub(crate) fn ask(served: &Served, numbers: &str) -> Answer {
    served.get(&format!("/ProductQueryFR?{LOGIN}&{numbers}"))
}

/// An XML request of customer 123456 with these items.
pub(crate) fn xml(items: &str) -> String {
    format!(
        "<PRODUCTREQUEST><CUSTOMER><LOGIN>_RQ123456</LOGIN><PASSWORD>12abcd34</PASSWORD></CUSTOMER>\
         <ITEM_LIST>{items}</ITEM_LIST></PRODUCTREQUEST>"
    )
}

pub(crate) fn post(served: &Served, body: &[u8]) -> Answer {
    served.send(&Call::new(Method::POST, "/ProductQueryFR", body))
}

/// The status codes of an answer: of the call, then of its items.
pub(crate) fn statuses(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, 200);
    all(answer, "STATUSCODE")
}

/// The contents of all elements of a name.
pub(crate) fn all<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}>");
    let rest = answer.text.split(&*open).skip(1);
    rest.map(|rest| rest.split('<').next().unwrap_or_default()).collect()
}

/// A row of the demo in another form.
pub(crate) fn row(kind: Kind, cells: &[(&str, &str)]) -> Record {
    let text = |name: &str| cells.iter().find(|(column, _)| *column == name).map_or("", |c| c.1);
    let cells = kind.columns().iter().map(|column| column.parse(text(column.name)));
    let cells: Vec<_> = cells.collect::<Result<_, _>>().expect("cells");
    Record::from_row(kind, &cells).expect("a row")
}
