//! The golden cases of every protocol, run against the binary.

use std::path::PathBuf;

use kontor_wire::golden::{self, Running};

use crate::process;

fn check(folder: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../conformance").join(folder);
    let cases = golden::load(&path).unwrap();
    assert!(!cases.is_empty(), "no cases in {}", path.display());
    let report = golden::run_all(&cases, |start| {
        let server = process::demo(start.clock)?;
        Ok(Running { address: server.address, guard: Box::new(server) })
    });
    assert!(report.failures.is_empty(), "{report}");
}

#[test]
fn common() {
    check("common");
}

#[test]
fn secomp() {
    check("secomp");
}

#[test]
fn websphere() {
    check("websphere");
}

#[test]
fn consinco() {
    check("consinco");
}

#[test]
fn restigo() {
    check("restigo");
}

#[test]
fn companeo() {
    check("companeo");
}
