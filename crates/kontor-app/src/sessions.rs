//! Sessions: tokens that are given out for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kontor_model::account::{Protocol, Session, SessionKind};
use kontor_model::catalogue::{Kind, Record};
use kontor_model::instant::Instant;
use kontor_model::record::Cell;
use kontor_model::supplier::{SupplierCode, SupplierId};

use crate::app::App;
use crate::authenticate::Denied;
use crate::secrets::token_digest;
use crate::write::WriteError;

/// A token to be given out, and how long it counts.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The token in clear. Only its digest is stored.
    pub token: String,
    pub protocol: Protocol,
    /// `None` for a guest.
    pub login: Option<String>,
    pub kind: SessionKind,
    pub seconds: i64,
}

/// Remembers when expired sessions were removed: looking for them takes as long as reading all.
#[derive(Debug, Default)]
pub(crate) struct SessionSweeps(Mutex<HashMap<SupplierCode, Instant>>);

/// Seconds between two removals.
const SWEEP_EVERY: i64 = 60;

impl SessionSweeps {
    /// Whether it is time again; then it counts as done.
    fn is_due(&self, supplier: &SupplierCode, now: Instant) -> bool {
        let mut swept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = swept.get(supplier).is_none_or(|at| at.plus_seconds(SWEEP_EVERY) <= now);
        if is_due {
            swept.insert(supplier.clone(), now);
        }
        is_due
    }
}

impl App {
    /// Opens sessions, durable before their tokens are given out. Sessions of the supplier that
    /// have expired are removed on the way now and then.
    pub async fn open_sessions(
        self: &Arc<Self>,
        supplier: SupplierCode,
        sessions: Vec<NewSession>,
    ) -> Result<(), WriteError<Denied>> {
        self.exchange_session(supplier, None, sessions).await
    }

    /// The same, and uses up another token in the same transaction: of two that use it at the
    /// same time one is denied.
    pub async fn exchange_session(
        self: &Arc<Self>,
        supplier: SupplierCode,
        used: Option<String>,
        sessions: Vec<NewSession>,
    ) -> Result<(), WriteError<Denied>> {
        let now = self.now();
        let is_due = self.session_sweeps.is_due(&supplier, now);
        let job = move |tx: &mut dyn kontor_store::WriteTx| {
            if let Some(token) = used {
                let key = [Cell::Text(token_digest(&token))];
                if !tx.remove(Kind::Session, &key)? {
                    return Err(WriteError::Refused(Denied::Unknown));
                }
            }
            if is_due {
                remove_expired(tx, now)?;
            }
            for session in sessions {
                let session = Session {
                    digest: token_digest(&session.token),
                    protocol: session.protocol,
                    login: session.login,
                    kind: session.kind,
                    expires: now.plus_seconds(session.seconds),
                };
                tx.put(&Record::Session(session))?;
            }
            Ok(())
        };
        self.write(supplier, "login", job).await.map(|_| ())
    }

    /// The session of this token, as long as it counts.
    pub fn session(&self, protocol: Protocol, token: &str) -> Option<(SupplierId, Session)> {
        let book = self.book();
        let (tenant, session) = book.session(&token_digest(token))?;
        let counts = session.protocol == protocol && self.now() < session.expires;
        counts.then(|| (tenant.id(), session.clone()))
    }
}

fn remove_expired(
    tx: &mut dyn kontor_store::WriteTx,
    now: Instant,
) -> Result<(), WriteError<Denied>> {
    let mut expired = Vec::new();
    tx.scan(Kind::Session, &[], &mut |record| {
        if let Record::Session(session) = record
            && session.expires <= now
        {
            expired.push(session.digest);
        }
        Ok(())
    })?;
    for digest in expired {
        tx.remove(Kind::Session, &[Cell::Text(digest)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supplier_is_swept_once_a_minute() {
        let sweeps = SessionSweeps::default();
        let (one, two) = ("one".parse().unwrap(), "two".parse().unwrap());
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        let due = [(&one, 0), (&one, 59), (&two, 59), (&one, 60), (&one, 61)];
        let due = due.map(|(supplier, seconds)| sweeps.is_due(supplier, at(seconds)));
        assert_eq!(due, [true, false, true, true, false]);
    }
}
