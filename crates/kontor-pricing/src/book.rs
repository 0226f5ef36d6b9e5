//! The price book: a pure function of the database at one change.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use kontor_model::account::{Account, ByProtocol, Protocol};
use kontor_model::price_list::Shape;
use kontor_model::product::ProductId;
use kontor_model::supplier::SupplierId;
use rpds::HashTrieSetSync;

use crate::base::{Base, Traits};
use crate::card::ProductCard;
use crate::entry::{Entries, Run};
use crate::identifiers::{Found, Lookup};
use crate::ids::IdMap;
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
    /// When each product that changed since the base was built last did.
    pub(crate) edited: IdMap<ProductId, u64>,
    /// Counts changes of products.
    pub(crate) edition: u64,
    /// The edition the base was built from.
    pub(crate) base_edition: u64,
    /// Products to look at for numbers that came since the base was built.
    pub(crate) late_numbers: IdMap<u64, HashTrieSetSync<ProductId>>,
    pub(crate) tenants: IdMap<SupplierId, Arc<Tenant>>,
    pub(crate) directory: Directory,
}

/// What leads from the words of a request to a supplier.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    pub(crate) suppliers: IdMap<Box<str>, SupplierId>,
    pub(crate) stores: IdMap<Box<str>, SupplierId>,
    pub(crate) logins: ByProtocol<Accounts>,
    /// By digest of the token.
    pub(crate) tokens: Accounts,
}

/// Accounts and whose they are.
type Accounts = IdMap<Box<str>, (SupplierId, Arc<Account>)>;

/// A product that changed since the base was built.
#[derive(Debug)]
pub(crate) struct Overlaid {
    pub(crate) card: Arc<ProductCard>,
    pub(crate) entries: Entries,
}

/// A product at hand: its card and its prices.
#[derive(Debug, Clone, Copy)]
pub struct ProductRef<'a> {
    pub id: ProductId,
    pub card: &'a ProductCard,
    pub run: Run<'a>,
    /// What prices need of the card, without a look at it.
    pub(crate) traits: Traits,
}

/// Names a state of all products, to ask later what changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// The same for all versions that came from one load.
    lineage: u64,
    number: u64,
}

/// Sizes of a book, for metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BookSize {
    pub products: usize,
    pub entries: usize,
    pub overlaid: usize,
}

impl Book {
    /// A book of an empty database.
    pub fn empty() -> Self {
        crate::builder::BookBuilder::new().finish(0)
    }

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
            let overlaid = overlaid.as_deref()?;
            let (card, run) = (&*overlaid.card, overlaid.entries.whole());
            return Some(ProductRef { id, card, run, traits: Traits::of(card) });
        }
        self.base.product(id)
    }

    /// The products of a supplier that have a number. Products of other suppliers never count.
    pub fn find(&self, supplier: SupplierId, number: Lookup<'_>) -> Found {
        let mut found = Found::Nothing;
        self.each(supplier, number, |product| found = found.and(product.id));
        found
    }

    /// The same, product by product, each once, in no particular order.
    pub fn each<'a>(
        &'a self,
        supplier: SupplierId,
        number: Lookup<'_>,
        mut visit: impl FnMut(ProductRef<'a>),
    ) {
        let hash = number.hash(&self.hasher);
        let of_base = self.base.index.candidates(hash);
        let late = self.late_numbers.get(&hash);
        let mut check = |id: ProductId| {
            let product = self.product(id);
            let product = product.filter(|product| product.card.supplier == supplier);
            if let Some(product) = product.filter(|product| number.is_of(product.card)) {
                visit(product);
            }
        };
        of_base.filter(|id| late.is_none_or(|late| !late.contains(id))).for_each(&mut check);
        late.into_iter().flat_map(|late| late.iter().copied()).for_each(&mut check);
    }

    /// All products of a supplier, by their number in the database.
    pub fn products_of(&self, supplier: SupplierId) -> impl Iterator<Item = ProductRef<'_>> {
        let beyond = self.overlay.keys().map(|id| id.0 as usize + 1).max().unwrap_or(0);
        let end = u32::try_from(self.base.end().max(beyond)).unwrap_or(u32::MAX);
        let products = (0..end).filter_map(|id| self.product(ProductId(id)));
        products.filter(move |product| product.card.supplier == supplier)
    }

    /// The state of the products: their cards and prices. Other rows do not count.
    pub fn edition(&self) -> Edition {
        Edition { lineage: self.hasher.hash_one(0), number: self.edition }
    }

    /// Products that changed, came or went since an earlier edition, in no particular order; `None`
    /// when that is not known any more. Takes as long as looking at everything in the overlay.
    pub fn products_since(&self, earlier: Edition) -> Option<impl Iterator<Item = ProductId>> {
        let now = self.edition();
        let is_known = earlier.lineage == now.lineage
            && (self.base_edition..=now.number).contains(&earlier.number);
        // The usual case costs nothing: whatever changed, it was no product.
        let edited = (earlier != now).then_some(&self.edited);
        is_known.then(|| {
            let edited = edited.into_iter().flat_map(|edited| edited.iter());
            edited.filter(move |(_, at)| **at > earlier.number).map(|(id, _)| *id)
        })
    }

    pub fn tenant(&self, supplier: SupplierId) -> Option<&Tenant> {
        self.tenants.get(&supplier).map(|tenant| &**tenant)
    }

    pub fn tenants(&self) -> impl Iterator<Item = &Tenant> {
        self.tenants.values().map(|tenant| &**tenant)
    }

    pub fn supplier(&self, code: &str) -> Option<&Tenant> {
        self.tenant(*self.directory.suppliers.get(code)?)
    }

    /// The supplier whose store this is.
    pub fn supplier_of_store(&self, store: &str) -> Option<&Tenant> {
        self.tenant(*self.directory.stores.get(store)?)
    }

    /// The account with this login.
    pub fn login(&self, protocol: Protocol, login: &str) -> Option<(&Tenant, &Arc<Account>)> {
        let (supplier, account) = self.directory.logins.get(protocol).get(login)?;
        Some((self.tenant(*supplier)?, account))
    }

    /// The account whose token has this digest.
    pub fn token(&self, digest: &str) -> Option<(&Tenant, &Arc<Account>)> {
        let (supplier, account) = self.directory.tokens.get(digest)?;
        Some((self.tenant(*supplier)?, account))
    }

    /// The shape with this number.
    pub fn shape(&self, number: u32) -> Option<&Shape> {
        self.shapes.get(number)
    }

    /// The greatest number of a shape that is known.
    pub fn last_shape(&self) -> u32 {
        self.shapes.last()
    }

    pub fn size(&self) -> BookSize {
        BookSize {
            products: self.base.product_count(),
            entries: self.base.entry_count(),
            overlaid: self.overlay.size(),
        }
    }
}

impl Directory {
    pub(crate) fn new() -> Self {
        Self {
            suppliers: IdMap::default(),
            stores: IdMap::default(),
            logins: ByProtocol::default(),
            tokens: IdMap::default(),
        }
    }
}
