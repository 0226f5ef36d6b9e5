//! The golden cases of every protocol, run against the binary.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;

use kontor_wire::golden::{self, Running};

use crate::process::{self, Server};

/// All of `conformance/`, and the cases that a dialect has in its own folder.
fn folders() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let within = |folder: &str| {
        let folder = fs::read_dir(root.join(folder)).unwrap();
        folder.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let own = within("crates").into_iter().filter(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("kontor-dialect-"))
    });
    let own = own.map(|path| path.join("conformance"));
    within("conformance").into_iter().chain(own).filter(|path| path.is_dir()).collect()
}

/// Each folder on a thread of its own: they mostly wait for their servers.
#[test]
fn every_protocol_answers_as_its_cases_say() {
    let folders = folders();
    thread::scope(|scope| {
        for path in &folders {
            scope.spawn(|| check(path));
        }
    });
}

fn check(path: &Path) {
    let cases = golden::load(path).unwrap();
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
