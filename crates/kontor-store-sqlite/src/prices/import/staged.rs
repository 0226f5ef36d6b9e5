//! An import of prices that is compared with a view of the data and written later.

use std::collections::{BTreeSet, HashMap};

use kontor_model::payment_term::PaymentTermCode;
use kontor_model::price_list::Shape;
use kontor_store::{Abort, PriceFault, PriceImport, PriceRows, ReadTx, StoreError};

use super::difference::{Difference, Noting, Step};
use super::fault::Faults;
use super::shapes::{self, FIRST_NEW, NewShapes, Shapes};
use super::sink::{Sink, Told};
use super::sort::{SortRow, Sorted};
use super::target::Target;
use super::{Pass, Product, collect, last_priced};
use crate::database::Database;
use crate::pending;
use crate::prices::read::PriceRow;
use crate::read::Rows;
use crate::staging::StagedRows;
use crate::write::Tx;

/// What was compared, and what came of it.
pub(crate) struct StagedPrices {
    pub(crate) replace: bool,
    /// The products by number, also those that are only staged.
    pub(crate) products: Vec<Product>,
    sorted: Sorted,
    shapes: Vec<Shape>,
    /// The shapes of `shapes` as numbers, and those that the view did not have.
    met: Vec<u32>,
    new_shapes: Vec<Shape>,
    difference: Difference,
    /// The lists that lines name.
    lists: BTreeSet<u32>,
    /// The token under which what differs stands beside the table already.
    pending: Option<i64>,
    /// Products and lists from these numbers on were not there in the view.
    first_product: u32,
    first_list: u32,
}

/// The view that prices are compared with.
pub(crate) struct View<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) staged: StagedRows<'a>,
    /// Where payment terms stand.
    pub(crate) terms: &'a dyn ReadTx,
    pub(crate) products: Vec<Product>,
    pub(crate) lists: Vec<u32>,
    pub(crate) first_product: u32,
    pub(crate) first_list: u32,
}

/// How numbers of products and lists that were only staged are told apart, and what they became.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Renumbered {
    /// The first that was given out by the staging.
    pub(crate) first: u32,
    /// How many others took meanwhile.
    pub(crate) shift: u32,
}

/// Compares an import with the view. `None`: there was a fault.
pub(crate) fn stage(
    view: View<'_>,
    source: &mut dyn PriceRows,
    replace: bool,
    fault: &mut dyn FnMut(PriceFault),
) -> Result<Option<StagedPrices>, Abort> {
    let rows = view.rows;
    let sorted = collect(&rows, source)?;
    let imported = source.shapes();
    let new_shapes = NewShapes::Noted(Vec::new(), HashMap::new());
    let mut shapes = Shapes::new(rows.database, view.terms, new_shapes, imported);
    let mut faults = Faults::staged(rows, view.staged, fault);
    let mut noting = Noting::new(&rows.database.directory)?;
    let mut pass = Pass::new(rows, view.lists, last_priced(&rows)?, replace)?;
    pass.run(&view.products, &sorted, &mut shapes, &mut noting, &mut faults)?;
    if faults.any() {
        return Ok(None);
    }
    Ok(Some(StagedPrices {
        replace,
        products: view.products,
        sorted,
        shapes: imported.to_vec(),
        met: shapes.met(),
        new_shapes: shapes.into_new(),
        difference: noting.finish()?,
        lists: pass.named_lists,
        pending: None,
        first_product: view.first_product,
        first_list: view.first_list,
    }))
}

impl StagedPrices {
    /// What the import does if nothing moves.
    pub(crate) fn result(&self) -> PriceImport {
        self.with_unchanged(self.difference.count)
    }

