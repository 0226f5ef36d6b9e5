//! Reading rows of one supplier.

use jiff::civil::Date;

use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::document::{Document, DocumentLine};
use kontor_model::instant::Instant;
use kontor_model::lead::Lead;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};
use kontor_model::supplier::SupplierId;
use kontor_model::uom::Uom;

use crate::error::{Abort, StoreError};

/// Called for each row; an error ends the scan and is returned by it. It must not ask the view that it
/// gets rows of: it notes what it wants, or the rows are read with [`ReadTx::page`].
pub type Visit<'a, T> = &'a mut dyn FnMut(T) -> Result<(), Abort>;

/// A consistent view of one supplier's rows. No method can reach another supplier.
pub trait ReadTx {
    /// Zero, which is no supplier's number, while a job has not put its new supplier yet.
    fn supplier(&self) -> SupplierId;

    /// The row with this key.
    fn get(&self, kind: Kind, key: &[Cell]) -> Result<Option<Record>, StoreError>;

    /// Who wrote the row with this key last, as the change log says; `None` when there is no such row, or
    /// it was written by this very transaction.
    fn last_actor(&self, kind: Kind, key: &[Cell]) -> Result<Option<String>, StoreError>;

    /// Whether a price list has a stored price in a currency, among so many products as can be asked in
    /// a moment; where there are more and none of those has one, `true`.
    fn has_price(&self, list: &str, currency: Currency) -> Result<bool, StoreError>;

    /// All rows whose first key columns are these, in key order; all rows for an empty prefix.
    /// Prices come in the order product number in the database, list, shape.
    fn scan(&self, kind: Kind, prefix: &[Cell], visit: Visit<'_, Record>) -> Result<(), Abort>;

    /// At most so many rows of a kind after a key, in key order; from the first one for an empty key. For
    /// who asks something else for each row, so not in a scan. Not for prices, nor for kinds of which
    /// a column of the key may be empty.
    fn page(&self, kind: Kind, after: &[Cell], at_most: usize) -> Result<Vec<Record>, StoreError> {
        let mut page = Vec::new();
        let scanned = self.scan(kind, &[], &mut |record| {
            if page.len() == at_most {
                return Err(Abort::Refused);
            }
            if record.key().as_slice() > after {
                page.push(record);
            }
            Ok(())
        });
        match scanned {
            Ok(()) | Err(Abort::Refused) => Ok(page),
            Err(Abort::Store(error)) => Err(error),
        }
    }

    /// How many rows of a kind there are.
    fn count(&self, kind: Kind) -> Result<u64, StoreError> {
        let mut count = 0;
        let scanned = self.scan(kind, &[], &mut |_| {
            count += 1;
            Ok(())
        });
        match scanned {
            Ok(()) => Ok(count),
            Err(Abort::Store(error)) => Err(error),
            Err(Abort::Refused) => Err(StoreError::Read("a scan was broken off".to_owned())),
        }
    }

    /// All article numbers with their number in the database and base unit, in no promised order.
    fn product_ids(
        &self,
        visit: &mut dyn FnMut(&str, ProductId, Uom) -> Result<(), Abort>,
    ) -> Result<(), Abort>;

    /// All price list codes with their number in the database.
    fn list_ids(
        &self,
        visit: &mut dyn FnMut(&str, PriceListId) -> Result<(), Abort>,
    ) -> Result<(), Abort>;

    /// The number in the database and the base unit of a product.
    fn product_id(&self, sku: &str) -> Result<Option<(ProductId, Uom)>, StoreError>;

    /// The number in the database of a price list.
    fn list_id(&self, code: &str) -> Result<Option<PriceListId>, StoreError>;

    /// The key of a row of the kind `by`, not of prices, that refers to the row of a kind with this key.
    fn referrer(&self, by: Kind, to: Kind, key: &[Cell]) -> Result<Option<Row>, StoreError>;

    /// The code of the price list with this number or name, when there is one.
    fn list_by_number(&self, number: i64) -> Result<Option<Record>, StoreError>;
    fn list_by_name(&self, name: &str) -> Result<Option<Record>, StoreError>;

    /// Documents issued on a day with their lines, by document number (numeric where it is a
    /// number), then as entered.
    fn documents_issued(
        &self,
        day: Date,
        visit: &mut dyn FnMut(&Document, &DocumentLine) -> Result<(), Abort>,
    ) -> Result<(), Abort>;

    /// Leads of a category accepted at or after an instant.
    fn leads_since(
        &self,
        category: &str,
        since: Instant,
        visit: Visit<'_, Lead>,
    ) -> Result<(), Abort>;

    /// Whether a lead of a category, accepted at or after an instant, has this e-mail address
    /// (compared without ASCII case) or this phone key.
    fn has_lead_alike(
        &self,
        category: &str,
        email: &str,
        phone_key: Option<&str>,
        since: Instant,
    ) -> Result<bool, StoreError> {
        let mut found = false;
        let search = self.leads_since(category, since, &mut |lead| {
            let same_phone = phone_key.is_some() && lead.phone_key.as_deref() == phone_key;
            found |= same_phone || lead.email.eq_ignore_ascii_case(email);
            Ok(())
        });
        match search {
            Ok(()) => Ok(found),
            Err(Abort::Store(error)) => Err(error),
            Err(Abort::Refused) => Err(StoreError::Read("a scan was broken off".to_owned())),
        }
    }

    /// The contact number of an e-mail address (compared without ASCII case).
    fn lead_contact(&self, email: &str) -> Result<Option<i64>, StoreError>;

    /// The lead with the highest number.
    fn newest_lead(&self) -> Result<Option<Lead>, StoreError>;

    /// The lead whose e-mail address, as it is stored, is the first that is not before this text
    /// (compared without ASCII case).
    fn lead_with_email_from(&self, least: &str) -> Result<Option<Lead>, StoreError>;

    /// Whether a lead has this contact number.
    fn has_lead_contact(&self, number: i64) -> Result<bool, StoreError>;
}
