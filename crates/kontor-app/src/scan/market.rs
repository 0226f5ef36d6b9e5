//! Markets: a company of the supplier, one of its segments, and the price lists they lead to.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::instant::{Instant, Zone};
use kontor_model::payment_term::PaymentTermCode;
use kontor_model::price_list::{PriceListCode, PriceListId};
use kontor_model::record::Cell;
use kontor_model::selling_entity::{SalesTableNumber, SellingEntity};
use kontor_model::supplier::SupplierId;
use kontor_model::tax_id::TaxId;
use kontor_pricing::Tenant;

/// A segment of a selling entity, ready to be asked for prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    pub supplier: SupplierId,
    pub entity: i64,
    pub segment: i64,
    pub currency: Currency,
    /// Zone of its civil days.
    pub zone: Zone,
    /// List of its base prices and promotions.
    pub list: PriceListId,
    /// Zone of civil days in that list: its own, else that of the market.
    pub list_zone: Zone,
    /// Its sales tables by number, in the order of their characters.
    pub tables: Vec<MarketTable>,
    /// When all its rows changed at once because of its entity, its segment or its list; the
    /// beginning of time when they did not.
    pub changed_at: Instant,
    /// Payment terms that were renamed, and when, by code.
    pub renamed_terms: Vec<(PaymentTermCode, Instant)>,
}

/// A sales table of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarketTable {
    pub number: SalesTableNumber,
    pub name: String,
    pub list: PriceListId,
    /// Zone of civil days in the list.
    pub zone: Zone,
    /// When the table came, was renamed, or its list was given another zone.
    pub changed_at: Instant,
}

/// The selling entity with this number.
pub fn entity(tenant: &Tenant, number: i64) -> Option<&SellingEntity> {
    as_entity(tenant.get(Kind::SellingEntity, &[Cell::Int(number)])?)
}

/// The selling entity with this CNPJ, written without punctuation; letters are compared without
/// case, check digits as they are: a wrong one is nobody's. Of several entities with the same
/// CNPJ it is the one with the lowest number.
pub fn entity_by_cnpj<'b>(tenant: &'b Tenant, cnpj: &str) -> Option<&'b SellingEntity> {
    let entities = tenant.rows(Kind::SellingEntity, &[]).filter_map(as_entity);
    { entities }.find(|entity| {
        let own = entity.tax_id.as_ref().and_then(TaxId::cnpj);
        own.is_some_and(|own| own.as_str().eq_ignore_ascii_case(cnpj))
    })
}

impl Market {
    /// A segment of an entity; `None` when the entity has no such segment.
    pub fn of(tenant: &Tenant, entity: &SellingEntity, segment: i64) -> Option<Self> {
        let key = [Cell::Int(entity.number), Cell::Int(segment)];
        let Some(Record::Segment(row)) = tenant.get(Kind::Segment, &key) else {
            return None;
        };
        let list = tenant.list_id(row.list.as_str())?;
        let mut tables: Vec<_> = tenant
            .rows(Kind::SalesTable, &key)
            .filter_map(|record| {
                let Record::SalesTable(table) = record else { return None };
                let list = tenant.list_id(table.list.as_str())?;
                let changed_at = changed_at(tenant, Kind::SalesTable, &record.key());
                Some(MarketTable {
                    number: table.number.clone(),
                    name: table.name.clone(),
                    list,
                    zone: zone_of(tenant, list, entity),
                    changed_at: changed_at.max(list_changed_at(tenant, &table.list)),
                })
            })
            .collect();
        tables.sort_by(|a, b| a.number.cmp(&b.number));
        let changed_at = changed_at(tenant, Kind::SellingEntity, &[Cell::Int(entity.number)])
            .max(changed_at(tenant, Kind::Segment, &key))
            .max(list_changed_at(tenant, &row.list));
        Some(Self {
            supplier: tenant.id(),
            entity: entity.number,
            segment,
            currency: entity.currency,
            zone: entity.time_zone.clone(),
            list,
            list_zone: zone_of(tenant, list, entity),
            tables,
            changed_at,
            renamed_terms: renamed_terms(tenant),
        })
    }

    /// The sales table with this number; case counts.
    pub fn table(&self, number: &str) -> Option<&MarketTable> {
        self.tables.iter().find(|table| table.number.as_str() == number)
    }
}

/// The zone of civil days in a list that an entity sells from.
fn zone_of(tenant: &Tenant, list: PriceListId, entity: &SellingEntity) -> Zone {
    let own = tenant.list(list).and_then(|list| list.time_zone.clone());
    own.unwrap_or_else(|| entity.time_zone.clone())
}

fn changed_at(tenant: &Tenant, kind: Kind, key: &[Cell]) -> Instant {
    tenant.changed_at(kind, key).unwrap_or(Instant::MIN)
}

fn list_changed_at(tenant: &Tenant, list: &PriceListCode) -> Instant {
    changed_at(tenant, Kind::PriceList, &[Cell::text(list)])
}

fn renamed_terms(tenant: &Tenant) -> Vec<(PaymentTermCode, Instant)> {
    let times = tenant.change_times(Kind::PaymentTerm);
    let terms = times.filter_map(|(key, at)| match key {
        [Cell::Text(code)] => Some((code.parse().ok()?, at)),
        _ => None,
    });
    terms.collect()
}

fn as_entity(record: &Record) -> Option<&SellingEntity> {
    if let Record::SellingEntity(entity) = record { Some(entity) } else { None }
}
