//! The errors of the protocol and their status table (`websphere.md` 8).

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use kontor_app::Denied;
use kontor_wire::http::{Refusal, Response};

use crate::body::BodyError;
use crate::wire::{Document, Format};

/// Why a request is refused. The first one found is the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Error {
    #[error("{0}")]
    Body(#[from] BodyError),
    #[error("the request body is too large")]
    BodyTooLarge,
    #[error("the request body must be json or xml")]
    MediaType,
    #[error(
        "the request asks for more than {} prices, or for prices that are too much work: ask for fewer products, dates, contracts or quantities at a time",
        crate::asked::MAX_PRICES
    )]
    TooManyPrices,
    #[error("{0} is missing")]
    Missing(Place),
    #[error("{0} is not valid: {1}")]
    Invalid(Place, &'static str),
    /// One sentence for contracts that do not exist, are not the caller's or not active now.
    #[error("contract {0} cannot be used")]
    Contract(String),
    #[error("currency {currency} is not supported by store {store}")]
    Currency { currency: String, store: String },
    #[error("product {0} does not exist")]
    Product(String),
    #[error("the session is not known or has expired, log in again")]
    Token,
    #[error("over https the header WCToken needs the header WCTrustedToken")]
    TokenNotSecure,
    /// To end a token that is of no session.
    #[error("the token of the header WCToken cannot be ended: it {0}")]
    NoSession(&'static str),
    #[error("the logon id or the password is not right")]
    Login,
    #[error("the account may not use this store")]
    StoreAccess { resource: &'static str },
    #[error("the caller may not act for others")]
    ActingForOthers { parameter: &'static str },
    #[error("store {0} does not exist")]
    Store(String),
    #[error("too many requests, try again later")]
    TooManyRequests { retry_after: Duration },
    #[error("the server is too busy, try again later")]
    Overloaded,
    #[error("internal error")]
    Internal,
}

/// How long to wait when the server is too busy, or the data cannot be written just now.
const LATER: Duration = Duration::from_secs(5);

/// Where in a request something is wrong, as `errorParameters` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) owner: Owner,
    /// Member of the owner; empty: the owner itself.
    pub(crate) member: &'static str,
    /// Element of the list that the member is.
    pub(crate) element: Option<usize>,
    /// Member of that element; empty: the element itself.
    pub(crate) part: &'static str,
}

/// What has members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The URL, or the body of a login.
    Request,
    Query,
    /// A product of the query, counted from 0.
    Product(usize),
}

impl Error {
    /// The answer.
    pub(crate) fn response(&self, format: Format) -> Response {
        let mut document = Document::new(format, 256);
        document.list("errors", |errors| {
            errors.item(|error| {
                error.text("errorCode", self.code());
                error.text("errorKey", self.key());
                error.text("errorMessage", &self.to_string());
                error.text("errorParameters", &self.parameters());
            });
        });
        let response = Response::new(self.status(), format.media_type(), document.finish());
        if let Self::TooManyRequests { retry_after } = self {
            response.retry_after(*retry_after)
        } else if matches!(self, Self::Overloaded) {
            response.retry_after(LATER)
        } else {
            response
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Body(_)
            | Self::TooManyPrices
            | Self::Missing(_)
            | Self::Invalid(..)
            | Self::NoSession(_)
            | Self::Contract(_)
            | Self::Currency { .. }
            | Self::ActingForOthers { .. } => StatusCode::BAD_REQUEST,
            Self::Token | Self::TokenNotSecure | Self::Login => StatusCode::UNAUTHORIZED,
            Self::StoreAccess { .. } => StatusCode::FORBIDDEN,
            Self::Store(_) | Self::Product(_) => StatusCode::NOT_FOUND,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::Body(_) | Self::TooManyPrices | Self::BodyTooLarge | Self::MediaType => {
                "_ERR_INVALID_INPUT"
            }
            Self::Missing(_) => "_ERR_CMD_MISSING_PARAM",
            Self::Invalid(..) | Self::NoSession(_) => "_ERR_CMD_INVALID_PARAM",
            Self::Contract(_) => "_ERR_INVALID_TRADING",
            Self::Currency { .. } => "_ERR_CURRENCY_NOT_SUPPORTED",
            Self::Product(_) => "_ERR_PROD_NOT_EXISTING",
            Self::Token => "_ERR_INVALID_COOKIE",
            Self::TokenNotSecure => "ERR_SECURE_TOKEN_NOT_IN_HTTPS",
            Self::Login => "_ERR_AUTHENTICATION_ERROR",
            Self::StoreAccess { .. } | Self::ActingForOthers { .. } => "_ERR_USER_AUTHORITY",
            Self::Store(_) => "_ERR_STORE_NOT_FOUND",
            Self::TooManyRequests { .. } => "_ERR_TOO_MANY_REQUESTS",
            Self::Overloaded => "_ERR_SERVICE_UNAVAILABLE",
            Self::Internal => "ERR_INTERNAL_SERVER_ERROR",
        }
    }

    /// Most codes are the key.
    fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "CMN0206E",
            Self::Invalid(..) | Self::NoSession(_) => "CMN0207E",
            Self::Token => "CMN1039E",
            Self::TokenNotSecure => "CWXFR0213E",
            Self::Internal => "CWXFR0230E",
            Self::Body(_)
            | Self::BodyTooLarge
            | Self::MediaType
            | Self::TooManyPrices
            | Self::Contract(_)
            | Self::Currency { .. }
            | Self::Product(_)
            | Self::Login
            | Self::StoreAccess { .. }
            | Self::ActingForOthers { .. }
            | Self::Store(_)
            | Self::TooManyRequests { .. }
            | Self::Overloaded => self.key(),
        }
    }

    fn parameters(&self) -> String {
        match self {
            Self::TooManyPrices => Place::query("").to_string(),
            Self::Missing(place) | Self::Invalid(place, _) => place.to_string(),
            Self::Contract(id) | Self::Product(id) | Self::Store(id) => id.clone(),
            Self::Currency { currency, store } => format!("{currency},{store}"),
            Self::StoreAccess { resource } => (*resource).to_owned(),
            Self::ActingForOthers { parameter } => (*parameter).to_owned(),
            Self::MediaType => "Content-Type".to_owned(),
            Self::NoSession(_) => "WCToken".to_owned(),
            Self::Body(_)
            | Self::BodyTooLarge
            | Self::Token
            | Self::TokenNotSecure
            | Self::Login
            | Self::TooManyRequests { .. }
            | Self::Overloaded
            | Self::Internal => String::new(),
        }
    }
}

