//! From XML back to documents: for whoever receives such a file.

use std::collections::HashMap;

use jiff::civil::{Date, Time};
use kontor_app::documents::{ReceivedDocument, ReceivedLine};
use kontor_model::document::{Document, DocumentKind};
use kontor_model::money::Money;
use kontor_model::quantity::Quantity;
use kontor_wire::xml_read::{self, XmlError};

use super::words::{DocumentWords, Element};
use super::write::NO_TIME;

/// How large a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Elements and texts in it; a line has about 40.
    pub nodes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 << 20, nodes: 4_000_000 }
    }
}

/// Why a file cannot be taken in. Items count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentXmlError {
    #[error(transparent)]
    Xml(#[from] XmlError),
    #[error("the root element is {found}, not {expected}")]
    Root { expected: String, found: String },
    /// An element that is no item where only items can be.
    #[error("item {item}: the element is {found}, not {expected}")]
    Item { item: usize, expected: String, found: String },
    #[error("item {item}: {field} is missing")]
    Missing { item: usize, field: String },
    #[error("item {item}: {field} {value:?}: {reason}")]
    Field { item: usize, field: String, value: String, reason: String },
    #[error("item {item}: {field} {value:?} differs from an item before of document {document}")]
    Differs { item: usize, field: String, value: String, document: String },
}

/// Longest part of a value that an error shows, in characters.
const SHOWN: usize = 100;

/// Reads a file. The lines of one document need not stand together; they keep their order.
pub fn read(
    file: &[u8],
    words: &DocumentWords,
    limits: Limits,
) -> Result<Vec<ReceivedDocument>, DocumentXmlError> {
    let limits = xml_read::Limits {
        bytes: limits.bytes,
        nodes: limits.nodes,
        ..xml_read::Limits::default()
    };
    let text = xml_read::decode(file, None, &limits)?;
    let document = text.parse(&limits)?;
    let root = document.root();
    if !root.is(words.name(Element::Documents)) {
        return Err(DocumentXmlError::Root {
            expected: words.name(Element::Documents).to_owned(),
            found: shown(root.name()),
        });
    }
    let mut documents: Vec<ReceivedDocument> = Vec::new();
    let mut places: HashMap<(DocumentKind, String), usize> = HashMap::new();
    for (place, element) in root.children().enumerate() {
        let item = Item { number: place + 1, element, words };
        item.check_name()?;
        let (head, line) = (item.document()?, item.line()?);
        let key = (head.kind, head.number.as_str().to_owned());
        let place = *places.entry(key).or_insert(documents.len());
        match documents.get_mut(place) {
            Some(known) => {
                item.check_same(&known.document, &head)?;
                known.lines.push(line);
            }
            None => documents.push(ReceivedDocument { document: head, lines: vec![line] }),
        }
    }
    Ok(documents)
}

/// One element of the file.
struct Item<'x, 'w> {
    /// Counts from 1.
    number: usize,
    element: xml_read::Element<'x>,
    words: &'w DocumentWords,
}

impl Item<'_, '_> {
    fn check_name(&self) -> Result<(), DocumentXmlError> {
        let expected = self.words.name(Element::Item);
        if self.element.is(expected) {
            return Ok(());
        }
        Err(DocumentXmlError::Item {
            item: self.number,
            expected: expected.to_owned(),
            found: shown(self.element.name()),
        })
    }

    fn document(&self) -> Result<Document, DocumentXmlError> {
        let code = self.text(Element::DocType)?;
        let kind = self.words.kind(&code);
        let kind = kind.ok_or_else(|| {
            self.fault(
                Element::DocType,
                &code,
                "neither the code of an invoice nor of a despatch advice",
            )
        })?;
        Ok(Document {
            kind,
            number: self.parsed(Element::DocNum)?,
            customer: self.parsed(Element::AccountCode)?,
            issued: self.date(Element::ValueDate)?,
            value_date: self.date(Element::ReferenceDate)?,
            supply_date: self.date(Element::SupplyDate)?,
            supply_time: self.time()?,
        })
    }

    fn line(&self) -> Result<ReceivedLine, DocumentXmlError> {
        Ok(ReceivedLine {
            catalogue_number: self.text(Element::ItemSku)?,
            packages: self.parsed::<Quantity>(Element::Package)?,
            units_per_package: self.parsed::<Quantity>(Element::Quantity)?,
            unit_price: match self.optional(Element::Price) {
                Some(_) => Some(self.parsed::<Money>(Element::Price)?),
                None => None,
            },
            remarks: self.optional(Element::Remarks),
        })
    }

    /// The lines of one document must agree on what they share.
    fn check_same(&self, known: &Document, head: &Document) -> Result<(), DocumentXmlError> {
        let element = if known.customer != head.customer {
            Element::AccountCode
        } else if known.issued != head.issued {
            Element::ValueDate
        } else if known.value_date != head.value_date {
            Element::ReferenceDate
        } else if known.supply_date != head.supply_date {
            Element::SupplyDate
        } else if known.supply_time != head.supply_time {
            Element::SupplyTime
        } else {
            return Ok(());
        };
        Err(DocumentXmlError::Differs {
            item: self.number,
            field: self.words.name(element).to_owned(),
            value: shown(&self.optional(element).unwrap_or_default()),
            document: head.number.to_string(),
        })
    }

    fn date(&self, element: Element) -> Result<Date, DocumentXmlError> {
        let text = self.text(element)?;
        crate::from_wire::date(&text)
            .ok_or_else(|| self.fault(element, &text, "not a date such as 2016-01-27"))
    }

    fn time(&self) -> Result<Option<Time>, DocumentXmlError> {
        let text = self.optional(Element::SupplyTime);
        let Some(text) = text.filter(|text| text != NO_TIME) else {
            return Ok(None);
        };
        let time = Time::strptime("%H:%M", &text);
        time.map(Some)
            .map_err(|_| self.fault(Element::SupplyTime, &text, "not a time such as 06:30"))
    }

    fn parsed<T>(&self, element: Element) -> Result<T, DocumentXmlError>
    where
        T: std::str::FromStr<Err: std::fmt::Display>,
    {
        let text = self.text(element)?;
        text.parse().map_err(|error: T::Err| self.fault(element, &text, &error.to_string()))
    }

    fn text(&self, element: Element) -> Result<String, DocumentXmlError> {
        self.optional(element).ok_or_else(|| DocumentXmlError::Missing {
            item: self.number,
            field: self.words.name(element).to_owned(),
        })
    }

    /// The trimmed text of a field; `None` when it is missing or empty.
    fn optional(&self, element: Element) -> Option<String> {
        let field = self.element.child(self.words.name(element))?;
        let text = field.text();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn fault(&self, element: Element, value: &str, reason: &str) -> DocumentXmlError {
        DocumentXmlError::Field {
            item: self.number,
            field: self.words.name(element).to_owned(),
            value: shown(value),
            reason: reason.to_owned(),
        }
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
