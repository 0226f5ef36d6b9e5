//! Faults of a catalogue folder: where, what stands there, why that cannot be.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// How many faults a report keeps. All are counted, and told to the sink.
pub const MAX_SHOWN_FAULTS: usize = 1000;
/// How many causes are told apart. Faults of further ones are counted as one cause.
const MAX_CAUSES: usize = 1000;
/// Longest value that is shown, in characters.
const MAX_SHOWN_VALUE: usize = 80;

/// Something wrong in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the file, relative to the folder.
    pub file: String,
    /// Line, counted from 1. `None`: the file as a whole.
    pub line: Option<u64>,
    /// Number of the cell in its row, counted from 1; in JSON, of the character in its line.
    pub column: Option<usize>,
    /// Name of the column.
    pub name: Option<String>,
    /// What stands there; never a secret.
    pub value: Option<String>,
    pub reason: String,
}

/// Is told every fault, also those a report does not keep.
pub type FaultSink = Box<dyn FnMut(&Fault) + Send>;

/// The faults of an import, or its warnings.
#[derive(Default)]
pub struct Faults {
    shown: Vec<Fault>,
    count: u64,
    causes: BTreeMap<CauseKey, Cause>,
    sink: Option<FaultSink>,
}

/// Faults that have the same cause: one mistake of whoever wrote the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub count: u64,
    pub file: String,
    /// Name of the column.
    pub name: Option<String>,
    /// The reason of the first of them.
    pub reason: String,
    /// Whether all have exactly this reason; others differ in numbers and names.
    pub is_exact: bool,
}

/// File, column, and the reason without what differs from row to row.
type CauseKey = (String, Option<String>, String);

impl Faults {
    pub(crate) fn new(sink: Option<FaultSink>) -> Self {
        Self { sink, ..Self::default() }
    }

    pub(crate) fn add(&mut self, fault: Fault) {
        if let Some(sink) = &mut self.sink {
            sink(&fault);
        }
        self.count += 1;
        self.count_cause(&fault);
        if self.shown.len() < MAX_SHOWN_FAULTS {
            self.shown.push(fault);
        }
    }

    /// The first [`MAX_SHOWN_FAULTS`], in the order they were found.
    pub fn shown(&self) -> &[Fault] {
        &self.shown
    }

    /// How many there are in all.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What they come from, the most frequent first.
    pub fn causes(&self) -> Vec<Cause> {
        let mut causes: Vec<Cause> = self.causes.values().cloned().collect();
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
        causes
    }

    /// Adds those of another part of the same import.
    pub(crate) fn append(&mut self, other: Self) {
        self.count += other.count;
        let room = MAX_SHOWN_FAULTS.saturating_sub(self.shown.len());
        self.shown.extend(other.shown.into_iter().take(room));
        for (key, cause) in other.causes {
            self.causes
                .entry(key)
                .and_modify(|known| {
                    known.is_exact &= cause.is_exact && known.reason == cause.reason;
                    known.count += cause.count;
                })
                .or_insert(cause);
        }
    }

    fn count_cause(&mut self, fault: &Fault) {
        let mut key = (fault.file.clone(), fault.name.clone(), without_details(&fault.reason));
        let mut reason = fault.reason.as_str();
        if self.causes.len() >= MAX_CAUSES && !self.causes.contains_key(&key) {
            reason = "other causes";
            key = (fault.file.clone(), None, reason.to_owned());
        }
        let cause = self.causes.entry(key).or_insert_with_key(|(file, name, _)| Cause {
            count: 0,
            file: file.clone(),
            name: name.clone(),
            reason: reason.to_owned(),
            is_exact: true,
        });
        cause.count += 1;
        cause.is_exact &= cause.reason == reason;
    }
}

/// A reason without its numbers, codes and quotations.
fn without_details(reason: &str) -> String {
    let mut kept = String::new();
    for (index, part) in reason.split('"').enumerate() {
        if index % 2 == 1 {
            kept.push('…');
            continue;
        }
        for word in part.split_inclusive(' ') {
            let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
            kept.push_str(if has_digit { "… " } else { word });
        }
    }
    kept
}

/// `437  products.csv (gtin): wrong check digit, expected 0 (and alike)`
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7}  {}", self.count, self.file)?;
        if let Some(name) = &self.name {
            write!(f, " ({name})")?;
        }
        write!(f, ": {}{}", self.reason, if self.is_exact { "" } else { " (and alike)" })
    }
}

impl Fault {
    /// A fault of a whole file.
    pub(crate) fn of_file(file: &str, reason: impl fmt::Display) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            name: None,
            value: None,
            reason: reason.to_string(),
        }
    }

    /// A fault of a whole line.
    pub(crate) fn of_line(file: &str, line: u64, reason: impl fmt::Display) -> Self {
        Self { line: Some(line), ..Self::of_file(file, reason) }
    }
}

/// What a value looks like in a fault: short, without control characters.
pub(crate) fn shown(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let mut out = String::new();
    for (count, letter) in text.chars().enumerate() {
        if count == MAX_SHOWN_VALUE {
            out.push('…');
            break;
        }
        if letter.is_control() {
            out.extend(letter.escape_default());
        } else {
            out.push(letter);
        }
    }
    out
}

