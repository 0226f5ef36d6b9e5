//! Answers as JSON (`restigo.md` 2, 4 to 7), keys in the order of the protocol.

use kontor_app::lists::{Branch, PricesSet};
use kontor_wire::json::JsonWriter;

use crate::validation::Faults;
use crate::wire::message::SUCCESS;

/// A number and a name, of which the name may be missing.
pub(crate) type Named<'a> = (i64, Option<&'a str>);

pub(crate) fn message(text: &str) -> Vec<u8> {
    written(|json| {
        json.object(|json| json.key("message").string(text));
    })
}

pub(crate) fn faults(faults: &Faults) -> Vec<u8> {
    written(|json| {
        json.object(|json| {
            json.key("message").string(&faults.summary());
            json.key("errors").object(|json| {
                for fault in faults.listed() {
                    let texts = json.key(&fault.key);
                    texts.array(|json| json.string(&fault.text));
                }
            });
        });
    })
}

pub(crate) fn created(pricing_id: i64, name: &str) -> Vec<u8> {
    written(|json| {
        json.object(|json| {
            json.key("pricing_id").integer(pricing_id);
            json.key("pricing_name").string(name);
        });
    })
}

pub(crate) fn items_set(set: &PricesSet) -> Vec<u8> {
    written(|json| {
        json.object(|json| {
            json.key("message").string(SUCCESS);
            strings(json.key("items_added"), &set.added);
            strings(json.key("items_updated"), &set.updated);
            if !set.not_found.is_empty() {
                strings(json.key("items_not_found"), &set.not_found);
            }
        });
    })
}

pub(crate) fn items_deleted(numbers: &[String]) -> Vec<u8> {
    written(|json| {
        json.object(|json| {
            json.key("message").string(SUCCESS);
            strings(json.key("items_deleted"), numbers);
        });
    })
}

pub(crate) fn client(branch: &Branch<'_>, lists: &[Named<'_>], users: &[Named<'_>]) -> Vec<u8> {
    written(|json| {
        json.object(|json| {
            named(json, "client_id", "client_name", (branch.number, branch.name));
            json.key("customer_number").string(branch.customer);
            json.key("pricings").array(|json| {
                for list in lists {
                    json.object(|json| named(json, "pricing_id", "pricing_name", *list));
                }
            });
            json.key("users").array(|json| {
                for user in users {
                    json.object(|json| named(json, "user_id", "user_name", *user));
                }
            });
        });
    })
}

pub(crate) fn named(
    json: &mut JsonWriter<'_>,
    number_key: &str,
    name_key: &str,
    (number, name): Named<'_>,
) {
    json.key(number_key).integer(number);
    json.key(name_key).optional_string(name);
}

fn strings(json: &mut JsonWriter<'_>, texts: &[String]) {
    json.array(|json| {
        for text in texts {
            json.string(text);
        }
    });
}

fn written(write: impl FnOnce(&mut JsonWriter<'_>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write(&mut JsonWriter::new(&mut out));
    out
}
