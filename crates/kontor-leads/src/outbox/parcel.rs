//! What a receiver gets of a lead.

use kontor_model::instant::Instant;
use kontor_model::lead::Lead;
use serde_json::{Value, json};

use kontor_app::access::secrets::token_digest;

/// A lead on its way. The body is the same in every attempt.
#[derive(Clone)]
pub struct Parcel {
    /// The same for every attempt: by it a receiver knows what it has already.
    pub id: String,
    pub body: Vec<u8>,
    /// When this attempt is made.
    pub at: Instant,
}

impl Parcel {
    pub(crate) fn new(supplier: &str, lead: &Lead, at: Instant) -> Self {
        let answers = lead.answers.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let body = json!({
            "type": "lead.accepted",
            "timestamp": lead.created_at.to_string(),
            "data": {
                "supplier": supplier,
                "lead": lead.number,
                "contact": lead.contact_number,
                "category": lead.category.as_str(),
                "partner": lead.partner.as_str(),
                "questionnaire_version": lead.questionnaire_version,
                "email": lead.email,
                "phone": lead.phone,
                "answers": answers.unwrap_or(Value::Null),
            },
        });
        Self { id: id(supplier, lead.number), body: body.to_string().into_bytes(), at }
    }
}

/// The id of a lead among all suppliers. It goes into a header, so a supplier whose code could not
/// is named by its digest.
fn id(supplier: &str, number: i64) -> String {
    let is_plain = supplier.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if is_plain && supplier.len() <= 64 {
        return format!("lead_{supplier}_{number}");
    }
    let digest = token_digest(supplier).replace(':', "-");
    format!("lead_{digest}_{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_into_a_header() {
        assert_eq!(id("demo42", 7), "lead_demo42_7");
        for odd in ["a.b", "é", "a b", &"x".repeat(65)] {
            let id = id(odd, 7);
            assert!(id.starts_with("lead_sha256-") && id.len() < 100, "{id}");
            assert!(id.bytes().all(|b| b.is_ascii_graphic() && b != b'.'), "{id}");
        }
    }
}
