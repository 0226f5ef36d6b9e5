//! Reading what a staged job sees: the view, and over it what the job put and removed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::document::{Document, DocumentLine};
use kontor_model::instant::Instant;
use kontor_model::lead::Lead;
use kontor_model::price_list::{PriceList, PriceListId};
use kontor_model::product::{Product as ProductRow, ProductId};
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::{SupplierCode, SupplierId};
use kontor_model::uom::Uom;
use kontor_store::{Abort, ReadTx, StoreError, Visit};

use super::moved;
use super::referred;
use super::rows::{StagedRow, StagedRows, What};
use super::stage::Stage;
use crate::prices::import::{self, Product, View};
use crate::read::{Rows, record, store_error};

/// The view and what was staged over it.
#[derive(Clone, Copy)]
pub(crate) struct Overlay<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) staged: StagedRows<'a>,
}

impl Overlay<'_> {
    /// Whether the supplier is there or was put.
    pub(crate) fn has_supplier(&self, code: &SupplierCode) -> Result<bool, StoreError> {
        if self.rows.supplier.0 != 0 {
            return Ok(true);
        }
        Ok(self.staged.find(Kind::Supplier, &[Cell::text(code)])?.is_some())
    }

    /// What an import of prices is compared with.
    pub(crate) fn prices_view(
        &self,
        rebased: BTreeSet<u32>,
        first_product: u32,
        first_list: u32,
    ) -> View<'_> {
        View { overlay: *self, rebased, first_product, first_list }
    }

    /// The product with this number, of the view or staged.
    pub(crate) fn numbered_product(&self, id: u32) -> Result<Option<Product>, StoreError> {
        let staged = match self.staged.numbered(Kind::Product, id)? {
            Some(row) => Some(row),
            None => match moved::product(&self.rows, id)? {
                None => return Ok(None),
                Some((sku, base_uom)) => {
                    let staged = self.staged.find(Kind::Product, &[Cell::Text(sku)])?;
                    if staged.is_none() {
                        return Ok(Some(Product { id, base_uom: base_uom.number() }));
                    }
                    staged
                }
            },
        };
        let product = staged.as_ref().map_or(Ok(None), product_of)?;
        Ok(product.map(|product| Product { id, base_uom: product.base_uom.number() }))
    }

    /// Whether a list with this number is there or staged.
    pub(crate) fn has_list(&self, id: u32) -> Result<bool, StoreError> {
        if self.staged.numbered(Kind::PriceList, id)?.is_some() {
            return Ok(true);
        }
        let Some(code) = import::list_code(&self.rows, id)? else {
            return Ok(false);
        };
        let staged = self.staged.find(Kind::PriceList, &[Cell::Text(code)])?;
        Ok(staged.is_none_or(|row| row.what != What::Remove))
    }

    /// All products by number, of the view or staged.
    pub(crate) fn products(&self) -> Result<Vec<Product>, StoreError> {
        let mut products = import::products(&self.rows)?;
        let (mut added, mut changed) = (Vec::new(), BTreeMap::new());
        self.staged.each_changed_of(Kind::Product, &mut |row| {
            let base_uom = product_of(&row)?.map(|product| product.base_uom.number());
            if let (Some(id), Some(base_uom)) = (row.number, base_uom) {
                added.push(Product { id, base_uom });
            } else if let Some(viewed) = self.rows.find(Kind::Product, &row.key())? {
                changed.insert(viewed.id, base_uom);
            }
            Ok(())
        })?;
        products.retain_mut(|product| match changed.get(&product.id) {
            None => true,
            Some(None) => false,
            Some(Some(base_uom)) => {
                product.base_uom = *base_uom;
                true
            }
        });
        products.append(&mut added);
        products.sort_unstable_by_key(|product| product.id);
        Ok(products)
    }

    fn first_list(
        &self,
        is_wanted: &dyn Fn(&PriceList) -> bool,
    ) -> Result<Option<Record>, StoreError> {
        let mut found = None;
        let search = self.scan(Kind::PriceList, &[], &mut |record| {
            if let Record::PriceList(list) = &record
                && found.is_none()
                && is_wanted(list)
            {
                found = Some(record);
            }
            Ok(())
        });
        search.map_err(store_error)?;
        Ok(found)
    }

    /// The rows of a kind that were put and that the view does not have, by key.
    fn added(&self, kind: Kind, prefix: &[Cell]) -> Result<BTreeMap<Row, StagedRow>, StoreError> {
        let mut added = BTreeMap::new();
        self.staged.each_changed_below(kind, prefix, &mut |row| {
            if row.what == What::Insert {
                added.insert(row.key(), row);
            }
            Ok(())
        })?;
        Ok(added)
    }

    /// The rows that differ from the view, by key; `None` for those that were removed.
    fn replaced(
        &self,
        kind: Kind,
        prefix: &[Cell],
    ) -> Result<BTreeMap<Row, Option<Record>>, StoreError> {
        let mut replaced = BTreeMap::new();
        self.staged.each_changed_below(kind, prefix, &mut |row| {
            let now = match row.what {
                What::Update => Some(record(kind, &row.cells)?),
                What::Remove => None,
                What::Keep | What::Insert => return Ok(()),
            };
            replaced.insert(row.key(), now);
            Ok(())
        })?;
        Ok(replaced)
    }
}

