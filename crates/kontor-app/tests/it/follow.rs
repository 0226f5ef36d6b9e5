//! a book that followed is the one that is loaded anew, whatever was written, by whom, in
//! which pages it was read, and when it was compacted; and whoever asks what changed since an
//! edition is told everything.
//!
//! The thresholds are so small that small data crosses them. `KONTOR_TORTURE` says how many cases are
//! run; without it there are 2,000, in four tests so that they run side by side.

mod commands;
mod copies;
mod picture;
mod world;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use commands::step;
use world::World;

pub(crate) const CASES: u32 = 500;

fn cases() -> u32 {
    let told = std::env::var_os("KONTOR_TORTURE");
    let told = told.and_then(|count| count.to_str()?.parse::<u32>().ok());
    told.map_or(CASES, |cycles| cycles.saturating_mul(50))
}

fn followed_is_loaded(seed: u64) {
    let config = Config {
        cases: cases(),
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    };
    let steps = proptest::collection::vec(step(), 1..16);
    let run =
        TestRunner::new(config).run(&(steps, 1..4_usize, 0..6_usize), |(steps, page, fold)| {
            let mut world = World::new(page, fold);
            for step in steps {
                world.take(&step);
            }
            world.check();
            prop_assert_eq!(world.app.reloads(), 0, "everything was read anew");
            Ok(())
        });
    if let Err(error) = run {
        panic!("{error}");
    }
}

#[test]
fn torture_followed_is_loaded_1() {
    followed_is_loaded(1);
}

#[test]
fn torture_followed_is_loaded_2() {
    followed_is_loaded(2);
}

#[test]
fn torture_followed_is_loaded_3() {
    followed_is_loaded(3);
}

#[test]
fn torture_followed_is_loaded_4() {
    followed_is_loaded(4);
}
