//! The endpoints: extract, authenticate, ask, answer. The order of the checks is that of
//! `websphere.md` 1.

use std::sync::Arc;

use http::StatusCode;
use http::header::HOST;
use kontor_app::App;
use kontor_pricing::Tenant;
use kontor_wire::http::{Answer, Dialect, Refusal, Request, Response};
use kontor_wire::query::Pair;

use crate::auth;
use crate::body::{self, MAX_BYTES, Node};
use crate::config::{Config, Scheme};
use crate::error::{Error, Place};
use crate::on_behalf;
use crate::pricing::{Pricing, parameters, store};
use crate::routes::{Resource, Route};
use crate::to_wire::{self, Identity};
use crate::wire::Format;

/// Host of `resourceId` for clients that send none.
const NO_HOST: &str = "localhost";

/// The dialect.
pub(crate) struct WebSphere {
    pub(crate) app: Arc<App>,
    pub(crate) config: Config,
}

/// What the endpoints need of a request.
struct Call<'r> {
    request: &'r Request,
    route: Route<'r>,
    parameters: Vec<Pair<'r>>,
    format: Format,
}

impl Dialect for WebSphere {
    fn name(&self) -> &'static str {
        "websphere"
    }

    fn owns(&self, path: &str) -> bool {
        Route::find(&self.config.base, path).is_some()
    }

    fn max_body(&self) -> usize {
        MAX_BYTES
    }

    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        Box::pin(self.handle(request))
    }

    fn refuse(&self, refusal: Refusal, request: &Request) -> Response {
        let parameters: Vec<Pair<'_>> = parameters(request).collect();
        let named = Format::named(&parameters).unwrap_or_default();
        let format = named.unwrap_or_else(|| Format::accepted(request));
        Error::from(refusal).response(format)
    }
}

impl WebSphere {
    async fn handle(&self, request: &Request) -> Response {
        let Some(route) = Route::find(&self.config.base, &request.path) else {
            return Response::new(StatusCode::NOT_FOUND, "text/plain; charset=UTF-8", "not found");
        };
        if !route.resource.offers(&request.method) {
            return Response::method_not_allowed(route.resource.allow());
        }
        let accepted = Format::accepted(request);
        let parameters: Vec<Pair<'_>> = parameters(request).collect();
        let format = match Format::named(&parameters) {
            Ok(named) => named.unwrap_or(accepted),
            Err(error) => return error.response(accepted),
        };
        let call = Call { request, route, parameters, format };
        let answer = match route.resource {
            Resource::Price => self.price(&call).await,
            Resource::LoginIdentity => self.login_identity(&call).await,
            Resource::GuestIdentity => self.guest_identity(&call),
            Resource::OwnSession => self.log_out(&call).await,
        };
        answer.unwrap_or_else(|error| error.response(format))
    }

    /// `GET | POST {base}/store/{storeId}/price`, `websphere.md` 3 and 4.
    async fn price(&self, call: &Call<'_>) -> Result<Response, Error> {
        let book = Arc::clone(&self.app.book());
        let (tenant, facts) = store(&book, call.route.store)?;
        let caller = auth::caller(&self.app, tenant.id(), call.request).await?;
        auth::may_use(&caller, facts, call.route.resource.name())?;
        let caller = on_behalf::acting(caller, tenant, facts, &call.parameters)?;
        let pricing = Pricing {
            store: call.route.store.to_owned(),
            customer: caller.customer().map(str::to_owned),
            now: self.app.now(),
            switches: self.switches(tenant),
            resource: self.resource_url(call.request),
            format: call.format,
            book: Arc::clone(&book),
        };
        let (first, rest) = pricing.answer(&self.app, call.request).await?;
        let response = Response::new(StatusCode::OK, call.format.media_type(), first);
        Ok(response.with_rest(rest))
    }

    /// `POST {base}/store/{storeId}/loginidentity`, `websphere.md` 9.
    async fn login_identity(&self, call: &Call<'_>) -> Result<Response, Error> {
        let book = self.app.book().clone();
        let (tenant, store) = store(&book, call.route.store)?;
        let body = body::read(call.request)?;
        let credentials = (field(&body, "logonId")?, field(&body, "logonPassword")?);
        let asker = auth::log_in(&self.app, store, tenant.id(), credentials, call.request).await?;
        let opened = auth::open(&self.app, &asker, self.config.session_seconds).await?;
        Ok(self.identity(call, &opened, &auth::user_id(&asker.account)))
    }

    /// `POST {base}/store/{storeId}/guestidentity`, `websphere.md` 9. The body is ignored.
    fn guest_identity(&self, call: &Call<'_>) -> Result<Response, Error> {
        let book = self.app.book();
        let (tenant, store) = store(&book, call.route.store)?;
        auth::may_use(&auth::Caller::Guest, store, call.route.resource.name())?;
        self.app.may_be_guest(call.request.peer)?;
        let user_id = auth::guest_id();
        let seconds = self.config.session_seconds;
        let opened = auth::open_for_guest(&self.app, tenant.id(), &user_id, seconds);
        Ok(self.identity(call, &opened, &user_id))
    }

    /// `DELETE {base}/store/{storeId}/loginidentity/@self`, `websphere.md` 6. The body is ignored.
    /// A token that is of no session cannot be ended, and is told so.
    async fn log_out(&self, call: &Call<'_>) -> Result<Response, Error> {
        let supplier = {
            let book = self.app.book();
            store(&book, call.route.store)?.0.id()
        };
        auth::end(&self.app, supplier, call.request).await?;
        Ok(Response::empty(StatusCode::NO_CONTENT))
    }

    fn identity(&self, call: &Call<'_>, opened: &auth::Opened, user_id: &str) -> Response {
        let milliseconds = self.app.now().micros() / 1000;
        let identity = Identity {
            token: &opened.token,
            trusted_token: &opened.trusted_token,
            personalization_id: &format!("{milliseconds}-{}", user_id.trim_start_matches('-')),
            resource: call.route.resource.name(),
            user_id,
        };
        let body = to_wire::identity(&identity, call.format);
        Response::new(StatusCode::CREATED, call.format.media_type(), body)
    }

    fn switches(&self, tenant: &Tenant) -> crate::config::Switches {
        let supplier = tenant.supplier().map(|supplier| supplier.code.as_str());
        self.config.switches(supplier.unwrap_or_default())
    }

    /// The URL of the request, path and query as they were sent.
    fn resource_url(&self, request: &Request) -> String {
        let requested = if request.tls { Scheme::Https } else { Scheme::Http };
        let scheme = self.config.scheme.unwrap_or(requested).name();
        let sent = request.headers.get(HOST);
        let sent = sent.map_or(NO_HOST.into(), |host| String::from_utf8_lossy(host.as_bytes()));
        let host = self.config.host.as_deref().unwrap_or(&sent);
        let mut url = format!("{scheme}://{host}{}", request.raw_path);
        if let Some(query) = &request.raw_query {
            url.push('?');
            url.push_str(query);
        }
        url
    }
}

/// A field of a login.
fn field<'n>(body: &'n Node<'_>, name: &'static str) -> Result<&'n str, Error> {
    let place = Place::parameter(name);
    let value = body.filled(name).ok_or(Error::Missing(place))?;
    value.text().ok_or(Error::Invalid(place, "it is a text"))
}
