//! Finding what earlier versions made of days: prices product by product, rows of other kinds by their
//! columns.

use std::collections::HashMap;
use std::sync::Arc;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Zone;
use kontor_model::price_list::Shape;
use kontor_model::record::{Cell, ColumnKind, Row};
use kontor_model::validity::{Bound, Validity};
use kontor_store::{ReadTx as _, StoreError};

use crate::error;
use crate::pending;
use crate::prices::read::{PriceRow, price_row};
use crate::prices::zones;
use crate::read::{Rows, damaged, store_error};

fn prices_of_product(table: &str) -> String {
    format!(
        "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM {table} \
         WHERE product_id = ?1 ORDER BY list_id, shape_id"
    )
}

/// The zones of a supplier.
pub(crate) struct Zones {
    own: Zone,
    /// Those in which its lists are asked that state none.
    all: Vec<Zone>,
    lists: HashMap<u32, ListZone>,
}

struct ListZone {
    code: String,
    /// The one that it states, by itself.
    stated: Option<[Zone; 1]>,
}

/// A price that becomes one of days.
pub(crate) struct DayPrice {
    pub(crate) row: PriceRow,
    pub(crate) shape: Arc<Shape>,
    pub(crate) days: Validity,
    /// Whether nothing is in the way: a price of instants that stays may meet it in some zone.
    pub(crate) fits: bool,
}

impl Zones {
    /// `None` when there is no such supplier.
    pub(crate) fn of(rows: &Rows<'_>) -> Result<Option<Self>, StoreError> {
        let mut own = None;
        let found = rows.scan(Kind::Supplier, &[], &mut |record| {
            if let Record::Supplier(supplier) = record {
                own = Some(supplier.time_zone);
            }
            Ok(())
        });
        found.map_err(store_error)?;
        let Some(own) = own else { return Ok(None) };
        let mut lists = HashMap::new();
        let found = rows.each(Kind::PriceList, &[], &mut |stored| {
            if let Record::PriceList(list) =
                Record::from_row(Kind::PriceList, &stored.row).map_err(damaged)?
            {
                let stated = list.time_zone.map(|zone| [zone]);
                lists.insert(stored.id, ListZone { code: list.code.to_string(), stated });
            }
            Ok(())
        });
        found.map_err(store_error)?;
        // A code that no list has states no zone.
        Ok(Some(Self { own, all: zones::of_list(rows, "")?, lists }))
    }

    /// The zone in which days of a list became instants, and those in which it is asked; without a list
    /// those of the supplier.
    pub(crate) fn of_list(&self, list: Option<u32>) -> (&Zone, &[Zone]) {
        let list = list.and_then(|list| self.lists.get(&list));
        match list.and_then(|list| list.stated.as_ref()) {
            Some(stated) => {
                let [zone] = stated;
                (zone, stated)
            }
            None => (&self.own, &self.all),
        }
    }

    pub(crate) fn code(&self, list: u32) -> &str {
        self.lists.get(&list).map_or("", |list| &list.code)
    }
}

/// The prices of a product that changes up to this one wrote and that are of days.
pub(crate) fn prices(
    rows: &Rows<'_>,
    zones: &Zones,
    product: u32,
    until: i64,
) -> Result<Vec<DayPrice>, StoreError> {
    let mut statement =
        rows.database.prepare(&prices_of_product(pending::tables(rows.database)?.now))?;
    let found = statement.query_map([product], price_row).map_err(error::reading)?;
    let stored: Vec<PriceRow> = found.collect::<Result<_, _>>().map_err(error::reading)?;
    let mut all = Vec::new();
    for of_list in stored.chunk_by(|a, b| a.list == b.list) {
        let Some(list) = of_list.first().map(|row| row.list) else { continue };
        let (zone, asked) = zones.of_list(Some(list));
        let mut group = Vec::with_capacity(of_list.len());
        for row in of_list {
            let shape = rows.database.shape(row.shape)?;
            let days = shape.validity.as_days(zone).filter(|_| row.since_change <= until);
            group.push((*row, shape, days));
        }
        if group.iter().any(|(.., days)| days.is_some()) {
            take_group(group, asked, &mut all);
        }
    }
    Ok(all)
}

