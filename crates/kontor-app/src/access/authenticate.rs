//! Who asks? Unknown, disabled and wrong are one answer: nobody can probe which accounts exist.

use std::net::IpAddr;
use std::sync::Arc;

use kontor_model::account::{Account, Protocol, SessionKind};
use kontor_model::customer::State;
use kontor_model::instant::Instant;
use kontor_pricing::Book;

use crate::access::asker::{Asker, BUSY, Denied};
use crate::access::callers;
use crate::access::secrets::token_digest;
use crate::app::App;

impl App {
    /// An account by login and password, when this password was right before: that costs a
    /// microsecond, and nobody has to wait. Logins are compared exactly.
    pub fn by_remembered_password(
        &self,
        protocol: Protocol,
        login: &str,
        password: &str,
    ) -> Option<Result<Asker, Denied>> {
        self.by_remembered_password_where(protocol, (login, password), |_| true)
    }

    fn by_remembered_password_where(
        &self,
        protocol: Protocol,
        (login, password): (&str, &str),
        may_here: impl Fn(&Asker) -> bool,
    ) -> Option<Result<Asker, Denied>> {
        let book = self.book();
        let asker = active_login(&book, protocol, login)?;
        let stored = asker.account.password.as_ref();
        if !self.passwords.is_remembered(protocol, login, stored, password) || !may_here(&asker) {
            return None;
        }
        let counted = self.login_guard.request(protocol.name(), login);
        let asker = counted.map(|()| asker).map_err(Denied::from);
        Some(self.noted(&book, (protocol, Some(login)), asker))
    }

    /// An account by login and password. Logins are compared exactly.
    pub async fn by_password(
        &self,
        protocol: Protocol,
        login: &str,
        password: &str,
        peer: IpAddr,
    ) -> Result<Asker, Denied> {
        self.by_password_where(protocol, (login, password), peer, |_| true).await
    }

    /// The same for a place where only some accounts may be used. The right password of another one
    /// is a failed login: it takes as long as a wrong one and counts as one, so that nobody can tell.
    pub async fn by_password_where(
        &self,
        protocol: Protocol,
        (login, password): (&str, &str),
        peer: IpAddr,
        may_here: impl Fn(&Asker) -> bool,
    ) -> Result<Asker, Denied> {
        let credentials = (login, password);
        if let Some(known) = self.by_remembered_password_where(protocol, credentials, &may_here) {
            return known;
        }
        let checked = self.check_password(protocol, credentials, peer, may_here).await;
        self.noted(&self.book(), (protocol, Some(login)), checked)
    }

    async fn check_password(
        &self,
        protocol: Protocol,
        (login, password): (&str, &str),
        peer: IpAddr,
        may_here: impl Fn(&Asker) -> bool,
    ) -> Result<Asker, Denied> {
        self.login_guard.may_try(protocol.name(), login, peer)?;
        let _checking = self.login_guard.check(peer).ok_or(BUSY)?;
        let asker = active_login(&self.book(), protocol, login);
        let stored = asker.as_ref().and_then(|asker| asker.account.password.as_ref());
        let right = self.passwords.is_right(protocol, login, stored, password).await;
        let is_right = right.map_err(|_| BUSY)?;
        let Some(asker) = asker.filter(|asker| is_right && may_here(asker)) else {
            self.login_guard.failed(protocol.name(), login, peer);
            return Err(Denied::Unknown);
        };
        self.login_guard.request(protocol.name(), login)?;
        Ok(asker)
    }

    /// An account by its static token or by a session it opened. A guest has no account; see
    /// [`crate::access::sessions::guests`].
    pub fn by_token(&self, protocol: Protocol, token: &str, peer: IpAddr) -> Result<Asker, Denied> {
        self.by_token_where(protocol, token, peer, |_| true)
    }

    /// The same for a place where only some accounts may be used: the token of another one is unknown.
    pub fn by_token_where(
        &self,
        protocol: Protocol,
        token: &str,
        peer: IpAddr,
        may_here: impl Fn(&Asker) -> bool,
    ) -> Result<Asker, Denied> {
        let found = self.look_up_token(protocol, token, peer, may_here);
        self.noted(&self.book(), (protocol, None), found)
    }

