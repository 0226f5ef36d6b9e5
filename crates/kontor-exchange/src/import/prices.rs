//! Imports prices: one thread reads and checks rows, the writer's thread stores them.

use std::panic;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use kontor_model::catalogue::Kind;
use kontor_model::price_list::Shape;
use kontor_store::{
    Abort, Kept, OnOverlap, PriceFault, PriceOrder, PriceRows, RawPrice, Removes, Severity, WriteTx,
};

use crate::fault::Fault;
use crate::source::SourceFile;

use super::context::Context;
use super::lookup::{Defaults, Named, Names};
use super::options::Mode;
use super::price_parser::{DECIMALS, LIST, Met, PER, PriceParser, SKU, TERM, VALID_TO};
use super::report::KindReport;
use super::session::Session;
use super::table_file::TableFile;

/// Rows that travel together.
const BATCH_ROWS: usize = 8192;
/// Batches that may wait for the writer; with these the memory is bounded.
const WAITING_BATCHES: usize = 4;

/// Rows and the shapes that they are the first to have.
struct Batch {
    rows: Vec<RawPrice>,
    new_shapes: Vec<Shape>,
}

/// The rows as the store takes them.
struct Batches {
    receive: Receiver<Batch>,
    shapes: Vec<Shape>,
}

impl Session<'_> {
    /// Imports the prices of a file in one pass.
    pub(super) fn import_prices(
        &mut self,
        tx: &mut dyn WriteTx,
        file: &SourceFile,
        report: &mut KindReport,
    ) -> Result<(), Abort> {
        // Without a supplier, whose fault is told, no price means anything.
        let Some(currency) = self.currency else {
            return Ok(());
        };
        let defaults = Defaults { currency };
        let names = match Named::of(self.context, file, [LIST, SKU, TERM]) {
            Some(named) => named.find(tx, defaults)?,
            None => Names::load(tx, defaults)?,
        };
        let Some(table) = TableFile::open(self.context, Kind::Price, file) else {
            return Ok(());
        };
        let parser = PriceParser::new(names, &self.keys);
        let order = self.price_order(&table);
        let context = self.context;
        let (done, met) = thread::scope(|scope| {
            let (send, receive) = mpsc::sync_channel(WAITING_BATCHES);
            let reader = scope.spawn(move || read_all(context, table, parser, &send));
            let mut rows = Batches { receive, shapes: Vec::new() };
            let mut tell = |finding| tell(context, &file.name, finding);
            let done = tx.import_prices(&mut rows, order, &mut tell);
            // The reader stops when nobody takes its rows any more.
            drop(rows);
            match reader.join() {
                Ok(met) => done.map(|done| (done, met)),
                Err(cause) => panic::resume_unwind(cause),
            }
        })?;
        report.count_prices(done);
        self.met = met;
        self.check_removed(file, report, done.removed.saturating_sub(done.asked));
        Ok(())
    }

    fn price_order(&self, table: &TableFile<'_>) -> PriceOrder {
        PriceOrder {
            removes: match self.context.mode {
                Mode::Merge => Removes::Nothing,
                Mode::ReplaceLists => Removes::OfNamedLists,
                Mode::Replace => Removes::Everything,
            },
            on_overlap: self.context.on_overlap,
            keeps: Kept {
                end: !table.has(VALID_TO),
                decimals: !table.has(DECIMALS),
                per: !table.has(PER),
            },
            warns: true,
        }
    }
}

/// Tells what is wrong or odd with a line. The reason names the other row.
fn tell(context: &Context, file: &str, finding: PriceFault) {
    let PriceFault { severity, line, other_line, price, reason } = finding;
    match severity {
        Severity::Warning => {
            context.warn(Fault { value: price, ..Fault::of_line(file, line, reason) });
        }
        Severity::Fault if other_line.is_none() && context.on_overlap == OnOverlap::Refuse => {
            let remedy = "--on-overlap trim lets the row of the file take over its time";
            context.fault(Fault::of_line(file, line, format_args!("{reason}; {remedy}")));
        }
        Severity::Fault => context.fault(Fault::of_line(file, line, reason)),
    }
}

/// Reads all rows and sends them in batches, until the end or until nobody takes them.
fn read_all(
    context: &Context,
    mut table: TableFile<'_>,
    mut parser: PriceParser<'_>,
    send: &SyncSender<Batch>,
) -> Met {
    let mut rows = Vec::with_capacity(BATCH_ROWS);
    let mut read = 0;
    loop {
        let more = table.advance();
        if more {
            read += 1;
            rows.extend(parser.read(&table));
        }
        if rows.len() == BATCH_ROWS || (!more && !rows.is_empty()) {
            let batch = Batch {
                rows: std::mem::replace(&mut rows, Vec::with_capacity(BATCH_ROWS)),
                new_shapes: parser.take_new_shapes(),
            };
            context.count_rows(std::mem::take(&mut read));
            if send.send(batch).is_err() {
                return parser.into_met();
            }
        }
        if !more {
            context.count_rows(read);
            return parser.into_met();
        }
    }
}

impl PriceRows for Batches {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        // An error means that the reader has ended: there are no more rows.
        if let Ok(next) = self.receive.recv() {
            self.shapes.extend(next.new_shapes);
            *batch = next.rows;
        }
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}
