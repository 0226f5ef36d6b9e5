//! Tokens, and `POST {prefix}/api/v1/auth/login` and `.../refresh-token`, which give them out
//! (section 7 of the spec).

use http::StatusCode;
use kontor_app::access::sessions::NewSession;
use kontor_app::{App, Asker, Denied, WriteError};
use kontor_model::account::{Account, Protocol, SessionKind};
use kontor_model::instant::Instant;
use kontor_wire::http::{Body, Request, Response};
use kontor_wire::json::{self, JsonWriter};
use kontor_wire::token;
use serde_json::Value;

use crate::error::Refused;
use crate::handlers::Consinco;
use crate::wire::content_type;

/// How long an access token counts.
const ACCESS_SECONDS: i64 = 86_399;
const WRONG_LOGIN: &str = "The user name or password is incorrect.";
const WRONG_REFRESH: &str = "The refresh token is invalid.";

/// Who asks, by the token in `Authorization`.
pub(crate) fn asker(app: &App, request: &Request) -> Result<Asker, Refused> {
    let token = token::bearer(&request.headers).ok_or(Refused::Denied)?;
    app.by_token(Protocol::Consinco, token, request.peer)
        .map_err(|denied| refused(denied, Refused::Denied))
}

impl Consinco {
    pub(crate) async fn login(&self, request: &Request) -> Result<Response, Refused> {
        let body = body(request)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let wrong = Refused::Grant(WRONG_LOGIN);
        let (Some(company), Some(username), Some(password)) =
            (text("company"), text("username"), text("password"))
        else {
            return Err(wrong);
        };
        let is_of_company =
            |asker: &Asker| asker.account.realm.as_deref().unwrap_or_default() == company;
        let asker = self.app.by_password_where(
            Protocol::Consinco,
            (username, password),
            request.peer,
            is_of_company,
        );
        let asker = asker.await.map_err(|denied| refused(denied, wrong.clone()))?;
        self.give_tokens(&asker, None, wrong).await
    }

    pub(crate) async fn refresh_token(&self, request: &Request) -> Result<Response, Refused> {
        let body = body(request)?;
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let wrong = Refused::Grant(WRONG_REFRESH);
        let grant = text("grant_type").filter(|grant| *grant == "refresh_token");
        let token = text("refresh_token").filter(|_| grant.is_some());
        let token = token.ok_or_else(|| wrong.clone())?;
        let asker = self.app.by_refresh_token(Protocol::Consinco, token, request.peer);
        let asker = asker.map_err(|denied| refused(denied, wrong.clone()))?;
        self.give_tokens(&asker, Some(token), wrong).await
    }

    /// Opens a session. A refresh token that is used up for it works once.
    async fn give_tokens(
        &self,
        asker: &Asker,
        used: Option<&str>,
        wrong: Refused,
    ) -> Result<Response, Refused> {
        let [access, refresh] = [(); 2].map(|()| self.app.mint_session_token(""));
        let session = |token: &str, kind, seconds| NewSession {
            token: token.to_owned(),
            beside: None,
            protocol: Protocol::Consinco,
            login: asker.account.login.clone(),
            kind,
            seconds,
        };
        let sessions = vec![
            session(&access, SessionKind::Access, ACCESS_SECONDS),
            session(&refresh, SessionKind::Refresh, i64::from(self.config.refresh_seconds)),
        ];
        let issued = self.app.now();
        let opened = match used {
            Some(used) => self.app.exchange_session(asker.supplier, used, sessions).await,
            None => self.app.open_sessions(asker.supplier, sessions).await,
        };
        opened.map_err(|error| match error {
            WriteError::Refused(denied) => refused(denied, wrong),
            WriteError::Store(error) => {
                tracing::error!(%error, "a consinco login could not be stored");
                if error.promises_nothing_was_done() {
                    Refused::Overloaded
                } else {
                    Refused::Internal
                }
            }
        })?;
        let mut out = Vec::new();
        write_tokens(&mut out, &asker.account, issued, &access, &refresh);
        Ok(Response::new(StatusCode::OK, content_type("application/json"), out))
    }
}

/// The members of the body, which is JSON; a value that is no object has none.
fn body(request: &Request) -> Result<Value, Refused> {
    match &request.body {
        Body::Read(bytes) => json::parse(bytes).map_err(|_| Refused::NotJson),
        Body::TooLarge => Err(Refused::TooLarge),
        Body::Undecodable => Err(Refused::NotJson),
    }
}

fn refused(denied: Denied, otherwise: Refused) -> Refused {
    match denied {
        Denied::Unknown => otherwise,
        Denied::TooMany { retry_after } => Refused::TooMany { retry_after },
        Denied::Busy { .. } => Refused::Overloaded,
    }
}

fn write_tokens(out: &mut Vec<u8>, account: &Account, now: Instant, access: &str, refresh: &str) {
    let issued = Instant::from_micros(now.micros().div_euclid(1_000_000) * 1_000_000);
    let name = account.name.as_deref().unwrap_or(&account.login);
    JsonWriter::new(out).object(|json| {
        json.key("access_token").string(access);
        json.key("token_type").string("bearer");
        json.key("expires_in").string(&ACCESS_SECONDS.to_string());
        json.key("refresh_token").string(refresh);
        json.key("username").string(&account.login);
        number(json.key("id"), account.number);
        json.key("name").string(name);
        number(json.key("userSequence"), account.number);
        json.key("userCode").string(name);
        json.key("permissionRole").string("");
        json.key("company").string(account.realm.as_deref().unwrap_or_default());
        json.key("companyType").string("");
        json.key("isExt").boolean(false);
        json.key("loginId").string(name);
        json.key(".issued").string(&issued.to_string());
        json.key(".expires").string(&issued.plus_seconds(ACCESS_SECONDS).to_string());
    });
}

fn number(json: &mut JsonWriter<'_>, number: Option<i64>) {
    match number {
        Some(number) => json.integer(number),
        None => json.null(),
    }
}
