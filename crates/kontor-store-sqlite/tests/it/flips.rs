//! whatever byte of the files of a data directory is damaged, what opens and loads answers as
//! before, or it is refused. Never is there another answer.

#![expect(clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::fs;
use std::ops::Range;
use std::path::Path;

use kontor_store::{Abort, Store};
use kontor_store_sqlite::SqliteStore;

use crate::proving::{answers, fill_all, open, price};
use crate::rows::{change, product};
use crate::scratch::Scratch;

/// Files of a data directory.
const FILES: [&str; 4] = ["kontor.db", "kontor.db-wal", "high-water", "in-use"];
const MARK: usize = 2;
const IN_USE: usize = 3;

/// Places of a small database and its log that are damaged in CI; a campaign takes all.
const SMALL_PLACES: usize = 400;
/// Places of a larger database in a campaign, and in CI.
const LARGE_PLACES: usize = 10_000;
const SOME_LARGE_PLACES: usize = 30;
/// Products of the larger database, with a price each.
const LARGE_PRODUCTS: u32 = 2_000;

/// The files as a running store left them, and what it answered.
struct Image {
    files: [Vec<u8>; 4],
    /// The mark as it was some changes before.
    older_mark: Vec<u8>,
    right: String,
}

/// How often what happened.
#[derive(Debug, Default)]
struct Ends {
    refused: usize,
    same: usize,
}

fn is_campaign() -> bool {
    std::env::var_os("KONTOR_TORTURE").is_some()
}

#[test]
fn torture_no_flipped_bit_is_answered() {
    let image = Image::of("flip-small", fill_all);
    let lengths = [image.files[0].len(), image.files[1].len()];
    let all = lengths[0] + lengths[1];
    let places: Vec<usize> =
        if is_campaign() { (0..all).collect() } else { seeded(all, SMALL_PLACES) };
    let ends = image.flip_all(&places);
    assert!(ends.refused > 0 && ends.same > 0, "{ends:?}");
}

#[test]
fn torture_no_flipped_bit_of_a_large_database_is_answered() {
    let image = Image::of("flip-large", |store| {
        fill_all(store);
        change(store, |tx| {
            (100..100 + LARGE_PRODUCTS).try_for_each(|number| {
                tx.put(&product(number))?;
                tx.put(&price(&format!("P{number}"), &number.to_string())).map(drop)
            })
        });
    });
    let all = image.files[0].len() + image.files[1].len();
    let places = if is_campaign() { LARGE_PLACES } else { SOME_LARGE_PLACES };
    let ends = image.flip_all(&seeded(all, places));
    assert_eq!(ends.refused + ends.same, places);
    assert!(ends.refused > 0, "{ends:?}");
}

/// The files that say how new the data is and who uses it: every byte, and every length.
#[test]
fn damaged_marks_are_refused_or_change_nothing() {
    let image = Image::of("flip-mark", fill_all);
    let dir = Scratch::in_memory("flip-mark-damaged");
    let mut ends = Ends::default();
    for index in [MARK, IN_USE] {
        let file = &image.files[index];
        for place in 0..file.len() {
            let bits = if is_campaign() { 0..8 } else { place % 8..place % 8 + 1 };
            for bit in bits {
                let mut damaged = file.clone();
                damaged[place] ^= 1 << bit;
                let what = format!("bit {bit} of byte {place} of {}", FILES[index]);
                image.check(dir.path(), index, Some(damaged), &what, &mut ends);
            }
        }
        for length in 0..file.len() {
            let what = format!("{length} bytes of {}", FILES[index]);
            image.check(dir.path(), index, Some(file[..length].to_vec()), &what, &mut ends);
        }
        image.check(dir.path(), index, None, FILES[index], &mut ends);
    }
    assert!(ends.refused > 0 && ends.same > 0, "{ends:?}");
    let mut lost = Ends::default();
    image.check(dir.path(), MARK, None, "no mark", &mut lost);
    image.check(dir.path(), MARK, Some(Vec::new()), "an empty mark", &mut lost);
    assert_eq!(lost.refused, 2, "how new the data is cannot be known any more");
}

