//! Lead categories with their questionnaires, and the partners that may send leads.

use crate::account::Secret;
use crate::code::Code;
use crate::customer::State;
use crate::instant::Instant;
use crate::key::{Key, KeyPrefix};
use crate::noun::{Noun, Reference};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// Marker of [`CategoryCode`].
pub enum CategoryKind {}
/// Code of a category.
pub type CategoryCode = Code<CategoryKind>;
/// Marker of [`PartnerCode`].
pub enum PartnerKind {}
/// Code of a partner.
pub type PartnerCode = Code<PartnerKind>;

/// A category of leads. Its questions travel as JSON text; what they mean is decided when they
/// are compiled by the use case that checks leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub code: CategoryCode,
    pub name: Option<String>,
    pub state: State,
    /// Language of the questionnaire, e.g. `fr`.
    pub language: Option<String>,
    /// JSON array of the questions in their order; `None`: the category has no questionnaire.
    pub questions: Option<String>,
}

/// Who sends leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    pub code: PartnerCode,
    pub name: Option<String>,
    pub state: State,
    pub language: Option<String>,
    /// Issuer its tokens must name; empty: any.
    pub issuer: Option<String>,
    /// Key of the signature of its tokens. It cannot be stored as a digest.
    pub secret: Option<Secret>,
    /// The key before the last rotation.
    pub previous_secret: Option<Secret>,
    /// Until when, and not at which, the key before still counts; empty: until it is removed.
    pub previous_until: Option<Instant>,
}

/// A category a partner may send leads of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub partner: PartnerCode,
    pub category: CategoryCode,
}

const STATES: ColumnKind = ColumnKind::Choice(&["active", "disabled"]);

impl Category {
    /// The row with this code.
    pub fn by_code(code: &str) -> Key<Self> {
        Key::from_cells([Cell::text(code)])
    }
}

impl Noun for Category {
    const NAME: &'static str = "categories";
    const DOC: &'static str =
        "A category of leads. Its questions stand in `questionnaires/CATEGORY.json`.";
    const COLUMNS: &'static [Column] = &[
        Column::key("category", "Code of the category.", "1463"),
        Column::optional("name", "Name for people.", "Hot-drink machines"),
        Column::optional("state", "A disabled category takes no leads.", "active").of(STATES),
        Column::optional("language", "Language of its questions.", "fr"),
        Column::optional(
            "questions",
            "The questions as JSON (in the folder: a file of its own).",
            "[]",
        ),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.code),
            Cell::opt_text(self.name.as_ref()),
            Cell::text(self.state),
            Cell::opt_text(self.language.as_ref()),
            Cell::opt_text(self.questions.as_ref()),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            code: cells.one()?,
            name: cells.opt_text()?,
            state: cells.opt()?.unwrap_or_default(),
            language: cells.opt_text()?,
            questions: cells.opt_text()?,
        })
    }
}

impl Partner {
    /// The row with this code.
    pub fn by_code(code: &str) -> Key<Self> {
        Key::from_cells([Cell::text(code)])
    }
}

impl Noun for Partner {
    const NAME: &'static str = "partners";
    const DOC: &'static str = "A partner that sends leads.";
    const COLUMNS: &'static [Column] = &[
        Column::key("partner", "Code of the partner.", "22"),
        Column::optional("name", "Name for people.", "Lead partner"),
        Column::optional("state", "A disabled partner is refused.", "active").of(STATES),
        Column::optional("language", "Language its questionnaires must be in.", "fr"),
        Column::optional("issuer", "Issuer its tokens must name.", "IjIyX0xQNzVfMTki"),
        Column::optional("secret", "Key of its tokens' signatures, in clear.", "change-me")
            .hidden(),
        Column::optional("previous_secret", "The key before the last rotation.", "").hidden(),
        Column::optional(
            "previous_until",
            "Until when the key before still counts; empty: until it is removed.",
            "2016-02-01T00:00:00Z",
        )
        .of(ColumnKind::Instant),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.code),
            Cell::opt_text(self.name.as_ref()),
            Cell::text(self.state),
            Cell::opt_text(self.language.as_ref()),
            Cell::opt_text(self.issuer.as_ref()),
            Cell::opt_text(self.secret.as_ref().map(Secret::reveal)),
            Cell::opt_text(self.previous_secret.as_ref().map(Secret::reveal)),
            Cell::instant(self.previous_until),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            code: cells.one()?,
            name: cells.opt_text()?,
            state: cells.opt()?.unwrap_or_default(),
            language: cells.opt_text()?,
            issuer: cells.opt_text()?,
            secret: cells.opt()?,
            previous_secret: cells.opt()?,
            previous_until: cells.opt_instant()?,
        })
    }
}

impl Grant {
    /// The row of these two.
    pub fn of(partner: &str, category: &str) -> Key<Self> {
        Key::from_cells([Cell::text(partner), Cell::text(category)])
    }

    /// Those of a partner.
    pub fn of_partner(partner: &str) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::text(partner)])
    }
}

impl Noun for Grant {
    const NAME: &'static str = "grants";
    const DOC: &'static str = "A category that a partner may send leads of.";
    const COLUMNS: &'static [Column] = &[
        Column::key("partner", "The partner.", "22"),
        Column::key("category", "The category.", "1463"),
    ];
    const REFERENCES: &'static [Reference] =
        &[Reference::to::<Partner>(&["partner"]), Reference::to::<Category>(&["category"])];

    fn to_row(&self) -> Row {
        vec![Cell::text(&self.partner), Cell::text(&self.category)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { partner: cells.one()?, category: cells.one()? })
    }
}
