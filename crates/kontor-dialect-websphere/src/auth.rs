//! Who asks (`websphere.md` 9), and opening sessions.
//!
//! A token is the text `userId,secret`, percent-encoded on the wire. Over TLS a token needs its trusted
//! token beside it. With a session a digest of both is stored, so that neither can be swapped; those
//! of a guest are signed and stored nowhere; a token without expiry is its own trusted token.

use std::sync::Arc;

use http::HeaderValue;
use kontor_app::access::secrets::{mint_token, random_bytes};
use kontor_app::access::sessions::NewSession;
use kontor_app::access::sessions::guests::Guest;
use kontor_app::{App, Asker, Denied, WriteError};
use kontor_model::account::{Account, Protocol, SessionKind};
use kontor_model::code::Code;
use kontor_model::supplier::SupplierId;
use kontor_pricing::StoreFacts;
use kontor_wire::http::Request;
use kontor_wire::token::basic;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::error::Error;

const TOKEN: &str = "WCToken";
const TRUSTED_TOKEN: &str = "WCTrustedToken";

/// What stays as it is in a token on the wire.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why tokens cannot be ended that are of no session.
const OF_GUEST: &str = "is that of a guest and expires by itself";
const WITHOUT_EXPIRY: &str = "has no expiry; the supplier can replace it or disable the account";

/// Who sent a request.
pub(crate) enum Caller {
    Guest,
    Account(Asker),
}

/// A session that was opened.
pub(crate) struct Opened {
    /// Both percent-encoded.
    pub(crate) token: String,
    pub(crate) trusted_token: String,
}

/// Who sent this request to a store of this supplier: by token, else by login and password, which
/// are a login for this one request. A token or login of another supplier is unknown.
pub(crate) async fn caller(
    app: &App,
    supplier: SupplierId,
    request: &Request,
) -> Result<Caller, Error> {
    if let Some(token) = token(request, TOKEN)? {
        return by_token(app, supplier, &token, request);
    }
    let Some(credentials) = basic(&request.headers).map_err(|_| Error::Token)? else {
        return Ok(Caller::Guest);
    };
    let (login, password) = (&credentials.name, &credentials.password);
    let credentials = (login.as_str(), password.as_str());
    let is_of_supplier = |asker: &Asker| asker.supplier == supplier;
    let asker =
        app.by_password_where(Protocol::Websphere, credentials, request.peer, is_of_supplier);
    Ok(Caller::Account(asker.await?))
}

/// Ends the session of the token of a request. What is of no session, and would count afterwards as
/// before, is refused.
pub(crate) async fn end(
    app: &Arc<App>,
    supplier: SupplierId,
    request: &Request,
) -> Result<(), Error> {
    let token = token(request, TOKEN)?.ok_or(Error::Token)?;
    // Asked first: the token of a session that ends meanwhile is unknown, and not one without expiry.
    let session = app.session(Protocol::Websphere, &token)?;
    match by_token(app, supplier, &token, request)? {
        Caller::Guest => return Err(Error::NoSession(OF_GUEST)),
        Caller::Account(_) if session.is_none() => return Err(Error::NoSession(WITHOUT_EXPIRY)),
        Caller::Account(_) => {}
    }
    let ended = app.end_session(&token).await;
    ended.map(drop).map_err(|error| {
        tracing::error!(%error, "a websphere session could not be ended");
        if error.promises_nothing_was_done() { Error::Overloaded } else { Error::Internal }
    })
}

/// Who has a token, beside which the trusted one must stand over TLS.
fn by_token(
    app: &App,
    supplier: SupplierId,
    token: &str,
    request: &Request,
) -> Result<Caller, Error> {
    let trusted = if request.tls { Some(token_beside(request)?) } else { None };
    let caller = if is_guest(app, supplier, token) {
        Caller::Guest
    } else {
        account(app, supplier, token, request)?
    };
    let Some(trusted) = trusted else {
        return Ok(caller);
    };
    let is_beside = match &caller {
        Caller::Guest => is_beside_guest(app, supplier, token, &trusted),
        Caller::Account(_) => is_beside(app, token, &trusted)?,
    };
    if is_beside { Ok(caller) } else { Err(Error::Token) }
}

/// Whether the caller may use the store.
pub(crate) fn may_use(
    caller: &Caller,
    store: &StoreFacts,
    resource: &'static str,
) -> Result<(), Error> {
    let may = match caller {
        Caller::Guest => store.store.guests,
        Caller::Account(asker) => is_for(store, &asker.account),
    };
    may.then_some(()).ok_or(Error::StoreAccess { resource })
}

/// The account of a login. Whatever is not right, the answer is the same.
pub(crate) async fn log_in(
    app: &App,
    store: &StoreFacts,
    supplier: SupplierId,
    (login, password): (&str, &str),
    request: &Request,
) -> Result<Asker, Error> {
    let may_here = |asker: &Asker| asker.supplier == supplier && is_for(store, &asker.account);
    let found =
        app.by_password_where(Protocol::Websphere, (login, password), request.peer, may_here);
    found.await.map_err(|denied| match denied {
        Denied::Unknown => Error::Login,
        Denied::TooMany { retry_after } => Error::TooManyRequests { retry_after },
        Denied::Busy { .. } => Error::Overloaded,
    })
}

