//! The questions that have methods of their own: lists by number and name, documents of a day, leads.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;

use super::catalogue::{committed, example, fill, found, id, kinds, put, read, record, write};
use crate::Store;

pub(super) const CHECKS: super::Checks = &[
    ("lists_are_found_by_number_and_name", lists_are_found_by_number_and_name),
    ("numbers_of_products_and_lists_are_never_used_again", numbers_are_never_used_again),
    ("documents_of_a_day_are_in_numeric_order", documents_of_a_day_are_in_numeric_order),
    ("leads_are_found_by_category_and_time", leads_are_found_by_category_and_time),
    ("leads_alike_are_found", leads_alike_are_found),
    ("contacts_are_found_by_email", contacts_are_found_by_email),
    ("leads_are_found_at_ends", leads_are_found_at_ends),
    ("counters_give_out_every_number_once", counters_give_out_every_number_once),
];

fn lists_are_found_by_number_and_name(store: &dyn Store) {
    let supplier = found(store, "one");
    let list = |code: &str, number: &str, name: &str| {
        let fields = [("price_list", code), ("number", number), ("name", name)];
        record(Kind::PriceList, &fields)
    };
    let (a, b) = (list("A", "7", "Same"), list("B", "", "Same"));
    put(store, &a, "one");
    put(store, &b, "one");
    read(store, supplier, |tx| {
        assert_eq!(tx.list_by_number(7).unwrap(), Some(a.clone()));
        assert_eq!(tx.list_by_number(8).unwrap(), None);
        assert_eq!(tx.list_by_name("Same").unwrap(), Some(a.clone()), "the older one");
        assert_eq!(tx.list_by_name("same").unwrap(), None);
    });
}

fn numbers_are_never_used_again(store: &dyn Store) {
    let supplier = found(store, "one");
    let numbers = || {
        read(store, supplier, |tx| {
            let mut numbers = Vec::new();
            tx.product_ids(&mut |sku, id, uom| {
                numbers.push((sku.to_owned(), id.0, uom.code()));
                Ok(())
            })
            .unwrap();
            tx.list_ids(&mut |code, id| {
                numbers.push((code.to_owned(), id.0, "list"));
                Ok(())
            })
            .unwrap();
            numbers
        })
    };
    let product = record(Kind::Product, &[("sku", "a"), ("base_uom", "KGM")]);
    let list = record(Kind::PriceList, &[("price_list", "L")]);
    let mut used = Vec::new();
    for _ in 0..3 {
        put(store, &product, "one");
        put(store, &list, "one");
        let now = numbers();
        assert_eq!(now.len(), 2);
        assert_eq!((now[0].0.as_str(), now[0].2), ("a", "KGM"));
        assert_eq!((now[1].0.as_str(), now[1].2), ("L", "list"));
        for (_, number, kind) in now {
            assert!(!used.contains(&(number, kind)), "{number} of {kind} again");
            used.push((number, kind));
        }
        committed(write(store, "one", |tx| {
            assert!(tx.remove(Kind::Product, &[kontor_model::record::Cell::text("a")])?);
            assert!(tx.remove(Kind::PriceList, &[kontor_model::record::Cell::text("L")])?);
            Ok(())
        }));
    }
}

fn documents_of_a_day_are_in_numeric_order(store: &dyn Store) {
    fill(store, "one");
    let supplier = id(store, "one");
    let numbers = ["0100", "A7", "99", "9", "100000000000000000000000001", "7B"];
    for number in numbers {
        let fields = [
            ("kind", "invoice"),
            ("document", number),
            ("customer", "123456"),
            ("issued", "2016-02-01"),
            ("value_date", "2016-02-01"),
            ("supply_date", "2016-02-02"),
        ];
        put(store, &record(Kind::Document, &fields), "one");
        for position in ["10", "9"] {
            let fields = [
                ("kind", "invoice"),
                ("document", number),
                ("position", position),
                ("sku", "11045680"),
                ("packages", "1"),
                ("units_per_package", "1"),
            ];
            put(store, &record(Kind::DocumentLine, &fields), "one");
        }
    }
    let mut found = Vec::new();
    read(store, supplier, |tx| {
        tx.documents_issued("2016-02-01".parse().unwrap(), &mut |document, line| {
            assert_eq!(document.number, line.number);
            found.push((document.number.to_string(), line.position));
            Ok(())
        })
        .unwrap();
    });
    let order = ["9", "99", "0100", "100000000000000000000000001", "7B", "A7"];
    let expected = order.iter().flat_map(|number| [9, 10].map(|line| ((*number).to_owned(), line)));
    assert_eq!(found, expected.collect::<Vec<_>>());
    read(store, supplier, |tx| {
        tx.documents_issued("2016-02-02".parse().unwrap(), &mut |document, _| {
            panic!("{} is of another day", document.number)
        })
        .unwrap();
    });
}

