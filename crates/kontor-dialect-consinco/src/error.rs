//! Refusals and their bodies: the status table of the protocol (section 6 of the spec).

use std::time::Duration;

use http::StatusCode;
use http::header::{ALLOW, WWW_AUTHENTICATE};
use kontor_wire::accept::Choice;
use kontor_wire::http::Response;
use kontor_wire::json::JsonWriter;
use kontor_wire::xml_write;

use crate::from_wire::Fault;
use crate::wire::{self, Body};

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No such path; the URI that was asked for.
    NoRoute {
        uri: String,
    },
    /// The path does not offer this method.
    Method {
        method: String,
        allow: &'static str,
    },
    TooLarge,
    /// No token, or one that does not count.
    Denied,
    /// Too many requests or failed logins.
    TooMany {
        retry_after: Duration,
    },
    /// Bad parameters, in their order.
    Invalid(Vec<Fault>),
    /// The body of a login is not JSON.
    NotJson,
    /// The login or token does not count; the text says which of the two.
    Grant(&'static str),
    UnknownCompany {
        sent: String,
    },
    UnknownSegment {
        segment: String,
        company: String,
    },
    /// No row, for suppliers that want to be told so.
    NothingFound,
    Overloaded,
    /// A fault of ours.
    Internal,
}

/// How long to wait when the server is too busy, or the data cannot be written just now.
const LATER: Duration = Duration::from_secs(5);

impl Refused {
    pub(crate) fn response(&self, choice: Choice<Body>) -> Response {
        let mut body = Vec::new();
        match (self, choice.format) {
            (Self::Grant(description), _) => grant(&mut body, description),
            (_, Body::Json) => self.json(&mut body),
            (_, Body::Xml) => self.xml(&mut body),
        }
        let response = Response::new(self.status(), wire::content_type(choice.media_type), body);
        if let Self::Method { allow, .. } = self {
            response.with_header(ALLOW, allow)
        } else if let Self::TooMany { retry_after } = self {
            response.retry_after(*retry_after)
        } else if *self == Self::Overloaded {
            response.retry_after(LATER)
        } else if *self == Self::Denied {
            response.with_header(WWW_AUTHENTICATE, "Bearer")
        } else {
            response
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) | Self::NotJson | Self::Grant(_) => StatusCode::BAD_REQUEST,
            Self::Denied => StatusCode::UNAUTHORIZED,
            Self::NoRoute { .. }
            | Self::UnknownCompany { .. }
            | Self::UnknownSegment { .. }
            | Self::NothingFound => StatusCode::NOT_FOUND,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoRoute { uri } => {
                format!("No HTTP resource was found that matches the request URI '{uri}'.")
            }
            Self::Method { method, .. } => {
                format!("The requested resource does not support http method '{method}'.")
            }
            Self::TooLarge => "The request is too large.".to_owned(),
            Self::Denied => "Authorization has been denied for this request.".to_owned(),
            Self::TooMany { .. } => "Too many requests.".to_owned(),
            Self::Overloaded => "Service unavailable.".to_owned(),
            Self::Invalid(_) | Self::NotJson => "The request is invalid.".to_owned(),
            Self::Grant(description) => (*description).to_owned(),
            Self::UnknownCompany { sent } => format!("Company '{sent}' not found."),
            Self::UnknownSegment { segment, company } => {
                format!("Segment '{segment}' not found for company '{company}'.")
            }
            Self::NothingFound => "No records found.".to_owned(),
            Self::Internal => "An error has occurred.".to_owned(),
        }
    }

    fn faults(&self) -> &[Fault] {
        if let Self::Invalid(faults) = self { faults } else { &[] }
    }

    fn json(&self, out: &mut Vec<u8>) {
        JsonWriter::new(out).object(|json| {
            json.key("Message").string(&self.message());
            if !self.faults().is_empty() {
                json.key("ModelState").object(|json| {
                    for fault in self.faults() {
                        json.key(fault.field.name()).array(|json| json.string(&fault.text));
                    }
                });
            }
        });
    }

    fn xml(&self, out: &mut Vec<u8>) {
        xml_write::element_with(out, "Error", |out| {
            xml_write::element(out, "Message", &self.message());
            if !self.faults().is_empty() {
                xml_write::element_with(out, "ModelState", |out| {
                    for fault in self.faults() {
                        xml_write::element(out, fault.field.name(), &fault.text);
                    }
                });
            }
        });
    }
}

/// The body of a refused login, which is JSON always.
fn grant(out: &mut Vec<u8>, description: &str) {
    JsonWriter::new(out).object(|json| {
        json.key("error").string("invalid_grant");
        json.key("error_description").string(description);
    });
}