/// `prices.csv:12:4 (currency): "EUX": not an ISO 4217 currency code such as EUR`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        if let Some(name) = &self.name {
            write!(f, " ({name})")?;
        }
        if let Some(value) = &self.value {
            write!(f, ": \"{value}\"")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults")
            .field("shown", &self.shown)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

/// Writes all faults as a CSV file with a header line.
pub struct FaultFile<W: io::Write> {
    writer: csv::Writer<W>,
    /// The first failure to write; nothing is written after it.
    failure: Option<io::Error>,
}

impl<W: io::Write> FaultFile<W> {
    pub fn new(out: W) -> Self {
        let mut file = Self {
            writer: csv::WriterBuilder::new()
                .terminator(csv::Terminator::Any(b'\n'))
                .from_writer(out),
            failure: None,
        };
        file.write(&["file", "line", "column", "name", "value", "reason"]);
        file
    }

    pub fn add(&mut self, fault: &Fault) {
        let line = fault.line.map(|line| line.to_string());
        let column = fault.column.map(|column| column.to_string());
        self.write(&[
            &fault.file,
            line.as_deref().unwrap_or_default(),
            column.as_deref().unwrap_or_default(),
            fault.name.as_deref().unwrap_or_default(),
            fault.value.as_deref().unwrap_or_default(),
            &fault.reason,
        ]);
    }

    /// Ends the file and returns where it was written. Fails with the first failure of all writes.
    pub fn into_inner(mut self) -> io::Result<W> {
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => self.writer.into_inner().map_err(csv::IntoInnerError::into_error),
        }
    }

    fn write(&mut self, cells: &[&str; 6]) {
        if self.failure.is_none() {
            self.failure = self.writer.write_record(cells).err().map(io::Error::from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(number: u64) -> Fault {
        Fault::of_line("prices.csv", number, "wrong")
    }

    #[test]
    fn the_first_thousand_are_kept_and_all_are_counted_and_told() {
        for (count, kept) in [(999, 999), (1000, 1000), (1001, 1000)] {
            let (send, told) = std::sync::mpsc::channel();
            let sink: FaultSink = Box::new(move |fault| send.send(fault.line).unwrap());
            let mut faults = Faults::new(Some(sink));
            (1..=count).for_each(|number| faults.add(fault(number)));
            assert_eq!(faults.count(), count);
            assert_eq!(faults.shown().len(), kept);
            drop(faults);
            let told: Vec<_> = told.iter().flatten().collect();
            assert_eq!(told, (1..=count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn causes_are_counted_without_what_differs_from_row_to_row() {
        let mut faults = Faults::new(None);
        for number in 1..=3 {
            faults.add(Fault::of_line("a.csv", number, format!("repeats line {number}")));
        }
        for _ in 0..2 {
            faults.add(Fault { name: Some("gtin".to_owned()), ..Fault::of_file("a.csv", "wrong") });
        }
        let mut other = Faults::new(None);
        other.add(Fault::of_line("a.csv", 9, "repeats line 8"));
        faults.append(other);
        let causes: Vec<String> = faults.causes().iter().map(ToString::to_string).collect();
        let expected =
            ["      4  a.csv: repeats line 1 (and alike)", "      2  a.csv (gtin): wrong"];
        assert_eq!(causes, expected);
        assert_eq!((faults.count(), faults.shown().len()), (6, 6));
    }

    #[test]
    fn a_thousand_causes_are_told_apart() {
        for (count, expected) in [(MAX_CAUSES, MAX_CAUSES), (MAX_CAUSES + 2, MAX_CAUSES + 1)] {
            let mut faults = Faults::new(None);
            for number in 0..count {
                let name = Some(format!("column-{number}"));
                faults.add(Fault { name, ..fault(1) });
            }
            assert_eq!(faults.causes().len(), expected);
            assert_eq!(faults.count(), count as u64);
        }
    }

    #[test]
    fn shows_as_much_as_is_known() {
        let mut fault = fault(12);
        assert_eq!(fault.to_string(), "prices.csv:12: wrong");
        fault.column = Some(4);
        fault.name = Some("currency".to_owned());
        fault.value = Some(shown(b"EU\nX"));
        assert_eq!(fault.to_string(), "prices.csv:12:4 (currency): \"EU\\nX\": wrong");
        assert_eq!(Fault::of_file("a.csv", "wrong").to_string(), "a.csv: wrong");
    }

    #[test]
    fn long_values_are_cut() {
        let text = "é".repeat(MAX_SHOWN_VALUE);
        assert_eq!(shown(text.as_bytes()), text);
        assert_eq!(shown(format!("{text}x").as_bytes()), format!("{text}…"));
        assert_eq!(shown(b"\xFF"), "\u{fffd}");
    }

    #[test]
    fn the_file_of_faults_is_csv() {
        let mut file = FaultFile::new(Vec::new());
        let mut with_value = fault(3);
        with_value.value = Some("a,b".to_owned());
        file.add(&with_value);
        assert_eq!(
            String::from_utf8(file.into_inner().unwrap()).unwrap(),
            "file,line,column,name,value,reason\nprices.csv,3,,,\"a,b\",wrong\n"
        );
    }
}
