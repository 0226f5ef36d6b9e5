//! Documents that go out: the lines of a day.

use jiff::civil::Date;
use kontor_model::document::{Document, DocumentLine};
use kontor_model::identifier::Scheme;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, Found, Lookup};
use kontor_store::{Abort, StoreError};

use crate::app::App;

/// A line of a document that is to be delivered.
#[derive(Debug, Clone, Copy)]
pub struct IssuedLine<'a> {
    pub document: &'a Document,
    pub line: &'a DocumentLine,
    /// The number the product has in the catalogue; its article number when it has none there.
    pub catalogue_number: &'a str,
}

impl App {
    /// Visits the lines of all documents issued on a day, or of those for one customer: by
    /// document number, then as entered. Blocks while it reads the store.
    pub fn documents_issued(
        &self,
        supplier: SupplierId,
        day: Date,
        customer: Option<&str>,
        visit: &mut dyn FnMut(IssuedLine<'_>),
    ) -> Result<(), StoreError> {
        let book = self.book();
        let read = self.store().read(supplier, &mut |rows| {
            rows.documents_issued(day, &mut |document, line| {
                if customer.is_none_or(|number| document.customer.as_str() == number) {
                    visit(IssuedLine {
                        document,
                        line,
                        catalogue_number: catalogue_number(&book, supplier, line),
                    });
                }
                Ok(())
            })
        });
        read.map_err(|abort| match abort {
            Abort::Store(error) => error,
            refused @ Abort::Refused => StoreError::Read(refused.to_string()),
        })
    }
}

fn catalogue_number<'a>(book: &'a Book, supplier: SupplierId, line: &'a DocumentLine) -> &'a str {
    let sku = line.sku.as_str();
    let Found::One(id) = book.find(supplier, Lookup::Sku(sku)) else {
        return sku;
    };
    book.product(id)
        .and_then(|product| product.card.identifier(Scheme::CatalogueNumber))
        .unwrap_or(sku)
}
