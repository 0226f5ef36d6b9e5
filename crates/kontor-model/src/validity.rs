//! Half-open validity: from included, to excluded.

use crate::instant::Instant;

/// When something counts. A missing end has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Validity {
    from: Option<Instant>,
    to: Option<Instant>,
}

/// The end is not after the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ends before it begins")]
pub struct EmptyValidity;

impl Validity {
    pub const ALWAYS: Self = Self { from: None, to: None };

    pub fn new(from: Option<Instant>, to: Option<Instant>) -> Result<Self, EmptyValidity> {
        match (from, to) {
            (Some(from), Some(to)) if to <= from => Err(EmptyValidity),
            _ => Ok(Self { from, to }),
        }
    }

    pub const fn from(self) -> Option<Instant> {
        self.from
    }

    pub const fn to(self) -> Option<Instant> {
        self.to
    }

    pub fn contains(self, at: Instant) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// Whether some instant lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |a: Self, b: Self| match (a.from, b.to) {
            (Some(from), Some(to)) => from < to,
            _ => true,
        };
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn validity(from: i64, to: i64) -> Validity {
        let bound = |micros| (micros >= 0).then(|| Instant::from_micros(micros));
        Validity::new(bound(from), bound(to)).unwrap()
    }

    #[test]
    fn touching_intervals_do_not_overlap() {
        assert!(!validity(1, 5).overlaps(validity(5, 9)));
        assert!(!validity(5, 9).overlaps(validity(-1, 5)));
        assert!(validity(1, 6).overlaps(validity(5, 9)));
        assert!(validity(-1, -1).overlaps(validity(5, 9)));
        assert!(validity(5, 9).overlaps(validity(6, 7)));
    }

    #[test]
    fn from_is_included_and_to_excluded() {
        let of = validity(1, 5);
        let inside = |micros| of.contains(Instant::from_micros(micros));
        assert!(inside(1) && inside(4) && !inside(0) && !inside(5));
        assert!(
            Validity::new(Some(Instant::from_micros(5)), Some(Instant::from_micros(5))).is_err()
        );
    }
}
