//! The names of the elements and the codes of the kinds.

use std::collections::BTreeMap;
use std::fmt::Display;

use kontor_dialect::ConfigError;
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
    ) -> Result<Self, ConfigError> {
        for (usual, name) in names {
            let element = Element::ALL
                .into_iter()
                .find(|element| element.usual_name() == usual)
                .ok_or_else(|| name_error(usual, "no element has this name"))?;
            if !is_element_name(name) {
                return Err(name_error(usual, format!("{name:?} is no name of an XML element")));
            }
            self.names.insert(element, name.clone());
        }
        for (kind, code) in codes {
            if code.is_empty() || code.trim() != code || code.chars().any(char::is_control) {
                let reason = format!(
                    "{code:?} is empty, begins or ends with a blank, or has a control character"
                );
                return Err(ConfigError::new(format!("document_types.{kind}"), reason));
            }
            match kind.parse() {
                Ok(DocumentKind::Invoice) => self.invoice.clone_from(code),
                Ok(DocumentKind::DespatchAdvice) => self.despatch_advice.clone_from(code),
                Err(_) => {
                    let reason = "neither invoice nor despatch_advice";
                    return Err(ConfigError::new(format!("document_types.{kind}"), reason));
                }
            }
        }
        self.check_differences()?;
        Ok(self)
    }

    /// What is written must be readable: fields and codes are told apart by their words.
    fn check_differences(&self) -> Result<(), ConfigError> {
        let fields = Element::ALL.into_iter().filter(|one| one.is_field());
        let mut seen = BTreeMap::new();
        for field in fields {
            if let Some(other) = seen.insert(self.name(field), field) {
                let renamed = if self.names.contains_key(&field) { field } else { other };
                let reason = format!("another element has the name {:?}", self.name(field));
                return Err(name_error(renamed.usual_name(), reason));
            }
        }
        if self.invoice == self.despatch_advice {
            let reason = format!("both kinds have the code {:?}", self.invoice);
            return Err(ConfigError::new("document_types", reason));
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

fn name_error(element: &str, reason: impl Display) -> ConfigError {
    ConfigError::new(format!("document_names.{element}"), reason)
}

/// Whether a reader would take `<name/>` for an element of exactly this name.
fn is_element_name(name: &str) -> bool {
    let limits = xml_read::Limits::default();
    let element = format!("<{name}/>");
    xml_read::decode(element.as_bytes(), Some("UTF-8"), &limits)
        .is_ok_and(|text| text.parse(&limits).is_ok_and(|document| document.root().is(name)))
}
