//! What the running server remembers about leads: keys of repeated calls, and how far each lead
//! got on its way to its receiver. None of it is part of a catalogue folder, and none of it holds
//! personal data: the lead itself does.

use std::fmt;
use std::str::FromStr;

use crate::instant::Instant;
use crate::key::Key;
use crate::noun::Noun;
use crate::questionnaire::PartnerCode;
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// A key by which a partner may repeat a call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionKey {
    pub partner: PartnerCode,
    pub key: String,
    /// Digest of the body of the call.
    pub digest: String,
    /// What the call was answered: numbers of leads and of their contacts, as JSON.
    pub answer: String,
    /// Until when, and not at which, it is remembered.
    pub expires: Instant,
}

/// How far a lead got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    /// It waits for its next attempt.
    Pending,
    /// The receiver took it.
    Delivered,
    /// Every attempt failed, or the receiver refused it for good.
    Dead,
}

/// The way of one lead to its receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub lead: i64,
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: i64,
    /// When the last attempt ended.
    pub attempted_at: Option<Instant>,
    /// When the next attempt is due, while it is pending.
    pub due: Option<Instant>,
    /// Why the last attempt failed. It never shows what the receiver answered.
    pub failure: Option<String>,
}

/// A place in the queue of deliveries. Its key puts the earliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryTurn {
    pub due: Instant,
    pub lead: i64,
}

/// A receiver that said it wants nothing for a while, or nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedReceiver {
    /// Digest of its address.
    pub receiver: String,
    pub closed_at: Instant,
    /// Until when, and not at which, it wants nothing; `None`: until somebody opens it.
    pub opens_at: Option<Instant>,
}

const STATES: ColumnKind = ColumnKind::Choice(&["pending", "delivered", "dead"]);

impl SubmissionKey {
    /// The row of these two.
    pub fn of(partner: &str, key: &str) -> Key<Self> {
        Key::from_cells([Cell::text(partner), Cell::text(key)])
    }
}

impl Noun for SubmissionKey {
    const NAME: &'static str = "submission_keys";
    const DOC: &'static str = "A key by which a partner may repeat a call that succeeded.";
    const COLUMNS: &'static [Column] = &[
        Column::key("partner", "The partner.", "22"),
        Column::key("key", "The key it chose.", "k-0001"),
        Column::required("digest", "Digest of the body of the call.", "sha256:00"),
        Column::required(
            "answer",
            "Numbers of the leads and of their contacts, as JSON.",
            "[[17410391,8301644]]",
        ),
        Column::required("expires", "Until when it is remembered.", "2016-01-29T11:24:28Z")
            .of(ColumnKind::Instant),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.partner),
            Cell::text(&self.key),
            Cell::text(&self.digest),
            Cell::text(&self.answer),
            Cell::instant(Some(self.expires)),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            partner: cells.one()?,
            key: cells.text()?,
            digest: cells.text()?,
            answer: cells.text()?,
            expires: cells.instant()?,
        })
    }
}

impl Delivery {
    /// That of a lead.
    pub fn of_lead(lead: i64) -> Key<Self> {
        Key::from_cells([Cell::Int(lead)])
    }
}

impl Noun for Delivery {
    const NAME: &'static str = "deliveries";
    const DOC: &'static str = "How far a lead got on its way to its receiver.";
    const COLUMNS: &'static [Column] = &[
        Column::key("lead", "Number of the lead.", "17410391").of(ColumnKind::Integer),
        Column::required("state", "How far it got.", "pending").of(STATES),
        Column::required("attempts", "Attempts so far.", "0").of(ColumnKind::Integer),
        Column::optional("attempted_at", "When the last attempt ended.", "2016-01-28T11:24:28Z")
            .of(ColumnKind::Instant),
        Column::optional("due", "When the next attempt is due.", "2016-01-28T11:24:33Z")
            .of(ColumnKind::Instant),
        Column::optional("failure", "Why the last attempt failed.", "answered 500"),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::Int(self.lead),
            Cell::text(self.state),
            Cell::Int(self.attempts),
            Cell::instant(self.attempted_at),
            Cell::instant(self.due),
            Cell::opt_text(self.failure.as_ref()),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            lead: cells.int()?,
            state: cells.one()?,
            attempts: cells.int()?,
            attempted_at: cells.opt_instant()?,
            due: cells.opt_instant()?,
            failure: cells.opt_text()?,
        })
    }
}

impl DeliveryTurn {
    /// That of a lead.
    pub fn of_lead(due: Instant, lead: i64) -> Key<Self> {
        Key::from_cells([Cell::Int(due.micros()), Cell::Int(lead)])
    }
}

impl Noun for DeliveryTurn {
    const NAME: &'static str = "delivery_turns";
    const DOC: &'static str = "A place in the queue of deliveries.";
    const COLUMNS: &'static [Column] = &[
        Column::key("due", "When the attempt is due.", "2016-01-28T11:24:33Z")
            .of(ColumnKind::Instant),
        Column::key("lead", "Number of the lead.", "17410391").of(ColumnKind::Integer),
    ];

    fn to_row(&self) -> Row {
        vec![Cell::instant(Some(self.due)), Cell::Int(self.lead)]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self { due: cells.instant()?, lead: cells.int()? })
    }
}

impl ClosedReceiver {
    /// The receiver with this digest of its address.
    pub fn by_digest(receiver: &str) -> Key<Self> {
        Key::from_cells([Cell::text(receiver)])
    }
}

impl Noun for ClosedReceiver {
    const NAME: &'static str = "closed_receivers";
    const DOC: &'static str =
        "A receiver of leads that said it wants nothing for a while, or nothing more.";
    const COLUMNS: &'static [Column] = &[
        Column::key("receiver", "Digest of its address.", "sha256:00"),
        Column::required("closed_at", "When it said so.", "2016-01-28T11:24:28Z")
            .of(ColumnKind::Instant),
        Column::optional(
            "opens_at",
            "Until when it wants nothing; empty: until somebody opens it.",
            "2016-01-28T11:26:28Z",
        )
        .of(ColumnKind::Instant),
    ];

    fn to_row(&self) -> Row {
        vec![
            Cell::text(&self.receiver),
            Cell::instant(Some(self.closed_at)),
            Cell::instant(self.opens_at),
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            receiver: cells.text()?,
            closed_at: cells.instant()?,
            opens_at: cells.opt_instant()?,
        })
    }
}

impl ClosedReceiver {
    /// Whether nothing may be sent to it now.
    pub fn is_closed_at(&self, now: Instant) -> bool {
        self.opens_at.is_none_or(|opens| now < opens)
    }
}

impl FromStr for DeliveryState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "pending" => Ok(Self::Pending),
            "delivered" => Ok(Self::Delivered),
            "dead" => Ok(Self::Dead),
            _ => Err("not pending, delivered or dead"),
        }
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        })
    }
}
