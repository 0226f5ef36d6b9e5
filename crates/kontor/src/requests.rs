//! Ties the deadline of a request, which the server knows, to the writes of the application.

use std::sync::Arc;

use kontor_app::deadline::{MayBegin, within};
use kontor_wire::http::{Answer, Dialect, Refusal, Request, Response};

/// A protocol whose writes begin only before the deadline of their request.
pub(crate) struct InTime(pub(crate) Arc<dyn Dialect>);

impl Dialect for InTime {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn owns(&self, path: &str) -> bool {
        self.0.owns(path)
    }

    fn max_body(&self) -> usize {
        self.0.max_body()
    }

    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        let deadline = request.deadline.clone();
        let may_begin: MayBegin = Arc::new(move || deadline.begin());
        Box::pin(within(may_begin, self.0.answer(request)))
    }

    fn refuse(&self, refusal: Refusal, request: &Request) -> Response {
        self.0.refuse(refusal, request)
    }
}
