//! Running the binary.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The instant at which the demo data lives.
pub(crate) const CLOCK: &str = "2016-01-28T11:24:28.874Z";

/// The token of partner 22 of the demo, as documented.
pub(crate) const DEMO_TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOjIyLCJleHAiOjI1MjQ2MDgwMDAsImlzcyI6IklqSXlYMHhRTnpWZk1Ua2kifQ.hk9lFb6q6q9F9BB4QjHDGidp-9LTuUbFPCROupSo3Lk";

/// A server that is killed when it is dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    /// Held open: what the server still says has a reader.
    _stdout: BufReader<ChildStdout>,
}

/// The binary with these arguments, without settings of the environment.
pub(crate) fn kontor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kontor"));
    command.args(arguments).current_dir(env!("CARGO_TARGET_TMPDIR"));
    command.env_clear();
    command
}

/// The demo on a free port, with its clock frozen and data of its own.
pub(crate) fn demo(clock: &str) -> Result<Server, String> {
    start(&mut kontor(&["serve", "--demo", "--clock", clock, "--listen", "127.0.0.1:0"]))
}

/// The demo on data that stays.
pub(crate) fn demo_on(data: &Path) -> Result<Server, String> {
    let mut command = kontor(&["serve", "--demo", "--clock", CLOCK, "--listen", "127.0.0.1:0"]);
    start(command.arg("--data").arg(data))
}

/// Starts a server and waits until it says where it listens.
pub(crate) fn start(command: &mut Command) -> Result<Server, String> {
    start_logging(command, Stdio::null())
}

/// The same, with its log going somewhere.
pub(crate) fn start_logging(command: &mut Command, log: Stdio) -> Result<Server, String> {
    let child = command.stdout(Stdio::piped()).stderr(log).spawn();
    let mut child = child.map_err(|error| format!("cannot start kontor: {error}"))?;
    let stdout = child.stdout.take().ok_or("no standard output")?;
    let (mut stdout, mut line) = (BufReader::new(stdout), String::new());
    stdout.read_line(&mut line).map_err(|error| error.to_string())?;
    let address = line.split("http://").nth(1).and_then(|rest| rest.trim().parse().ok());
    if let Some(address) = address {
        return Ok(Server { child, address, _stdout: stdout });
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(format!("no address in {line:?}"))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
