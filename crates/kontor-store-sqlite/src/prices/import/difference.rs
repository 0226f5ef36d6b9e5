//! What an import of prices will write, in a file in the order of the table.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use kontor_store::{PriceImport, StoreError};

use crate::prices::import::spill;
use crate::prices::import::target::{Target, Why};
use crate::prices::read::PriceRow;

/// Bytes that are read and written at a time.
const BUFFER_BYTES: usize = 256 * 1024;
/// The same for the steps of one product.
const FEW_BYTES: usize = 8 * 1024;
/// Bytes of a price in the file.
const ROW_BYTES: usize = 36;
/// Where the steps of a product begin is noted after so many steps.
const STEPS_OF_MARK: u64 = 64;

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
    steps: u64,
    bytes: Vec<u8>,
    marks: Marks,
}

/// Where the steps of some products begin in the file, in the order of the products.
#[derive(Debug, Default)]
struct Marks {
    places: Vec<(u32, u64)>,
    /// The end of the file, and how many steps came since the last mark.
    end: u64,
    since: u64,
    last: Option<u32>,
}

/// What is to be written.
pub(crate) struct Difference {
    file: File,
    /// How many steps there are of each sort; none are counted as unchanged.
    pub(crate) count: PriceImport,
    pub(crate) steps: u64,
    marks: Marks,
}

/// The steps from a place on.
pub(crate) struct Steps<'a>(BufReader<&'a File>);

impl Noting {
    /// The file goes to this directory.
    pub(crate) fn new(directory: &Path) -> Result<Self, StoreError> {
        let file = spill::create(directory).map_err(failed)?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self {
            file,
            count: PriceImport::default(),
            steps: 0,
            bytes: Vec::new(),
            marks: Marks::default(),
        })
    }

    pub(crate) fn finish(self) -> Result<Difference, StoreError> {
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(Difference { file, count: self.count, steps: self.steps, marks: self.marks })
    }

    /// Notes a step. Those of a product come one after the other, products in their order.
    pub(crate) fn note(&mut self, step: &Step) -> Result<(), StoreError> {
        step.count(&mut self.count);
        self.steps += 1;
        self.bytes.clear();
        step.encode(&mut self.bytes);
        self.marks.pass(step.place().product, self.bytes.len());
        self.file.write_all(&self.bytes).map_err(failed)
    }
}

impl Marks {
    fn pass(&mut self, product: u32, bytes: usize) {
        if self.last != Some(product) {
            if self.places.is_empty() || self.since >= STEPS_OF_MARK {
                self.places.push((product, self.end));
                self.since = 0;
            }
            self.last = Some(product);
        }
        self.since += 1;
        self.end = self.end.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// A place before the steps of the product.
    fn before(&self, product: u32) -> u64 {
        let after = self.places.partition_point(|(marked, _)| *marked <= product);
        after.checked_sub(1).and_then(|index| self.places.get(index)).map_or(0, |(_, place)| *place)
    }
}

impl Target for Noting {
    fn insert(&mut self, row: &PriceRow, why: Why) -> Result<(), StoreError> {
        self.note(&Step::Insert(*row, why))
    }

    fn update(&mut self, old: &PriceRow, new: &PriceRow, why: Why) -> Result<(), StoreError> {
        self.note(&Step::Update { old: *old, new: *new, why })
    }

    fn remove(&mut self, old: &PriceRow, why: Why) -> Result<(), StoreError> {
        self.note(&Step::Remove(*old, why))
    }
}

impl Step {
    /// The price that the step is about: that of before, when there is one.
    pub(crate) fn place(&self) -> &PriceRow {
        let (Self::Insert(row, _) | Self::Update { old: row, .. } | Self::Remove(row, _)) = self;
        row
    }

    pub(crate) fn count(&self, counts: &mut PriceImport) {
        match self {
            Self::Insert(_, why) => count(counts, INSERT, *why),
            Self::Update { why, .. } => count(counts, UPDATE, *why),
            Self::Remove(_, why) => count(counts, REMOVE, *why),
        }
    }

    /// Adds the step as it stands in the file.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let (what, why) = match self {
            Self::Insert(_, why) => (INSERT, why),
            Self::Update { why, .. } => (UPDATE, why),
            Self::Remove(_, why) => (REMOVE, why),
        };
        let why = match why {
            Why::Asked => ASKED,
            Why::Unnamed => UNNAMED,
            Why::GivesWay => GIVES_WAY,
        };
        out.extend_from_slice(&[what, why]);
        out.extend_from_slice(&encode(self.place()));
        if let Self::Update { new, .. } = self {
            out.extend_from_slice(&encode(new));
        }
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

    /// All steps.
    pub(crate) fn steps(&self) -> Result<Steps<'_>, StoreError> {
        self.steps_from(0, BUFFER_BYTES)
    }

    /// The steps of one product.
    pub(crate) fn steps_of(&self, product: u32) -> Result<Vec<Step>, StoreError> {
        let mut found = Vec::new();
        let mut steps = self.steps_from(self.marks.before(product), FEW_BYTES)?;
        while let Some(step) = steps.next()? {
            match step.place().product.cmp(&product) {
                Ordering::Less => {}
                Ordering::Equal => found.push(step),
                Ordering::Greater => break,
            }
        }
        Ok(found)
    }

    fn steps_from(&self, place: u64, buffer: usize) -> Result<Steps<'_>, StoreError> {
        let mut start = &self.file;
        start.seek(SeekFrom::Start(place)).map_err(failed)?;
        Ok(Steps(BufReader::with_capacity(buffer, &self.file)))
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
        assert_eq!(difference.steps_of(2).unwrap().len(), 1);
        assert_eq!(difference.steps_of(3).unwrap(), []);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "files are left");
    }

    #[test]
    fn the_steps_of_a_product_are_found_among_many() {
        let dir = Scratch::new("price-steps-of");
        let mut noting = Noting::new(dir.path()).unwrap();
        let row = |product, list| PriceRow {
            product,
            list,
            shape: 1,
            amount: 1,
            changed_at: 1,
            since_change: 1,
        };
        // Every second product, with none to 200 steps.
        let steps = |product: u32| product * 7 % 201;
        for product in (0..400).step_by(2) {
            for list in 0..steps(product) {
                noting.insert(&row(product, list), Why::Asked).unwrap();
            }
        }
        let difference = noting.finish().unwrap();
        for product in 0..400 {
            let expected: Vec<Step> = (0..if product % 2 == 0 { steps(product) } else { 0 })
                .map(|list| Step::Insert(row(product, list), Why::Asked))
                .collect();
            assert_eq!(difference.steps_of(product).unwrap(), expected, "{product}");
        }
    }
}
