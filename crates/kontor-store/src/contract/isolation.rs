//! No method reaches another supplier's rows: what is somebody else's is answered as if it did not
//! exist.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::supplier::SupplierId;

use super::catalogue::{
    changed, committed, conflict, example, fill, found, get, id, kinds, read, scan, write,
};
use crate::{ReadTx, Store};

pub(super) const CHECKS: super::Checks = &[
    ("rows_of_others_are_absent", rows_of_others_are_absent),
    ("a_supplier_that_is_none_has_nothing", a_supplier_that_is_none_has_nothing),
    ("equal_keys_of_two_suppliers_are_two_rows", equal_keys_of_two_suppliers_are_two_rows),
    ("rows_of_others_cannot_be_removed", rows_of_others_cannot_be_removed),
    ("rows_of_others_cannot_be_referred_to", rows_of_others_cannot_be_referred_to),
    ("codes_that_tell_the_supplier_are_unique", codes_that_tell_the_supplier_are_unique),
];

fn rows_of_others_are_absent(store: &dyn Store) {
    fill(store, "one");
    let other = found(store, "two");
    for kind in kinds().filter(|kind| *kind != Kind::Supplier) {
        let record = example(kind, "one");
        assert_eq!(get(store, other, &record), None, "{}", kind.name());
        assert_eq!(scan(store, other, kind, &[]), []);
        assert_eq!(scan(store, other, kind, &record.key()), []);
    }
    let of_one = example(Kind::Supplier, "one");
    assert_eq!(get(store, other, &of_one), None);
    assert_eq!(scan(store, other, Kind::Supplier, &[]), [example(Kind::Supplier, "two")]);
    questions_find_nothing(store, other);
}

fn a_supplier_that_is_none_has_nothing(store: &dyn Store) {
    fill(store, "one");
    for number in [0, id(store, "one").0 + 1, u32::MAX] {
        for kind in kinds() {
            assert_eq!(scan(store, SupplierId(number), kind, &[]), [], "{}", kind.name());
        }
        questions_find_nothing(store, SupplierId(number));
    }
}

fn equal_keys_of_two_suppliers_are_two_rows(store: &dyn Store) {
    fill(store, "one");
    fill(store, "two");
    let (one, two) = (id(store, "one"), id(store, "two"));
    for kind in kinds().filter(|kind| *kind != Kind::Supplier) {
        let old = example(kind, "two");
        let Some(new) = changed(&old) else { continue };
        let put_new = new.clone();
        let outcome = write(store, "two", move |tx| tx.put(&put_new).map(drop));
        assert!(outcome.is_ok(), "{}: {outcome:?}", kind.name());
        assert_eq!(scan(store, one, kind, &[]), [example(kind, "one")], "{}", kind.name());
        assert_eq!(scan(store, two, kind, &[]), [new]);
    }
}

fn rows_of_others_cannot_be_removed(store: &dyn Store) {
    fill(store, "one");
    found(store, "two");
    let outcome = write(store, "two", |tx| {
        for kind in kinds().rev() {
            assert!(!tx.remove(kind, &example(kind, "one").key())?, "{}", kind.name());
            if !matches!(kind, Kind::Supplier | Kind::Price) {
                tx.remember_seen(kind)?;
                assert_eq!(tx.remove_unseen(kind)?, 0, "{}", kind.name());
            }
        }
        Ok(())
    });
    assert_eq!(outcome.unwrap(), crate::Outcome::Unchanged);
    for kind in kinds() {
        assert_eq!(scan(store, id(store, "one"), kind, &[]), [example(kind, "one")]);
    }
}

fn rows_of_others_cannot_be_referred_to(store: &dyn Store) {
    fill(store, "one");
    found(store, "two");
    for kind in kinds().filter(|kind| !kind.references().is_empty()) {
        let record = example(kind, "two");
        conflict(write(store, "two", move |tx| tx.put(&record).map(drop)));
    }
}

fn codes_that_tell_the_supplier_are_unique(store: &dyn Store) {
    fill(store, "one");
    let two = fill_without_shops(store);
    for kind in [Kind::Store, Kind::Account] {
        let taken = example(kind, "one");
        let put_taken = taken.clone();
        let reason = conflict(write(store, "two", move |tx| tx.put(&put_taken).map(drop)));
        assert!(reason.contains("is taken"), "{reason}");
        let secrets = ["12abcd34", "tok-example"];
        assert!(secrets.iter().all(|secret| !reason.contains(secret)), "{reason}");
        assert_eq!(get(store, two, &taken), None);
        assert_eq!(get(store, id(store, "one"), &taken), Some(taken));
    }
}

fn fill_without_shops(store: &dyn Store) -> SupplierId {
    committed(write(store, "two", |tx| {
        for kind in kinds().take_while(|kind| *kind != Kind::Store) {
            tx.put(&example(kind, "two"))?;
        }
        Ok(())
    }));
    id(store, "two")
}

fn questions_find_nothing(store: &dyn Store, supplier: SupplierId) {
    read(store, supplier, |tx: &dyn ReadTx| {
        let Record::PriceList(list) = example(Kind::PriceList, "one") else {
            panic!("not a list");
        };
        let Record::Lead(lead) = example(Kind::Lead, "one") else {
            panic!("not a lead");
        };
        let Record::Document(document) = example(Kind::Document, "one") else {
            panic!("not a document");
        };
        assert_eq!(tx.list_by_number(list.number.unwrap()).unwrap(), None);
        assert_eq!(tx.list_by_name(&list.name.unwrap()).unwrap(), None);
        assert_eq!(tx.lead_contact(&lead.email).unwrap(), None);
        assert!(!tx.has_lead_contact(lead.contact_number).unwrap());
        let category = lead.category.as_str();
        let phone = lead.phone_key.as_deref();
        let ever = Instant::MIN;
        assert!(!tx.has_lead_alike(category, &lead.email, phone, ever).unwrap());
        tx.leads_since(category, ever, &mut |lead| panic!("{}", lead.number)).unwrap();
        tx.documents_issued(document.issued, &mut |document, _| panic!("{}", document.number))
            .unwrap();
        tx.product_ids(&mut |sku, _, _| panic!("{sku}")).unwrap();
        tx.list_ids(&mut |code, _| panic!("{code}")).unwrap();
    });
}
