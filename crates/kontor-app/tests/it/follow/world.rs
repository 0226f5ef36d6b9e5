//! One database, an application that follows it, and another process that writes it as well.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use kontor_app::write::write_to;
use kontor_app::{App, AppConfig, FollowPolicy, LoginLimits, WriteError};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::noun::Noun;
use kontor_model::price_list::Shape;
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_model::{Clock, FixedClock, Money};
use kontor_pricing::{Book, Edition, FoldPolicy};
use kontor_store::{Abort, PriceOrder, PriceRows, RawPrice, StagedOrder, Store, WriteTx};
use kontor_store_sqlite::{OpenOptions, Slices, SqliteStore};
use tempfile::TempDir;

use super::commands::{LISTS, SKUS, SUPPLIERS, Step, price, row};
use super::picture::{self, Picture, Product};

/// A database with a few rows, so that most steps find what they refer to. It is made once: making
/// one takes longer than a case.
static BEGIN: LazyLock<TempDir> = LazyLock::new(|| {
    let directory = directory();
    let store = open(&directory);
    let supplier = "one".parse().expect("a code");
    let job = |tx: &mut dyn WriteTx| {
        for record in first_rows() {
            tx.put(&record)?;
        }
        Ok::<(), WriteError<()>>(())
    };
    write_to(&*store, supplier, "test".to_owned(), now(), job).expect("rows that fit");
    drop(store);
    directory
});

fn first_rows() -> Vec<Record> {
    let supplier = [("supplier", "one"), ("time_zone", "UTC"), ("currency", "EUR")];
    let mut rows = vec![row(Kind::Supplier, &supplier)];
    rows.extend(SKUS.map(|sku| row(Kind::Product, &[("sku", sku), ("base_uom", "C62")])));
    let unit = |sku| row(Kind::Packing, &[("sku", sku), ("packing", "UN"), ("quantity", "1")]);
    rows.extend(SKUS.into_iter().take(3).map(unit));
    rows.extend(LISTS.map(|list| row(Kind::PriceList, &[("price_list", list)])));
    let entity =
        [("entity", "1"), ("currency", "EUR"), ("time_zone", "UTC"), ("main_segment", "1")];
    rows.push(row(Kind::SellingEntity, &entity));
    rows.push(row(Kind::PaymentTerm, &[("payment_term", "1"), ("name", "T")]));
    let numbers = (0..3).flat_map(|product| (0..2).map(move |list| [product, list, 3]));
    rows.extend(numbers.map(|numbers| Record::Price(price(numbers, 7))));
    rows
}

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<Ticking>,
    store: Arc<dyn Store>,
    /// The store of another process, once it writes.
    elsewhere: OnceCell<Arc<dyn Store>>,
    compacted: Option<Book>,
    /// Editions that were given out, and the products as they were.
    editions: Vec<(Edition, Vec<(ProductId, Product)>)>,
    writes: u32,
    directory: TempDir,
}

/// A clock that goes on by a second whenever it is asked.
pub(crate) struct Ticking(AtomicI64);

impl Ticking {
    fn pass_days(&self, days: u8) {
        self.0.fetch_add(i64::from(days) * 86_400_000_000, Ordering::Relaxed);
    }
}

impl Clock for Ticking {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.fetch_add(1_000_000, Ordering::Relaxed) + 1_000_000)
    }
}

/// In memory where that can be had: what is tested here does not need a disk.
fn directory() -> TempDir {
    let memory = tempfile::tempdir_in("/dev/shm");
    memory.unwrap_or_else(|_| tempfile::tempdir().expect("a directory"))
}

fn open(directory: &TempDir) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(directory.path(), &options()).expect("a store"))
}

/// Nearly every staged import is written in slices.
fn options() -> OpenOptions {
    OpenOptions { slices: Slices { above: 1, least: 1, most: 2 }, ..OpenOptions::default() }
}

fn now() -> Instant {
    "2016-01-28T11:24:28Z".parse().expect("an instant")
}

