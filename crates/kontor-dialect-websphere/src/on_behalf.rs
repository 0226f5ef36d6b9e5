//! Asking in the name of another account: `forUser` and `forUserId` (`websphere.md` 6).

use std::sync::Arc;

use kontor_app::Asker;
use kontor_model::account::{Account, Protocol};
use kontor_model::customer::State;
use kontor_pricing::{StoreFacts, Tenant};
use kontor_wire::query::{Pair, first_value};

use crate::auth::{self, Caller};
use crate::error::Error;

/// Names an account by its login.
const BY_LOGIN: &str = "forUser";
/// Names an account by its user id.
const BY_ID: &str = "forUserId";

/// Who is priced: the caller, or the account it names and may ask for. Whoever may not, and a name of
/// nobody who may use the store, are told the same.
pub(crate) fn acting(
    caller: Caller,
    tenant: &Tenant,
    store: &StoreFacts,
    parameters: &[Pair<'_>],
) -> Result<Caller, Error> {
    let mut named: Option<Arc<Account>> = None;
    for parameter in [BY_LOGIN, BY_ID] {
        let Some(name) = first_value(parameters, parameter) else {
            continue;
        };
        let refused = Error::ActingForOthers { parameter };
        if !caller.may_act_for_others() {
            return Err(refused);
        }
        let is_it = |account: &Account| match parameter {
            BY_LOGIN => account.login == name,
            _ => auth::user_id(account) == name,
        };
        let account = account(tenant, &is_it).filter(|account| auth::is_for(store, account));
        let is_same = named.as_ref().is_none_or(|known| account.is_some_and(|own| own == &**known));
        named = match account.filter(|_| is_same) {
            Some(account) => Some(Arc::new(account.clone())),
            None => return Err(refused),
        };
    }
    Ok(match named {
        Some(account) => Caller::Account(Asker { supplier: tenant.id(), account }),
        None => caller,
    })
}

/// An account of this protocol that could log in itself.
fn account<'b>(tenant: &'b Tenant, is_it: &dyn Fn(&Account) -> bool) -> Option<&'b Account> {
    tenant.under(&Account::of_protocol(Protocol::Websphere)).find(|account| {
        let customer = account.customer.as_ref();
        account.state == State::Active
            && is_it(account)
            && customer.is_some_and(|number| tenant.customer(number.as_str()).is_some())
    })
}