/// The product that a staged row is; `None` when it was removed.
fn product_of(row: &StagedRow) -> Result<Option<ProductRow>, StoreError> {
    if row.what == What::Remove {
        return Ok(None);
    }
    let Record::Product(product) = record(row.kind, &row.cells)? else {
        return Ok(None);
    };
    Ok(Some(product))
}

impl ReadTx for Overlay<'_> {
    fn last_actor(&self, kind: Kind, key: &[Cell]) -> Result<Option<String>, StoreError> {
        self.rows.last_actor(kind, key)
    }

    fn has_price(&self, list: &str, currency: Currency) -> Result<bool, StoreError> {
        self.rows.has_price(list, currency)
    }

    fn supplier(&self) -> SupplierId {
        self.rows.supplier
    }

    fn get(&self, kind: Kind, key: &[Cell]) -> Result<Option<Record>, StoreError> {
        match self.staged.find(kind, key)? {
            Some(row) if row.what == What::Remove => Ok(None),
            Some(row) => record(kind, &row.cells).map(Some),
            None => self.rows.get(kind, key),
        }
    }

    fn scan(&self, kind: Kind, prefix: &[Cell], visit: Visit<'_, Record>) -> Result<(), Abort> {
        let mut added = self.added(kind, prefix)?;
        let replaced = self.replaced(kind, prefix)?;
        self.rows.scan(kind, prefix, &mut |viewed| {
            let key = viewed.key();
            while let Some(first) = added.first_entry().filter(|first| *first.key() < key) {
                visit(record(kind, &first.remove().cells)?)?;
            }
            match replaced.get(&key) {
                Some(None) => Ok(()),
                Some(Some(now)) => visit(now.clone()),
                None => visit(viewed),
            }
        })?;
        for row in added.into_values() {
            let record = record(kind, &row.cells)?;
            self.rows.database.visit(|| visit(record))?;
        }
        Ok(())
    }

    /// First those of the view, then those that were put.
    fn product_ids(
        &self,
        visit: &mut dyn FnMut(&str, ProductId, Uom) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        let replaced = self.replaced(Kind::Product, &[])?;
        self.rows.product_ids(&mut |sku, id, base_uom| {
            if replaced.is_empty() {
                return visit(sku, id, base_uom);
            }
            match replaced.get(&vec![Cell::text(sku)]) {
                Some(None) => Ok(()),
                Some(Some(Record::Product(now))) => visit(sku, id, now.base_uom),
                Some(Some(_)) | None => visit(sku, id, base_uom),
            }
        })?;
        let mut told = Ok(());
        self.staged.each_changed_of(Kind::Product, &mut |row| {
            if let (Some(number), What::Insert, Ok(())) = (row.number, row.what, &told)
                && let Some(product) = product_of(&row)?
            {
                told = self
                    .rows
                    .database
                    .visit(|| visit(product.sku.as_str(), ProductId(number), product.base_uom));
            }
            Ok(())
        })?;
        told
    }

    fn list_ids(
        &self,
        visit: &mut dyn FnMut(&str, PriceListId) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        let replaced = self.replaced(Kind::PriceList, &[])?;
        self.rows.list_ids(&mut |code, id| match replaced.get(&vec![Cell::text(code)]) {
            Some(None) => Ok(()),
            Some(Some(_)) | None => visit(code, id),
        })?;
        for (key, row) in self.added(Kind::PriceList, &[])? {
            if let ([Cell::Text(code)], Some(number)) = (key.as_slice(), row.number) {
                self.rows.database.visit(|| visit(code, PriceListId(number)))?;
            }
        }
        Ok(())
    }

    fn product_id(&self, sku: &str) -> Result<Option<(ProductId, Uom)>, StoreError> {
        let viewed = self.rows.product_id(sku)?;
        let Some(staged) = self.staged.find(Kind::Product, &[Cell::text(sku)])? else {
            return Ok(viewed);
        };
        let id = staged.number.map(ProductId).or(viewed.map(|(id, _)| id));
        Ok(id.zip(product_of(&staged)?.map(|product| product.base_uom)))
    }

    fn list_id(&self, code: &str) -> Result<Option<PriceListId>, StoreError> {
        let staged = self.staged.find(Kind::PriceList, &[Cell::text(code)])?;
        match staged {
            Some(row) if row.what == What::Remove => Ok(None),
            Some(StagedRow { number: Some(number), .. }) => Ok(Some(PriceListId(number))),
            Some(_) | None => self.rows.list_id(code),
        }
    }

    fn referrer(&self, by: Kind, to: Kind, key: &[Cell]) -> Result<Option<Row>, StoreError> {
        referred::referrer(self, by, to, key)
    }

    fn list_by_number(&self, number: i64) -> Result<Option<Record>, StoreError> {
        self.first_list(&|list| list.number == Some(number))
    }

    fn list_by_name(&self, name: &str) -> Result<Option<Record>, StoreError> {
        self.first_list(&|list| list.name.as_deref() == Some(name))
    }

    fn documents_issued(
        &self,
        day: Date,
        visit: &mut dyn FnMut(&Document, &DocumentLine) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.rows.documents_issued(day, visit)
    }

    fn leads_since(
        &self,
        category: &str,
        since: Instant,
        visit: Visit<'_, Lead>,
    ) -> Result<(), Abort> {
        self.rows.leads_since(category, since, visit)
    }

    fn lead_contact(&self, email: &str) -> Result<Option<i64>, StoreError> {
        self.rows.lead_contact(email)
    }

    fn newest_lead(&self) -> Result<Option<Lead>, StoreError> {
        self.rows.newest_lead()
    }

    fn lead_with_email_from(&self, least: &str) -> Result<Option<Lead>, StoreError> {
        self.rows.lead_with_email_from(least)
    }

    fn has_lead_contact(&self, number: i64) -> Result<bool, StoreError> {
        self.rows.has_lead_contact(number)
    }
}

