//! Counters and histograms of the server, and their Prometheus text.
//!
//! The recorder belongs to one server and is not installed globally, so that two servers in one
//! process (as in tests) do not mix. Handles are registered once; a request only adds to atomics.

use std::sync::OnceLock;
use std::time::Duration;

use http::StatusCode;
use kontor_wire::http::{Credentials, Note};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::callers::Callers;

/// How often recorded values are folded into the histograms when nobody asks for them.
pub(crate) const UPKEEP_EVERY: Duration = Duration::from_secs(5);

const METADATA: Metadata<'static> = Metadata::new("kontor", Level::INFO, None);
/// Every status an answer can have.
const STATUSES: std::ops::Range<u16> = 100..1_000;

pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    pub(crate) connections_open: Gauge,
    pub(crate) connections: Counter,
    pub(crate) panics: Counter,
    callers: Callers,
}

/// The series of one protocol, or of what belongs to none.
pub(crate) struct Scope {
    name: &'static str,
    seconds: Histogram,
    by_status: Vec<OnceLock<Counter>>,
}

impl Scope {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let recorder = recorder();
        describe(&recorder);
        Self {
            handle: recorder.handle(),
            connections_open: recorder
                .register_gauge(&Key::from_name("kontor_connections_open"), &METADATA),
            connections: recorder
                .register_counter(&Key::from_name("kontor_connections_total"), &METADATA),
            panics: recorder.register_counter(&Key::from_name("kontor_panics_total"), &METADATA),
            callers: Callers::default(),
            recorder,
        }
    }

    pub(crate) fn scope(&self, name: &'static str) -> Scope {
        let labels = vec![Label::from_static_parts("dialect", name)];
        let key = Key::from_parts("kontor_request_seconds", labels);
        Scope {
            name,
            seconds: self.recorder.register_histogram(&key, &METADATA),
            by_status: STATUSES.map(|_| OnceLock::new()).collect(),
        }
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, scope: &Scope, status: StatusCode, took: Duration) {
        scope.seconds.record(took);
        let index = usize::from(status.as_u16() - STATUSES.start);
        if let Some(slot) = scope.by_status.get(index) {
            slot.get_or_init(|| self.status_counter(scope.name, status)).increment(1);
        }
    }

    /// Counts who was answered, and credentials that were not right.
    pub(crate) fn answered_to(&self, scope: &Scope, note: &Note, status: StatusCode) {
        let register = |labels| {
            let key = Key::from_parts("kontor_caller_answers_total", labels);
            self.recorder.register_counter(&key, &METADATA)
        };
        self.callers.answered(scope.name, (note, status), register);
        let name = match note.credentials {
            Credentials::None | Credentials::Right => return,
            Credentials::Wrong => "kontor_logins_failed_total",
            Credentials::HeldBack => "kontor_logins_held_back_total",
        };
        self.rare(name, "dialect", scope.name).increment(1);
    }

    /// Counts a connection that we closed or did not take.
    pub(crate) fn connection_closed(&self, reason: &'static str) {
        self.rare("kontor_connections_closed_total", "reason", reason).increment(1);
    }

    /// Counts a request that was refused before or instead of its answer.
    pub(crate) fn refused(&self, reason: &'static str) {
        self.rare("kontor_requests_refused_total", "reason", reason).increment(1);
    }

    /// Everything in the Prometheus text format.
    pub(crate) fn render(&self) -> String {
        self.handle.render()
    }

    pub(crate) fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    fn status_counter(&self, dialect: &'static str, status: StatusCode) -> Counter {
        let labels = vec![
            Label::from_static_parts("dialect", dialect),
            Label::new("status", status.as_str().to_owned()),
        ];
        self.recorder.register_counter(&Key::from_parts("kontor_requests_total", labels), &METADATA)
    }

    fn rare(&self, name: &'static str, label: &'static str, value: &'static str) -> Counter {
        let labels = vec![Label::from_static_parts(label, value)];
        self.recorder.register_counter(&Key::from_parts(name, labels), &METADATA)
    }
}

fn recorder() -> PrometheusRecorder {
    let builder = PrometheusBuilder::new();
    let seconds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
        2.5, 5.0, 10.0, 30.0,
    ];
    match builder.set_buckets(&seconds) {
        Ok(builder) => builder.build_recorder(),
        // Only an empty list of buckets is refused.
        Err(_) => PrometheusBuilder::new().build_recorder(),
    }
}

fn describe(recorder: &PrometheusRecorder) {
    let counter = |name: &'static str, text: &'static str| {
        recorder.describe_counter(KeyName::from_const_str(name), None, text.into());
    };
    counter("kontor_requests_total", "Answers by protocol and status.");
    counter("kontor_caller_answers_total", "Answers by protocol, supplier, account and status.");
    counter("kontor_logins_failed_total", "Requests with wrong credentials.");
    counter("kontor_logins_held_back_total", "Requests whose credentials were not looked at.");
    counter("kontor_requests_refused_total", "Requests refused before or instead of an answer.");
    counter("kontor_panics_total", "Panics caught while answering.");
    counter("kontor_connections_total", "Connections accepted.");
    counter("kontor_connections_closed_total", "Connections closed or not taken by the server.");
    recorder.describe_gauge(
        KeyName::from_const_str("kontor_connections_open"),
        None,
        "Open connections.".into(),
    );
    recorder.describe_histogram(
        KeyName::from_const_str("kontor_request_seconds"),
        None,
        "Time from the head of a request to its finished answer.".into(),
    );
}
