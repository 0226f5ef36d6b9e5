//! Writes prices by article number, then by the rest of their key.
//!
//! The database gives them in the order of its own numbers of products. They are written in that
//! order, each product sorted by itself; when that was not the order of article numbers, the
//! products are copied into it. So the memory grows with products, never with prices.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::noun::Noun;
use kontor_model::price_list::PriceEntry;
use kontor_model::record::Row;

use crate::names;

use super::staging::failed;
use super::tables::lines;
use super::{Export, ExportError, scan};

/// Name of the file in the order of the database, while it is written.
const UNSORTED: &str = "prices.unsorted";

/// Writes prices in the order they come.
struct PriceWriter {
    out: BufWriter<File>,
    runs: Runs,
    /// Prices of the current product.
    product: Vec<PriceEntry>,
    rows: u64,
}

/// Where the prices of each product stand in the file.
#[derive(Default)]
struct Runs {
    /// All article numbers, one behind the other.
    skus: String,
    places: Vec<Run>,
    /// Where the first begins, and where the next one will.
    begin: u64,
    end: u64,
}

#[derive(Clone, Copy)]
struct Run {
    sku_begin: usize,
    sku_end: usize,
    begin: u64,
    end: u64,
}

impl Export<'_> {
    pub(super) fn export_prices(&mut self) -> Result<u64, ExportError> {
        let path = self.staging.temporary(UNSORTED);
        let file = self.staging.create(UNSORTED, false)?;
        let mut writer = PriceWriter::new(file).map_err(failed(&path))?;
        scan(self.tx, Kind::Price, &mut |record| {
            let Record::Price(entry) = record else {
                return Ok(());
            };
            writer.add(entry).map_err(failed(&path))
        })?;
        let (rows, runs) = writer.finish().map_err(failed(&path))?;
        let name = names::table(Kind::Price);
        if rows > 0 && runs.is_sorted() {
            self.staging.rename(UNSORTED, &name);
            return Ok(rows);
        }
        if rows > 0 {
            let out = self.staging.create(&name, false)?;
            runs.copy_sorted(&path, out).map_err(failed(&self.staging.temporary(&name)))?;
        }
        self.staging.discard(UNSORTED);
        Ok(rows)
    }
}

impl PriceWriter {
    fn new(file: File) -> io::Result<Self> {
        let mut out = BufWriter::new(file);
        let header =
            text(&[PriceEntry::COLUMNS.iter().map(|column| column.name.to_owned()).collect()])?;
        out.write_all(&header)?;
        let begin = header.len() as u64;
        let runs = Runs { begin, end: begin, ..Runs::default() };
        Ok(Self { out, runs, product: Vec::new(), rows: 0 })
    }

    fn add(&mut self, entry: PriceEntry) -> io::Result<()> {
        if self.product.first().is_some_and(|first| first.sku != entry.sku) {
            self.write_product()?;
        }
        self.product.push(entry);
        self.rows += 1;
        Ok(())
    }

    fn finish(mut self) -> io::Result<(u64, Runs)> {
        self.write_product()?;
        self.out.flush()?;
        Ok((self.rows, self.runs))
    }

    fn write_product(&mut self) -> io::Result<()> {
        let Some(first) = self.product.first() else {
            return Ok(());
        };
        let sku = first.sku.clone();
        self.product.sort_by_cached_key(Noun::key);
        let rows: Vec<Vec<String>> = self.product.iter().map(cells).collect();
        let text = text(&rows)?;
        self.out.write_all(&text)?;
        self.runs.add(sku.as_str(), text.len() as u64);
        self.product.clear();
        Ok(())
    }
}

/// The cells of a price.
fn cells(entry: &PriceEntry) -> Vec<String> {
    let row: Row = entry.to_row();
    PriceEntry::COLUMNS.iter().zip(&row).map(|(column, cell)| column.print(cell)).collect()
}

fn text(rows: &[Vec<String>]) -> io::Result<Vec<u8>> {
    let mut writer = lines().from_writer(Vec::new());
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

impl Runs {
    fn add(&mut self, sku: &str, bytes: u64) {
        let sku_begin = self.skus.len();
        self.skus.push_str(sku);
        let (begin, end) = (self.end, self.end + bytes);
        self.places.push(Run { sku_begin, sku_end: self.skus.len(), begin, end });
        self.end = end;
    }

    fn sku(&self, run: &Run) -> &str {
        self.skus.get(run.sku_begin..run.sku_end).unwrap_or_default()
    }

    fn is_sorted(&self) -> bool {
        self.places.is_sorted_by_key(|run| self.sku(run))
    }

    /// Copies the header, then all products by article number.
    fn copy_sorted(mut self, from: &Path, to: File) -> io::Result<()> {
        let mut runs = std::mem::take(&mut self.places);
        runs.sort_by(|a, b| self.sku(a).cmp(self.sku(b)));
        let mut from = BufReader::new(File::open(from)?);
        let mut to = BufWriter::new(to);
        io::copy(&mut from.by_ref().take(self.begin), &mut to)?;
        for run in runs {
            from.seek(SeekFrom::Start(run.begin))?;
            io::copy(&mut from.by_ref().take(run.end - run.begin), &mut to)?;
        }
        to.flush()
    }
}