/// An older mark says less than what is there, which is harmless; a newer one, or one of other data,
/// says something else.
#[test]
fn a_mark_of_another_time_or_of_other_data_changes_nothing() {
    let image = Image::of("flip-times", fill_all);
    let dir = Scratch::in_memory("flip-times-damaged");
    let other = Image::of("flip-other", |store| crate::rows::fill(store, 2));
    let newer = Image::of("flip-newer", |store| {
        fill_all(store);
        (20..30).for_each(|number| {
            change(store, move |tx| tx.put(&product(number)).map(drop));
        });
    });
    let mut ends = Ends::default();
    let mark = Some(image.older_mark.clone());
    image.check(dir.path(), MARK, mark, "an older mark", &mut ends);
    assert_eq!((ends.same, ends.refused), (1, 0));
    for (mark, what) in [(&newer.files[MARK], "a newer mark"), (&other.files[MARK], "of others")] {
        image.check(dir.path(), MARK, Some(mark.clone()), what, &mut ends);
    }
    assert_eq!((ends.same, ends.refused), (1, 2));
}

impl Image {
    /// The files of a store with something in the database and something in the log.
    fn of(name: &str, fill: impl FnOnce(&SqliteStore)) -> Self {
        let home = Scratch::in_memory(name);
        let store = open(home.path()).unwrap();
        fill(&store);
        drop(store);
        let older_mark = fs::read(home.path().join(FILES[MARK])).unwrap();
        let store = open(home.path()).unwrap();
        change(&store, |tx| tx.put(&product(999_999)).map(drop));
        change(&store, |tx| tx.put(&product(1_000_000)).map(drop));
        let right = answers(&store).unwrap();
        let files = FILES.map(|name| fs::read(home.path().join(name)).unwrap());
        assert!(!files[1].is_empty(), "the log is empty");
        assert!(store.last_change().unwrap().0 > 0);
        assert_ne!(files[MARK], older_mark);
        Self { files, older_mark, right }
    }

    /// Flips a bit of each of these bytes of the database and, after its end, of the log.
    fn flip_all(&self, places: &[usize]) -> Ends {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let part = places.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let parts = places.chunks(part).enumerate();
            let parts: Vec<_> = parts
                .map(|(number, places)| scope.spawn(move || self.flip_some(number, places)))
                .collect();
            parts.into_iter().map(|part| part.join().unwrap()).fold(Ends::default(), |sum, ends| {
                Ends { refused: sum.refused + ends.refused, same: sum.same + ends.same }
            })
        })
    }

    fn flip_some(&self, part: usize, places: &[usize]) -> Ends {
        let of_files = format!("{}-{part}", self.files[0].len());
        let dir = Scratch::in_memory(&format!("flip-damaged-{of_files}"));
        let mut ends = Ends::default();
        for place in places {
            let (index, at) = match place.checked_sub(self.files[0].len()) {
                None => (0, *place),
                Some(at) => (1, at),
            };
            let mut damaged = self.files[index].clone();
            damaged[at] ^= 1 << (at % 8);
            let what = format!("byte {at} of {}", FILES[index]);
            self.check(dir.path(), index, Some(damaged), &what, &mut ends);
        }
        ends
    }

    /// Opens the files with one of them replaced, or taken away.
    fn check(&self, dir: &Path, index: usize, with: Option<Vec<u8>>, what: &str, ends: &mut Ends) {
        for (name, bytes) in FILES.iter().zip(&self.files) {
            fs::write(dir.join(name), bytes).unwrap();
        }
        drop(fs::remove_file(dir.join("kontor.db-shm")));
        match with {
            Some(bytes) => fs::write(dir.join(FILES[index]), bytes).unwrap(),
            None => fs::remove_file(dir.join(FILES[index])).unwrap(),
        }
        match open(dir).map_err(Abort::from).and_then(|store| answers(&store)) {
            Ok(answered) => {
                assert!(answered == self.right, "{what}: another answer");
                ends.same += 1;
            }
            Err(_) => ends.refused += 1,
        }
    }
}

/// So many places below a bound, the same in every run.
fn seeded(below: usize, places: usize) -> Vec<usize> {
    let mut state: u64 = 0x6b6f_6e74_6f72;
    let range: Range<usize> = 0..places;
    let place = |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    range.map(place).collect()
}
