//! What partners see of the lists they maintain, read from the book.
//!
//! Long overviews hold numbers only, so that whoever writes them while they are sent keeps little beside
//! the book: names are looked up in it when they are written.

use std::collections::HashMap;

use kontor_model::currency::Currency;
use kontor_model::customer::Entitlement;
use kontor_model::identifier::Scheme;
use kontor_model::instant::{Instant, Zone};
use kontor_model::money::Money;
use kontor_model::price_list::{PriceList, PriceListId};
use kontor_model::product::ProductId;
use kontor_model::quantity::Quantity;
use kontor_pricing::{Book, CustomerFacts, ProductRef, Tenant};

use super::entries::is_item_price;

/// A list with its customers and prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedList {
    pub number: i64,
    id: PriceListId,
    /// By branch number.
    pub branches: Vec<ListedBranch>,
    /// By item number; only items for sale.
    pub items: Vec<ListedItem>,
}

/// A customer of a list who has a branch number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedBranch {
    pub number: i64,
    customer: Box<str>,
}

/// A customer with a branch number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Branch<'b> {
    pub number: i64,
    /// The supplier's number of the customer.
    pub customer: &'b str,
    pub name: Option<&'b str>,
}

/// A product for sale that has an item number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    pub number: i64,
    product: ProductId,
}

/// An item and its price in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedItem {
    pub item: Item,
    /// Price of one base unit, in the currency of the list.
    pub price: Money,
}

/// The numbered lists whose name is wanted, by number, as they count at an instant.
pub fn price_lists(
    book: &Book,
    tenant: &Tenant,
    at: Instant,
    is_wanted: impl Fn(Option<&str>) -> bool,
) -> Vec<NumberedList> {
    let mut wanted = Wanted::new(tenant, is_wanted);
    if !wanted.lists.is_empty() {
        wanted.add_branches(tenant);
        wanted.add_items(book, tenant, at);
    }
    let mut lists: Vec<NumberedList> = wanted.lists.into_iter().map(|one| one.list).collect();
    for list in &mut lists {
        list.branches.sort_unstable();
        list.items.sort_unstable_by_key(|listed| (listed.item.order(book), listed.price));
    }
    lists.sort_unstable_by_key(|list| list.number);
    lists
}

/// The items whose name is wanted, by item number.
pub fn items(book: &Book, tenant: &Tenant, is_wanted: impl Fn(Option<&str>) -> bool) -> Vec<Item> {
    let mut items: Vec<Item> = book
        .products_of(tenant.id())
        .filter(|product| is_wanted(product.card.product.name.as_deref()))
        .filter_map(item_of)
        .collect();
    items.sort_unstable_by_key(|item| item.order(book));
    items
}

impl NumberedList {
    /// Its name in the version of the book that it was read from.
    pub fn name<'b>(&self, tenant: &'b Tenant) -> Option<&'b str> {
        tenant.list(self.id)?.name.as_deref()
    }
}

impl ListedBranch {
    /// Its name in the version of the book that it was read from.
    pub fn name<'b>(&self, tenant: &'b Tenant) -> Option<&'b str> {
        tenant.customer(&self.customer)?.customer.name.as_deref()
    }
}

impl Item {
    /// Its name in the version of the book that it was read from.
    pub fn name<'b>(&self, book: &'b Book) -> Option<&'b str> {
        book.product(self.product)?.card.product.name.as_deref()
    }

    /// Numbers decide, and names where two are equal.
    fn order<'b>(&self, book: &'b Book) -> (i64, Option<&'b str>) {
        (self.number, self.name(book))
    }
}

/// An active customer with a branch number.
pub fn branch_of<'b>(tenant: &'b Tenant, customer: &str) -> Option<Branch<'b>> {
    branch(tenant.customer(customer)?)
}

/// Number and name of the numbered lists of a customer, by number.
pub fn branch_lists<'b>(tenant: &'b Tenant, customer: &str) -> Vec<(i64, Option<&'b str>)> {
    let lists = tenant.customer(customer).map_or(&[][..], |facts| &facts.lists);
    let mut lists: Vec<(i64, Option<&str>)> = lists
        .iter()
        .filter_map(|id| tenant.list(*id))
        .filter_map(|list| Some((list.number?, list.name.as_deref())))
        .collect();
    lists.sort_unstable();
    lists
}