/// The prices of a product in a list, with the days that some of them become.
fn take_group(
    group: Vec<(PriceRow, Arc<Shape>, Option<Validity>)>,
    asked: &[Zone],
    all: &mut Vec<DayPrice>,
) {
    let mut questions: HashMap<Shape, Vec<usize>> = HashMap::new();
    for (index, (_, shape, _)) in group.iter().enumerate() {
        let question = Shape { validity: Validity::ALWAYS, decimals: 0, ..(**shape).clone() };
        questions.entry(question).or_default().push(index);
    }
    let mut fits = vec![true; group.len()];
    for mut members in questions.into_values() {
        // They did not meet as instants, and moved by less than a day each: of two that meet now two
        // neighbours do.
        members.sort_by_key(|index| group.get(*index).map(|(_, shape, _)| shape.validity.from()));
        let becomes = members.iter().filter_map(|index| group.get(*index));
        let becomes: Vec<Validity> =
            becomes.map(|(_, shape, days)| days.unwrap_or(shape.validity)).collect();
        let meet = becomes.windows(2).any(|pair| match pair {
            [one, other] => one.overlaps(*other, asked),
            _ => false,
        });
        for index in members.into_iter().filter(|_| meet) {
            if let Some(fits) = fits.get_mut(index) {
                *fits = false;
            }
        }
    }
    let becomes = group.into_iter().zip(fits);
    all.extend(becomes.filter_map(|((row, shape, days), fits)| {
        days.map(|days| DayPrice { row, shape, days, fits })
    }));
}

/// A row of a kind other than prices, as it was and as it is with days.
pub(crate) struct DayRow {
    pub(crate) kind: Kind,
    pub(crate) before: Validity,
    pub(crate) days: Validity,
    pub(crate) row: Row,
}

/// Kinds other than prices that have a validity.
pub(crate) fn kinds() -> impl Iterator<Item = Kind> {
    let kinds = Kind::CATALOGUE.into_iter().filter(|kind| *kind != Kind::Price);
    kinds.filter(|kind| kind.columns().iter().any(|column| column.kind == ColumnKind::From))
}

/// The rows of a kind that changes up to this one wrote and that are of days.
pub(crate) fn rows_of_kind(
    rows: &Rows<'_>,
    zones: &Zones,
    kind: Kind,
    until: i64,
) -> Result<Vec<DayRow>, StoreError> {
    let mut all = Vec::new();
    let found = rows.each(kind, &[], &mut |stored| {
        if stored.since_change <= until {
            all.extend(with_days(zones, kind, stored.row)?);
        }
        Ok(())
    });
    found.map_err(store_error)?;
    Ok(all)
}

/// A row with days in the place of its instants, when they are such.
pub(crate) fn with_days(
    zones: &Zones,
    kind: Kind,
    mut row: Row,
) -> Result<Option<DayRow>, StoreError> {
    let place = |of: ColumnKind| kind.columns().iter().position(|column| column.kind == of);
    let (Some(from), Some(to)) = (place(ColumnKind::From), place(ColumnKind::To)) else {
        return Ok(None);
    };
    let bound = |place: usize| match row.get(place) {
        Some(Cell::Int(cell)) => Some(Bound::from_cell(*cell)),
        _ => None,
    };
    let before = Validity::new(bound(from), bound(to)).map_err(damaged)?;
    let (zone, _) = zones.of_list(None);
    let Some(days) = before.as_days(zone) else { return Ok(None) };
    for (place, bound) in [(from, days.from()), (to, days.to())] {
        if let Some(cell) = row.get_mut(place) {
            *cell = Cell::bound(bound);
        }
    }
    Ok(Some(DayRow { kind, before, days, row }))
}
