//! A small market that changes.

use std::collections::BTreeSet;

use kontor_model::catalogue::Record;
use kontor_model::counter::Counter;
use kontor_model::identifier::Scheme;
use kontor_model::instant::Instant;
use kontor_model::price_list::{EntryKind, PriceListId, PriceUnit, Shape};
use kontor_model::product::{Packing, Product, ProductId, ProductState};
use kontor_model::supplier::SupplierId;
use kontor_model::{Quantity, Validity, Zone};
use kontor_pricing::{Book, CardIdentifier, Entry, PackingChange, ProductCard};
use proptest::prelude::*;

use super::*;
use crate::scan::market::MarketTable;

pub(super) const SUPPLIER: SupplierId = SupplierId(1);
pub(super) const BASE: PriceListId = PriceListId(1);
pub(super) const TABLES: [PriceListId; 2] = [PriceListId(2), PriceListId(3)];
pub(super) const START: Instant = Instant::from_micros(1_000_000);

/// Numbers of shapes.
pub(super) const UNIT: u32 = 1;
pub(super) const BOX: u32 = 2;
/// A unit from 100 seconds on.
pub(super) const LATER: u32 = 3;
/// A unit until 150 seconds.
pub(super) const UNTIL: u32 = 4;
/// Promotion of a unit from 120 to 180 seconds.
pub(super) const PROMOTION: u32 = 5;
/// A unit with a payment term.
pub(super) const TERM: u32 = 6;
/// A unit in a list without a price.
pub(super) const LISTING: u32 = 7;
/// Another packing with as many base units as the box.
pub(super) const CRATE: u32 = 8;
/// Others whose names begin alike.
pub(super) const CRATE_OF_WOOD: u32 = 11;
pub(super) const CRATE_OF_TIN: u32 = 12;

/// The base unit, hence a unit where that has no price of its own.
pub(super) const EACH: u32 = 9;
/// Promotion of the base unit from 110 to 170 seconds.
pub(super) const EACH_PROMOTION: u32 = 10;

/// What a product is priced in: lists and shapes.
pub(super) type Priced = Vec<(PriceListId, u32)>;

pub(super) struct World {
    pub(super) book: Arc<Book>,
    pub(super) now: Instant,
    pub(super) market: Market,
}

/// Something that happens.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Put { product: u32, sequence: Option<i32>, is_active: bool, priced: Priced },
    Remove { product: u32 },
    Pass(i64),
    Compact,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let priced = proptest::sample::subsequence(
        vec![
            (BASE, UNIT),
            (BASE, BOX),
            (BASE, LATER),
            (BASE, UNTIL),
            (BASE, PROMOTION),
            (BASE, CRATE),
            (BASE, EACH),
            (BASE, EACH_PROMOTION),
            (TABLES[0], TERM),
            (TABLES[1], LISTING),
            (TABLES[1], EACH),
        ],
        0..10,
    );
    let put = (0..400_u32, proptest::option::weighted(0.9, -10..400_i32), 0..8_u8, priced);
    prop_oneof![
        6 => put.prop_map(|(product, sequence, state, priced)| {
            Step::Put { product, sequence, is_active: state > 0, priced }
        }),
        3 => (0..400_u32).prop_map(|product| Step::Remove { product }),
        1 => (0..20_i64).prop_map(Step::Pass),
        1 => Just(Step::Compact),
    ]
}

