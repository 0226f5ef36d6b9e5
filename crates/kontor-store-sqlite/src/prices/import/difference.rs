//! What an import of prices will write, in a file in the order of the table.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use kontor_store::{PriceImport, StoreError};

use crate::prices::import::spill;
use crate::prices::import::target::{Target, Why};
use crate::prices::read::PriceRow;

/// Bytes that are read and written at a time.
const BUFFER_BYTES: usize = 256 * 1024;
/// Bytes of a price in the file.
const ROW_BYTES: usize = 36;

pub(crate) const INSERT: u8 = b'i';
pub(crate) const UPDATE: u8 = b'u';
pub(crate) const REMOVE: u8 = b'r';
const ASKED: u8 = b'a';
const UNNAMED: u8 = b'n';
const GIVES_WAY: u8 = b'g';

/// One thing to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Insert(PriceRow, Why),
    Update { old: PriceRow, new: PriceRow, why: Why },
    Remove(PriceRow, Why),
}

/// Notes what is to be written.
pub(crate) struct Noting {
    file: BufWriter<File>,
    count: PriceImport,
}

/// What is to be written.
pub(crate) struct Difference {
    file: File,
    /// How many steps there are of each sort; none are counted as unchanged.
    pub(crate) count: PriceImport,
}

/// The steps from the beginning.
pub(crate) struct Steps<'a>(BufReader<&'a File>);

impl Noting {
    /// The file goes to this directory.
    pub(crate) fn new(directory: &Path) -> Result<Self, StoreError> {
        let file = spill::create(directory).map_err(failed)?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { file, count: PriceImport::default() })
    }

    pub(crate) fn finish(self) -> Result<Difference, StoreError> {
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(Difference { file, count: self.count })
    }

    fn note(&mut self, what: u8, why: Why, rows: &[&PriceRow]) -> Result<(), StoreError> {
        count(&mut self.count, what, why);
        let why = match why {
            Why::Asked => ASKED,
            Why::Unnamed => UNNAMED,
            Why::GivesWay => GIVES_WAY,
        };
        self.file.write_all(&[what, why]).map_err(failed)?;
        rows.iter().try_for_each(|row| self.file.write_all(&encode(row)).map_err(failed))
    }
}

impl Target for Noting {
    fn insert(&mut self, row: &PriceRow, why: Why) -> Result<(), StoreError> {
        self.note(INSERT, why, &[row])
    }

    fn update(&mut self, old: &PriceRow, new: &PriceRow, why: Why) -> Result<(), StoreError> {
        self.note(UPDATE, why, &[old, new])
    }

    fn remove(&mut self, old: &PriceRow, why: Why) -> Result<(), StoreError> {
        self.note(REMOVE, why, &[old])
    }
}

/// Counts a step: a stored price that gives way once, whatever becomes of it.
pub(crate) fn count(counts: &mut PriceImport, what: u8, why: Why) {
    match (what, why) {
        (INSERT, Why::GivesWay) => {}
        (_, Why::GivesWay) => counts.trimmed += 1,
        (INSERT, _) => counts.inserted += 1,
        (UPDATE, _) => counts.updated += 1,
        _ => {
            counts.removed += 1;
            counts.asked += u64::from(why == Why::Asked);
        }
    }
}

impl Difference {
    /// Whether nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == PriceImport::default()
    }

    pub(crate) fn steps(&self) -> Result<Steps<'_>, StoreError> {
        let mut start = &self.file;
        start.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(Steps(BufReader::with_capacity(BUFFER_BYTES, &self.file)))
    }
}

impl Steps<'_> {
    pub(crate) fn next(&mut self) -> Result<Option<Step>, StoreError> {
        let mut head = [0; 2];
        match self.0.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(failed(error)),
        }
        let [what, why] = head;
        let why = match why {
            ASKED => Why::Asked,
            UNNAMED => Why::Unnamed,
            _ => Why::GivesWay,
        };
        let first = self.row()?;
        Ok(Some(match what {
            INSERT => Step::Insert(first, why),
            UPDATE => Step::Update { old: first, new: self.row()?, why },
            _ => Step::Remove(first, why),
        }))
    }

    fn row(&mut self) -> Result<PriceRow, StoreError> {
        let mut bytes = [0; ROW_BYTES];
        self.0.read_exact(&mut bytes).map_err(failed)?;
        Ok(decode(&bytes))
    }
}

fn encode(row: &PriceRow) -> [u8; ROW_BYTES] {
    let mut bytes = [0; ROW_BYTES];
    let (numbers, rest) = bytes.split_at_mut(12);
    for (place, number) in numbers.chunks_exact_mut(4).zip([row.product, row.list, row.shape]) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    for (place, number) in
        rest.chunks_exact_mut(8).zip([row.amount, row.changed_at, row.since_change])
    {
        place.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

fn decode(bytes: &[u8; ROW_BYTES]) -> PriceRow {
    let small = |at: usize| {
        let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk).copied();
        u32::from_le_bytes(bytes.unwrap_or_default())
    };
    let large = |at: usize| {
        let bytes = bytes.get(at..).and_then(<[u8]>::first_chunk).copied();
        i64::from_le_bytes(bytes.unwrap_or_default())
    };
    PriceRow {
        product: small(0),
        list: small(4),
        shape: small(8),
        amount: large(12),
        changed_at: large(20),
        since_change: large(28),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn failed(error: io::Error) -> StoreError {
    StoreError::Write(format!("cannot keep the changed prices: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn steps_read_back_as_often_as_wanted() {
        let dir = Scratch::new("price-steps");
        let row = |number: u32| PriceRow {
            product: number,
            list: u32::MAX - number,
            shape: 7,
            amount: i64::MIN + i64::from(number),
            changed_at: i64::MAX,
            since_change: i64::from(number) * 3,
        };
        let mut noting = Noting::new(dir.path()).unwrap();
        assert!(Noting::new(dir.path()).unwrap().finish().unwrap().is_empty());
        noting.insert(&row(1), Why::Asked).unwrap();
        noting.update(&row(2), &row(3), Why::GivesWay).unwrap();
        noting.remove(&row(4), Why::Unnamed).unwrap();
        let difference = noting.finish().unwrap();
        let count = PriceImport { inserted: 1, removed: 1, trimmed: 1, ..PriceImport::default() };
        assert_eq!(difference.count, count);
        assert!(!difference.is_empty());
        for _ in 0..2 {
            let mut steps = difference.steps().unwrap();
            assert_eq!(steps.next().unwrap(), Some(Step::Insert(row(1), Why::Asked)));
            let update = Step::Update { old: row(2), new: row(3), why: Why::GivesWay };
            assert_eq!(steps.next().unwrap(), Some(update));
            assert_eq!(steps.next().unwrap(), Some(Step::Remove(row(4), Why::Unnamed)));
            assert_eq!(steps.next().unwrap(), None);
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "files are left");
    }
}
