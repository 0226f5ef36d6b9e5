//! The price book: a pure function of the database at one change.

use std::hash::{BuildHasher, RandomState};
use std::ops::{Bound, ControlFlow};
use std::sync::Arc;

use kontor_model::account::{Account, Protocol};
use kontor_model::instant::Zone;
use kontor_model::price_list::{PriceListId, Shape};
use kontor_model::product::ProductId;
use kontor_model::supplier::SupplierId;
use rpds::{HashTrieSetSync, RedBlackTreeSetSync};

use crate::base::Base;
use crate::card::ProductCard;
use crate::directory::Directory;
use crate::entry::Entries;
use crate::identifiers::{Found, Lookup};
use crate::ids::IdMap;
use crate::number_index::NumberIndex;
use crate::product_ref::{ProductRef, Traits};
use crate::shapes::Shapes;
use crate::tenant::Tenant;

/// One version of the book. Cloning shares everything.
#[derive(Debug, Clone)]
pub struct Book {
    pub(crate) change: u64,
    pub(crate) hasher: RandomState,
    pub(crate) shapes: Shapes,
    pub(crate) base: Arc<Base>,
    /// Products that changed since the base was built; `None`: removed.
    pub(crate) overlay: IdMap<ProductId, Option<Arc<Overlaid>>>,
    /// Products of each supplier that came since the base was built.
    pub(crate) late_products: IdMap<SupplierId, RedBlackTreeSetSync<ProductId>>,
    /// From numbers to products, as it was when it was built.
    pub(crate) index: Arc<NumberIndex>,
    /// Products to look at for numbers that came since the index was built.
    pub(crate) late_numbers: IdMap<u64, HashTrieSetSync<ProductId>>,
    pub(crate) edits: Edits,
    pub(crate) tenants: IdMap<SupplierId, Arc<Tenant>>,
    /// Zones of the lists that state one.
    pub(crate) list_zones: IdMap<PriceListId, Zone>,
    pub(crate) directory: Directory,
}

/// Which products changed when. Changes are named by their numbers, so that every way to the state
/// at a change gives that state the same name.
#[derive(Debug, Clone)]
pub(crate) struct Edits {
    /// The change before which nothing is known any more.
    pub(crate) since: u64,
    /// The last change that touched a product.
    pub(crate) last: u64,
    /// For each product that changed the last change that touched it, and the same the other way.
    pub(crate) of_products: IdMap<ProductId, u64>,
    pub(crate) by_change: RedBlackTreeSetSync<(u64, ProductId)>,
}

/// A product that changed since the base was built.
#[derive(Debug)]
pub(crate) struct Overlaid {
    pub(crate) card: Arc<ProductCard>,
    /// `None`: those it has in the base.
    pub(crate) entries: Option<Arc<Entries>>,
}

/// Names a state of all products, to ask later what changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// The same for all versions that came from one load.
    lineage: u64,
    /// The last change that touched a product.
    change: u64,
}

/// Sizes of a book, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BookSize {
    pub products: usize,
    pub entries: usize,
    pub overlaid: usize,
}

impl Book {
    /// The change this book stands for.
    pub fn change(&self) -> u64 {
        self.change
    }

