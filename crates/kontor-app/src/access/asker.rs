//! Who asks, and why somebody is not let in.

use std::sync::Arc;
use std::time::Duration;

use kontor_model::account::Account;
use kontor_model::supplier::SupplierId;
use kontor_pricing::{Book, Tenant};

use crate::access::login_limits::TooMany;

/// Who asks: an account that has shown its credentials.
#[derive(Debug, Clone)]
pub struct Asker {
    pub supplier: SupplierId,
    pub account: Arc<Account>,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// No such account, a disabled one, or wrong credentials.
    Unknown,
    /// Too many requests or failed logins.
    TooMany { retry_after: Duration },
    /// Too many passwords are being checked at the moment, whoever sent them.
    Busy { retry_after: Duration },
}

/// What to say when all places for checking passwords are taken, or a session cannot be read now.
pub(crate) const BUSY: Denied = Denied::Busy { retry_after: Duration::from_secs(1) };

impl Asker {
    /// The supplier of the account in this version of the book.
    pub fn tenant<'b>(&self, book: &'b Book) -> Option<&'b Tenant> {
        book.tenant(self.supplier)
    }

    /// The code of the supplier of the account, as far as the book knows it.
    pub fn supplier_code(&self, book: &Book) -> Option<String> {
        let supplier = self.tenant(book)?.supplier()?;
        Some(supplier.code.as_str().to_owned())
    }
}

impl From<TooMany> for Denied {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany { retry_after: too_many.retry_after }
    }
}
