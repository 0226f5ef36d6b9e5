//! Leads: requests for a quotation that partners sent.

use crate::instant::Instant;
use crate::key::Key;
use crate::noun::{BookPlace, Noun, Reference};
use crate::questionnaire::{Category, CategoryCode, Partner, PartnerCode};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// How many digits at its end two notations of one phone number have in common.
const PHONE_KEY_DIGITS: usize = 9;

/// The last nine digits of a phone number: what notations with and without country code have in
/// common. `None` for a text without digits.
pub fn phone_key(phone: &str) -> Option<String> {
    let mut digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let cut = digits.len().saturating_sub(PHONE_KEY_DIGITS);
    let key: String = digits.drain(cut..).collect();
    (!key.is_empty()).then_some(key)
}

/// A lead that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    pub number: i64,
    pub category: CategoryCode,
    pub partner: PartnerCode,
    /// Number of the person behind the e-mail address.
    pub contact_number: i64,
    pub email: String,
    pub phone: Option<String>,
    /// What phone numbers are compared by; see [`phone_key`].
    pub phone_key: Option<String>,
    pub created_at: Instant,
    /// The answers as JSON text, as they were accepted.
    pub answers: Option<String>,
    /// Change number of the questionnaire the answers were checked against.
    pub questionnaire_version: Option<i64>,
}

impl Lead {
    /// The row with this number.
    pub fn by_number(number: i64) -> Key<Self> {
        Key::from_cells([Cell::Int(number)])
    }
}

impl Noun for Lead {
    const NAME: &'static str = "leads";
    const DOC: &'static str = "A lead that was accepted.";
    const COLUMNS: &'static [Column] = &[
        Column::key("lead", "Number of the lead.", "17410390").of(ColumnKind::Integer),
        Column::required("category", "The category.", "1463"),
        Column::required("partner", "The partner that sent it.", "22"),
        Column::required(
            "contact_number",
            "Number of the person, one per e-mail address.",
            "8301000",
        )
        .of(ColumnKind::Integer),
        Column::required("email", "E-mail address.", "buyer@test.example").hidden(),
        Column::optional("phone", "Phone number.", "0100000000").hidden(),
        Column::optional(
            "phone_key",
            "Last nine digits of the phone number; empty: taken from it.",
            "100000000",
        )
        .hidden(),
        Column::required("created_at", "When it was accepted.", "2016-01-10T09:00:00Z")
            .of(ColumnKind::Instant),
        Column::optional("answers", "All answers as JSON.", "{}").hidden(),
        Column::optional(
            "questionnaire_version",
            "Change number of the questionnaire it was checked against.",
            "7",
        )
        .of(ColumnKind::Integer),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Category>(&["category"]), Reference::to::<Partner>(&["partner"])];
    const IN_BOOK: BookPlace = BookPlace::Nowhere;
    const FROM_PARTNERS: bool = true;

    fn to_row(&self) -> Row {
        vec![
            Cell::Int(self.number),
            Cell::text(&self.category),
            Cell::text(&self.partner),
            Cell::Int(self.contact_number),
            Cell::text(&self.email),
            Cell::opt_text(self.phone.as_ref()),
            Cell::opt_text(self.phone_key.as_ref()),
            Cell::instant(Some(self.created_at)),
            Cell::opt_text(self.answers.as_ref()),
            Cell::int(self.questionnaire_version),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        let (number, category, partner) = (cells.int()?, cells.one()?, cells.one()?);
        let (contact_number, email) = (cells.int()?, cells.text()?);
        let phone = cells.opt_text()?;
        let key = cells.opt_text()?;
        Ok(Self {
            number,
            category,
            partner,
            contact_number,
            email,
            phone_key: key.or_else(|| phone.as_deref().and_then(phone_key)),
            phone,
            created_at: cells.instant()?,
            answers: cells.opt_text()?,
            questionnaire_version: cells.opt_int()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_compared_by_their_last_nine_digits() {
        for (phone, key) in [
            ("0130926784", Some("130926784")),
            ("+33.1.30.92.67.84", Some("130926784")),
            ("0033 130926784", Some("130926784")),
            ("12-34", Some("1234")),
            ("١٢٣", None),
            ("", None),
        ] {
            assert_eq!(phone_key(phone).as_deref(), key, "{phone}");
        }
    }
}
