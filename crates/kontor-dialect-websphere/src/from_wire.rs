//! From the words of a request to what is asked. All leniency is here.
//!
//! The order of the checks is the contract: the first error found is the answer.

pub(crate) mod date;
pub(crate) mod get;
pub(crate) mod post;
pub(crate) mod quantity;

use kontor_wire::query::{Pair, first_value};

use crate::asked::{Pools, Span};
use crate::error::{Error, Place};
use crate::shop::Shop;

/// Whether the parameters ask for ranges. `profile` counts first; both are checked.
fn ranges(parameters: &[Pair<'_>]) -> Result<bool, Error> {
    let one_of = |name: &'static str, normal: &str, range: &str| match first_value(parameters, name)
    {
        None => Ok(None),
        Some(value) if value == normal => Ok(Some(false)),
        Some(value) if value == range => Ok(Some(true)),
        Some(_) => Err(Error::Invalid(Place::parameter(name), "no known profile")),
    };
    let profile = one_of("profile", "default", "range")?;
    let profile_name = one_of(
        "profileName",
        "IBM_Store_EntitledPrice_All",
        "IBM_Store_EntitledPrice_RangePrice_All",
    )?;
    Ok(profile.or(profile_name).unwrap_or(false))
}

/// The contracts of the parameter `contractId`, which may be repeated.
fn contracts<'a>(
    shop: &Shop<'a>,
    parameters: &[Pair<'_>],
    pools: &mut Pools<'a>,
) -> Result<Option<Span>, Error> {
    let start = pools.contracts.len();
    for code in kontor_wire::query::all_values(parameters, "contractId") {
        if !code.is_empty() {
            pools.contracts.push(shop.contract(code)?);
        }
    }
    Ok(Span::since(start, &pools.contracts))
}

/// The currency of the parameter `currency`.
fn currency(
    shop: &Shop<'_>,
    parameters: &[Pair<'_>],
    pools: &mut Pools<'_>,
) -> Result<Option<Span>, Error> {
    let Some(code) = first_value(parameters, "currency") else {
        return Ok(None);
    };
    let currency = shop.currency(code, Place::parameter("currency"))?;
    Ok(Some(Span::single(&mut pools.currencies, currency)))
}