/// A job reads what its stage has.
impl ReadTx for Stage<'_> {
    fn last_actor(&self, kind: Kind, key: &[Cell]) -> Result<Option<String>, StoreError> {
        self.overlay.last_actor(kind, key)
    }

    fn has_price(&self, list: &str, currency: Currency) -> Result<bool, StoreError> {
        self.overlay.has_price(list, currency)
    }

    fn supplier(&self) -> SupplierId {
        self.overlay.supplier()
    }

    fn get(&self, kind: Kind, key: &[Cell]) -> Result<Option<Record>, StoreError> {
        self.overlay.get(kind, key)
    }

    fn scan(&self, kind: Kind, prefix: &[Cell], visit: Visit<'_, Record>) -> Result<(), Abort> {
        self.overlay.scan(kind, prefix, visit)
    }

    fn product_ids(
        &self,
        visit: &mut dyn FnMut(&str, ProductId, Uom) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.overlay.product_ids(visit)
    }

    fn list_ids(
        &self,
        visit: &mut dyn FnMut(&str, PriceListId) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.overlay.list_ids(visit)
    }

    fn product_id(&self, sku: &str) -> Result<Option<(ProductId, Uom)>, StoreError> {
        self.overlay.product_id(sku)
    }

    fn list_id(&self, code: &str) -> Result<Option<PriceListId>, StoreError> {
        self.overlay.list_id(code)
    }

    fn referrer(&self, by: Kind, to: Kind, key: &[Cell]) -> Result<Option<Row>, StoreError> {
        self.overlay.referrer(by, to, key)
    }

    fn list_by_number(&self, number: i64) -> Result<Option<Record>, StoreError> {
        self.overlay.list_by_number(number)
    }

    fn list_by_name(&self, name: &str) -> Result<Option<Record>, StoreError> {
        self.overlay.list_by_name(name)
    }

    fn documents_issued(
        &self,
        day: Date,
        visit: &mut dyn FnMut(&Document, &DocumentLine) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.overlay.documents_issued(day, visit)
    }

    fn leads_since(
        &self,
        category: &str,
        since: Instant,
        visit: Visit<'_, Lead>,
    ) -> Result<(), Abort> {
        self.overlay.leads_since(category, since, visit)
    }

    fn has_lead_alike(
        &self,
        category: &str,
        email: &str,
        phone_key: Option<&str>,
        since: Instant,
    ) -> Result<bool, StoreError> {
        self.overlay.has_lead_alike(category, email, phone_key, since)
    }

    fn lead_contact(&self, email: &str) -> Result<Option<i64>, StoreError> {
        self.overlay.lead_contact(email)
    }

    fn newest_lead(&self) -> Result<Option<Lead>, StoreError> {
        self.overlay.newest_lead()
    }

    fn lead_with_email_from(&self, least: &str) -> Result<Option<Lead>, StoreError> {
        self.overlay.lead_with_email_from(least)
    }

    fn has_lead_contact(&self, number: i64) -> Result<bool, StoreError> {
        self.overlay.has_lead_contact(number)
    }
}