/// Opens a session of an account.
pub(crate) async fn open(app: &Arc<App>, asker: &Asker, seconds: u32) -> Result<Opened, Error> {
    let prefix = format!("{},", user_id(&asker.account));
    let token = app.mint_session_token(&prefix);
    let trusted_token = format!("{prefix}{}", mint_token());
    let session = NewSession {
        token: token.clone(),
        beside: Some(both(&token, &trusted_token)),
        protocol: Protocol::Websphere,
        login: asker.account.login.clone(),
        kind: SessionKind::Access,
        seconds: i64::from(seconds),
    };
    let opened = app.open_sessions(asker.supplier, vec![session]).await;
    opened.map_err(|error| match error {
        WriteError::Refused(denied) => denied.into(),
        WriteError::Store(error) if error.promises_nothing_was_done() => Error::Overloaded,
        WriteError::Store(_) => Error::Internal,
    })?;
    Ok(Opened::of(&token, &trusted_token))
}

/// Lets a guest in; nothing is stored.
pub(crate) fn open_for_guest(
    app: &App,
    supplier: SupplierId,
    user_id: &str,
    seconds: u32,
) -> Opened {
    let guest = Guest { protocol: Protocol::Websphere, supplier, name: user_id };
    let secrets = app.guest_secrets(guest, i64::from(seconds));
    let token = |secret: &str| format!("{user_id},{secret}");
    Opened::of(&token(&secrets.secret), &token(&secrets.beside))
}

/// The user id of an account.
pub(crate) fn user_id(account: &Account) -> String {
    account.number.map_or_else(|| account.login.clone(), |number| number.to_string())
}

/// A new user id for a guest. It is negative, so that it is never the number of an account.
pub(crate) fn guest_id() -> String {
    let number = u64::from_le_bytes(random_bytes()) >> 1;
    format!("-{}", number.max(1))
}

impl Opened {
    fn of(token: &str, trusted_token: &str) -> Self {
        let encoded = |token: &str| utf8_percent_encode(token, ENCODED).to_string();
        Self { token: encoded(token), trusted_token: encoded(trusted_token) }
    }
}

impl Caller {
    /// The customer who is priced.
    pub(crate) fn customer(&self) -> Option<&str> {
        match self {
            Self::Guest => None,
            Self::Account(asker) => asker.account.customer.as_ref().map(Code::as_str),
        }
    }

    /// Whether it may ask in the name of other accounts.
    pub(crate) fn may_act_for_others(&self) -> bool {
        match self {
            Self::Guest => false,
            Self::Account(asker) => asker.account.on_behalf,
        }
    }
}

/// The decoded token of a header; `None` when it is missing or empty.
fn token(request: &Request, header: &str) -> Result<Option<String>, Error> {
    let value = request.headers.get(header).map(HeaderValue::as_bytes);
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let decoded = percent_decode(value).decode_utf8();
    let decoded = decoded.map_err(|_| Error::Token)?;
    Ok(Some(decoded.into_owned()))
}

fn token_beside(request: &Request) -> Result<String, Error> {
    token(request, TRUSTED_TOKEN)?.ok_or(Error::TokenNotSecure)
}

/// Whether the token is that of a guest of this supplier.
fn is_guest(app: &App, supplier: SupplierId, token: &str) -> bool {
    let parts = guest_parts(supplier, token);
    parts.is_some_and(|(guest, secret)| app.is_guest(guest, secret))
}

/// Whether the trusted token was given out beside the token of a guest.
fn is_beside_guest(app: &App, supplier: SupplierId, token: &str, trusted: &str) -> bool {
    let parts = guest_parts(supplier, token).zip(guest_parts(supplier, trusted));
    parts.is_some_and(|((guest, secret), (other, beside))| {
        other.name == guest.name && app.is_beside_guest(guest, secret, beside)
    })
}

/// The guest that a token names, and the secret. Names of guests have no comma.
fn guest_parts(supplier: SupplierId, token: &str) -> Option<(Guest<'_>, &str)> {
    let (name, secret) = token.split_once(',')?;
    Some((Guest { protocol: Protocol::Websphere, supplier, name }, secret))
}

fn account(
    app: &App,
    supplier: SupplierId,
    token: &str,
    request: &Request,
) -> Result<Caller, Error> {
    let is_of_supplier = |asker: &Asker| asker.supplier == supplier;
    let asker = app.by_token_where(Protocol::Websphere, token, request.peer, is_of_supplier)?;
    Ok(Caller::Account(asker))
}

/// Whether an account may use a store.
pub(crate) fn is_for(store: &StoreFacts, account: &Account) -> bool {
    let customer = account.customer.as_ref();
    customer.is_some_and(|customer| store.is_for(customer.as_str()))
}

/// Whether the trusted token belongs to the token of an account: it is of the same session, or the
/// same token where that is of no session.
fn is_beside(app: &App, token: &str, trusted: &str) -> Result<bool, Error> {
    Ok(match app.session(Protocol::Websphere, token)? {
        Some((_, session)) => App::is_beside(&session, &both(token, trusted)),
        // The token was just found by its digest: to compare the two tells nothing.
        None => trusted == token,
    })
}

/// What the digest of a pair is made of.
fn both(token: &str, trusted: &str) -> String {
    format!("{token}\n{trusted}")
}
