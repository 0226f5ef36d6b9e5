//! `GET {base}/store/{storeId}/price?q=…`, `websphere.md` 4: the finders of the later version.

use kontor_wire::query::{Pair, all_values, first_value};

use super::quantity;
use crate::asked::{Asked, AskedProduct, Lists, NumberKind, Pools, Span};
use crate::error::{Error, Place};
use crate::shop::Shop;

/// Reads the parameters and settles the lists, which all products share.
pub(crate) fn asked<'a>(shop: &Shop<'a>, parameters: &'a [Pair<'_>]) -> Result<Asked<'a>, Error> {
    let by = number_kind(parameters)?;
    let numbers = numbers(shop, parameters, by)?;
    let ranges = super::ranges(parameters)?;
    let mut pools = Pools::default();
    let lists = Lists {
        contracts: super::contracts(shop, parameters, &mut pools)?
            .unwrap_or_else(|| Span::all(&mut pools.contracts, shop.unnamed_contracts())),
        dates: dates(shop, parameters, &mut pools)?,
        currencies: super::currency(shop, parameters, &mut pools)?
            .unwrap_or_else(|| Span::single(&mut pools.currencies, shop.default_currency())),
        quantities: quantities(shop, parameters, &mut pools)?,
    };
    let products = numbers.into_iter();
    let asked = Asked {
        by,
        products: products.map(|number| AskedProduct { number, lists }).collect(),
        pools,
        ranges,
        work: 0,
    };
    Ok(asked)
}

fn number_kind(parameters: &[Pair<'_>]) -> Result<NumberKind, Error> {
    let place = Place::parameter("q");
    match first_value(parameters, "q") {
        None => Err(Error::Missing(place)),
        Some("byPartNumbers") => Ok(NumberKind::PartNumber),
        Some("byCatalogEntryIds") => Ok(NumberKind::ProductId),
        Some(_) => Err(Error::Invalid(place, "it is byPartNumbers or byCatalogEntryIds")),
    }
}

/// The numbers of the products: repeated, or joined by commas. A value that is itself a known
/// number is never split.
fn numbers<'a>(
    shop: &Shop<'a>,
    parameters: &'a [Pair<'_>],
    by: NumberKind,
) -> Result<Vec<&'a str>, Error> {
    let name = match by {
        NumberKind::PartNumber => "partNumber",
        NumberKind::ProductId => "catalogEntryId",
    };
    let mut numbers = Vec::new();
    for value in all_values(parameters, name).map(str::trim) {
        if value.contains(',') && !shop.is_known(by, value) {
            numbers.extend(value.split(',').map(str::trim));
        } else {
            numbers.push(value);
        }
    }
    numbers.retain(|number| !number.is_empty());
    if numbers.is_empty() {
        return Err(Error::Missing(Place::parameter(name)));
    }
    Ok(numbers)
}

fn dates(shop: &Shop<'_>, parameters: &[Pair<'_>], pools: &mut Pools<'_>) -> Result<Span, Error> {
    let date = match first_value(parameters, "date") {
        None => shop.now,
        Some(text) => shop.date(&with_plus(text), Place::parameter("date"))?,
    };
    Ok(Span::single(&mut pools.dates, date))
}

/// A blank before `hh:mm` at the end was a plus that nobody encoded.
fn with_plus(text: &str) -> String {
    match text.rsplit_once(' ') {
        Some((before, offset)) if offset.len() == "hh:mm".len() => format!("{before}+{offset}"),
        _ => text.to_owned(),
    }
}

fn quantities(
    shop: &Shop<'_>,
    parameters: &[Pair<'_>],
    pools: &mut Pools<'_>,
) -> Result<Span, Error> {
    let (quantity, uom) = (first_value(parameters, "quantity"), first_value(parameters, "uom"));
    let asked = quantity::of_parameters(shop, quantity, uom)?;
    Ok(Span::single(&mut pools.quantities, asked))
}