impl World {
    pub(crate) fn new(page_entries: usize, fold_above: usize) -> Self {
        let directory = directory();
        for file in std::fs::read_dir(BEGIN.path()).expect("a directory") {
            let file = file.expect("a file");
            let copy = directory.path().join(file.file_name());
            std::fs::copy(file.path(), copy).expect("a copy");
        }
        let store = open(&directory);
        let fold = FoldPolicy { above: fold_above, share: 1_000 };
        let clock = Arc::new(Ticking(AtomicI64::new(now().micros())));
        let config = AppConfig {
            store: Arc::clone(&store),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            login_limits: LoginLimits::default(),
        };
        let policy = FollowPolicy { page_entries, fold };
        let app = App::open_following(config, policy).expect("a book");
        let (compacted, editions, elsewhere) = (None, Vec::new(), OnceCell::new());
        Self { app, clock, store, elsewhere, compacted, editions, writes: 0, directory }
    }

    pub(crate) fn take(&mut self, step: &Step) {
        match step {
            Step::Write { supplier, ops, elsewhere } => {
                let (ops, now) = (ops.clone(), self.clock.now());
                self.write(*supplier, *elsewhere, move |tx| {
                    ops.iter().try_for_each(|op| op.run(tx, now))?;
                    // Accounts that were given a token of another one: the write would be refused.
                    for taken in tx.taken_tokens()? {
                        let key = [Cell::text(taken.protocol), Cell::text(&taken.login)];
                        tx.remove(Kind::Account, &key)?;
                    }
                    // The same for base units that cannot change: they stay what they were.
                    for misread in tx.misread_prices()? {
                        let before = if misread.base_uom == "C62" { "KGM" } else { "C62" };
                        let cells = [("sku", misread.sku.as_str()), ("base_uom", before)];
                        tx.put(&row(Kind::Product, &cells))?;
                    }
                    Ok(())
                });
            }
            Step::Import { supplier, prices, replace, elsewhere } => {
                self.writes += 1;
                let (prices, replace, amount) = (prices.clone(), *replace, self.writes);
                if *elsewhere {
                    self.stage(*supplier, move |tx| import(tx, &prices, replace, amount));
                } else {
                    self.write(*supplier, false, move |tx| import(tx, &prices, replace, amount));
                }
            }
            Step::RemoveSupplier { supplier, elsewhere } => {
                self.write_rows(*supplier, *elsewhere, |tx| {
                    tx.remove_supplier()?;
                    Ok(())
                });
            }
            Step::CatchUp => drop(self.app.catch_up().expect("the log")),
            Step::Pass(days) => self.clock.pass_days(*days),
            Step::BeginCompaction => self.compacted = self.app.begin_compaction(),
            Step::EndCompaction => {
                if let Some(compacted) = self.compacted.take() {
                    self.app.end_compaction(&compacted).expect("the log");
                }
            }
            Step::Look => {
                let book = self.app.book().clone();
                let products = picture::products(&book).into_iter().collect();
                self.editions.push((book.edition(), products));
            }
        }
        self.check_editions();
    }

    fn write(
        &self,
        supplier: usize,
        elsewhere: bool,
        job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
    ) {
        let code = SUPPLIERS[supplier];
        self.write_rows(supplier, elsewhere, move |tx| {
            let cells = [("supplier", code), ("time_zone", "UTC"), ("currency", "EUR")];
            tx.put(&row(Kind::Supplier, &cells))?;
            job(tx)
        });
    }

    fn write_rows(
        &self,
        supplier: usize,
        elsewhere: bool,
        job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + 'static,
    ) {
        let code = SUPPLIERS[supplier];
        let job = move |tx: &mut dyn WriteTx| {
            job(tx).map_err(|abort| match abort {
                Abort::Refused => WriteError::Refused(()),
                Abort::Store(error) => WriteError::Store(error),
            })
        };
        let (supplier, actor) = (code.parse().expect("a code"), "test".to_owned());
        let written = if elsewhere {
            let store = self.elsewhere.get_or_init(|| open(&self.directory));
            write_to(&**store, supplier, actor, self.clock.now(), job)
        } else {
            self.app.write_blocking(supplier, actor, job)
        };
        match written {
            Ok(_) | Err(WriteError::Refused(())) => {}
            Err(WriteError::Store(error)) => panic!("{error}"),
        }
        if !elsewhere && let Ok(written) = written {
            let change = written.change.map_or(0, |change| change.0);
            assert!(self.app.book().change() >= change, "acknowledged and not shown");
        }
    }

