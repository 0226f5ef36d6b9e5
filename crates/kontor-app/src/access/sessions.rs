//! Sessions: tokens that are given out for a while.
//!
//! Those of accounts are stored, so that they survive a restart and can be ended. They are no
//! changes of the data: neither the change log nor the price book knows them. Guests are not
//! stored at all; see [`guests`].

mod desk;
pub mod guests;
mod known;
mod token_keys;

use std::sync::Arc;

use kontor_model::account::{Protocol, Session, SessionKind};
use kontor_model::supplier::SupplierId;
use kontor_store::{Opening, StoreError, Turn};

use crate::access::asker::{BUSY, Denied};
use crate::access::secrets::token_digest;
use crate::app::App;
use crate::deadline::may_begin;
use crate::write::{WriteError, unfinished};

pub(crate) use desk::SessionDesk;

/// A token to be given out, and how long it counts.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The token in clear, as [`App::mint_session_token`] made it. Only its digest is stored.
    pub token: String,
    /// What must stand beside it, in clear.
    pub beside: Option<String>,
    pub protocol: Protocol,
    pub login: String,
    pub kind: SessionKind,
    pub seconds: i64,
}

/// Sessions that an account keeps, of each kind. Some partners log in for each request and never
/// log out; the tokens before the newest thousand are forgotten ones. One account, whose
/// credentials may be stolen, takes less than a megabyte of the data.
const MOST_OF_ACCOUNT: usize = 1_000;
/// Expired sessions that a login removes. A login adds two at most, so the expired ones become
/// fewer, and no login takes long.
const MOST_EXPIRED: usize = 100;

impl App {
    /// A new random token for a session. It begins with `prefix` and is signed: one that was never
    /// given out is told from others without asking the database.
    pub fn mint_session_token(&self, prefix: &str) -> String {
        self.sessions.keys.mint(prefix)
    }

    /// Opens sessions of an account, durable before their tokens are given out.
    pub async fn open_sessions(
        self: &Arc<Self>,
        supplier: SupplierId,
        sessions: Vec<NewSession>,
    ) -> Result<(), WriteError<Denied>> {
        self.open_on_thread(supplier, None, sessions).await
    }

    /// The same, and uses up another token in the same transaction: of two that use it at the
    /// same time one is denied.
    pub async fn exchange_session(
        self: &Arc<Self>,
        supplier: SupplierId,
        used: &str,
        sessions: Vec<NewSession>,
    ) -> Result<(), WriteError<Denied>> {
        self.open_on_thread(supplier, Some(token_digest(used)), sessions).await
    }

    /// The session of this token, as long as it counts. One that is in use is answered from memory.
    pub fn session(
        &self,
        protocol: Protocol,
        token: &str,
    ) -> Result<Option<(SupplierId, Arc<Session>)>, Denied> {
        let found = self.known_session(token)?;
        let counts =
            |session: &Session| session.protocol == protocol && self.now() < session.expires;
        Ok(found.filter(|(_, session)| counts(session)))
    }

    /// Whether `beside` is what was given out beside the token of this session.
    pub fn is_beside(session: &Session, beside: &str) -> bool {
        // Digests are compared: how far two of them are equal tells nothing of the token.
        session.beside.as_deref() == Some(token_digest(beside).as_str())
    }

    /// Ends the session of this token; `false` when there is none. When it returns the token counts
    /// nowhere in this process; another process on the same data may take it for some seconds more.
    /// That of a request whose deadline passes before its turn goes on: [`StoreError::NotBegun`].
    pub async fn end_session(self: &Arc<Self>, token: &str) -> Result<bool, StoreError> {
        let (app, digest) = (Arc::clone(self), token_digest(token));
        let turn = Turn::new(may_begin());
        let end = move || {
            let ended = app.store.end_session(&digest, turn)?;
            app.sessions.known.forget(&[digest]);
            Ok(ended)
        };
        tokio::task::spawn_blocking(end).await.unwrap_or_else(|error| Err(unfinished(&error)))
    }

    /// Reads every session anew when it is used next: credentials may have been renewed.
    pub(crate) fn forget_sessions(&self) {
        self.sessions.known.forget_all();
    }

    async fn open_on_thread(
        self: &Arc<Self>,
        supplier: SupplierId,
        used: Option<String>,
        sessions: Vec<NewSession>,
    ) -> Result<(), WriteError<Denied>> {
        let app = Arc::clone(self);
        let turn = Turn::new(may_begin());
        let open = move || app.open_blocking(supplier, used, sessions, turn);
        let opened = tokio::task::spawn_blocking(open).await;
        opened.unwrap_or_else(|error| Err(unfinished(&error).into()))
    }

    fn open_blocking(
        &self,
        supplier: SupplierId,
        used: Option<String>,
        sessions: Vec<NewSession>,
        turn: Turn,
    ) -> Result<(), WriteError<Denied>> {
        let now = self.now();
        let session = |new: NewSession| Session {
            digest: token_digest(&new.token),
            protocol: new.protocol,
            login: new.login,
            kind: new.kind,
            beside: new.beside.as_deref().map(token_digest),
            expires: now.plus_seconds(new.seconds),
        };
        let sessions: Vec<Session> = sessions.into_iter().map(session).collect();
        let known = &self.sessions.known;
        let ticket = known.ticket();
        let opened = self.store.open_sessions(Opening {
            supplier,
            sessions: sessions.clone(),
            used: used.clone(),
            now,
            most_of_account: MOST_OF_ACCOUNT,
            most_expired: MOST_EXPIRED,
            turn,
        })?;
        let ends_by = opened.as_ref().and_then(|opened| opened.ends_by);
        let mut ended = opened.as_ref().map(|opened| opened.displaced.clone()).unwrap_or_default();
        for mut session in sessions {
            if opened.is_some() {
                session.expires = ends_by.map_or(session.expires, |by| by.min(session.expires));
                known.remember(ticket, now, supplier, Arc::new(session));
            }
        }
        ended.extend(used);
        known.forget(&ended);
        opened.map(drop).ok_or(WriteError::Refused(Denied::Unknown))
    }

    /// The session of this token, whether it counts or not.
    fn known_session(&self, token: &str) -> Result<Option<(SupplierId, Arc<Session>)>, Denied> {
        let SessionDesk { keys, known } = &self.sessions;
        let (digest, now) = (token_digest(token), self.now());
        if let Some(found) = known.get(&digest, now) {
            return Ok(Some(found));
        }
        if !keys.may_have_minted(token, now) {
            return Ok(None);
        }
        let ticket = known.ticket();
        let found = self.store.session(&digest).map_err(|error| {
            tracing::error!(%error, "a session could not be read");
            BUSY
        })?;
        let Some((supplier, session)) = found else {
            return Ok(None);
        };
        let session = Arc::new(session);
        known.remember(ticket, now, supplier, Arc::clone(&session));
        Ok(Some((supplier, session)))
    }
}
