//! Settings of the property tests: a fixed seed, so that every run tries the same values.

use proptest::test_runner::{Config, RngSeed};

/// The settings; nothing is written to disk, since a fixed seed finds a failure again.
pub(crate) fn config() -> Config {
    Config {
        rng_seed: RngSeed::Fixed(0x6b6f_6e74_6f72),
        failure_persistence: None,
        ..Config::default()
    }
}
