//! Markets: a company of the supplier, one of its segments, and the price lists they lead to.

use kontor_model::currency::Currency;
use kontor_model::instant::{Instant, Zone};
use kontor_model::key::Key;
use kontor_model::payment_term::PaymentTermCode;
use kontor_model::price_list::{PriceList, PriceListCode, PriceListId};
use kontor_model::selling_entity::{SalesTable, SalesTableNumber, Segment, SellingEntity};
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
    tenant.find(&SellingEntity::by_number(number))
}

/// The selling entity with this CNPJ, written without punctuation; letters are compared without
/// case, check digits as they are: a wrong one is nobody's. Of several entities with the same
/// CNPJ it is the one with the lowest number.
pub fn entity_by_cnpj<'b>(tenant: &'b Tenant, cnpj: &str) -> Option<&'b SellingEntity> {
    tenant.all::<SellingEntity>().find(|entity| {
        let own = entity.tax_id.as_ref().and_then(TaxId::cnpj);
        own.is_some_and(|own| own.as_str().eq_ignore_ascii_case(cnpj))
    })
}

impl Market {
    /// A segment of an entity; `None` when the entity has no such segment.
    pub fn of(tenant: &Tenant, entity: &SellingEntity, segment: i64) -> Option<Self> {
        let key = Segment::by_number(entity.number, segment);
        let row = tenant.find(&key)?;
        let list = tenant.list_id(row.list.as_str())?;
        let mut tables: Vec<_> = tenant
            .under(&SalesTable::of_segment(entity.number, segment))
            .filter_map(|table| {
                let list = tenant.list_id(table.list.as_str())?;
                let changed_at = tenant.changed_because_of(&Key::of(table));
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
        let changed_at = tenant
            .changed_because_of(&SellingEntity::by_number(entity.number))
            .max(tenant.changed_because_of(&key))
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
            renamed_terms: tenant.renamed_terms().collect(),
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

fn list_changed_at(tenant: &Tenant, list: &PriceListCode) -> Instant {
    tenant.changed_because_of(&PriceList::by_code(list.as_str()))
}
