//! Sorts rows of an import by product, list and shape in bounded memory: full buffers are sorted and
//! spilled to files by a thread of their own, and merged at the end.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, BinaryHeap};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use kontor_store::StoreError;

use crate::prices::import::spill;

/// Rows of one run: 80 MB. Two buffers exist at a time, one being filled, one being spilled.
const RUN_ROWS: usize = 2_000_000;
/// Stands for the amount of a line that says that its price goes.
pub(crate) const GOES: i64 = i64::MIN;
/// Products of so many lines are looked up one by one; those of more are all read.
const FEW_ROWS: usize = 20_000;
/// Bytes of a row in a spill file.
const ROW_BYTES: usize = 36;
/// Bytes that are read and written at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// A row of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SortRow {
    pub(crate) product: u32,
    pub(crate) list: u32,
    /// Index of the shape in the import.
    pub(crate) shape: u32,
    pub(crate) line: u64,
    pub(crate) amount: i64,
    /// `i64::MIN`: the import does not say.
    pub(crate) changed_at: i64,
}

/// Collects rows.
pub(crate) struct Sorter {
    directory: PathBuf,
    run_rows: usize,
    buffer: Vec<SortRow>,
    /// An empty buffer that came back from the spilling thread.
    spare: Vec<SortRow>,
    spilling: Option<JoinHandle<Spilled>>,
    spills: Vec<Run>,
    count: u64,
    lists: BTreeSet<u32>,
    put_lists: BTreeSet<u32>,
    /// The list of the line before, and whether it put a price.
    last: Option<(u32, bool)>,
}

/// The buffer, empty again, and the file that has its rows.
type Spilled = io::Result<(Vec<SortRow>, Run)>;

/// Sorted runs. They can be gone through from the beginning several times.
pub(crate) struct Sorted {
    runs: Vec<Run>,
    /// Lines that put a price.
    count: u64,
    /// The lists that lines name, and those in which lines put prices.
    lists: BTreeSet<u32>,
    put_lists: BTreeSet<u32>,
}

/// Sorted rows: in memory, or in a file with so many of them.
enum Run {
    Memory(Vec<SortRow>),
    File(File, u64),
}

/// All rows in order.
pub(crate) enum SortedRows<'a> {
    Memory(std::slice::Iter<'a, SortRow>),
    Merged(Merge<'a>),
}

/// Sorted runs, merged.
pub(crate) struct Merge<'a> {
    runs: Vec<RunRows<'a>>,
    /// The next row of each run.
    heads: BinaryHeap<Reverse<Head>>,
}

enum RunRows<'a> {
    Memory(std::slice::Iter<'a, SortRow>),
    File(BufReader<&'a File>),
}

#[derive(PartialEq, Eq)]
struct Head {
    line: SortRow,
    run: usize,
}

impl SortRow {
    /// Equal for rows whose order is only that of their lines.
    fn place(&self) -> (u64, u32) {
        (u64::from(self.product) << 32 | u64::from(self.list), self.shape)
    }

    fn encode(&self) -> [u8; ROW_BYTES] {
        let mut bytes = [0; ROW_BYTES];
        let (numbers, rest) = bytes.split_at_mut(12);
        let small = [self.product, self.list, self.shape];
        for (place, number) in numbers.chunks_exact_mut(4).zip(small) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        let line = self.line.to_le_bytes();
        let large = [line, self.amount.to_le_bytes(), self.changed_at.to_le_bytes()];
        for (place, number) in rest.chunks_exact_mut(8).zip(large) {
            place.copy_from_slice(&number);
        }
        bytes
    }

    fn decode(bytes: &[u8; ROW_BYTES]) -> Self {
        let small = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).copied();
        let large = |at: usize| bytes.get(at..).and_then(<[u8]>::first_chunk).copied();
        let number = |at| u32::from_le_bytes(small(at).unwrap_or_default());
        Self {
            product: number(0),
            list: number(4),
            shape: number(8),
            line: u64::from_le_bytes(large(12).unwrap_or_default()),
            amount: i64::from_le_bytes(large(20).unwrap_or_default()),
            changed_at: i64::from_le_bytes(large(28).unwrap_or_default()),
        }
    }
}

impl Ord for SortRow {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_place = self.place().cmp(&other.place());
        by_place.then_with(|| self.line.cmp(&other.line))
    }
}

