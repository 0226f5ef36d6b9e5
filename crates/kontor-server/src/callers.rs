//! Answers by caller: which supplier's accounts ask, and what they are told.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{PoisonError, RwLock};

use http::StatusCode;
use kontor_wire::http::Note;
use metrics::{Counter, Label};

/// Most series. An account beyond is counted under [`OTHERS`]: no number of accounts fills the memory.
const MOST_SERIES: usize = 20_000;
/// The account that stands for all that have no series of their own.
const OTHERS: &str = "(others)";

/// Counters by account. A request whose series is there already takes no lock that excludes others.
#[derive(Default)]
pub(crate) struct Callers {
    by_account: RwLock<HashMap<Box<str>, Vec<Series>>>,
    count: AtomicUsize,
}

struct Series {
    dialect: &'static str,
    supplier: Box<str>,
    told: Told,
    counter: Counter,
}

/// What was answered: the protocol's own status, else that of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Own(&'static str),
    Http(StatusCode),
}

impl Callers {
    /// Counts an answer to a known caller. `register` makes a counter that is not there yet.
    pub(crate) fn answered(
        &self,
        dialect: &'static str,
        (note, status): (&Note, StatusCode),
        register: impl Fn(Vec<Label>) -> Counter,
    ) {
        let (Some(supplier), Some(account)) = (&note.supplier, &note.account) else { return };
        let told = note.own_status.map_or(Told::Http(status), Told::Own);
        let found = |known: &HashMap<Box<str>, Vec<Series>>, account: &str| {
            let series = known.get(account)?.iter().find(|series| {
                series.told == told && series.dialect == dialect && series.supplier == *supplier
            });
            series.map(|series| series.counter.clone())
        };
        let known = self.by_account.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = found(&known, account) {
            return counter.increment(1);
        }
        drop(known);
        let is_full = self.count.load(Relaxed) >= MOST_SERIES;
        let account: &str = if is_full { OTHERS } else { account };
        let mut known = self.by_account.write().unwrap_or_else(PoisonError::into_inner);
        let counter = found(&known, account).unwrap_or_else(|| {
            let counter = register(labels(dialect, supplier, account, told));
            let supplier = supplier.clone();
            let series = Series { dialect, supplier, told, counter: counter.clone() };
            known.entry(account.into()).or_default().push(series);
            self.count.fetch_add(1, Relaxed);
            counter
        });
        counter.increment(1);
    }
}

fn labels(dialect: &'static str, supplier: &str, account: &str, told: Told) -> Vec<Label> {
    let told = match told {
        Told::Own(status) => status.to_owned(),
        Told::Http(status) => status.as_str().to_owned(),
    };
    vec![
        Label::from_static_parts("dialect", dialect),
        Label::new("supplier", supplier.to_owned()),
        Label::new("account", account.to_owned()),
        Label::new("status", told),
    ]
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn accounts_have_series_until_there_are_too_many() {
        let callers = Callers::default();
        let made = RefCell::new(Vec::new());
        let register = |labels: Vec<Label>| {
            made.borrow_mut().push(labels.iter().map(Label::value).collect::<Vec<_>>().join(" "));
            Counter::noop()
        };
        let answered = |account: &str, own_status| {
            let note = Note {
                supplier: Some("acme".into()),
                account: Some(account.into()),
                own_status,
                ..Note::default()
            };
            callers.answered("secomp", (&note, StatusCode::OK), register);
        };
        answered("a", None);
        answered("a", None);
        answered("a", Some("1"));
        callers.answered("secomp", (&Note::default(), StatusCode::OK), register);
        assert_eq!(*made.borrow(), ["secomp acme a 200", "secomp acme a 1"]);
        callers.count.store(MOST_SERIES, Relaxed);
        answered("b", None);
        answered("c", None);
        assert_eq!(made.borrow()[2..], ["secomp acme (others) 200"]);
    }
}