    /// A product by its number in the database.
    #[inline]
    pub fn product(&self, id: ProductId) -> Option<ProductRef<'_>> {
        if !self.overlay.is_empty()
            && let Some(overlaid) = self.overlay.get(&id)
        {
            return overlaid.as_deref().map(|overlaid| overlaid.product(id, &self.base));
        }
        self.base.product(id)
    }

    /// The products of a supplier that have a number. Products of other suppliers never count.
    pub fn find(&self, supplier: SupplierId, number: Lookup<'_>) -> Found {
        let mut found = Found::Nothing;
        let _ = self.try_each(supplier, number, |product| {
            found = found.and(product.id);
            // However many more there are, the answer stays the same.
            if found == Found::Several { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        found
    }

    /// The same, product by product, each once, in no particular order.
    pub fn each<'a>(
        &'a self,
        supplier: SupplierId,
        number: Lookup<'_>,
        mut visit: impl FnMut(ProductRef<'a>),
    ) {
        let _ = self.try_each(supplier, number, |product| {
            visit(product);
            ControlFlow::Continue(())
        });
    }

    /// The same until `visit` breaks it off.
    pub fn try_each<'a>(
        &'a self,
        supplier: SupplierId,
        number: Lookup<'_>,
        mut visit: impl FnMut(ProductRef<'a>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let hash = number.hash(&self.hasher, supplier);
        let late = self.late_numbers.get(&hash);
        let of_index = self.index.candidates(hash);
        let of_index = of_index.filter(|id| late.is_none_or(|late| !late.contains(id)));
        for id in of_index.chain(late.into_iter().flat_map(|late| late.iter().copied())) {
            let product = self.product(id).filter(|product| product.card.supplier == supplier);
            if let Some(product) = product.filter(|product| number.is_of(product.card)) {
                visit(product)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// All products of a supplier, by their number in the database.
    pub fn products_of(&self, supplier: SupplierId) -> impl Iterator<Item = ProductRef<'_>> {
        let mut of_base = self.base.products_of(supplier).iter().copied().peekable();
        let late = self.late_products.get(&supplier);
        let mut late = late.into_iter().flat_map(RedBlackTreeSetSync::iter).copied().peekable();
        let ids = std::iter::from_fn(move || match (of_base.peek(), late.peek()) {
            (Some(first), Some(second)) if first > second => late.next(),
            (Some(_), _) => of_base.next(),
            (None, _) => late.next(),
        });
        ids.filter_map(|id| self.product(id))
    }

    /// The state of the products: their cards and prices. Other rows do not count.
    pub fn edition(&self) -> Edition {
        Edition { lineage: self.hasher.hash_one(0), change: self.edits.last }
    }

    /// Products that changed, came or went since an earlier edition, each once, in no particular
    /// order; `None` when that is not known any more. It may name some that only changed before.
    pub fn products_since(&self, earlier: Edition) -> Option<impl Iterator<Item = ProductId>> {
        let is_known = earlier.lineage == self.hasher.hash_one(0)
            && (self.edits.since..=self.edits.last).contains(&earlier.change);
        let later = (Bound::Excluded((earlier.change, ProductId(u32::MAX))), Bound::Unbounded);
        is_known.then(|| self.edits.by_change.range(later).map(|(_, id)| *id))
    }

    pub fn tenant(&self, supplier: SupplierId) -> Option<&Tenant> {
        self.tenants.get(&supplier).map(|tenant| &**tenant)
    }

    pub fn tenants(&self) -> impl Iterator<Item = &Tenant> {
        self.tenants.values().map(|tenant| &**tenant)
    }

    pub fn supplier(&self, code: &str) -> Option<&Tenant> {
        self.tenant(self.directory.supplier(code)?)
    }

    /// The supplier whose store this is.
    pub fn supplier_of_store(&self, store: &str) -> Option<&Tenant> {
        self.tenant(self.directory.store(store)?)
    }

    /// The account with this login.
    pub fn login(&self, protocol: Protocol, login: &str) -> Option<(&Tenant, &Arc<Account>)> {
        let (supplier, account) = self.directory.login(protocol, login)?;
        Some((self.tenant(*supplier)?, account))
    }

    /// The account whose token has this digest. A token that several accounts have, which only data
    /// of an earlier version can hold, is of none.
    pub fn token(&self, digest: &str) -> Option<(&Tenant, &Arc<Account>)> {
        let (supplier, account) = self.directory.token(digest)?;
        Some((self.tenant(*supplier)?, account))
    }

    /// The zone in which the civil days of a list count: its own, else that of whoever asks.
    #[inline]
    pub fn zone_of<'z>(&'z self, list: PriceListId, asker: &'z Zone) -> &'z Zone {
        if self.list_zones.is_empty() {
            return asker;
        }
        self.list_zones.get(&list).unwrap_or(asker)
    }

    /// The shape with this number.
    pub fn shape(&self, number: u32) -> Option<&Shape> {
        self.shapes.get(number)
    }

    /// The greatest number of a shape that is known.
    pub fn last_shape(&self) -> u32 {
        self.shapes.last()
    }

    /// Whether any price is or was one of a packing.
    pub fn has_packing_shapes(&self) -> bool {
        self.shapes.has_packings()
    }

    pub fn size(&self) -> BookSize {
        BookSize {
            products: self.base.product_count(),
            entries: self.base.entry_count(),
            overlaid: self.overlay.size(),
        }
    }
}

impl Overlaid {
    pub(crate) fn product<'a>(&'a self, id: ProductId, base: &'a Base) -> ProductRef<'a> {
        let run = match &self.entries {
            Some(entries) => entries.whole(),
            None => base.product(id).map(|product| product.run).unwrap_or_default(),
        };
        ProductRef { id, card: &self.card, run, traits: Traits::of(&self.card) }
    }
}

impl Edits {
    /// Nothing is known before this change, which is the last that touched a product.
    pub(crate) fn since(change: u64) -> Self {
        Self {
            since: change,
            last: change,
            of_products: IdMap::default(),
            by_change: RedBlackTreeSetSync::new_sync(),
        }
    }

    pub(crate) fn note(&mut self, id: ProductId, change: u64) {
        if let Some(before) = self.of_products.get(&id) {
            self.by_change.remove_mut(&(*before, id));
        }
        self.of_products.insert_mut(id, change);
        self.by_change.insert_mut((change, id));
        self.last = change;
    }
}