impl World {
    /// A market with so many products, each in a unit, some in a box as well.
    pub(super) fn new(products: u32) -> Self {
        let mut edit = Book::empty().edit();
        for (number, shape) in shapes() {
            edit.put_shape(number, shape);
        }
        let mut world = Self { book: Arc::new(edit.finish(1)), now: START, market: market() };
        for product in 0..products {
            let mut priced = vec![(BASE, UNIT)];
            priced.extend((product % 3 == 0).then_some((BASE, BOX)));
            priced.extend((product % 5 == 0).then_some((TABLES[0], TERM)));
            priced.extend((product % 7 == 0).then_some((BASE, LATER)).filter(|_| product % 3 > 0));
            world.put(product, i32::try_from(product).ok(), true, &priced);
        }
        world
    }

    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Put { product, sequence, is_active, priced } => {
                self.put(product, sequence, is_active, &priced);
            }
            Step::Remove { product } => {
                let mut edit = self.book.edit();
                edit.remove_product(ProductId(product));
                self.book = Arc::new(edit.finish(self.book.change() + 1));
            }
            Step::Pass(seconds) => self.now = self.now.plus_seconds(seconds),
            Step::Compact => self.compact(),
        }
    }

    pub(super) fn put(
        &mut self,
        product: u32,
        sequence: Option<i32>,
        is_active: bool,
        priced: &Priced,
    ) {
        let mut priced = priced.clone();
        // A unit is priced once at a time.
        if priced.contains(&(BASE, UNIT)) {
            priced.retain(|entry| *entry != (BASE, LATER) && *entry != (BASE, UNTIL));
        }
        let dated: Vec<_> = priced.iter().map(|(list, shape)| (*list, *shape, self.now)).collect();
        self.write(product, card(product, sequence, is_active), &dated);
    }

    /// Gives a product that has its own number as sequence number prices written at other times.
    pub(super) fn date(&mut self, product: u32, dated: &[(PriceListId, u32, Instant)]) {
        self.write(product, card(product, i32::try_from(product).ok(), true), dated);
    }

    fn write(
        &mut self,
        product: u32,
        mut card: ProductCard,
        dated: &[(PriceListId, u32, Instant)],
    ) {
        let mut dated = dated.to_vec();
        dated.sort_unstable();
        let entries: Vec<Entry> = dated
            .iter()
            .map(|(list, shape, _)| Entry { list: *list, shape: *shape, amount: 1 })
            .collect();
        let changes = dated.iter().map(|(list, shape, changed_at)| PackingChange {
            list: *list,
            shape: *shape,
            changed_at: *changed_at,
        });
        card.packing_changes = changes.collect();
        let mut edit = self.book.edit();
        edit.put_product(ProductId(product), card, &entries);
        self.book = Arc::new(edit.finish(self.book.change() + 1));
    }

    pub(super) fn compact(&mut self) {
        self.book = Arc::new(self.book.compacted());
    }

    pub(super) fn write_beside_products(&mut self) {
        let counter = Counter { name: "leads".to_owned(), next: 2 };
        let mut edit = self.book.edit();
        edit.put_record(SUPPLIER, 0, Record::Counter(counter));
        self.book = Arc::new(edit.finish(self.book.change() + 1));
    }

    pub(super) fn look(&self) -> impl FnOnce() -> (Arc<Book>, Instant) + use<> {
        let world = (Arc::clone(&self.book), self.now);
        move || world
    }

    pub(super) fn scope(&self, table: Option<usize>) -> Scope {
        Scope::new(&self.market, table.map(|place| TABLES[place]))
    }

    /// All rows there are now, found by looking at everything.
    pub(super) fn keys(&self) -> BTreeSet<RowKey> {
        let mut rows = Vec::new();
        for product in self.book.products_of(SUPPLIER) {
            self.scope(None).rows_of(&self.book, product, self.now, &mut rows);
        }
        rows.into_iter().map(|row| row.key).collect()
    }

    pub(super) fn selection() -> Selection {
        Selection {
            supplier: SUPPLIER,
            entity: 1,
            segment: 1,
            gtin: None,
            sequence: None,
            table: None,
            changed_since: None,
        }
    }

    pub(super) fn page(&self, scans: &PriceScans, reader: &str, page: u32, size: u32) -> ScanPage {
        self.page_from(scans, reader, 1, page, size)
    }

    pub(super) fn page_from(
        &self,
        scans: &PriceScans,
        reader: &str,
        host: u8,
        page: u32,
        size: u32,
    ) -> ScanPage {
        self.page_of(scans, &Self::selection(), &request(reader, host, page, size))
    }

    pub(super) fn page_of(
        &self,
        scans: &PriceScans,
        selection: &Selection,
        request: &PageRequest,
    ) -> ScanPage {
        scans.page_of(self.look(), &self.market, selection, request)
    }
}

