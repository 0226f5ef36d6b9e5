//! How much one client may have of what all share. The totals are settings; what a part of them is stands
//! here and, for operators, in the comments of the settings and in README.md.

use crate::config::Limits;

/// Bytes that one address may always hold, of bodies and of answers each.
const LEAST_OF_ADDRESS: usize = 4 << 20;
/// Bytes of bodies that one address may always hold before somebody there has logged in: one of the
/// longest that any protocol takes, coded and decoded.
const LEAST_OF_STRANGER: usize = 9 << 18;
/// Bytes of answers that one HTTP/2 connection may always have waiting.
const LEAST_OF_CONNECTION: usize = 2 << 20;
/// Requests of one address that may always wait.
const LEAST_PENDING: usize = 16;

impl Limits {
    /// Requests of one address that may wait for their answers at a time. However many long answers
    /// it asks for, others find room.
    pub(crate) fn pending_of_address(&self) -> usize {
        (self.requests_in_flight as usize / 4).max(LEAST_PENDING)
    }

    /// Bytes of bodies of one address where somebody has logged in.
    pub(crate) fn body_bytes_of_address(&self) -> usize {
        (self.body_bytes_in_flight / 4).max(LEAST_OF_ADDRESS)
    }

    /// Bytes of bodies of one address where nobody has.
    pub(crate) fn body_bytes_of_stranger(&self) -> usize {
        (self.body_bytes_in_flight / 16).max(LEAST_OF_STRANGER)
    }

    /// Bytes of answers of one address.
    pub(crate) fn answer_bytes_of_address(&self) -> usize {
        (self.answer_bytes_in_flight / 4).max(LEAST_OF_ADDRESS)
    }

    /// Bytes of answers of one HTTP/2 connection.
    pub(crate) fn answer_bytes_of_connection(&self) -> usize {
        (self.answer_bytes_in_flight / 8).max(LEAST_OF_CONNECTION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(limits: &Limits) -> [usize; 5] {
        [
            limits.pending_of_address(),
            limits.body_bytes_of_address(),
            limits.body_bytes_of_stranger(),
            limits.answer_bytes_of_address(),
            limits.answer_bytes_of_connection(),
        ]
    }

    #[test]
    fn a_part_of_much_and_enough_of_little() {
        let much = Limits {
            requests_in_flight: 1_000,
            body_bytes_in_flight: 160 << 20,
            answer_bytes_in_flight: 80 << 20,
            ..Limits::default()
        };
        assert_eq!(shares(&much), [250, 40 << 20, 10 << 20, 20 << 20, 10 << 20]);
        let little = Limits {
            requests_in_flight: 1,
            body_bytes_in_flight: 1,
            answer_bytes_in_flight: 1,
            ..Limits::default()
        };
        assert_eq!(shares(&little), [16, 4 << 20, 9 << 18, 4 << 20, 2 << 20]);
    }
}
