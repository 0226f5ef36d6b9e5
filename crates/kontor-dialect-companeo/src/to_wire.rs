//! From what was decided to the bytes of the answer. The order of the keys is part of the contract.

use http::StatusCode;
use http::header::{ALLOW, WWW_AUTHENTICATE};
use kontor_leads::intake::{Accepted, InputFault};
use kontor_wire::http::Response;
use kontor_wire::json::JsonWriter;

use crate::error::{self, Entry, RequestError};
use crate::wire::{self, WireId};

const JSON: &str = "application/json";

/// Every input became a lead.
pub(crate) fn success(accepted: &[Accepted]) -> Response {
    let mut body = Vec::with_capacity(128 + 64 * accepted.len());
    JsonWriter::new(&mut body).object(|answer| {
        answer.key("success").boolean(true);
        answer.key(wire::DATA).object(|data| {
            data.key("message").string(wire::SUCCESS);
            for (place, accepted) in accepted.iter().enumerate() {
                data.key(&input_key(place)).object(|input| {
                    input.key("rfq_id").string(&accepted.lead.to_string());
                    input.key("cli_id").integer(accepted.contact);
                });
            }
        });
        answer.key("message").string(wire::SUCCESS);
        answer.key("errors").array(|_| {});
    });
    Response::new(StatusCode::OK, JSON, body)
}

/// Some inputs are in error; `categories` are those of all inputs as they were sent.
pub(crate) fn faults(faults: &[(usize, InputFault)], categories: &[Option<WireId>]) -> Response {
    let body = refused(wire::DETECTED, |answer| {
        answer.key("errors").object(|errors| {
            for (place, fault) in faults {
                let category = categories.get(*place).and_then(Option::as_ref);
                let entries = error::entries(fault, category);
                errors.key(&input_key(*place)).array(|list| write_entries(list, &entries));
            }
        });
    });
    Response::new(StatusCode::BAD_REQUEST, JSON, body)
}

/// The whole request is refused.
pub(crate) fn request_error(error: RequestError) -> Response {
    let entry = Entry { code: error.code(), data: Vec::new() };
    let body = refused(error.message(), |answer| {
        answer.key("errors").array(|list| write_entries(list, &[entry]));
    });
    let response = Response::new(error.status(), JSON, body);
    match error {
        RequestError::Unauthorized | RequestError::Disabled => {
            response.with_header(WWW_AUTHENTICATE, "Bearer")
        }
        RequestError::Method => response.with_header(ALLOW, "POST"),
        RequestError::Malformed | RequestError::TooLarge => response,
    }
}

/// An answer without entries, such as 404 and 429.
pub(crate) fn plain(status: StatusCode, message: &str) -> Response {
    let body = refused(message, |answer| answer.key("errors").array(|_| {}));
    Response::new(status, JSON, body)
}

fn refused(message: &str, errors: impl FnOnce(&mut JsonWriter<'_>)) -> Vec<u8> {
    let mut body = Vec::with_capacity(256);
    JsonWriter::new(&mut body).object(|answer| {
        answer.key("success").boolean(false);
        answer.key(wire::DATA).array(|_| {});
        answer.key("message").string(message);
        errors(answer);
    });
    body
}

fn write_entries(list: &mut JsonWriter<'_>, entries: &[Entry]) {
    for entry in entries {
        list.object(|object| {
            object.key("code").integer(i64::from(entry.code as u8));
            object.key(wire::DATA).array(|data| {
                for id in &entry.data {
                    match id {
                        WireId::Number(digits) => {
                            data.raw(|out| out.extend_from_slice(digits.as_bytes()));
                        }
                        WireId::Text(text) => data.string(text),
                    }
                }
            });
            object.key("message").string(entry.code.message());
        });
    }
}

fn input_key(place: usize) -> String {
    format!("input_{place}")
}
