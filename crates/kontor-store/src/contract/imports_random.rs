//! An import is held equal to the plain rule: rows one after the other, each replacing the one with
//! its key; afterwards no two may apply to one question.

use kontor_model::catalogue::{Kind, Record};

use super::catalogue::{committed, scan, write};
use super::imports::{Imported, entry, import};
use super::prices::{price, shop};
use super::staged::staged_import;
use crate::{Outcome, Store};

const ROUNDS: u64 = 240;

/// Numbers that look random and are always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        (self.0 >> 33) % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let limit = u64::try_from(of.len()).unwrap();
        of[usize::try_from(self.below(limit)).unwrap()]
    }
}

pub(super) fn check(store: &dyn Store) {
    let supplier = shop(store, "one");
    let mut numbers = Numbers(7);
    let mut stored: Vec<Record> = Vec::new();
    let (mut good, mut bad) = (0, 0);
    for round in 0..ROUNDS {
        let rows: Vec<Record> = (0..=numbers.below(6)).map(|_| random(&mut numbers)).collect();
        let replace = numbers.below(4) == 0;
        // A refusal is by what the import saw, which is what stood when it began.
        let could_begin = expected(&stored, &rows, replace).is_some();
        // Every other import is staged while others write.
        let Imported { outcome, faults, result, .. } = if round % 2 == 0 {
            import(store, rows.clone(), true, replace)
        } else {
            staged_import(store, rows.clone(), replace, || {
                (0..numbers.below(3)).for_each(|_| move_one(store, &mut numbers, &mut stored));
            })
        };
        if let Some(expected) = expected(&stored, &rows, replace).filter(|_| could_begin) {
            good += 1;
            assert_eq!(faults, [], "round {round}");
            let is_same = sorted(&expected) == sorted(&stored);
            assert_eq!(outcome.unwrap() == Outcome::Unchanged, is_same, "round {round}");
            let all = result.inserted + result.updated + result.unchanged;
            assert_eq!(all, u64::try_from(rows.len()).unwrap());
            stored = expected;
        } else {
            bad += 1;
            assert_ne!(faults, [], "round {round}: {rows:?} onto {stored:?}");
            assert_eq!(outcome.unwrap(), Outcome::Refused);
        }
        let found = scan(store, supplier, Kind::Price, &[]);
        assert_eq!(sorted(&found), sorted(&stored), "round {round}");
    }
    assert!(good > 20 && bad > 20, "{good} good and {bad} bad rounds show too little");
    committed(import(store, vec![price(&[("sku", "cable")])], true, true).outcome);
}

/// Somebody puts or removes one price, when nothing is in the way.
fn move_one(store: &dyn Store, numbers: &mut Numbers, stored: &mut Vec<Record>) {
    let removed = stored.get(usize::try_from(numbers.below(8)).unwrap()).map(Record::key);
    if let Some(key) = removed {
        stored.retain(|old| old.key() != key);
        committed(write(store, "one", move |tx| Ok(tx.remove(Kind::Price, &key).map(drop)?)));
        return;
    }
    let row = random(numbers);
    let outcome = write(store, "one", {
        let row = row.clone();
        move |tx| tx.put(&row).map(drop)
    });
    if let Some(after) = expected(stored, &[row], false) {
        outcome.unwrap();
        *stored = after;
    } else {
        outcome.unwrap_err();
    }
}

/// Prices whose validities are days of January, so that they often touch or overlap.
fn random(numbers: &mut Numbers) -> Record {
    let from = numbers.below(10);
    let to = from + 1 + numbers.below(6);
    let day = |day: u64| format!("2016-01-{:02}T00:00:00Z", day + 1);
    let (valid_from, valid_to) = (day(from), day(to));
    let minimum = numbers.one(&["", "10"]);
    let amount = numbers.one(&["1", "2.5"]);
    let mut fields = vec![
        ("sku", numbers.one(&["11045680", "cable"])),
        ("price_list", numbers.one(&["EUR-A", "USD-B"])),
        ("uom", numbers.one(&["", "", "C62", "MTR"])),
        ("amount", amount),
    ];
    if !minimum.is_empty() {
        fields.push(("minimum_quantity", minimum));
    }
    if numbers.below(8) != 0 {
        fields.push(("valid_from", &valid_from));
    }
    if numbers.below(8) != 0 {
        fields.push(("valid_to", &valid_to));
    }
    fields.retain(|(_, value)| !value.is_empty());
    price(&fields)
}

/// What is stored afterwards; `None` when the rows cannot be.
fn expected(stored: &[Record], rows: &[Record], replace: bool) -> Option<Vec<Record>> {
    let rows: Vec<Record> = rows.iter().map(in_base_unit).collect();
    let repeats = |row: &Record| rows.iter().filter(|other| other.key() == row.key()).count() > 1;
    if rows.iter().any(repeats) {
        return None;
    }
    let stays = |old: &&Record| !replace && rows.iter().all(|row| row.key() != old.key());
    let mut after: Vec<Record> = stored.iter().filter(stays).cloned().collect();
    after.extend(rows.iter().cloned());
    let conflict = after.iter().enumerate().any(|(index, a)| {
        let (a, mut others) = (entry(a), after.iter().skip(index + 1).map(entry));
        others.any(|b| a.list == b.list && a.sku == b.sku && a.shape.conflicts(&b.shape, &[]))
    });
    (!conflict).then_some(after)
}

fn in_base_unit(record: &Record) -> Record {
    let base = if entry(record).sku.as_str() == "cable" { "MTR" } else { "C62" };
    let mut row = record.to_row();
    if row[2] == kontor_model::record::Cell::text(base) {
        row[2] = kontor_model::record::Cell::Null;
    }
    Record::from_row(Kind::Price, &row).unwrap()
}

fn sorted(records: &[Record]) -> Vec<kontor_model::record::Row> {
    let mut rows: Vec<_> = records.iter().map(Record::to_row).collect();
    rows.sort();
    rows
}
