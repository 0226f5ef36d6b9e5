//! Sessions: tokens that are given out for a while.

use std::sync::Arc;

use kontor_model::account::{Protocol, Session, SessionKind};
use kontor_model::catalogue::{Kind, Record};
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

impl App {
    /// Opens sessions, durable before their tokens are given out. Sessions of the supplier that
    /// have expired are removed on the way.
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
        let job = move |tx: &mut dyn kontor_store::WriteTx| {
            if let Some(token) = used {
                let key = [Cell::Text(token_digest(&token))];
                if !tx.remove(Kind::Session, &key)? {
                    return Err(WriteError::Refused(Denied::Unknown));
                }
            }
            remove_expired(tx, now)?;
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
    now: kontor_model::Instant,
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
