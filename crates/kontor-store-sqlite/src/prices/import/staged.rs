//! An import of prices that is compared with a view of the data and written later.

use std::collections::{BTreeSet, HashMap};

use kontor_model::payment_term::PaymentTermCode;
use kontor_model::price_list::Shape;
use kontor_store::{Abort, PriceFault, PriceImport, PriceOrder, PriceRows, Removes, StoreError};

use super::difference::{Difference, Noting, Step};
use super::fault::Faults;
use super::leaving::Leaving;
use super::precomputed::{self, Precomputed, Precomputing, Written};
use super::shapes::{self, FIRST_NEW, NewShapes, Shapes};
use super::sink::Sink;
use super::sort::{GOES, SortRow, Sorted};
use super::target::Target;
use super::{Pass, Product, collect, last_priced, lists_among};
use crate::database::Database;
use crate::pending;
use crate::prices::read::PriceRow;
use crate::staging::Overlay;
use crate::write::Tx;

/// What was compared, and what came of it.
pub(crate) struct StagedPrices {
    pub(crate) order: PriceOrder,
    /// The products by number, also those that are only staged; of few lines those that they name.
    pub(crate) products: Vec<Product>,
    sorted: Sorted,
    shapes: Vec<Shape>,
    /// The shapes of `shapes` as numbers, and those that the view did not have.
    met: Vec<u32>,
    new_shapes: Vec<Shape>,
    difference: Difference,
    /// Stored prices that will not be there any more.
    pub(crate) leaving: Leaving,
    /// What is known before the change has a number, of an import in slices.
    precomputed: Option<Precomputed>,
    /// Products and lists from these numbers on were not there in the view.
    first_product: u32,
    first_list: u32,
}

