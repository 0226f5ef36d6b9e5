//! The golden cases of every protocol, run against the binary.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Stdio;

use kontor_wire::golden::{self, Running};

use crate::process::{self, Server};

fn check(folder: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../conformance").join(folder);
    let cases = golden::load(&path).unwrap();
    assert!(!cases.is_empty(), "no cases in {}", path.display());
    let logs = tempfile::tempdir().unwrap();
    let mut servers = 0;
    let report = golden::run_all(&cases, |start| {
        servers += 1;
        let log = File::create(logs.path().join(servers.to_string())).unwrap();
        let server = demo(start.clock, log)?;
        Ok(Running { address: server.address, guard: Box::new(server) })
    });
    assert!(report.failures.is_empty(), "{report}");
    for log in fs::read_dir(logs.path()).unwrap() {
        let log = fs::read_to_string(log.unwrap().path()).unwrap();
        assert!(log.contains("opened the data"), "the log is not that of a server:\n{log}");
        assert!(!log.contains("reading everything"), "the book was loaded anew:\n{log}");
    }
}

/// The demo, with its log in a file.
fn demo(clock: &str, log: File) -> Result<Server, String> {
    let arguments = ["serve", "--demo", "--clock", clock, "--listen", "127.0.0.1:0"];
    process::start_logging(&mut process::kontor(&arguments), Stdio::from(log))
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
