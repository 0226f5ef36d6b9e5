//! The names of the elements and the codes of the kinds.

use std::collections::BTreeMap;

use kontor_model::document::DocumentKind;
use kontor_wire::xml_read;

/// An element of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Element {
    Documents,
    Item,
    Package,
    Quantity,
    ItemSku,
    ValueDate,
    ReferenceDate,
    SupplyDate,
    SupplyTime,
    AccountCode,
    DocType,
    DocNum,
    Price,
    Remarks,
}

/// In which words documents are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentWords {
    /// Names that are not the usual ones.
    names: BTreeMap<Element, String>,
    invoice: String,
    despatch_advice: String,
}

/// A word that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    #[error("document_names.{0}: no element has this name")]
    UnknownElement(String),
    #[error("document_names.{element}: {name:?} is no name of an XML element")]
    BadName { element: String, name: String },
    #[error("document_names.{element}: another element has the name {name:?}")]
    RepeatedName { element: String, name: String },
    #[error("document_types.{0}: neither invoice nor despatch_advice")]
    UnknownKind(String),
    #[error(
        "document_types.{kind}: {code:?} is empty, begins or ends with a blank, or has a control character"
    )]
    BadCode { kind: String, code: String },
    #[error("document_types: both kinds have the code {0:?}")]
    RepeatedCode(String),
}

impl Element {
    const ALL: [Self; 14] = [
        Self::Documents,
        Self::Item,
        Self::Package,
        Self::Quantity,
        Self::ItemSku,
        Self::ValueDate,
        Self::ReferenceDate,
        Self::SupplyDate,
        Self::SupplyTime,
        Self::AccountCode,
        Self::DocType,
        Self::DocNum,
        Self::Price,
        Self::Remarks,
    ];

    const fn usual_name(self) -> &'static str {
        match self {
            Self::Documents => "Documents",
            Self::Item => "Item",
            Self::Package => "Package",
            Self::Quantity => "Quantity",
            Self::ItemSku => "Item_Sku",
            Self::ValueDate => "Value_date",
            Self::ReferenceDate => "reference_date",
            Self::SupplyDate => "supply_date",
            Self::SupplyTime => "supply_time",
            Self::AccountCode => "account_code",
            Self::DocType => "doc_type",
            Self::DocNum => "doc_num",
            Self::Price => "Price",
            Self::Remarks => "Remarks",
        }
    }

    /// Whether it stands inside of an `Item`, where names must differ.
    const fn is_field(self) -> bool {
        !matches!(self, Self::Documents | Self::Item)
    }
}

impl Default for DocumentWords {
    fn default() -> Self {
        Self { names: BTreeMap::new(), invoice: "1".to_owned(), despatch_advice: "11".to_owned() }
    }
}

impl DocumentWords {
    /// The same words but for these: names by the usual names, codes by kind.
    pub fn with(
        mut self,
        names: &BTreeMap<String, String>,
        codes: &BTreeMap<String, String>,
    ) -> Result<Self, WordsError> {
        for (usual, name) in names {
            let element = Element::ALL
                .into_iter()
                .find(|element| element.usual_name() == usual)
                .ok_or_else(|| WordsError::UnknownElement(usual.clone()))?;
            if !is_element_name(name) {
                let (element, name) = (usual.clone(), name.clone());
                return Err(WordsError::BadName { element, name });
            }
            self.names.insert(element, name.clone());
        }
        for (kind, code) in codes {
            if code.is_empty() || code.trim() != code || code.chars().any(char::is_control) {
                let (kind, code) = (kind.clone(), code.clone());
                return Err(WordsError::BadCode { kind, code });
            }
            match kind.parse() {
                Ok(DocumentKind::Invoice) => self.invoice.clone_from(code),
                Ok(DocumentKind::DespatchAdvice) => self.despatch_advice.clone_from(code),
                Err(_) => return Err(WordsError::UnknownKind(kind.clone())),
            }
        }
        self.check_differences()?;
        Ok(self)
    }

    /// What is written must be readable: fields and codes are told apart by their words.
    fn check_differences(&self) -> Result<(), WordsError> {
        let fields = Element::ALL.into_iter().filter(|one| one.is_field());
        let mut seen = BTreeMap::new();
        for field in fields {
            if let Some(other) = seen.insert(self.name(field), field) {
                let renamed = if self.names.contains_key(&field) { field } else { other };
                return Err(WordsError::RepeatedName {
                    element: renamed.usual_name().to_owned(),
                    name: self.name(field).to_owned(),
                });
            }
        }
        if self.invoice == self.despatch_advice {
            return Err(WordsError::RepeatedCode(self.invoice.clone()));
        }
        Ok(())
    }

    pub(super) fn name(&self, element: Element) -> &str {
        self.names.get(&element).map_or(element.usual_name(), String::as_str)
    }

    pub(super) fn code(&self, kind: DocumentKind) -> &str {
        match kind {
            DocumentKind::Invoice => &self.invoice,
            DocumentKind::DespatchAdvice => &self.despatch_advice,
        }
    }

    pub(super) fn kind(&self, code: &str) -> Option<DocumentKind> {
        [DocumentKind::Invoice, DocumentKind::DespatchAdvice]
            .into_iter()
            .find(|kind| self.code(*kind) == code)
    }
}

/// Whether a reader would take `<name/>` for an element of exactly this name.
fn is_element_name(name: &str) -> bool {
    let limits = xml_read::Limits::default();
    let element = format!("<{name}/>");
    xml_read::decode(element.as_bytes(), Some("UTF-8"), &limits)
        .is_ok_and(|text| text.parse(&limits).is_ok_and(|document| document.root().is(name)))
}