/// The view that prices are compared with.
pub(crate) struct View<'a> {
    pub(crate) overlay: Overlay<'a>,
    /// Products whose base unit is another one than their stored prices know.
    pub(crate) rebased: BTreeSet<u32>,
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
    view: &View<'_>,
    source: &mut dyn PriceRows,
    order: PriceOrder,
    fault: &mut dyn FnMut(PriceFault),
) -> Result<Option<StagedPrices>, Abort> {
    let rows = view.overlay.rows;
    let sorted = collect(&rows, source)?;
    let overlay = &view.overlay;
    let products = match sorted.few_products().filter(|_| order.removes == Removes::Nothing) {
        None => overlay.products()?,
        Some(named) => {
            let found = named.into_iter().map(|id| overlay.numbered_product(id));
            found.filter_map(Result::transpose).collect::<Result<_, _>>()?
        }
    };
    let lists = lists_among(sorted.lists(), &|id| overlay.has_list(id))?;
    let imported = source.shapes();
    let new_shapes = NewShapes::Noted(Vec::new(), HashMap::new());
    let mut shapes = Shapes::new(rows.database, overlay, new_shapes, imported);
    let mut faults = Faults::staged(rows, overlay.staged, fault);
    let mut noting = Noting::new(&rows.database.directory)?;
    let mut pass = Pass::new(rows, lists, last_priced(&rows)?, order)?;
    pass.rebased.clone_from(&view.rebased);
    pass.named_lists.clone_from(sorted.lists());
    pass.run(&products, &sorted, &mut shapes, &mut noting, &mut faults)?;
    if faults.any() {
        return Ok(None);
    }
    let difference = noting.finish()?;
    let leaving = Leaving::of(&difference, &view.rebased)?;
    Ok(Some(StagedPrices {
        order,
        products,
        sorted,
        shapes: imported.to_vec(),
        met: shapes.met(),
        new_shapes: shapes.into_new(),
        difference,
        leaving,
        precomputed: None,
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

    /// Whether a line puts a price of this product.
    pub(crate) fn puts_product(&self, product: u32) -> Result<bool, StoreError> {
        Ok(self.sorted.of_product(product)?.iter().any(|line| line.amount != GOES))
    }

    /// Whether a line puts a price in this list.
    pub(crate) fn puts_list(&self, list: u32) -> bool {
        self.sorted.puts_list(list)
    }

    /// Which of these stored prices, by product, list and shape, go or get another shape.
    pub(crate) fn going_among(
        &self,
        places: &BTreeSet<(u32, u32, u32)>,
    ) -> Result<BTreeSet<(u32, u32, u32)>, StoreError> {
        let mut going = BTreeSet::new();
        let mut steps = self.difference.steps()?;
        while let Some(step) = steps.next()? {
            let old = match step {
                Step::Remove(old, _) => old,
                Step::Update { old, new, .. } if old.shape != new.shape => old,
                Step::Update { .. } | Step::Insert(..) => continue,
            };
            going.extend(places.get(&(old.product, old.list, old.shape)).copied());
        }
        Ok(going)
    }

    /// How many prices are written or removed.
    pub(crate) fn steps(&self) -> u64 {
        self.difference.steps
    }

    /// The shapes that the view did not have.
    pub(crate) fn new_shapes(&self) -> &[Shape] {
        &self.new_shapes
    }

    /// Prepares for being written in slices, while the view is still there.
    pub(crate) fn precompute(&mut self, view: &Database) -> Result<(), StoreError> {
        let mut computing = Precomputing::new(view, &self.new_shapes);
        let mut rest = Noting::new(&view.directory)?;
        let numbers = self.numbers_of_view();
        let mut steps = self.difference.steps()?;
        while let Some(step) = steps.next()? {
            if numbers.are_known(&step) {
                computing.step(&step)?;
            } else {
                rest.note(&step)?;
            }
        }
        self.precomputed = Some(computing.finish(rest.finish()?));
        Ok(())
    }

    /// Whether it is prepared for being written in slices.
    pub(crate) fn is_precomputed(&self) -> bool {
        self.precomputed.is_some()
    }

    /// What differs stands beside the table now, and only has to be switched on.
    pub(crate) fn written(&mut self, written: Written) {
        if let Some(precomputed) = &mut self.precomputed {
            precomputed.written = Some(written);
        }
    }

    /// Whether what stands beside the table, if anything has to, is still there.
    pub(crate) fn is_prepared(&self, database: &Database) -> Result<bool, StoreError> {
        let written = self.precomputed.as_ref().and_then(|known| known.written.as_ref());
        written.map_or(Ok(true), |written| pending::is_prepared(database, written.token))
    }

    fn numbers_of_view(&self) -> Numbers<'static> {
        Numbers {
            products: Renumbered { first: self.first_product, shift: 0 },
            lists: Renumbered { first: self.first_list, shift: 0 },
            new_shapes: &[],
        }
    }

    /// Goes over the prices that can stand beside the table, each with whether it is put: those of
    /// products and lists that have their numbers already.
    pub(crate) fn each_pending(
        &self,
        new_shapes: &[u32],
        visit: &mut dyn FnMut(PriceRow, bool) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let numbers = Numbers { new_shapes, ..self.numbers_of_view() };
        let mut steps = self.difference.steps()?;
        while let Some(step) = steps.next()? {
            if !numbers.are_known(&step) {
                continue;
            }
            match step {
                Step::Insert(row, _) => visit(numbers.row(&row), true)?,
                Step::Update { old, new, .. } => {
                    let new = numbers.row(&new);
                    if old.shape != new.shape {
                        visit(old, false)?;
                    }
                    visit(new, true)?;
                }
                Step::Remove(row, _) => visit(row, false)?,
            }
        }
        Ok(())
    }

    /// Whether lines may name this list.
    pub(crate) fn names_list(&self, list: u32) -> bool {
        self.sorted.lists().contains(&list)
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
        let skipped: BTreeSet<u32> = moved.iter().map(|product| product.id).collect();
        let pending = self.precomputed.as_ref();
        let pending = pending.and_then(|known| Some((known, known.written.as_ref()?)));
        let as_seen = match pending {
            Some((known, written)) => self.tell_pending(tx, known, written, &skipped, &numbers)?,
            None => send(tx, &self.difference, &skipped, &numbers)?,
        };
        let mut faults = Faults::new(rows, fault);
        let mut shapes = Shapes::new(rows.database, &rows, NewShapes::Written, &self.shapes);
        let named: BTreeSet<u32> =
            self.sorted.lists().iter().map(|list| lists.real(*list)).collect();
        let known = if moved.is_empty() { Vec::new() } else { super::lists(&rows, &named)? };
        let mut pass = Pass::new(rows, known, u32::MAX, self.order)?;
        pass.rebased = tx.rebased.numbers();
        pass.named_lists = named;
        let mut sink = Sink::of(tx)?;
        for product in moved {
            let lines = self.lines(product.id, &numbers)?;
            pass.run_one(*product, lines, &mut shapes, &mut sink, &mut faults)?;
        }
        let again = sink.finish()?;
        if pending.is_some() {
            pending::switch_on(rows.database, tx.change, tx.at.micros())?;
        }
        tx.spoilt |= faults.any();
        let met = self.met.iter().map(|number| numbers.shape(*number));
        let met: Vec<u32> = met.chain(shapes.made()).collect();
        shapes::tell(rows.database, &met, &mut tx.log);
        Ok(self.with_unchanged(precomputed::plus(as_seen, again)))
    }

    /// Tells what stands beside the table as part of this change, without the products that are skipped.
    fn tell_pending(
        &self,
        tx: &mut Tx<'_>,
        known: &Precomputed,
        written: &Written,
        skipped: &BTreeSet<u32>,
        numbers: &Numbers<'_>,
    ) -> Result<PriceImport, StoreError> {
        let database = tx.rows.database;
        tx.log.go_on_with(written.token, written.entries());
        written.leave_out(database, skipped)?;
        let mut left_out = Precomputing::new(database, &self.new_shapes);
        let mut count = PriceImport::default();
        tx.log.bulk(&known.digest);
        for product in skipped.iter().filter(|product| **product < self.first_product) {
            tx.log.bulk(&product.to_le_bytes());
            for step in self.difference.steps_of(*product)? {
                step.count(&mut count);
                if numbers.are_known(&step) {
                    left_out.step(&step)?;
                }
            }
        }
        tx.state.add_prices(&known.sums.without(&left_out.sums), tx.at.micros());
        send(tx, &known.rest, skipped, numbers)?;
        Ok(precomputed::minus(self.difference.count, count))
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
        let PriceRow { product, list, .. } = *step.place();
        product < self.products.first && list < self.lists.first
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
}

/// Writes steps as they were seen. Returns how many of each sort.
fn send(
    tx: &mut Tx<'_>,
    difference: &Difference,
    skipped: &BTreeSet<u32>,
    numbers: &Numbers<'_>,
) -> Result<PriceImport, StoreError> {
    let mut sink = Sink::of(tx)?;
    let mut steps = difference.steps()?;
    while let Some(step) = steps.next()? {
        if skipped.contains(&numbers.products.real(step.place().product)) {
            continue;
        }
        match step {
            Step::Insert(row, why) => sink.insert(&numbers.row(&row), why)?,
            // Rows of the view have numbers that stay.
            Step::Update { old, new, why } => sink.update(&old, &numbers.row(&new), why)?,
            Step::Remove(row, why) => sink.remove(&row, why)?,
        }
    }
    sink.finish()
}