pub(super) fn request(reader: &str, host: u8, page: u32, size: u32) -> PageRequest {
    PageRequest {
        reader: reader.into(),
        peer: [127, 0, 0, host].into(),
        number: NonZeroU32::new(page).unwrap(),
        size: NonZeroU32::new(size).unwrap(),
    }
}

fn market() -> Market {
    let table = |place: usize, number: &str| MarketTable {
        number: number.parse().unwrap(),
        name: "ATACADO".to_owned(),
        list: TABLES[place],
        zone: Zone::utc(),
        changed_at: Instant::MIN,
    };
    Market {
        supplier: SUPPLIER,
        entity: 1,
        segment: 1,
        currency: "BRL".parse().unwrap(),
        zone: Zone::utc(),
        list: BASE,
        list_zone: Zone::utc(),
        tables: vec![table(0, "001"), table(1, "002")],
        changed_at: Instant::MIN,
        renamed_terms: Vec::new(),
    }
}

fn shapes() -> Vec<(u32, Shape)> {
    let packing = |name: &str, quantity: i64| {
        let quantity = Quantity::from_micros(quantity * 1_000_000);
        PriceUnit::Packing { name: name.parse().unwrap(), quantity }
    };
    let unit = Shape {
        unit: packing("UN", 1),
        currency: "BRL".parse().unwrap(),
        minimum: Quantity::ZERO,
        validity: Validity::ALWAYS,
        kind: EntryKind::Regular,
        term: None,
        decimals: 2,
    };
    let seconds = |seconds: i64| Some(Instant::from_micros(seconds * 1_000_000));
    let valid = |from, to| Shape { validity: Validity::between(from, to).unwrap(), ..unit.clone() };
    vec![
        (UNIT, unit.clone()),
        (BOX, Shape { unit: packing("CX", 12), ..unit.clone() }),
        (LATER, valid(seconds(100), None)),
        (UNTIL, valid(None, seconds(90))),
        (PROMOTION, Shape { kind: EntryKind::Promotion, ..valid(seconds(120), seconds(180)) }),
        (TERM, Shape { term: Some("1".parse().unwrap()), ..unit.clone() }),
        (LISTING, Shape { kind: EntryKind::Listing, ..unit.clone() }),
        (CRATE, Shape { unit: packing("ENGRADADO 12", 12), ..unit.clone() }),
        (CRATE_OF_WOOD, Shape { unit: packing("ENGRADADO 12 DE MADEIRA", 12), ..unit.clone() }),
        (CRATE_OF_TIN, Shape { unit: packing("ENGRADADO", 12), ..unit.clone() }),
        (EACH, Shape { unit: PriceUnit::Base, ..unit.clone() }),
        (
            EACH_PROMOTION,
            Shape {
                unit: PriceUnit::Base,
                kind: EntryKind::Promotion,
                ..valid(seconds(110), seconds(170))
            },
        ),
    ]
}

fn card(product: u32, sequence: Option<i32>, is_active: bool) -> ProductCard {
    let sku: kontor_model::product::Sku = product.to_string().parse().unwrap();
    let state = if is_active { ProductState::Active } else { ProductState::EndOfLife };
    let row = Product {
        sku: sku.clone(),
        mpn: None,
        gtin: None,
        name: None,
        state,
        base_uom: "C62".parse().unwrap(),
        quantity_step: Quantity::ONE,
    };
    let mut card = ProductCard::new(SUPPLIER, row);
    let number = sequence.map(|number| CardIdentifier {
        scheme: Scheme::SequenceNumber,
        value: number.to_string().into(),
        customer: None,
    });
    card.identifiers = number.into_iter().collect();
    let gtin = Some("4000000000006".parse().unwrap());
    let packing = |name: &str, quantity, gtin| Packing {
        sku: sku.clone(),
        packing: name.parse().unwrap(),
        quantity,
        gtin,
    };
    // The numbers 3 and 4 have one GTIN in common, as their unit; the box of 3 has none.
    let gtin_of_unit = gtin.filter(|_| matches!(product, 3 | 4));
    let twelve = Quantity::from_micros(12_000_000);
    card.packings =
        [packing("UN", Quantity::ONE, gtin_of_unit), packing("CX", twelve, None)].into();
    card
}
