//! A partner that sends leads, and why one is not let in.

use std::time::Duration;

use kontor_model::questionnaire::Partner;
use kontor_model::supplier::{SupplierCode, SupplierId};

use crate::access::login_limits::TooMany;

/// A partner that has shown its token.
#[derive(Debug, Clone)]
pub struct PartnerAsker {
    pub supplier: SupplierId,
    pub supplier_code: SupplierCode,
    pub partner: Partner,
}

/// Why a partner is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerDenied {
    /// No such partner, or a token that is not good.
    Unknown,
    /// The token is good, but the partner is disabled.
    Disabled,
    /// Too many requests or failed logins.
    TooMany { retry_after: Duration },
}

impl From<TooMany> for PartnerDenied {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany { retry_after: too_many.retry_after }
    }
}