fn leads_are_found_by_category_and_time(store: &dyn Store) {
    lead_fixture(store);
    let supplier = id(store, "one");
    let numbers = |category: &str, since: &str| {
        let since: Instant = since.parse().unwrap();
        read(store, supplier, |tx| {
            let mut numbers = Vec::new();
            tx.leads_since(category, since, &mut |lead| {
                numbers.push(lead.number);
                Ok(())
            })
            .unwrap();
            numbers
        })
    };
    assert_eq!(numbers("1463", "2016-01-01T00:00:00Z"), [3, 2, 1]);
    assert_eq!(numbers("1463", "2016-01-12T00:00:00Z"), [2, 1], "the instant itself counts");
    assert_eq!(numbers("1463", "2016-01-12T00:00:00.000001Z"), [1]);
    assert_eq!(numbers("99", "2016-01-01T00:00:00Z"), [4]);
    assert_eq!(numbers("98", "2016-01-01T00:00:00Z"), [] as [i64; 0]);
}

fn leads_alike_are_found(store: &dyn Store) {
    lead_fixture(store);
    let supplier = id(store, "one");
    let alike = |email: &str, phone: Option<&str>, since: &str| {
        let since: Instant = since.parse().unwrap();
        read(store, supplier, |tx| tx.has_lead_alike("1463", email, phone, since).unwrap())
    };
    let (early, late) = ("2016-01-01T00:00:00Z", "2016-01-14T00:00:00Z");
    assert!(alike("BUYER2@test.example", None, early));
    assert!(!alike("buyer2@test.example", None, late));
    assert!(!alike("buyer4@test.example", None, early), "of another category");
    assert!(alike("nobody@test.example", Some("+33-1"), late));
    assert!(!alike("nobody@test.example", Some("+33-2"), late));
    assert!(!alike("nobody@test.example", None, early));
}

fn contacts_are_found_by_email(store: &dyn Store) {
    lead_fixture(store);
    let supplier = id(store, "one");
    let contact = |email: &str| read(store, supplier, |tx| tx.lead_contact(email).unwrap());
    assert_eq!(contact("buyer2@test.example"), Some(8_302));
    assert_eq!(contact("Buyer2@TEST.example"), Some(8_302));
    assert_eq!(contact("buyer9@test.example"), None);
    assert_eq!(contact("%"), None);
    let is_taken = |number| read(store, supplier, |tx| tx.has_lead_contact(number).unwrap());
    assert_eq!([8_302, 8_399].map(is_taken), [true, false]);
}

fn leads_are_found_at_ends(store: &dyn Store) {
    lead_fixture(store);
    let supplier = id(store, "one");
    let newest = read(store, supplier, |tx| tx.newest_lead().unwrap());
    assert_eq!(newest.map(|lead| lead.number), Some(4));
    let from = |least: &str| {
        let lead = read(store, supplier, |tx| tx.lead_with_email_from(least).unwrap());
        lead.map(|lead| lead.number)
    };
    assert_eq!(from(""), Some(1));
    assert_eq!(from("BUYER2@test.example"), Some(2), "this one counts");
    assert_eq!(from("buyer2@test.example!"), Some(3));
    assert_eq!(from("buyer5"), None);
}

fn counters_give_out_every_number_once(store: &dyn Store) {
    let supplier = found(store, "one");
    found(store, "two");
    committed(write(store, "one", |tx| {
        assert_eq!(tx.next_number("lead_number")?, 1);
        assert_eq!(tx.next_number("lead_number")?, 2);
        assert_eq!(tx.next_number("price_list_number")?, 1);
        Ok(())
    }));
    let counter = record(Kind::Counter, &[("counter", "lead_number"), ("next", "500")]);
    put(store, &counter, "one");
    committed(write(store, "one", |tx| {
        assert_eq!(tx.next_number("lead_number")?, 500);
        Ok(())
    }));
    committed(write(store, "two", |tx| {
        assert_eq!(tx.next_number("lead_number")?, 1);
        Ok(())
    }));
    let refused = write(store, "one", |tx| {
        assert_eq!(tx.next_number("lead_number")?, 501);
        Err(crate::Abort::Refused)
    });
    assert_eq!(refused.unwrap(), crate::Outcome::Refused);
    let next = read(store, supplier, |tx| tx.get(Kind::Counter, &counter.key()).unwrap());
    assert!(matches!(next, Some(Record::Counter(counter)) if counter.next == 501));
}

/// Leads 1, 2 and 3 of one category, the newest first, and lead 4 of another.
fn lead_fixture(store: &dyn Store) {
    committed(write(store, "one", |tx| {
        for kind in kinds().take_while(|kind| *kind != Kind::Lead) {
            tx.put(&example(kind, "one"))?;
        }
        tx.put(&record(Kind::Category, &[("category", "99")]))?;
        for (number, category, day) in
            [("1", "1463", 15), ("2", "1463", 12), ("3", "1463", 10), ("4", "99", 11)]
        {
            let phone_key = format!("+33-{number}");
            let (contact, email) = (format!("830{number}"), format!("buyer{number}@test.example"));
            let at = format!("2016-01-{day}T00:00:00Z");
            let fields = [
                ("lead", number),
                ("category", category),
                ("partner", "22"),
                ("contact_number", contact.as_str()),
                ("email", email.as_str()),
                ("phone_key", phone_key.as_str()),
                ("created_at", at.as_str()),
            ];
            tx.put(&record(Kind::Lead, &fields))?;
        }
        Ok(())
    }));
}