    /// Whether nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.difference.is_empty()
    }

    /// How many prices are written or removed.
    pub(crate) fn steps(&self) -> u64 {
        let PriceImport { inserted, updated, removed, .. } = self.difference.count;
        inserted + updated + removed
    }

    /// The shapes that the view did not have.
    pub(crate) fn new_shapes(&self) -> &[Shape] {
        &self.new_shapes
    }

    /// What differs stands beside the table now, and only has to be switched on.
    pub(crate) fn pending_as(&mut self, token: i64) {
        self.pending = Some(token);
    }

    /// Whether what stands beside the table, if anything has to, is still there.
    pub(crate) fn is_prepared(&self, database: &Database) -> Result<bool, StoreError> {
        self.pending.map_or(Ok(true), |token| pending::is_prepared(database, token))
    }

    /// Goes over the prices that can stand beside the table, each with whether it is put: those of
    /// products and lists that have their numbers already.
    pub(crate) fn each_pending(
        &self,
        new_shapes: &[u32],
        visit: &mut dyn FnMut(PriceRow, bool) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let products = Renumbered { first: self.first_product, shift: 0 };
        let lists = Renumbered { first: self.first_list, shift: 0 };
        let numbers = Numbers { products, lists, new_shapes };
        let mut steps = self.difference.steps()?;
        while let Some(step) = steps.next()? {
            if !numbers.are_known(&step) {
                continue;
            }
            match step {
                Step::Insert(row) => visit(numbers.row(&row), true)?,
                Step::Update { old, new } => {
                    let new = numbers.row(&new);
                    if old.shape != new.shape {
                        visit(old, false)?;
                    }
                    visit(new, true)?;
                }
                Step::Remove(row) => visit(row, false)?,
            }
        }
        Ok(())
    }

    /// Whether a line names this product.
    pub(crate) fn names_product(&self, product: u32) -> Result<bool, StoreError> {
        Ok(!self.sorted.of_product(product)?.is_empty())
    }

    /// Whether lines may name this list.
    pub(crate) fn names_list(&self, list: u32) -> bool {
        self.lists.contains(&list)
    }

    /// Whether lines have this payment term.
    pub(crate) fn names_term(&self, term: &str) -> bool {
        let same = |code: &PaymentTermCode| code.as_str() == term;
        self.shapes.iter().any(|shape| shape.term.as_ref().is_some_and(same))
    }

    /// The product as it was compared.
    pub(crate) fn product(&self, id: u32) -> Option<Product> {
        let place = self.products.binary_search_by_key(&id, |product| product.id).ok()?;
        self.products.get(place).copied()
    }

    /// Writes what differs. Products whose prices moved since the view are compared again with what
    /// stands now; everything else is as it was seen.
    pub(crate) fn apply(
        &self,
        tx: &mut Tx<'_>,
        moved: &[Product],
        products: Renumbered,
        lists: Renumbered,
        fault: &mut dyn FnMut(PriceFault),
    ) -> Result<PriceImport, StoreError> {
        let rows = tx.rows;
        let new = self.new_shapes.iter().map(|shape| rows.database.intern(shape));
        let new: Vec<u32> = new.collect::<Result<_, _>>()?;
        let numbers = Numbers { products, lists, new_shapes: &new };
        let told = Told { log: &mut tx.log, state: &mut tx.state };
        let mut sink = Sink::new(told, rows.database, tx.change, tx.at)?;
        let skipped: BTreeSet<u32> = moved.iter().map(|product| product.id).collect();
        if self.pending.is_some() {
            skipped.iter().try_for_each(|product| pending::leave_out(rows.database, *product))?;
        }
        let mut steps = self.difference.steps()?;
        while let Some(step) = steps.next()? {
            sink.only_tell(self.pending.is_some() && numbers.are_known(&step));
            numbers.send(&step, &skipped, &mut sink)?;
        }
        sink.only_tell(false);
        let mut faults = Faults::new(rows, fault);
        let mut shapes = Shapes::new(rows.database, &rows, NewShapes::Written, &self.shapes);
        let mut pass = Pass::new(rows, super::lists(&rows)?, u32::MAX, self.replace)?;
        for product in moved {
            let lines = self.lines(product.id, &numbers)?;
            pass.run_one(*product, lines, &mut shapes, &mut sink, &mut faults)?;
        }
        tx.spoilt |= faults.any();
        let result = sink.finish()?;
        if self.pending.is_some() {
            pending::switch_on(rows.database, tx.change, tx.at.micros())?;
        }
        let met: Vec<u32> = self.met.iter().map(|number| numbers.shape(*number)).collect();
        shapes::tell(rows.database, &met, &mut tx.log);
        Ok(self.with_unchanged(result))
    }

    /// The lines of a product by its number in the database.
    fn lines(&self, product: u32, numbers: &Numbers<'_>) -> Result<Vec<SortRow>, StoreError> {
        let Some(staged) = numbers.products.staged(product) else {
            return Ok(Vec::new());
        };
        let mut lines = self.sorted.of_product(staged)?;
        for line in &mut lines {
            line.product = product;
            line.list = numbers.lists.real(line.list);
        }
        Ok(lines)
    }

    /// Every line is an insertion, an update, or the same as before.
    fn with_unchanged(&self, count: PriceImport) -> PriceImport {
        let written = count.inserted + count.updated;
        PriceImport { unchanged: self.sorted.count().saturating_sub(written), ..count }
    }
}

impl Renumbered {
    /// The number in the database of what had this number while it was staged.
    pub(crate) fn real(self, staged: u32) -> u32 {
        if staged < self.first { staged } else { staged.saturating_add(self.shift) }
    }

    /// The other way round; `None` for what others added.
    pub(crate) fn staged(self, real: u32) -> Option<u32> {
        if real < self.first {
            return Some(real);
        }
        real.checked_sub(self.shift).filter(|staged| *staged >= self.first)
    }
}

/// What the numbers of the difference have become.
struct Numbers<'a> {
    products: Renumbered,
    lists: Renumbered,
    new_shapes: &'a [u32],
}

impl Numbers<'_> {
    /// Whether product and list had their numbers in the view.
    fn are_known(&self, step: &Step) -> bool {
        let (Step::Insert(row) | Step::Update { old: row, .. } | Step::Remove(row)) = step;
        row.product < self.products.first && row.list < self.lists.first
    }

    fn shape(&self, number: u32) -> u32 {
        let new = number.checked_sub(FIRST_NEW).and_then(|index| usize::try_from(index).ok());
        new.and_then(|index| self.new_shapes.get(index)).copied().unwrap_or(number)
    }

    fn row(&self, row: &PriceRow) -> PriceRow {
        PriceRow {
            product: self.products.real(row.product),
            list: self.lists.real(row.list),
            shape: self.shape(row.shape),
            ..*row
        }
    }

    fn send(
        &self,
        step: &Step,
        skipped: &BTreeSet<u32>,
        sink: &mut Sink<'_, '_>,
    ) -> Result<(), StoreError> {
        let (Step::Insert(row) | Step::Update { old: row, .. } | Step::Remove(row)) = step;
        if skipped.contains(&self.products.real(row.product)) {
            return Ok(());
        }
        match step {
            Step::Insert(row) => sink.insert(&self.row(row)),
            // Rows of the view have numbers that stay.
            Step::Update { old, new } => sink.update(old, &self.row(new)),
            Step::Remove(row) => sink.remove(row),
        }
    }
}
