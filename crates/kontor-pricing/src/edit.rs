//! Changing a book: a new version that shares with the old one all that did not change.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most kinds of rows need nothing more here; a new kind is one of them until it is named"
)]

use std::sync::Arc;

use kontor_model::account::{Account, Secret};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::price_list::Shape;
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_model::supplier::SupplierId;
use rpds::HashTrieSetSync;

use crate::book::{Book, Overlaid};
use crate::card::ProductCard;
use crate::entry::{Entries, Entry};
use crate::identifiers::{self, Found, Lookup};
use crate::tenant::Tenant;

/// A book that is being changed. Nobody sees it before it is finished.
pub struct BookEdit {
    book: Book,
}

impl Book {
    /// Begins a new version.
    pub fn edit(&self) -> BookEdit {
        BookEdit { book: self.clone() }
    }
}

impl BookEdit {
    /// Puts a product with all its prices, sorted by list, then by shape.
    pub fn put_product(&mut self, id: ProductId, card: ProductCard, entries: &[Entry]) {
        identifiers::hashes(&self.book.hasher.clone(), &card, |hash| {
            let known = self.book.late_numbers.get(&hash).cloned();
            let known = known.unwrap_or_else(HashTrieSetSync::new_sync);
            self.book.late_numbers.insert_mut(hash, known.insert(id));
        });
        let entries = Entries::of_product(entries);
        let overlaid = Overlaid { card: Arc::new(card), entries };
        self.overlay(id, Some(Arc::new(overlaid)));
    }

    pub fn remove_product(&mut self, id: ProductId) {
        self.overlay(id, None);
    }

    /// Removes the product with this article number.
    pub fn remove_sku(&mut self, supplier: SupplierId, sku: &str) {
        if let Found::One(id) = self.book.find(supplier, Lookup::Sku(sku)) {
            self.remove_product(id);
        }
    }

    /// Adds a shape by its number in the database.
    pub fn put_shape(&mut self, number: u32, shape: Shape) {
        self.book.shapes.add(number, shape);
    }

    /// Puts a row of another kind. `id` is the number of a price list in the database.
    pub fn put_record(&mut self, supplier: SupplierId, id: u32, record: Record) {
        self.unlist(supplier, record.kind(), &record.key());
        self.list(supplier, &record);
        self.change_tenant(supplier, |tenant| tenant.put(id, record));
    }

    pub fn remove_record(&mut self, supplier: SupplierId, kind: Kind, key: &[Cell]) {
        self.unlist(supplier, kind, key);
        self.change_tenant(supplier, |tenant| tenant.remove(kind, key));
    }

    /// Forgets all rows of a kind of a supplier, before they are put anew.
    pub fn clear(&mut self, supplier: SupplierId, kind: Kind) {
        let Some(tenant) = self.book.tenants.get(&supplier).cloned() else {
            return;
        };
        for record in tenant.rows(kind, &[]) {
            self.remove_record(supplier, kind, &record.key());
        }
    }

    /// The finished version, which stands for this change.
    pub fn finish(mut self, change: u64) -> Book {
        self.book.change = change;
        self.book
    }

    /// The unfinished book, to read what was put.
    pub fn book(&self) -> &Book {
        &self.book
    }

    fn overlay(&mut self, id: ProductId, overlaid: Option<Arc<Overlaid>>) {
        self.book.overlay.insert_mut(id, overlaid);
        self.book.edition += 1;
        self.book.edited.insert_mut(id, self.book.edition);
    }

    fn change_tenant(&mut self, supplier: SupplierId, change: impl FnOnce(&mut Tenant)) {
        let known = self.book.tenants.get(&supplier);
        let mut tenant = known.map_or_else(|| Tenant::new(supplier), |tenant| (**tenant).clone());
        change(&mut tenant);
        self.book.tenants.insert_mut(supplier, Arc::new(tenant));
    }

    /// Enters what leads from a request to this row.
    fn list(&mut self, supplier: SupplierId, record: &Record) {
        let directory = &mut self.book.directory;
        match record {
            Record::Supplier(row) => {
                directory.suppliers.insert_mut(row.code.as_str().into(), supplier);
            }
            Record::Store(row) => directory.stores.insert_mut(row.code.as_str().into(), supplier),
            Record::Account(account) => {
                let account = Arc::new(account.clone());
                for digest in token_digests(&account) {
                    directory.tokens.insert_mut(digest.into(), (supplier, account.clone()));
                }
                let login = account.login.as_str().into();
                let logins = directory.logins.get_mut(account.protocol);
                logins.insert_mut(login, (supplier, account));
            }
            _ => {}
        }
    }

    /// Removes what led to the row that has this key now.
    fn unlist(&mut self, supplier: SupplierId, kind: Kind, key: &[Cell]) {
        let Some(tenant) = self.book.tenants.get(&supplier).cloned() else {
            return;
        };
        let directory = &mut self.book.directory;
        match tenant.get(kind, key) {
            Some(Record::Supplier(row)) => {
                let code: Box<str> = row.code.as_str().into();
                directory.suppliers.remove_mut(&code);
            }
            Some(Record::Store(row)) => {
                let code: Box<str> = row.code.as_str().into();
                directory.stores.remove_mut(&code);
            }
            Some(Record::Account(account)) => {
                for digest in token_digests(account) {
                    let digest: Box<str> = digest.into();
                    directory.tokens.remove_mut(&digest);
                }
                directory.logins.get_mut(account.protocol).remove_mut(account.login.as_str());
            }
            _ => {}
        }
    }
}

/// Digests of the tokens of an account. Tokens in clear are not looked up.
fn token_digests(account: &Account) -> impl Iterator<Item = &str> {
    let tokens = [account.token.as_ref(), account.previous_token.as_ref()];
    tokens.into_iter().flatten().filter(|token| token.is_digest()).map(Secret::reveal)
}
