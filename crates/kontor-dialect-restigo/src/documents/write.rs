//! From lines of documents to XML.

use kontor_app::documents::IssuedLine;
use kontor_model::document::DocumentKind;
use kontor_wire::{decimal, xml_write};

use super::words::{DocumentWords, Element};

/// Writes one day's documents, line by line.
#[derive(Debug)]
pub struct DocumentsWriter<'w> {
    words: &'w DocumentWords,
    out: Vec<u8>,
}

/// What stands for a time of supply that nobody stated.
pub(super) const NO_TIME: &str = "00:00";

impl<'w> DocumentsWriter<'w> {
    /// Begins the file.
    pub fn new(words: &'w DocumentWords) -> Self {
        let mut out = Vec::with_capacity(1024);
        out.extend_from_slice(xml_write::DECLARATION);
        out.push(b'\n');
        xml_write::open(&mut out, words.name(Element::Documents));
        out.push(b'\n');
        Self { words, out }
    }

    /// Adds a line of a document.
    pub fn line(&mut self, issued: &IssuedLine<'_>) {
        let IssuedLine { document, line, .. } = issued;
        self.out.extend_from_slice(b"  ");
        xml_write::open(&mut self.out, self.words.name(Element::Item));
        self.out.push(b'\n');
        self.number(Element::Package, line.packages.micros());
        self.number(Element::Quantity, line.units_per_package.micros());
        self.text(Element::ItemSku, issued.catalogue_number);
        self.text(Element::ValueDate, &document.issued.to_string());
        self.text(Element::ReferenceDate, &document.value_date.to_string());
        self.text(Element::SupplyDate, &document.supply_date.to_string());
        let time = document.supply_time;
        let time = time.map(|time| time.strftime("%H:%M").to_string());
        self.text(Element::SupplyTime, time.as_deref().unwrap_or(NO_TIME));
        self.text(Element::AccountCode, document.customer.as_str());
        self.kind(document.kind);
        self.text(Element::DocNum, document.number.as_str());
        if let Some(price) = line.unit_price {
            self.number(Element::Price, price.micros());
        }
        self.text(Element::Remarks, line.remarks.as_deref().unwrap_or(""));
        self.out.extend_from_slice(b"  ");
        xml_write::close(&mut self.out, self.words.name(Element::Item));
        self.out.push(b'\n');
    }

    /// Ends the file and hands it over.
    pub fn finish(mut self) -> Vec<u8> {
        xml_write::close(&mut self.out, self.words.name(Element::Documents));
        self.out.push(b'\n');
        self.out
    }

    fn kind(&mut self, kind: DocumentKind) {
        self.text(Element::DocType, self.words.code(kind));
    }

    fn text(&mut self, element: Element, text: &str) {
        self.out.extend_from_slice(b"    ");
        xml_write::element(&mut self.out, self.words.name(element), text);
        self.out.push(b'\n');
    }

    fn number(&mut self, element: Element, micros: i64) {
        self.out.extend_from_slice(b"    ");
        xml_write::element_with(&mut self.out, self.words.name(element), |out| {
            decimal::write_minimal(out, micros);
        });
        self.out.push(b'\n');
    }
}
