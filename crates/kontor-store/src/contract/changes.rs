//! Checks to come.

pub(super) const CHECKS: super::Checks = &[];