impl From<Denied> for Error {
    /// What a token that is not let in is told.
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown => Self::Token,
            Denied::TooMany { retry_after } => Self::TooManyRequests { retry_after },
            Denied::Busy { .. } => Self::Overloaded,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::TooMany { retry_after } => Self::TooManyRequests { retry_after },
            Refusal::Overloaded { .. } => Self::Overloaded,
            Refusal::Internal => Self::Internal,
        }
    }
}

impl Place {
    /// A URL parameter, or a member of the body of a login.
    pub(crate) const fn parameter(name: &'static str) -> Self {
        Self::member(Owner::Request, name)
    }

    /// A member of `query`; empty: `query` itself.
    pub(crate) const fn query(member: &'static str) -> Self {
        Self::member(Owner::Query, member)
    }

    pub(crate) const fn member(owner: Owner, member: &'static str) -> Self {
        Self { owner, member, element: None, part: "" }
    }

    #[must_use]
    pub(crate) const fn element(self, element: usize) -> Self {
        Self { element: Some(element), ..self }
    }

    #[must_use]
    pub(crate) const fn part(self, part: &'static str) -> Self {
        Self { part, ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.owner {
            Owner::Request => {}
            Owner::Query => f.write_str("query")?,
            Owner::Product(index) => write!(f, "query.products[{index}]")?,
        }
        if self.owner != Owner::Request && !self.member.is_empty() {
            f.write_str(".")?;
        }
        f.write_str(self.member)?;
        if let Some(element) = self.element {
            write!(f, "[{element}]")?;
        }
        if !self.part.is_empty() {
            write!(f, ".{}", self.part)?;
        }
        Ok(())
    }
}