impl PartialOrd for SortRow {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        self.line.cmp(&other.line).then(self.run.cmp(&other.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Sorter {
    /// Spill files go to this directory.
    pub(crate) fn new(directory: &Path) -> Self {
        Self::with_run_rows(directory, RUN_ROWS)
    }

    fn with_run_rows(directory: &Path, run_rows: usize) -> Self {
        Self {
            directory: directory.to_owned(),
            run_rows,
            buffer: Vec::new(),
            spare: Vec::new(),
            spilling: None,
            spills: Vec::new(),
            count: 0,
            lists: BTreeSet::new(),
            put_lists: BTreeSet::new(),
            last: None,
        }
    }

    pub(crate) fn push(&mut self, line: SortRow) -> Result<(), StoreError> {
        if self.buffer.len() == self.run_rows {
            self.spill().map_err(failed)?;
        }
        let puts = line.amount != GOES;
        if self.last != Some((line.list, puts)) {
            self.lists.insert(line.list);
            if puts {
                self.put_lists.insert(line.list);
            }
            self.last = Some((line.list, puts));
        }
        self.buffer.push(line);
        self.count += u64::from(puts);
        Ok(())
    }

    /// All rows by product, list, shape, line.
    pub(crate) fn finish(mut self) -> Result<Sorted, StoreError> {
        self.buffer.sort_unstable();
        self.collect_spill().map_err(failed)?;
        let mut runs = self.spills;
        runs.push(Run::Memory(self.buffer));
        Ok(Sorted { runs, count: self.count, lists: self.lists, put_lists: self.put_lists })
    }

    fn spill(&mut self) -> io::Result<()> {
        self.collect_spill()?;
        let mut rows = std::mem::replace(&mut self.buffer, std::mem::take(&mut self.spare));
        let file = spill::create(&self.directory)?;
        let work = move || {
            rows.sort_unstable();
            write(&file, &rows)?;
            let count = rows.len() as u64;
            rows.clear();
            Ok((rows, Run::File(file, count)))
        };
        let thread = std::thread::Builder::new().name("price-sort".to_owned());
        self.spilling = Some(thread.spawn(work)?);
        Ok(())
    }

    /// Waits for the buffer that is being spilled.
    fn collect_spill(&mut self) -> io::Result<()> {
        if let Some(thread) = self.spilling.take() {
            let ended = thread.join();
            let (rows, spill) = ended.map_err(|_| io::Error::other("the sort failed"))??;
            self.spare = rows;
            self.spills.push(spill);
        }
        Ok(())
    }
}

impl Sorted {
    /// Whether a line puts a price in this list.
    pub(crate) fn puts_list(&self, list: u32) -> bool {
        self.put_lists.contains(&list)
    }

    /// The lists that lines name.
    pub(crate) fn lists(&self) -> &BTreeSet<u32> {
        &self.lists
    }

    /// The products that lines name, ascending; `None` when there are many lines.
    pub(crate) fn few_products(&self) -> Option<Vec<u32>> {
        let [Run::Memory(rows)] = self.runs.as_slice() else {
            return None;
        };
        if rows.len() > FEW_ROWS {
            return None;
        }
        let mut products: Vec<u32> = rows.iter().map(|row| row.product).collect();
        products.dedup();
        Some(products)
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The rows from the beginning, one reader at a time.
    pub(crate) fn rows(&self) -> Result<SortedRows<'_>, StoreError> {
        if let [Run::Memory(rows)] = self.runs.as_slice() {
            return Ok(SortedRows::Memory(rows.iter()));
        }
        let runs = self.runs.iter().map(Run::rows).collect::<io::Result<_>>();
        let merge = runs.and_then(Merge::new).map_err(failed)?;
        Ok(SortedRows::Merged(merge))
    }

    /// The rows of one product.
    pub(crate) fn of_product(&self, product: u32) -> Result<Vec<SortRow>, StoreError> {
        let mut found = Vec::new();
        for run in &self.runs {
            run.take_product(product, &mut found).map_err(failed)?;
        }
        found.sort_unstable();
        Ok(found)
    }
}

impl SortedRows<'_> {
    /// The next row.
    pub(crate) fn next(&mut self) -> Result<Option<SortRow>, StoreError> {
        match self {
            Self::Memory(rows) => Ok(rows.next().copied()),
            Self::Merged(merge) => merge.next().map_err(failed),
        }
    }
}

impl<'a> Merge<'a> {
    fn new(runs: Vec<RunRows<'a>>) -> io::Result<Self> {
        let mut merge = Self { runs, heads: BinaryHeap::new() };
        for (run, rows) in merge.runs.iter_mut().enumerate() {
            if let Some(line) = rows.next()? {
                merge.heads.push(Reverse(Head { line, run }));
            }
        }
        Ok(merge)
    }

    fn next(&mut self) -> io::Result<Option<SortRow>> {
        let Some(mut head) = self.heads.peek_mut() else {
            return Ok(None);
        };
        let Head { line, run } = head.0;
        let following = match self.runs.get_mut(run) {
            Some(rows) => rows.next()?,
            None => None,
        };
        // Replacing the top in place sinks it once; taking it away and putting one back moves twice.
        match following {
            Some(line) => *head = Reverse(Head { line, run }),
            None => {
                std::collections::binary_heap::PeekMut::pop(head);
            }
        }
        Ok(Some(line))
    }
}

impl Run {
    fn rows(&self) -> io::Result<RunRows<'_>> {
        match self {
            Self::Memory(rows) => Ok(RunRows::Memory(rows.iter())),
            Self::File(file, _) => {
                let mut start = file;
                start.seek(SeekFrom::Start(0))?;
                Ok(RunRows::File(BufReader::with_capacity(BUFFER_BYTES, file)))
            }
        }
    }

    /// Adds the rows of a product, which stand together.
    fn take_product(&self, product: u32, found: &mut Vec<SortRow>) -> io::Result<()> {
        let (file, count) = match self {
            Self::Memory(rows) => {
                let first = rows.partition_point(|row| row.product < product);
                let same = rows.iter().skip(first).take_while(|row| row.product == product);
                found.extend(same);
                return Ok(());
            }
            Self::File(file, count) => (file, *count),
        };
        let (mut first, mut end) = (0, count);
        while first < end {
            let middle = first + (end - first) / 2;
            if row_at(file, middle)?.product < product {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        for place in first..count {
            let row = row_at(file, place)?;
            if row.product != product {
                break;
            }
            found.push(row);
        }
        Ok(())
    }
}

impl RunRows<'_> {
    fn next(&mut self) -> io::Result<Option<SortRow>> {
        match self {
            Self::Memory(rows) => Ok(rows.next().copied()),
            Self::File(reader) => {
                let mut bytes = [0; ROW_BYTES];
                match reader.read_exact(&mut bytes) {
                    Ok(()) => Ok(Some(SortRow::decode(&bytes))),
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

fn row_at(file: &File, place: u64) -> io::Result<SortRow> {
    let mut bytes = [0; ROW_BYTES];
    file.read_exact_at(&mut bytes, place * ROW_BYTES as u64)?;
    Ok(SortRow::decode(&bytes))
}

fn write(file: &File, rows: &[SortRow]) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(BUFFER_BYTES, file);
    for row in rows {
        file.write_all(&row.encode())?;
    }
    file.flush()
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn failed(error: io::Error) -> StoreError {
    StoreError::Write(format!("cannot sort prices: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    /// Rows in an order that looks random but is always the same.
    fn lines(count: u64) -> Vec<SortRow> {
        let mut state = 42_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        let mut small = |below| u32::try_from(random(below)).unwrap();
        let row = |line| SortRow {
            product: small(50),
            list: small(4),
            shape: small(3),
            line,
            amount: i64::MAX - i64::try_from(line).unwrap(),
            changed_at: i64::MIN + i64::try_from(line).unwrap(),
        };
        (1..=count).map(row).collect()
    }

    #[test]
    fn runs_in_files_come_out_like_one_sort_in_memory() {
        let dir = Scratch::new("sort-runs");
        for count in [0, 1, 99, 100, 101, 200, 1_234] {
            let mut expected = lines(count);
            let mut sorter = Sorter::with_run_rows(dir.path(), 100);
            for line in &expected {
                sorter.push(*line).unwrap();
            }
            let runs = sorter.finish().unwrap();
            assert_eq!(runs.count(), count);
            expected.sort_by_key(|row| (row.product, row.list, row.shape, row.line));
            for _ in 0..2 {
                let mut rows = runs.rows().unwrap();
                assert_eq!(matches!(rows, SortedRows::Memory(_)), count <= 100);
                let mut found = Vec::new();
                while let Some(line) = rows.next().unwrap() {
                    found.push(line);
                }
                assert_eq!(found, expected, "{count}");
                for product in [0, 1, 25, 49, 50] {
                    let of: Vec<_> =
                        expected.iter().filter(|row| row.product == product).copied().collect();
                    assert_eq!(runs.of_product(product).unwrap(), of, "{count} {product}");
                }
            }
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "files are left");
        }
    }
}
