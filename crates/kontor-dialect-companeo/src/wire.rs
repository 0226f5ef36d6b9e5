//! The words of the protocol.

/// What all paths of the protocol begin with.
pub(crate) const PREFIX: &str = "/api/v1/partners/";
/// The one endpoint.
pub(crate) const CREATE: &str = "/api/v1/partners/create_rfq";
/// Longest body in bytes.
pub(crate) const MAX_BODY: usize = 256 * 1024;
/// Most inputs of one call.
pub(crate) const MAX_INPUTS: usize = 100;
/// Longest key of a repeated call in bytes.
pub(crate) const MAX_KEY: usize = 255;

pub(crate) const KEY_HEADER: &str = "idempotency-key";
pub(crate) const CATEGORY: &str = "categoryId";
pub(crate) const DATA: &str = "data";

pub(crate) const SUCCESS: &str = "partner_creation_success";
pub(crate) const DETECTED: &str = "partner_error_detected";
pub(crate) const NOT_FOUND: &str = "not_found";
pub(crate) const TOO_MANY: &str = "too_many_requests";
pub(crate) const UNAVAILABLE: &str = "service_unavailable";
pub(crate) const FAILED: &str = "internal_error";

/// An id as it stands in a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WireId {
    /// A number, with its digits as they are to be written.
    Number(String),
    Text(String),
}

impl WireId {
    /// An id by itself: a number when it is what a computer would write for one, without sign and
    /// leading zero and with at most 18 digits.
    pub(crate) fn of(id: &str) -> Self {
        let is_digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_canonical = is_digits && id.len() <= 18 && (id == "0" || !id.starts_with('0'));
        if is_canonical { Self::Number(id.to_owned()) } else { Self::Text(id.to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_numbers_when_they_are_written_like_one() {
        for id in ["0", "7", "99", "25533", "999999999999999999"] {
            assert_eq!(WireId::of(id), WireId::Number(id.to_owned()));
        }
        for id in
            ["", "007", "00", "-5", "+5", "1e3", "1.0", " 1", "٣", "1000000000000000000", "fax"]
        {
            assert_eq!(WireId::of(id), WireId::Text(id.to_owned()));
        }
    }
    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config {
            rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
            failure_persistence: None,
            ..Default::default()
        })]

        #[test]
        fn a_number_is_what_a_computer_would_print(id in "[0-9+-]{0,20}") {
            let parsed: Option<u64> = id.parse().ok();
            let canonical = parsed.is_some_and(|n| n.to_string() == id && n < 10_u64.pow(18));
            let is_number = matches!(WireId::of(&id), WireId::Number(_));
            proptest::prop_assert_eq!(is_number, canonical);
        }
    }
}
