//! From parameters to what is to be done.

use jiff::civil::Date;
use kontor_model::money::Money;
use serde_json::Value;

use crate::parameters::{Parameters, present};
use crate::validation::{Faults, Rule, WholeNumber};
use crate::wire::parameter;

/// A list and a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListAndClient {
    pub(crate) pricing_id: WholeNumber,
    pub(crate) customer_number: String,
}

/// Prices to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemsToSet {
    pub(crate) of: ListAndClient,
    pub(crate) items: Vec<(String, Money)>,
}

/// Prices to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemsToDelete {
    pub(crate) of: ListAndClient,
    pub(crate) items: Vec<String>,
}

/// Which documents are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentsOf {
    /// Without a date: yesterday.
    pub(crate) date: Option<Date>,
    pub(crate) customer_number: Option<String>,
}

/// A part of a name, compared without case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct NamePart(String);

pub(crate) fn new_pricing(mut parameters: Parameters<'_>) -> Result<String, Faults> {
    let mut faults = Faults::default();
    let key = parameter::NAME;
    let name = faults.required(key, parameters.take(key));
    let name = name.and_then(|value| faults.name(key, value));
    faults.unless_any(name)
}

/// The filter of this name, which matches everything when it is absent.
pub(crate) fn name_part(
    mut parameters: Parameters<'_>,
    key: &'static str,
) -> Result<NamePart, Faults> {
    let mut faults = Faults::default();
    let part = match parameters.take(key) {
        None => Some(String::new()),
        Some(value) => faults.text(key, value),
    };
    faults.unless_any(part.map(|part| NamePart(folded(&part))))
}

pub(crate) fn items_to_set(mut parameters: Parameters<'_>) -> Result<ItemsToSet, Faults> {
    let mut faults = Faults::default();
    let of = list_and_client(&mut parameters, &mut faults);
    let items = item_list(&mut parameters, &mut faults).unwrap_or_default();
    let mut lines = Vec::with_capacity(items.len());
    for (index, line) in items.into_iter().enumerate() {
        lines.extend(line_to_set(&mut faults, index, line));
    }
    faults.unless_any(of.map(|of| ItemsToSet { of, items: lines }))
}

pub(crate) fn items_to_delete(mut parameters: Parameters<'_>) -> Result<ItemsToDelete, Faults> {
    let mut faults = Faults::default();
    let of = list_and_client(&mut parameters, &mut faults);
    let items = item_list(&mut parameters, &mut faults).unwrap_or_default();
    let mut numbers = Vec::with_capacity(items.len());
    for (index, number) in items.into_iter().enumerate() {
        // An absent entry is no string either.
        let number = present(number).unwrap_or(Value::Null);
        numbers.extend(faults.text(format_args!("{}.{index}", parameter::ITEMS), number));
    }
    faults.unless_any(of.map(|of| ItemsToDelete { of, items: numbers }))
}

pub(crate) fn client_to_remove(mut parameters: Parameters<'_>) -> Result<ListAndClient, Faults> {
    let mut faults = Faults::default();
    let of = list_and_client(&mut parameters, &mut faults);
    faults.unless_any(of)
}

pub(crate) fn client(mut parameters: Parameters<'_>) -> Result<String, Faults> {
    let mut faults = Faults::default();
    let number = customer_number(&mut parameters, &mut faults);
    faults.unless_any(number)
}

pub(crate) fn documents(mut parameters: Parameters<'_>) -> Result<DocumentsOf, Faults> {
    let mut faults = Faults::default();
    let date =
        parameters.take(parameter::DATE).and_then(|value| faults.date(parameter::DATE, &value));
    let customer_number = parameters
        .take(parameter::CUSTOMER_NUMBER)
        .and_then(|value| faults.text(parameter::CUSTOMER_NUMBER, value));
    faults.unless_any(Some(DocumentsOf { date, customer_number }))
}

/// A real date, written `YYYY-MM-DD` and not otherwise.
pub(crate) fn date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let mut part = |digits: usize| {
        let part = parts.next()?;
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then_some(part)
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    if parts.next().is_some() {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (date.year() > 0).then_some(date)
}

impl NamePart {
    /// Whether a name contains the part. Without a part every name does, also a missing one.
    pub(crate) fn is_in(&self, name: Option<&str>) -> bool {
        self.0.is_empty() || name.is_some_and(|name| folded(name).contains(&self.0))
    }
}

/// Letter by letter, since the form of a letter must not depend on where in the name it stands.
fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn list_and_client(parameters: &mut Parameters<'_>, faults: &mut Faults) -> Option<ListAndClient> {
    let key = parameter::PRICING_ID;
    let pricing_id = faults.required(key, parameters.take(key));
    let pricing_id = pricing_id.and_then(|value| faults.integer(key, &value));
    let customer_number = customer_number(parameters, faults);
    Some(ListAndClient { pricing_id: pricing_id?, customer_number: customer_number? })
}

fn customer_number(parameters: &mut Parameters<'_>, faults: &mut Faults) -> Option<String> {
    let key = parameter::CUSTOMER_NUMBER;
    let number = faults.required(key, parameters.take(key))?;
    faults.text(key, number)
}

fn item_list(parameters: &mut Parameters<'_>, faults: &mut Faults) -> Option<Vec<Value>> {
    let key = parameter::ITEMS;
    let items = faults.required(key, parameters.take(key))?;
    faults.list(key, items)
}

fn line_to_set(faults: &mut Faults, index: usize, line: Value) -> Option<(String, Money)> {
    let Value::Object(mut members) = line else {
        faults.add(format_args!("{}.{index}", parameter::ITEMS), Rule::List);
        return None;
    };
    let mut member = |name: &str| members.get_mut(name).map(Value::take).and_then(present);
    let number = member(parameter::CATALOG_NUMBER);
    let price = member(parameter::PRICE);

    let key = format_args!("{}.{index}.{}", parameter::ITEMS, parameter::CATALOG_NUMBER);
    let number = faults.required(key, number);
    let number = number.and_then(|value| faults.text(key, value));
    let key = format_args!("{}.{index}.{}", parameter::ITEMS, parameter::PRICE);
    let price = faults.required(key, price);
    let price = price.and_then(|value| faults.price(key, &value));
    Some((number?, price?))
}

#[cfg(test)]
mod tests;
