//! Settings of suppliers that the data does not have: a code that was mistyped would be without
//! effect in silence.

use std::collections::BTreeMap;

use kontor_pricing::Book;

use crate::config::Config;

/// A line for each such setting.
pub(crate) fn of(config: &Config, book: &Book) -> Vec<String> {
    let of_protocols = [
        ("secomp", codes(&config.secomp.suppliers)),
        ("websphere", codes(&config.websphere.suppliers)),
        ("consinco", codes(&config.consinco.suppliers)),
        ("restigo", codes(&config.restigo.suppliers)),
        ("companeo", codes(&config.companeo.suppliers)),
    ];
    let settings = of_protocols
        .into_iter()
        .flat_map(|(protocol, codes)| codes.into_iter().map(move |code| (protocol, code)));
    settings
        .filter(|(_, code)| book.supplier(code).is_none())
        .map(|(protocol, code)| {
            format!(
                "{protocol}.suppliers.{code}: the data has no supplier {code}, so these settings are \
                 without effect"
            )
        })
        .collect()
}

fn codes<T>(suppliers: &BTreeMap<String, T>) -> Vec<&str> {
    suppliers.keys().map(String::as_str).collect()
}
