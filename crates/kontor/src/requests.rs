//! Ties requests, which the server knows, to the application, which does not: until when a write may
//! begin, and who asked.

use std::sync::Arc;

use kontor_app::Denied;
use kontor_app::access::callers::Watched;
use kontor_app::deadline::{MayBegin, within};
use kontor_wire::http::{Answer, Credentials, Dialect, Refusal, Request, Response};

/// A protocol whose writes begin only before the deadline of their request, and whose answers say
/// who asked.
pub(crate) struct Tied(pub(crate) Arc<dyn Dialect>);

impl Dialect for Tied {
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
        let watched = Watched::default();
        // Some answers are made at once, before anybody waits for them.
        let answer = watched.sync_scope(|| self.0.answer(request));
        Box::pin(async move {
            let mut response = within(may_begin, watched.scope(answer)).await;
            let caller = watched.take();
            response.note.supplier = caller.supplier;
            response.note.account = caller.account;
            response.note.credentials = match caller.credentials {
                None => Credentials::None,
                Some(Ok(())) => Credentials::Right,
                Some(Err(Denied::Unknown)) => Credentials::Wrong,
                Some(Err(Denied::TooMany { .. } | Denied::Busy { .. })) => Credentials::HeldBack,
            };
            response
        })
    }

    fn refuse(&self, refusal: Refusal, request: &Request) -> Response {
        self.0.refuse(refusal, request)
    }
}
