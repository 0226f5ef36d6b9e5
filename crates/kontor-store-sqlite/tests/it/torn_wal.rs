//! the write-ahead log is torn at every sector, as a power cut can leave it. What opens is
//! always the state after one of the changes, whole, and when acknowledged changes are missing the
//! high-water mark notices.

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use kontor_model::catalogue::Kind;
use kontor_store::{ChangeNumber, Store, StoreError};
use kontor_store_sqlite::{OpenOptions, SqliteStore};

use crate::rows::{change, fill, product, record};
use crate::scratch::Scratch;

const SECTOR: usize = 512;
/// Changes that are safe in the database file.
const SAFE: u64 = 3;
/// Changes in the log.
const LOGGED: u64 = 3;
const FILES: [&str; 3] = ["kontor.db", "kontor.db-wal", "high-water"];

/// What happened to the log from a sector on.
#[derive(Debug, Clone, Copy)]
enum Torn {
    /// It ends there.
    Cut,
    /// The sector is full of zeros.
    Zeroed,
    /// The sector is full of other bytes.
    Garbage,
}

/// A data directory as a running store left it: database, log and mark.
struct Image {
    files: [Vec<u8>; 3],
}

#[test]
fn a_torn_log_opens_as_a_prefix_and_a_loss_is_noticed() {
    let image = Image::take();
    let sectors: Vec<usize> = (0..image.log().len().div_ceil(SECTOR)).collect();
    let halves: Vec<&[usize]> = sectors.chunks(sectors.len().div_ceil(2)).collect();
    let seen: BTreeSet<u64> = std::thread::scope(|scope| {
        let check = |part: usize, half: &[usize]| {
            let dir = Scratch::in_memory(&format!("torn-{part}"));
            let all = half.iter().flat_map(|sector| image.check_sector(*sector, dir.path()));
            all.collect::<BTreeSet<u64>>()
        };
        let threads = halves.iter().enumerate();
        let threads: Vec<_> =
            threads.map(|(part, half)| scope.spawn(move || check(part, half))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let all: RangeInclusive<u64> = SAFE..=SAFE + LOGGED;
    assert_eq!(seen, all.collect(), "the cuts do not show every prefix");
}

/// The control: without the mark nobody notices that the log was cut. So data without its mark is
/// opened only when that is asked for.
#[test]
fn without_the_mark_a_loss_goes_unnoticed() {
    let image = Image::take();
    let dir = Scratch::in_memory("torn-control");
    let log = image.log();
    image.put_down(dir.path(), &log[..log.len() / 2]);
    fs::remove_file(dir.path().join("high-water")).unwrap();
    let refused = SqliteStore::open(dir.path(), &OpenOptions::default()).err();
    assert!(matches!(refused, Some(StoreError::Damaged(_))), "{refused:?}");
    let accept = OpenOptions { accept_older: true, ..OpenOptions::default() };
    let store = SqliteStore::open(dir.path(), &accept).unwrap();
    assert!(store.last_change().unwrap() < ChangeNumber(SAFE + LOGGED));
}

impl Image {
    fn take() -> Self {
        let dir = Scratch::in_memory(&format!("torn-image-{:?}", std::thread::current().id()));
        let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
        fill(&store, u32::try_from(SAFE - 1).unwrap());
        drop(store);
        let store = SqliteStore::open(dir.path(), &OpenOptions::default()).unwrap();
        for number in SAFE + 1..=SAFE + LOGGED {
            let number = u32::try_from(number).unwrap();
            change(&store, move |tx| {
                // The rows of a change stand in several pages; none may come without the others.
                tx.put(&product(number - 1))?;
                tx.put(&record(Kind::PriceList, &[("price_list", &format!("L{number}"))]))?;
                Ok(())
            });
        }
        let files = FILES.map(|name| fs::read(dir.path().join(name)).unwrap());
        Self { files }
    }

    fn log(&self) -> &[u8] {
        &self.files[1]
    }

    /// Opens what is left when a sector is torn, in three ways. Returns the changes that were left.
    fn check_sector(&self, sector: usize, dir: &Path) -> [u64; 3] {
        [Torn::Cut, Torn::Zeroed, Torn::Garbage].map(|torn| {
            let from = sector * SECTOR;
            let log = torn.apply(self.log(), from);
            self.put_down(dir, &log);
            let refused = SqliteStore::open(dir, &OpenOptions::default()).err();
            self.put_down(dir, &log);
            let left = prefix(dir);
            match refused {
                None => assert_eq!(left, SAFE + LOGGED, "{torn:?} at {from} went unnoticed"),
                Some(StoreError::Damaged(reason)) => {
                    let said = format!(
                        "ends at change {left}, but change {} was acknowledged",
                        SAFE + LOGGED
                    );
                    assert!(reason.contains(&said), "{torn:?} at {from}: {reason}");
                }
                Some(error) => panic!("{torn:?} at {from}: {error}"),
            }
            left
        })
    }

    /// Writes the files, with another log, as they would lie there after a power cut.
    fn put_down(&self, dir: &Path, log: &[u8]) {
        let path = |name: &str| -> PathBuf { dir.join(name) };
        drop(fs::remove_file(path("kontor.db-shm")));
        let [database, _, mark] = &self.files;
        for (name, bytes) in FILES.into_iter().zip([database.as_slice(), log, mark.as_slice()]) {
            fs::write(path(name), bytes).unwrap();
        }
    }
}

impl Torn {
    fn apply(self, log: &[u8], from: usize) -> Vec<u8> {
        let mut torn = log.to_vec();
        let sector = |torn: &mut Vec<u8>, change: fn(u8) -> u8| {
            for byte in torn.iter_mut().skip(from).take(SECTOR) {
                *byte = change(*byte);
            }
        };
        match self {
            Self::Cut => torn.truncate(from),
            Self::Zeroed => sector(&mut torn, |_| 0),
            Self::Garbage => sector(&mut torn, |byte| byte ^ 0xa5),
        }
        torn
    }
}

/// Opens the data whatever it lost, and checks that it is whole: the rows of the changes that are
/// in the log, and no others. Returns the last change.
fn prefix(dir: &Path) -> u64 {
    let accept = OpenOptions { accept_older: true, ..OpenOptions::default() };
    let store = SqliteStore::open(dir, &accept).unwrap();
    let last = store.last_change().unwrap().0;
    assert_eq!(store.verify_chain().unwrap(), last);
    let supplier = store.supplier_id("one").unwrap().unwrap();
    let count = |kind| {
        let mut count = 0;
        store
            .read(supplier, &mut |tx| {
                tx.scan(kind, &[], &mut |_| {
                    count += 1;
                    Ok(())
                })
            })
            .unwrap();
        count
    };
    assert_eq!(count(Kind::Product), last - 1);
    assert_eq!(count(Kind::PriceList), last - SAFE);
    last
}
