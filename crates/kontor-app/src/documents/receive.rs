//! Taking in the documents of a supplier.

use std::convert::Infallible;

use kontor_model::customer::{Customer, CustomerNumber};
use kontor_model::document::{Document, DocumentLine, DocumentNumber};
use kontor_model::key::Key;
use kontor_model::money::Money;
use kontor_model::product::{Product, Sku};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::SupplierCode;
use kontor_store::{Abort, Put, ReadNouns, StoreError, WriteNouns, WriteTx};

use crate::app::App;
use crate::lists::CatalogueNumbers;
use crate::write::WriteError;

/// A document with its lines in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedDocument {
    pub document: Document,
    pub lines: Vec<ReceivedLine>,
}

/// A line whose product is named by its catalogue number, or by its article number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedLine {
    pub catalogue_number: String,
    pub packages: Quantity,
    pub units_per_package: Quantity,
    /// Price of one unit without tax.
    pub unit_price: Option<Money>,
    pub remarks: Option<String>,
}

/// How many documents and lines were taken in, and how many of both were new or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Received {
    pub documents: usize,
    pub lines: usize,
    pub changed: usize,
}

/// Something a document refers to that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    #[error("document {document}: no customer has the number {customer}")]
    UnknownCustomer { document: DocumentNumber, customer: CustomerNumber },
    /// Lines count from 1.
    #[error(
        "document {document}, line {line}: no product, or more than one, has the number {number}"
    )]
    UnknownProduct { document: DocumentNumber, line: usize, number: String },
}

impl App {
    /// Takes in documents whole: a document that is there already is superseded with all its
    /// lines. With a fault nothing is taken in. Blocks until the documents are durable.
    pub fn receive_documents(
        &self,
        supplier: SupplierCode,
        actor: &str,
        documents: Vec<ReceivedDocument>,
    ) -> Result<Received, WriteError<Vec<DocumentFault>>> {
        let numbers = self.numbers_of(&supplier, &documents)?;
        let job = move |tx: &mut dyn WriteTx| take_in(tx, &numbers, &documents);
        Ok(self.write_blocking(supplier, actor.to_owned(), job)?.value)
    }

    /// What [`App::receive_documents`] would do, without doing it.
    pub fn check_documents(
        &self,
        supplier: SupplierCode,
        actor: &str,
        documents: Vec<ReceivedDocument>,
    ) -> Result<Received, WriteError<Vec<DocumentFault>>> {
        let numbers = self.numbers_of(&supplier, &documents)?;
        let job = move |tx: &mut dyn WriteTx| {
            // Refusing undoes what was taken in.
            let checked: Result<Infallible, _> = match take_in(tx, &numbers, &documents) {
                Ok(received) => Err(WriteError::Refused(Ok(received))),
                Err(WriteError::Refused(faults)) => Err(WriteError::Refused(Err(faults))),
                Err(WriteError::Store(error)) => Err(WriteError::Store(error)),
            };
            checked
        };
        match self.write_blocking(supplier, actor.to_owned(), job) {
            Ok(written) => match written.value {},
            Err(WriteError::Refused(checked)) => checked.map_err(WriteError::Refused),
            Err(WriteError::Store(error)) => Err(WriteError::Store(error)),
        }
    }

    fn numbers_of(
        &self,
        supplier: &SupplierCode,
        documents: &[ReceivedDocument],
    ) -> Result<CatalogueNumbers, StoreError> {
        let book = self.book();
        let tenant = book.supplier(supplier.as_str());
        let tenant = tenant
            .ok_or_else(|| StoreError::Read(format!("no supplier has the code {supplier}")))?;
        let lines = documents.iter().flat_map(|one| &one.lines);
        let given = lines.map(|line| line.catalogue_number.as_str());
        Ok(CatalogueNumbers::look_up(&book, tenant.id(), given))
    }
}

fn take_in(
    tx: &mut dyn WriteTx,
    numbers: &CatalogueNumbers,
    documents: &[ReceivedDocument],
) -> Result<Received, WriteError<Vec<DocumentFault>>> {
    let products = numbers.products(tx)?;
    let mut faults = Vec::new();
    let mut received = Received::default();
    for one in documents {
        let document = &one.document;
        if !tx.has(&Customer::by_number(document.customer.as_str()))? {
            faults.push(DocumentFault::UnknownCustomer {
                document: document.number.clone(),
                customer: document.customer.clone(),
            });
            continue;
        }
        received.documents += 1;
        received.changed += count(tx.save(document.clone())?);
        for (place, line) in one.lines.iter().enumerate() {
            let by_catalogue = products.get(line.catalogue_number.as_str()).cloned();
            let sku = match by_catalogue {
                Some(sku) => Some(sku),
                None => article(tx, &line.catalogue_number)?,
            };
            let Some(sku) = sku else {
                faults.push(DocumentFault::UnknownProduct {
                    document: document.number.clone(),
                    line: place + 1,
                    number: line.catalogue_number.clone(),
                });
                continue;
            };
            received.lines += 1;
            received.changed += count(tx.save(line.of(document, position(place), sku))?);
        }
        received.changed += remove_lines_after(tx, document, position(one.lines.len()))?;
    }
    if faults.is_empty() { Ok(received) } else { Err(WriteError::Refused(faults)) }
}

impl ReceivedLine {
    fn of(&self, document: &Document, position: i64, sku: Sku) -> DocumentLine {
        DocumentLine {
            kind: document.kind,
            number: document.number.clone(),
            position,
            sku,
            packages: self.packages,
            units_per_package: self.units_per_package,
            unit_price: self.unit_price,
            remarks: self.remarks.clone(),
        }
    }
}

/// Lines count from 1.
fn position(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1)
}

fn count(put: Put) -> usize {
    usize::from(put != Put::Unchanged)
}

fn article(tx: &dyn WriteTx, sku: &str) -> Result<Option<Sku>, StoreError> {
    Ok(tx.find(&Product::by_sku(sku))?.map(|product| product.sku))
}

/// Removes the lines from this position on. Returns how many.
fn remove_lines_after(
    tx: &mut dyn WriteTx,
    document: &Document,
    first: i64,
) -> Result<usize, Abort> {
    let lines = DocumentLine::of_document(document.kind, &document.number);
    let mut old = Vec::new();
    tx.each(&lines, &mut |line| {
        if line.position >= first {
            old.push(Key::of(&line));
        }
        Ok(())
    })?;
    for line in &old {
        tx.delete(line)?;
    }
    Ok(old.len())
}
