//! What goes wrong, and its status and text (`restigo.md` 4).

use std::time::Duration;

use http::StatusCode;
use http::header::ALLOW;
use kontor_app::lists::ListRefusal;
use kontor_app::{Denied, StoreError, WriteError};
use kontor_wire::http::{Refusal, Response};

use crate::to_wire;
use crate::validation::{Faults, Rule};
use crate::wire::{JSON, message, parameter};

/// Why a request is not answered with what it asks for.
#[derive(Debug)]
pub(crate) enum Failure {
    TokenNotFound,
    TooMany {
        retry_after: Duration,
    },
    UnknownPath,
    /// Carries the methods of the path.
    MethodNotAllowed(&'static str),
    TooLarge,
    Malformed,
    Invalid(Faults),
    PricingNotFound,
    ClientNotFound,
    /// Nothing is wrong with the request; it may be sent again later.
    Unavailable,
    /// A fault of ours.
    Internal,
}

/// How long to wait when the data cannot be written just now.
const LATER: Duration = Duration::from_secs(5);

impl Failure {
    pub(crate) fn into_response(self) -> Response {
        match self {
            Self::TokenNotFound => say(StatusCode::UNAUTHORIZED, message::TOKEN_NOT_FOUND),
            Self::TooMany { retry_after } => {
                say(StatusCode::TOO_MANY_REQUESTS, message::TOO_MANY).retry_after(retry_after)
            }
            Self::UnknownPath => say(StatusCode::NOT_FOUND, message::NOT_FOUND),
            Self::MethodNotAllowed(methods) => {
                let refused = say(StatusCode::METHOD_NOT_ALLOWED, message::METHOD_NOT_ALLOWED);
                refused.with_header(ALLOW, methods)
            }
            Self::TooLarge => say(StatusCode::PAYLOAD_TOO_LARGE, message::TOO_LARGE),
            Self::Malformed => say(StatusCode::BAD_REQUEST, message::MALFORMED),
            Self::Invalid(faults) => {
                Response::new(StatusCode::UNPROCESSABLE_ENTITY, JSON, to_wire::faults(&faults))
            }
            Self::PricingNotFound => say(StatusCode::NOT_FOUND, message::PRICING_NOT_FOUND),
            Self::ClientNotFound => say(StatusCode::NOT_FOUND, message::CLIENT_NOT_FOUND),
            Self::Unavailable => {
                say(StatusCode::SERVICE_UNAVAILABLE, message::UNAVAILABLE).retry_after(LATER)
            }
            Self::Internal => say(StatusCode::INTERNAL_SERVER_ERROR, message::FAULT),
        }
    }
}

/// A refusal by the server, which adds `Retry-After` by itself.
pub(crate) fn refusal(refusal: Refusal) -> Response {
    match refusal {
        Refusal::TooMany { .. } => say(StatusCode::TOO_MANY_REQUESTS, message::TOO_MANY),
        Refusal::Overloaded { .. } => say(StatusCode::SERVICE_UNAVAILABLE, message::UNAVAILABLE),
        Refusal::Internal => say(StatusCode::INTERNAL_SERVER_ERROR, message::FAULT),
    }
}

fn say(status: StatusCode, text: &str) -> Response {
    Response::new(status, JSON, to_wire::message(text))
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown => Self::TokenNotFound,
            Denied::TooMany { retry_after } => Self::TooMany { retry_after },
            Denied::Busy { .. } => Self::Unavailable,
        }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Invalid(faults)
    }
}

impl From<ListRefusal> for Failure {
    fn from(refusal: ListRefusal) -> Self {
        match refusal {
            ListRefusal::NameTaken => {
                let mut faults = Faults::default();
                faults.add(parameter::NAME, Rule::Taken);
                Self::Invalid(faults)
            }
            ListRefusal::UnknownList => Self::PricingNotFound,
            ListRefusal::UnknownCustomer => Self::ClientNotFound,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(target: "kontor::restigo", %error, "store operation failed");
        if error.promises_nothing_was_done() { Self::Unavailable } else { Self::Internal }
    }
}

impl From<WriteError<ListRefusal>> for Failure {
    fn from(error: WriteError<ListRefusal>) -> Self {
        match error {
            WriteError::Refused(refusal) => refusal.into(),
            WriteError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failure: Failure, status: u16, body: &str) {
        let response = failure.into_response();
        assert_eq!(response.status.as_u16(), status);
        assert_eq!(response.headers["content-type"], "application/json");
        assert_eq!(String::from_utf8_lossy(&response.body), body);
    }

    #[test]
    fn the_table_of_the_protocol() {
        check(Failure::TokenNotFound, 401, r#"{"message":"token not found"}"#);
        check(Failure::UnknownPath, 404, r#"{"message":"not found"}"#);
        check(Failure::MethodNotAllowed("DELETE"), 405, r#"{"message":"method not allowed"}"#);
        check(Failure::TooLarge, 413, r#"{"message":"payload too large"}"#);
        check(Failure::Malformed, 400, r#"{"message":"malformed json"}"#);
        check(Failure::PricingNotFound, 404, r#"{"message":"pricing not found"}"#);
        check(Failure::ClientNotFound, 404, r#"{"message":"client not found"}"#);
        check(
            ListRefusal::NameTaken.into(),
            422,
            r#"{"message":"The name has already been taken.","errors":{"name":["The name has already been taken."]}}"#,
        );
        check(Failure::Internal, 500, r#"{"message":"Server Error"}"#);
    }

    #[test]
    fn refusals_that_pass_say_when_to_come_again() {
        let (many, later) = ("Too Many Attempts.", "Service Unavailable");
        for (failure, status, seconds, text) in [
            (Failure::TooMany { retry_after: Duration::from_millis(1500) }, 429, "2", many),
            (Failure::TooMany { retry_after: Duration::ZERO }, 429, "1", many),
            (Failure::Unavailable, 503, "5", later),
        ] {
            let response = failure.into_response();
            assert_eq!(response.status.as_u16(), status);
            assert_eq!(response.headers["retry-after"], seconds);
            assert_eq!(response.body, format!(r#"{{"message":"{text}"}}"#));
        }
    }

    #[test]
    fn only_what_had_no_effect_may_be_sent_again() {
        let text = || "a reason".to_owned();
        for (error, status) in [
            (StoreError::Write(text()), 503),
            (StoreError::Closed, 503),
            (StoreError::NotBegun, 503),
            (StoreError::Open(text()), 500),
            (StoreError::Read(text()), 500),
            (StoreError::Damaged(text()), 500),
            (StoreError::Conflict(text()), 500),
            (StoreError::Uncertain(text()), 500),
        ] {
            let response = Failure::from(error.clone()).into_response();
            assert_eq!(response.status.as_u16(), status, "{error}");
            assert_eq!(response.headers.contains_key("retry-after"), status == 503, "{error}");
        }
    }

    #[test]
    fn the_server_refuses_in_the_same_words() {
        let retry_after = Duration::from_secs(1);
        for (reason, status, text) in [
            (Refusal::TooMany { retry_after }, 429, "Too Many Attempts."),
            (Refusal::Overloaded { retry_after }, 503, "Service Unavailable"),
            (Refusal::Internal, 500, "Server Error"),
        ] {
            let response = refusal(reason);
            assert_eq!(response.status.as_u16(), status);
            let body = format!("{{\"message\":\"{text}\"}}");
            assert_eq!(String::from_utf8_lossy(&response.body), body);
        }
    }
}