fn branch(facts: &CustomerFacts) -> Option<Branch<'_>> {
    Some(Branch {
        number: facts.customer.branch_number?,
        customer: facts.customer.number.as_str(),
        name: facts.customer.name.as_deref(),
    })
}

fn item_of(product: ProductRef<'_>) -> Option<Item> {
    if !product.card.is_active() {
        return None;
    }
    let number = product.card.identifier(Scheme::ItemNumber)?;
    Some(Item { number: number.parse().ok()?, product: product.id })
}

/// The lists that are wanted, while they are being filled.
struct Wanted<'b> {
    lists: Vec<Filled<'b>>,
    by_id: HashMap<PriceListId, usize>,
}

struct Filled<'b> {
    id: PriceListId,
    currency: Currency,
    /// Zone of civil days in the list.
    zone: &'b Zone,
    list: NumberedList,
    /// The product of the last item, and the minimum quantity of its price.
    last: Option<(ProductId, Quantity)>,
}

impl<'b> Wanted<'b> {
    fn new(tenant: &'b Tenant, is_wanted: impl Fn(Option<&str>) -> bool) -> Self {
        let rows = tenant.all::<PriceList>();
        let lists: Vec<Filled<'b>> = rows
            .filter_map(|list| {
                let is_wanted = is_wanted(list.name.as_deref());
                is_wanted.then(|| Filled::new(tenant, list)).flatten()
            })
            .collect();
        let by_id = lists.iter().enumerate().map(|(place, one)| (one.id, place)).collect();
        Self { lists, by_id }
    }

    fn add_branches(&mut self, tenant: &'b Tenant) {
        for row in tenant.all::<Entitlement>() {
            let list = tenant
                .list_id(row.list.as_str())
                .and_then(|id| self.by_id.get(&id))
                .and_then(|place| self.lists.get_mut(*place));
            let branch = branch_of(tenant, row.customer.as_str());
            if let (Some(one), Some(branch)) = (list, branch) {
                let customer = branch.customer.into();
                one.list.branches.push(ListedBranch { number: branch.number, customer });
            }
        }
    }

    /// One pass over the products for all lists. Each product asks for the wanted lists by binary
    /// search, or goes through all its prices, whichever is less.
    fn add_items(&mut self, book: &'b Book, tenant: &'b Tenant, at: Instant) {
        for product in book.products_of(tenant.id()) {
            let Some(item) = item_of(product) else {
                continue;
            };
            if self.lists.len() < product.run.len() / 8 {
                for one in &mut self.lists {
                    for entry in product.run.of_list(one.id) {
                        one.add(book, product, item, entry, at);
                    }
                }
            } else {
                for entry in product.run.iter() {
                    let place = self.by_id.get(&entry.list);
                    if let Some(one) = place.and_then(|place| self.lists.get_mut(*place)) {
                        one.add(book, product, item, entry, at);
                    }
                }
            }
        }
    }
}

impl<'b> Filled<'b> {
    fn new(tenant: &'b Tenant, list: &'b PriceList) -> Option<Self> {
        let supplier = tenant.supplier()?;
        let id = tenant.list_id(list.code.as_str())?;
        Some(Self {
            id,
            currency: list.currency.unwrap_or(supplier.currency),
            zone: list.time_zone.as_ref().unwrap_or(&supplier.time_zone),
            last: None,
            list: NumberedList {
                number: list.number?,
                id,
                branches: Vec::new(),
                items: Vec::new(),
            },
        })
    }

    /// Adds a price, product by product. Of several of one product the one that is paid for one
    /// counts, which has the greatest minimum.
    fn add(
        &mut self,
        book: &Book,
        product: ProductRef<'_>,
        item: Item,
        entry: kontor_pricing::Entry,
        at: Instant,
    ) {
        let step = product.card.product.quantity_step;
        let shape = book.shape(entry.shape).filter(|shape| {
            is_item_price(shape, self.currency, step) && shape.validity.contains(at, self.zone)
        });
        let Some(shape) = shape else {
            return;
        };
        let Some(price) = shape.amount_of_one(Money::from_micros(entry.amount)) else {
            return;
        };
        match (self.last, self.list.items.last_mut()) {
            (Some((id, minimum)), Some(last)) if id == product.id => {
                if minimum >= shape.minimum {
                    return;
                }
                last.price = price;
            }
            _ => self.list.items.push(ListedItem { item, price }),
        }
        self.last = Some((product.id, shape.minimum));
    }
}
