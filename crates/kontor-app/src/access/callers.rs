//! Who asked: what an answer found out about its caller, for logs and metrics.
//!
//! Whoever answers a request runs the answer in [`Watched::scope`] and looks afterwards; the
//! dialects in between need not pass anything on. Nothing here is a secret: a login is named only
//! when there is an account of that name, since people type passwords into the wrong field.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kontor_model::account::Protocol;
use kontor_model::supplier::SupplierId;
use kontor_pricing::Book;

use crate::access::asker::{Asker, Denied};
use crate::access::partner_asker::{PartnerAsker, PartnerDenied};

/// The caller of one request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// Code of the supplier.
    pub supplier: Option<Box<str>>,
    /// The login of an account, or the code of a partner.
    pub account: Option<Box<str>>,
    /// What came of the credentials; `None` when none were looked at.
    pub credentials: Option<Result<(), Denied>>,
}

/// A place where an answer leaves what it finds out.
#[derive(Debug, Clone, Default)]
pub struct Watched(Arc<Mutex<Caller>>);

tokio::task_local! {
    static WATCHED: Watched;
}

impl Watched {
    /// Runs what is done before the first wait.
    pub fn sync_scope<T>(&self, run: impl FnOnce() -> T) -> T {
        WATCHED.sync_scope(self.clone(), run)
    }

    /// Runs an answer.
    pub async fn scope<F: Future>(&self, answer: F) -> F::Output {
        WATCHED.scope(self.clone(), answer).await
    }

    /// What is known by now.
    pub fn take(&self) -> Caller {
        std::mem::take(&mut *self.locked())
    }

    fn locked(&self) -> MutexGuard<'_, Caller> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notes what came of a login, or of a token without one.
pub(crate) fn note(
    book: &Book,
    (protocol, login): (Protocol, Option<&str>),
    result: Result<&Asker, Denied>,
) {
    noting(|| {
        let code = |id: SupplierId| {
            let supplier = book.tenant(id).and_then(|tenant| tenant.supplier());
            supplier.map(|supplier| supplier.code.as_str().into())
        };
        let (supplier, account) = match result {
            Ok(asker) => (code(asker.supplier), Some(asker.account.login.as_str().into())),
            Err(_) => login
                .and_then(|login| book.login(protocol, login))
                .map_or((None, None), |(tenant, account)| {
                    (code(tenant.id()), Some(account.login.as_str().into()))
                }),
        };
        Caller { supplier, account, credentials: Some(result.map(drop)) }
    });
}

/// Notes what came of the token of a partner.
pub(crate) fn note_partner(result: Result<&PartnerAsker, PartnerDenied>) {
    noting(|| match result {
        Ok(asker) => Caller {
            supplier: Some(asker.supplier_code.as_str().into()),
            account: Some(asker.partner.code.as_str().into()),
            credentials: Some(Ok(())),
        },
        Err(denied) => {
            let denied = match denied {
                PartnerDenied::Unknown | PartnerDenied::Disabled => Denied::Unknown,
                PartnerDenied::TooMany { retry_after } => Denied::TooMany { retry_after },
            };
            Caller { credentials: Some(Err(denied)), ..Caller::default() }
        }
    });
}

/// Nothing is looked up where nobody watches.
fn noting(caller: impl FnOnce() -> Caller) {
    let _ = WATCHED.try_with(|watched| *watched.locked() = caller());
}