    fn look_up_token(
        &self,
        protocol: Protocol,
        token: &str,
        peer: IpAddr,
        may_here: impl Fn(&Asker) -> bool,
    ) -> Result<Asker, Denied> {
        let digest = token_digest(token);
        let book = self.book();
        let mut found = by_static_token(&book, protocol, &digest, self.now());
        if found.is_none() {
            found = self.by_session(&book, (protocol, SessionKind::Access), token)?;
        }
        let Some(asker) = found.filter(may_here) else {
            return Err(self.unknown_token(protocol, peer));
        };
        self.login_guard.request(protocol.name(), &asker.account.login)?;
        Ok(asker)
    }

    /// An account by a token with which it may open one new session.
    pub fn by_refresh_token(
        &self,
        protocol: Protocol,
        token: &str,
        peer: IpAddr,
    ) -> Result<Asker, Denied> {
        let book = self.book();
        let found = self.by_session(&book, (protocol, SessionKind::Refresh), token);
        let found = found.and_then(|found| found.ok_or_else(|| self.unknown_token(protocol, peer)));
        self.noted(&book, (protocol, None), found)
    }

    /// Counts an unknown token. It has no account; only its address is counted.
    fn unknown_token(&self, protocol: Protocol, peer: IpAddr) -> Denied {
        if let Err(too_many) = self.login_guard.may_try(protocol.name(), "", peer) {
            return too_many.into();
        }
        self.login_guard.failed(protocol.name(), "", peer);
        Denied::Unknown
    }

    /// Whether an address may have one more session without credentials.
    pub fn may_be_guest(&self, peer: IpAddr) -> Result<(), Denied> {
        self.login_guard.guest(peer).map_err(Denied::from)
    }

    /// Notes what came of credentials: for logs and metrics, and that the account was used.
    fn noted(
        &self,
        book: &Book,
        who: (Protocol, Option<&str>),
        result: Result<Asker, Denied>,
    ) -> Result<Asker, Denied> {
        callers::note(book, who, result.as_ref().map_err(|denied| *denied));
        if let Ok(asker) = &result {
            self.last_used.note(asker, self.now());
        }
        result
    }

    /// The account whose session of this protocol and kind has this token.
    fn by_session(
        &self,
        book: &Book,
        (protocol, kind): (Protocol, SessionKind),
        token: &str,
    ) -> Result<Option<Asker>, Denied> {
        let Some((supplier, session)) = self.session(protocol, token)? else {
            return Ok(None);
        };
        let asker = active_login(book, protocol, &session.login);
        Ok(asker.filter(|asker| session.kind == kind && asker.supplier == supplier))
    }
}

fn active_login(book: &Book, protocol: Protocol, login: &str) -> Option<Asker> {
    let (tenant, account) = book.login(protocol, login)?;
    active(book, Asker { supplier: tenant.id(), account: Arc::clone(account) })
}

fn by_static_token(book: &Book, protocol: Protocol, digest: &str, now: Instant) -> Option<Asker> {
    let (tenant, account) = book.token(digest)?;
    let current = account.token.as_ref().is_some_and(|token| token.reveal() == digest);
    let counts = current || account.previous_until.is_none_or(|until| now < until);
    let is_of_protocol = account.protocol == protocol;
    let asker = Asker { supplier: tenant.id(), account: Arc::clone(account) };
    (counts && is_of_protocol).then_some(asker).and_then(|asker| active(book, asker))
}

/// An account that may be used: it and its customer are active.
fn active(book: &Book, asker: Asker) -> Option<Asker> {
    let account: &Account = &asker.account;
    let tenant = asker.tenant(book)?;
    let customer = account.customer.as_ref();
    let customer_is_active = customer.is_none_or(|n| tenant.customer(n.as_str()).is_some());
    (account.state == State::Active && customer_is_active).then_some(asker)
}
