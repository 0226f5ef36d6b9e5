//! `POST /api/v1/partners/create_rfq` (companeo.md 1): who asks, what is sent, what it becomes.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use kontor_app::{App, StoreError};
use kontor_leads::intake::{LeadDesk, Submission, SubmitError};
use kontor_wire::http::{Answer, Body, Dialect, Refusal, Request, Response};

use crate::auth::{self, Denied};
use crate::config::Config;
use crate::error::RequestError;
use crate::{from_wire, to_wire, wire};

/// When to try again after the data could not be written.
const RETRY_WRITE: Duration = Duration::from_secs(5);

pub(crate) struct Companeo {
    pub(crate) app: Arc<App>,
    pub(crate) config: Config,
    pub(crate) desk: Arc<LeadDesk>,
}

impl Dialect for Companeo {
    fn name(&self) -> &'static str {
        "companeo"
    }

    fn owns(&self, path: &str) -> bool {
        path.starts_with(wire::PREFIX)
    }

    fn max_body(&self) -> usize {
        wire::MAX_BODY
    }

    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        Box::pin(async move {
            if request.path != wire::CREATE {
                return to_wire::plain(StatusCode::NOT_FOUND, wire::NOT_FOUND);
            }
            self.create(request).await.unwrap_or_else(|refused| refused)
        })
    }

    fn refuse(&self, refusal: Refusal, _: &Request) -> Response {
        match refusal {
            Refusal::TooMany { .. } => {
                to_wire::plain(StatusCode::TOO_MANY_REQUESTS, wire::TOO_MANY)
            }
            Refusal::Overloaded { .. } => {
                to_wire::plain(StatusCode::SERVICE_UNAVAILABLE, wire::UNAVAILABLE)
            }
            Refusal::Internal => to_wire::plain(StatusCode::INTERNAL_SERVER_ERROR, wire::FAILED),
        }
    }
}

impl Companeo {
    /// Takes in leads. The order of the checks is that of the specification.
    async fn create(&self, request: &Request) -> Result<Response, Response> {
        if request.method != Method::POST {
            return Err(to_wire::request_error(RequestError::Method));
        }
        let asker = auth::partner(&self.app, request).map_err(denied)?;
        let body = match &request.body {
            Body::Read(body) => body,
            Body::TooLarge => return Err(to_wire::request_error(RequestError::TooLarge)),
            Body::Undecodable => return Err(to_wire::request_error(RequestError::Malformed)),
        };
        let malformed = |_| to_wire::request_error(RequestError::Malformed);
        let key = from_wire::key(&request.headers, body).map_err(malformed)?;
        let inputs = from_wire::inputs(body).map_err(malformed)?;
        let duplicate_days = self.config.duplicate_days(asker.supplier_code.as_str());
        let submission = Submission { asker, key, inputs: inputs.leads, duplicate_days };
        match self.desk.submit(submission).await {
            Ok(accepted) => Ok(to_wire::success(&accepted)),
            Err(SubmitError::Faults(faults)) => Err(to_wire::faults(&faults, &inputs.categories)),
            Err(SubmitError::KeyReused) => Err(to_wire::request_error(RequestError::Malformed)),
            Err(SubmitError::Store(error)) => {
                tracing::error!(%error, "leads could not be stored");
                Err(failed(&error))
            }
        }
    }
}

fn denied(denied: Denied) -> Response {
    match denied {
        Denied::Error(error) => to_wire::request_error(error),
        Denied::TooMany { retry_after } => {
            retry(StatusCode::TOO_MANY_REQUESTS, wire::TOO_MANY, retry_after)
        }
    }
}

/// Says that leads may be sent again only when none of them was stored.
fn failed(error: &StoreError) -> Response {
    if error.promises_nothing_was_done() {
        retry(StatusCode::SERVICE_UNAVAILABLE, wire::UNAVAILABLE, RETRY_WRITE)
    } else {
        to_wire::plain(StatusCode::INTERNAL_SERVER_ERROR, wire::FAILED)
    }
}

/// An answer that says when to try again.
fn retry(status: StatusCode, message: &str, after: Duration) -> Response {
    to_wire::plain(status, message).retry_after(after)
}
