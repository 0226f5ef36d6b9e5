//! `POST {base}/store/{storeId}/price`, `websphere.md` 3: `findPricesByQuery`.

use kontor_wire::query::Pair;

use super::quantity;
use crate::asked::{Asked, AskedProduct, Lists, NumberKind, Pools, Span};
use crate::body::Node;
use crate::error::{Error, Owner, Place};
use crate::shop::Shop;

/// What the URL says, checked before the body is looked at.
pub(crate) struct Parameters<'a> {
    ranges: bool,
    currency: Option<Span>,
    contracts: Option<Span>,
    pools: Pools<'a>,
}

/// Lists that an owner states itself.
#[derive(Clone, Copy)]
struct OwnLists {
    contracts: Option<Span>,
    dates: Option<Span>,
    currencies: Option<Span>,
    quantities: Option<Span>,
}

/// Reads the parameters of the URL.
pub(crate) fn parameters<'a>(
    shop: &Shop<'a>,
    parameters: &[Pair<'_>],
) -> Result<Parameters<'a>, Error> {
    let mut pools = Pools::default();
    Ok(Parameters {
        ranges: super::ranges(parameters)?,
        currency: super::currency(shop, parameters, &mut pools)?,
        contracts: super::contracts(shop, parameters, &mut pools)?,
        pools,
    })
}

/// Reads the body and settles the lists of every product.
pub(crate) fn asked<'a>(
    shop: &Shop<'a>,
    parameters: Parameters<'a>,
    body: &'a Node<'_>,
) -> Result<Asked<'a>, Error> {
    let query = required(body, "query", Place::query(""))?;
    if !matches!(query, Node::Object(_)) {
        return Err(Error::Invalid(Place::query(""), "it is an object"));
    }
    let by = number_kind(query)?;
    let products = products(query)?;

    let mut pools = parameters.pools;
    let own = OwnLists::read(shop, query, Owner::Query, &mut pools)?;
    let global = Lists {
        contracts: own
            .contracts
            .or(parameters.contracts)
            .unwrap_or_else(|| Span::all(&mut pools.contracts, shop.unnamed_contracts())),
        dates: own.dates.unwrap_or_else(|| Span::single(&mut pools.dates, shop.now)),
        currencies: parameters
            .currency
            .or(own.currencies)
            .unwrap_or_else(|| Span::single(&mut pools.currencies, shop.default_currency())),
        quantities: own
            .quantities
            .unwrap_or_else(|| Span::single(&mut pools.quantities, shop.default_quantity())),
    };
    let mut asked = Asked {
        by,
        products: Vec::with_capacity(products.len()),
        pools,
        ranges: parameters.ranges,
        work: 0,
    };
    for (index, product) in products.iter().enumerate() {
        let product = read_product(shop, product, index, global, &mut asked)?;
        asked.products.push(product);
    }
    Ok(asked)
}

fn number_kind(query: &Node<'_>) -> Result<NumberKind, Error> {
    let place = Place::query("name");
    match required(query, "name", place)?.text() {
        Some("byProductID") => Ok(NumberKind::ProductId),
        Some("byPartNumber") => Ok(NumberKind::PartNumber),
        _ => Err(Error::Invalid(place, "it is byProductID or byPartNumber")),
    }
}

/// The list of products, or one product instead of it; what is in it comes later.
fn products<'q, 'n>(query: &'q Node<'n>) -> Result<&'q [Node<'n>], Error> {
    let place = Place::query("products");
    let products = required(query, "products", place)?;
    match products {
        Node::List(list) if list.is_empty() => Err(Error::Missing(place)),
        Node::List(_) | Node::Object(_) => Ok(products.elements()),
        Node::Null | Node::Bool | Node::Text(_) | Node::Number(_) => {
            Err(Error::Invalid(place, "it is a list of objects"))
        }
    }
}

fn read_product<'a>(
    shop: &Shop<'a>,
    node: &'a Node<'_>,
    index: usize,
    global: Lists,
    asked: &mut Asked<'a>,
) -> Result<AskedProduct<'a>, Error> {
    let owner = Owner::Product(index);
    if !matches!(node, Node::Object(_)) {
        return Err(Error::Invalid(Place::member(owner, ""), "it is an object"));
    }
    let name = match asked.by {
        NumberKind::ProductId => "productId",
        NumberKind::PartNumber => "partNumber",
    };
    let place = Place::member(owner, name);
    let number = required(node, name, place)?
        .id()
        .ok_or(Error::Invalid(place, "it is a text or an integer"))?;
    let own = OwnLists::read(shop, node, owner, &mut asked.pools)?;
    Ok(AskedProduct {
        number,
        lists: Lists {
            contracts: own.contracts.unwrap_or(global.contracts),
            dates: own.dates.unwrap_or(global.dates),
            currencies: own.currencies.unwrap_or(global.currencies),
            quantities: own.quantities.unwrap_or(global.quantities),
        },
    })
}

impl OwnLists {
    fn read<'a>(
        shop: &Shop<'a>,
        node: &Node<'_>,
        owner: Owner,
        pools: &mut Pools<'a>,
    ) -> Result<Self, Error> {
        Ok(Self {
            contracts: list(node, owner, "contractIds", &mut pools.contracts, |id, at| {
                shop.contract(id.id().ok_or(Error::Invalid(at, "it is a text or an integer"))?)
            })?,
            dates: list(node, owner, "dates", &mut pools.dates, |date, at| {
                shop.date(text(date, at)?, at)
            })?,
            currencies: list(node, owner, "currencies", &mut pools.currencies, |code, at| {
                shop.currency(text(code, at)?, at)
            })?,
            quantities: list(node, owner, "quantities", &mut pools.quantities, |one, at| {
                quantity::of_body(shop, one, at)
            })?,
        })
    }
}

/// Adds the elements of a list to its pool; `None` when the list is null, missing or empty.
fn list<T>(
    node: &Node<'_>,
    owner: Owner,
    name: &'static str,
    pool: &mut Vec<T>,
    mut read: impl FnMut(&Node<'_>, Place) -> Result<T, Error>,
) -> Result<Option<Span>, Error> {
    let Some(list) = node.filled(name) else {
        return Ok(None);
    };
    let start = pool.len();
    for (index, element) in list.elements().iter().enumerate() {
        pool.push(read(element, Place::member(owner, name).element(index))?);
    }
    Ok(Span::since(start, pool))
}

fn text<'n>(node: &'n Node<'_>, place: Place) -> Result<&'n str, Error> {
    node.text().ok_or(Error::Invalid(place, "it is a text"))
}

fn required<'q, 'n>(
    node: &'q Node<'n>,
    name: &'static str,
    place: Place,
) -> Result<&'q Node<'n>, Error> {
    node.filled(name).ok_or(Error::Missing(place))
}
