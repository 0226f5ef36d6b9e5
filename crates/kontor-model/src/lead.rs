//! Leads: requests for a quotation that partners sent.

use crate::instant::Instant;
use crate::questionnaire::{CategoryCode, PartnerCode};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Noun, Row};

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
    pub created_at: Instant,
    /// The answers as JSON text, as they were accepted.
    pub answers: Option<String>,
    /// Change number of the questionnaire the answers were checked against.
    pub questionnaire_version: Option<i64>,
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
        Column::required(
            "created_at",
            "When it was accepted.",
            "2016-01-10T09:00:00Z",
        )
        .of(ColumnKind::Instant),
        Column::optional("answers", "All answers as JSON.", "{}").hidden(),
        Column::optional(
            "questionnaire_version",
            "Change number of the questionnaire it was checked against.",
            "7",
        )
        .of(ColumnKind::Integer),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::Int(self.number),
            Cell::text(&self.category),
            Cell::text(&self.partner),
            Cell::Int(self.contact_number),
            Cell::text(&self.email),
            Cell::opt_text(self.phone.as_ref()),
            Cell::instant(Some(self.created_at)),
            Cell::opt_text(self.answers.as_ref()),
            Cell::int(self.questionnaire_version),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            number: cells.int()?,
            category: cells.one()?,
            partner: cells.one()?,
            contact_number: cells.int()?,
            email: cells.text()?,
            phone: cells.opt_text()?,
            created_at: cells.instant()?,
            answers: cells.opt_text()?,
            questionnaire_version: cells.opt_int()?,
        })
    }
}
