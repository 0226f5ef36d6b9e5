//! Accounts: who may ask in which protocol, and the sessions they open.

use std::fmt;
use std::str::FromStr;

use crate::customer::{Customer, CustomerNumber, State};
use crate::instant::Instant;
use crate::key::{Key, KeyPrefix};
use crate::noun::{Noun, Reference};
use crate::record::{Cell, CellError, Cells, Column, ColumnKind, Row};

/// The protocol an account belongs to. A credential of another one is an unknown credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    Secomp,
    Websphere,
    Consinco,
    Restigo,
}

/// One value for each protocol.
#[derive(Debug, Clone, Default)]
pub struct ByProtocol<T> {
    secomp: T,
    websphere: T,
    consinco: T,
    restigo: T,
}

/// A password or token, in clear or as its digest. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Credentials for one protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub protocol: Protocol,
    /// Unique per protocol among all suppliers: it tells whose account it is.
    pub login: String,
    /// A second name that goes with the login.
    pub realm: Option<String>,
    /// Number of the user.
    pub number: Option<i64>,
    pub name: Option<String>,
    /// Who is priced; empty for accounts that see the whole supplier.
    pub customer: Option<CustomerNumber>,
    pub state: State,
    pub password: Option<Secret>,
    /// A token without expiry.
    pub token: Option<Secret>,
    /// The token before, and until when it still counts.
    pub previous_token: Option<Secret>,
    pub previous_until: Option<Instant>,
    /// Whether it may ask in the name of other accounts of its protocol.
    pub on_behalf: bool,
}

/// What a token of a session opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// Questions.
    Access,
    /// One new session.
    Refresh,
}

/// A token that was given out to an account for a while. Sessions are what the running server
/// remembers: no part of a catalogue, no rows of the price book, and no changes of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Digest of the token.
    pub digest: String,
    pub protocol: Protocol,
    /// The account that logged in.
    pub login: String,
    pub kind: SessionKind,
    /// Digest of what must stand beside the token, where the protocol asks for a second one.
    pub beside: Option<String>,
    pub expires: Instant,
}

/// What a column of protocols holds.
pub(crate) const PROTOCOLS: ColumnKind =
    ColumnKind::Choice(&["secomp", "websphere", "consinco", "restigo"]);

impl Protocol {
    pub fn name(self) -> &'static str {
        match self {
            Self::Secomp => "secomp",
            Self::Websphere => "websphere",
            Self::Consinco => "consinco",
            Self::Restigo => "restigo",
        }
    }
}

impl Protocol {
    /// Whether an account without a customer has no prices.
    pub fn needs_customer(self) -> bool {
        match self {
            Self::Secomp => true,
            Self::Websphere | Self::Consinco | Self::Restigo => false,
        }
    }
}

impl<T> ByProtocol<T> {
    pub fn get(&self, protocol: Protocol) -> &T {
        match protocol {
            Protocol::Secomp => &self.secomp,
            Protocol::Websphere => &self.websphere,
            Protocol::Consinco => &self.consinco,
            Protocol::Restigo => &self.restigo,
        }
    }

    pub fn get_mut(&mut self, protocol: Protocol) -> &mut T {
        match protocol {
            Protocol::Secomp => &mut self.secomp,
            Protocol::Websphere => &mut self.websphere,
            Protocol::Consinco => &mut self.consinco,
            Protocol::Restigo => &mut self.restigo,
        }
    }
}

impl Secret {
    /// The secret itself. Every use of this is a place where it could leak.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether this is a digest and not the clear text.
    pub fn is_digest(&self) -> bool {
        self.0.starts_with("$argon2id$") || self.0.starts_with("sha256:")
    }
}

impl Account {
    /// The account with this login.
    pub fn by_login(protocol: Protocol, login: &str) -> Key<Self> {
        Key::from_cells([Cell::text(protocol), Cell::text(login)])
    }

    /// Those of a protocol.
    pub fn of_protocol(protocol: Protocol) -> KeyPrefix<Self> {
        KeyPrefix::from_cells([Cell::text(protocol)])
    }
}

impl Noun for Account {
    const NAME: &'static str = "accounts";
    const DOC: &'static str = "Credentials for one protocol. Passwords and tokens are stored as digests; an export has the digests.";
    const COLUMNS: &'static [Column] = &[
        Column::key("protocol", "The protocol the account belongs to.", "secomp").of(PROTOCOLS),
        Column::key(
            "login",
            "Login; for protocols without one, a name of your choice.",
            "_RQ123456",
        ),
        Column::optional(
            "realm",
            "Second name asked for at login, where the protocol has one.",
            "demo",
        ),
        Column::optional("number", "Number of the user, where the protocol has one.", "8001")
            .of(ColumnKind::Integer),
        Column::optional("name", "Name for people.", "INTEGRA"),
        Column::optional("customer", "Who is priced; empty: the whole supplier is seen.", "123456"),
        Column::optional("state", "A disabled account is answered as if unknown.", "active")
            .of(ColumnKind::Choice(&["active", "disabled"])),
        Column::optional("password", "Password, or its Argon2id digest.", "12abcd34").hidden(),
        Column::optional("token", "Token without expiry, or its digest.", "tok-example").hidden(),
        Column::optional("previous_token", "The token before the last rotation.", "").hidden(),
        Column::optional(
            "previous_until",
            "Until when the token before still counts.",
            "2016-02-01T00:00:00Z",
        )
        .of(ColumnKind::Instant),
        Column::optional(
            "on_behalf",
            "May it ask in the name of other accounts, where the protocol knows that? Default no.",
            "no",
        )
        .of(ColumnKind::Flag),
    ];
    const REFERENCES: &'static [Reference] = &[Reference::to::<Customer>(&["customer"])];

    fn to_row(&self) -> Row {
        let secret = |secret: &Option<Secret>| Cell::opt_text(secret.as_ref().map(Secret::reveal));
        vec![
            Cell::text(self.protocol),
            Cell::text(&self.login),
            Cell::opt_text(self.realm.as_ref()),
            Cell::int(self.number),
            Cell::opt_text(self.name.as_ref()),
            Cell::opt_text(self.customer.as_ref()),
            Cell::text(self.state),
            secret(&self.password),
            secret(&self.token),
            secret(&self.previous_token),
            Cell::instant(self.previous_until),
            // Empty for no, so that accounts of before read and digest as they did.
            if self.on_behalf { Cell::flag(true) } else { Cell::Null },
        ]
    }

    fn from_row(row: &[Cell]) -> Result<Self, CellError> {
        let mut cells = Cells::new(Self::COLUMNS, row);
        Ok(Self {
            protocol: cells.one()?,
            login: cells.text()?,
            realm: cells.opt_text()?,
            number: cells.opt_int()?,
            name: cells.opt_text()?,
            customer: cells.opt()?,
            state: cells.opt()?.unwrap_or_default(),
            password: cells.opt()?,
            token: cells.opt()?,
            previous_token: cells.opt()?,
            previous_until: cells.opt_instant()?,
            on_behalf: cells.opt_int()? == Some(1),
        })
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl FromStr for Protocol {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "secomp" => Ok(Self::Secomp),
            "websphere" => Ok(Self::Websphere),
            "consinco" => Ok(Self::Consinco),
            "restigo" => Ok(Self::Restigo),
            _ => Err("not secomp, websphere, consinco or restigo"),
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for SessionKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "access" => Ok(Self::Access),
            "refresh" => Ok(Self::Refresh),
            _ => Err("not access or refresh"),
        }
    }
}

impl fmt::Display for SessionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        })
    }
}
