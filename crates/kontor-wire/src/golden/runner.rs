//! Running cases against servers.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use super::case::{CLOCK, Case, State};
use super::compare::problems;
use super::exchange::exchange;
use super::expand::Macros;

/// What kind of server a case needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start<'a> {
    /// What its frozen clock shows.
    pub clock: &'a str,
    /// Whether the case may change the data of the server.
    pub state: State,
}

/// A server that listens. Dropping it ends the server.
pub struct Running {
    pub address: SocketAddr,
    /// Whatever must live as long as the server.
    pub guard: Box<dyn Any>,
}

/// What became of a number of cases. It displays as a list of failures and a last line with counts.
#[derive(Debug, Default)]
pub struct Report {
    pub passed: usize,
    pub failures: Vec<Failure>,
}

/// A case that failed.
#[derive(Debug)]
pub struct Failure {
    pub name: String,
    pub title: String,
    pub why: String,
    pub problems: Vec<String>,
}

/// Runs all cases. Each case that writes or has a clock of its own gets a fresh server; all others
/// share one.
pub fn run_all(
    cases: &[Case],
    mut start: impl FnMut(Start<'_>) -> Result<Running, String>,
) -> Report {
    let mut shared: Option<Running> = None;
    let mut report = Report::default();
    for case in cases {
        let wanted = Start { clock: &case.clock, state: case.state };
        let may_share = case.state == State::Reads && case.clock == CLOCK;
        let running = if may_share { shared.take() } else { None };
        let problems = match running.map_or_else(|| start(wanted), Ok) {
            Ok(running) => {
                let problems = run_case(case, running.address);
                if may_share {
                    shared = Some(running);
                }
                problems
            }
            Err(problem) => vec![format!("cannot start the server: {problem}")],
        };
        report.add(case, problems);
    }
    report
}

/// Runs one case and tells what is wrong; nothing when it passes. A step that fails ends the case,
/// since later steps build on it. Only servers on loopback are spoken to.
pub fn run_case(case: &Case, address: SocketAddr) -> Vec<String> {
    if !address.ip().is_loopback() {
        return vec![format!("refused: {address} is not a loopback address")];
    }
    let mut macros = Macros { host: address.to_string(), caught: BTreeMap::new() };
    for (index, step) in case.steps.iter().enumerate() {
        let found = match exchange(address, step, &macros) {
            Ok(answer) => problems(case, step, &answer, &mut macros),
            Err(error) => vec![error.to_string()],
        };
        if !found.is_empty() {
            let line: String = step.request_line.chars().take(150).collect();
            let place = format!("step {} of {}: {line}", index + 1, case.steps.len());
            return std::iter::once(place).chain(found).collect();
        }
    }
    Vec::new()
}

impl Report {
    fn add(&mut self, case: &Case, problems: Vec<String>) {
        if problems.is_empty() {
            self.passed += 1;
            return;
        }
        let (name, title, why) = (case.name.clone(), case.title.clone(), case.why.clone());
        self.failures.push(Failure { name, title, why, problems });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(formatter, "FAIL {}: {}\n  {}", failure.name, failure.title, failure.why)?;
            for problem in &failure.problems {
                writeln!(formatter, "    {problem}")?;
            }
        }
        write!(formatter, "{} passed, {} failed", self.passed, self.failures.len())
    }
}