    /// As `kontor import` does, in another process.
    fn stage(
        &self,
        supplier: usize,
        job: impl Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send + Sync + 'static,
    ) {
        let code = SUPPLIERS[supplier];
        let order = StagedOrder {
            supplier: code.parse().expect("a code"),
            actor: "test".to_owned(),
            clock: Arc::new(FixedClock(self.clock.now())),
            job: Arc::new(move |tx: &mut dyn WriteTx| {
                let cells = [("supplier", code), ("time_zone", "UTC"), ("currency", "EUR")];
                tx.put(&row(Kind::Supplier, &cells))?;
                job(tx)
            }),
        };
        let store = self.elsewhere.get_or_init(|| open(&self.directory));
        store.write_staged(order).expect("a store that writes");
    }

    /// Compares the book with one that is loaded anew.
    pub(crate) fn check(&self) {
        self.app.catch_up().expect("the log");
        let config = AppConfig {
            store: Arc::clone(&self.store),
            clock: Arc::new(FixedClock(self.clock.now())),
            login_limits: LoginLimits::default(),
        };
        let anew = App::open(config).expect("a book");
        assert_eq!(Picture::of(&self.app.book()), Picture::of(&anew.book()));
    }

    /// Whoever asks what changed since an edition is told everything that differs.
    fn check_editions(&self) {
        let book = self.app.book();
        let now = picture::products(&book);
        for (edition, products) in &self.editions {
            let Some(told) = book.products_since(*edition) else { continue };
            let told: BTreeSet<ProductId> = told.collect();
            let before: std::collections::BTreeMap<_, _> = products.iter().cloned().collect();
            for id in before.keys().chain(now.keys()) {
                let differs = before.get(id) != now.get(id);
                assert!(!differs || told.contains(id), "{id:?} changed since {edition:?}");
            }
        }
    }
}

/// Imports prices. What refers to nothing or is there twice is left out.
fn import(
    tx: &mut dyn WriteTx,
    prices: &[[u8; 3]],
    replace: bool,
    amount: u32,
) -> Result<(), Abort> {
    let mut rows = Rows::default();
    let (mut products, mut lists) = (Vec::new(), Vec::new());
    tx.product_ids(&mut |sku, id, _| {
        products.push((sku.to_owned(), id));
        Ok(())
    })?;
    tx.list_ids(&mut |code, id| {
        lists.push((code.to_owned(), id));
        Ok(())
    })?;
    for (line, numbers) in (1..).zip(prices) {
        let entry = price(*numbers, amount);
        let product = products.iter().find(|(sku, _)| sku == entry.sku.as_str());
        let list = lists.iter().find(|(code, _)| code == entry.list.as_str());
        let (Some((_, product)), Some((_, list))) = (product, list) else { continue };
        if let Some(term) = &entry.shape.term
            && tx.get(Kind::PaymentTerm, &[Cell::text(term)])?.is_none()
        {
            continue;
        }
        let shape = u32::try_from(rows.shapes.len()).expect("few shapes");
        rows.shapes.push(entry.shape.clone());
        let amount = Some(entry.amount.map_or(0, Money::micros));
        let row =
            RawPrice { product: *product, list: *list, shape, line, amount, changed_at: None };
        rows.rows.push(row);
    }
    let mut faulty = false;
    let order = if replace { PriceOrder::replace() } else { PriceOrder::merge() };
    tx.import_prices(&mut rows, order, &mut |_| faulty = true)?;
    Ok(())
}

#[derive(Default)]
struct Rows {
    shapes: Vec<Shape>,
    rows: Vec<RawPrice>,
}

impl PriceRows for Rows {
    fn next_batch(&mut self, batch: &mut Vec<RawPrice>) -> Result<(), Abort> {
        std::mem::swap(batch, &mut self.rows);
        Ok(())
    }

    fn shapes(&self) -> &[Shape] {
        &self.shapes
    }
}

/// The key of a price is made of its own columns.
#[test]
fn a_price_has_the_key_it_is_asked_for_by() {
    let entry = price([0, 1, 3], 5);
    assert_eq!(entry.key().first(), Some(&Cell::text("L1")));
}
