//! `GET | HEAD | POST /ProductQuery{SITE}`: who asks, and what is answered (section 3).

use std::collections::BTreeMap;
use std::sync::Arc;

use http::StatusCode;
use kontor_app::{App, Asker, Denied};
use kontor_model::Zone;
use kontor_model::account::Protocol;
use kontor_wire::http::{Answer, Dialect as _, Refusal, Request, Response};

use crate::config::Config;
use crate::from_wire::{Call, Number, Unreadable};
use crate::items::{Asking, Listing};
use crate::to_wire::{Clocked, Reply};
use crate::wire::{CONTENT_TYPE, Status};

/// The dialect, ready to answer.
pub(crate) struct Secomp {
    pub(crate) app: Arc<App>,
    pub(crate) sites: BTreeMap<String, Zone>,
    pub(crate) config: Config,
}

impl Secomp {
    /// Answers a call: at once when the password was right before.
    pub(crate) fn ask<'a>(
        &'a self,
        call: Result<Call<'_>, Unreadable>,
        zone: &Zone,
        request: &'a Request,
    ) -> Answer<'a> {
        let clocked = Clocked::new(zone, self.app.now());
        let Ok(call) = call else {
            return at_once(refused("", Status::InvalidXml, &clocked));
        };
        let (login, password) = (&call.login, &call.password);
        match self.app.by_remembered_password(Protocol::Secomp, login, password) {
            Some(asker) => at_once(self.answer_to(&call, asker, &clocked, request)),
            None => Box::pin(self.ask_after_check(call.into_owned(), clocked, request)),
        }
    }

    async fn ask_after_check(
        &self,
        call: Call<'static>,
        clocked: Clocked,
        request: &Request,
    ) -> Response {
        let (login, password) = (&call.login, &call.password);
        let asker = self.app.by_password(Protocol::Secomp, login, password, request.peer).await;
        self.answer_to(&call, asker, &clocked, request)
    }

    fn answer_to(
        &self,
        call: &Call<'_>,
        asker: Result<Asker, Denied>,
        clocked: &Clocked,
        request: &Request,
    ) -> Response {
        match asker {
            Ok(asker) => self.items(call, &asker, clocked),
            Err(Denied::Unknown) => refused(&call.login, Status::WrongLogin, clocked),
            Err(Denied::TooMany { retry_after }) => {
                self.refuse(Refusal::TooMany { retry_after }, request).retry_after(retry_after)
            }
            Err(Denied::Busy { retry_after }) => {
                self.refuse(Refusal::Overloaded { retry_after }, request).retry_after(retry_after)
            }
        }
    }

    fn items(&self, call: &Call<'_>, asker: &Asker, clocked: &Clocked) -> Response {
        let book = self.app.book();
        let Some(tenant) = asker.tenant(&book) else {
            return refused(&call.login, Status::WrongLogin, clocked);
        };
        let code = tenant.supplier().map(|supplier| supplier.code.as_str());
        let layout = self.config.layout(code.unwrap_or_default());
        let asking = Asking::new(&book, tenant, asker, clocked);
        let mut reply = Reply::successful(&call.login, clocked, layout, call.items.len());
        let written = asking.items(&call.items, &mut reply);
        let left = call.items.get(written..).unwrap_or_default();
        if left.is_empty() {
            return xml(reply.into_bytes(), Status::Successful);
        }
        let first = reply.take();
        let items: Vec<_> = left.iter().cloned().map(Number::into_owned).collect();
        let listing = Listing {
            book: Arc::clone(&book),
            asker: asker.clone(),
            clocked: clocked.clone(),
            reply,
            items: items.into_iter(),
        };
        xml(first, Status::Successful).with_rest(Some(listing.pieces(&self.app)))
    }
}

/// An answer nobody has to wait for.
pub(crate) fn at_once<'a>(response: Response) -> Answer<'a> {
    Box::pin(std::future::ready(response))
}

fn refused(login: &str, status: Status, clocked: &Clocked) -> Response {
    xml(Reply::refusal(login, status, clocked).into_bytes(), status)
}

/// Every answer is 200; only the status inside tells what came of the call.
fn xml(body: Vec<u8>, status: Status) -> Response {
    Response::new(StatusCode::OK, CONTENT_TYPE, body).with_own_status(status.code())
}
