//! Forgetting how deliveries of leads ended, by policy.

use kontor_app::App;
use kontor_app::retention::oldest_kept;
use kontor_store::StoreError;

use crate::admin::forget_deliveries;

/// Forgets deliveries that ended more than so many days ago; 0 keeps all. Ends early when `go_on`
/// says no.
pub fn forget_old_deliveries(
    app: &App,
    days: u32,
    go_on: &dyn Fn() -> bool,
) -> Result<(), StoreError> {
    let now = app.now();
    let Some(oldest) = oldest_kept(now, days) else { return Ok(()) };
    let book = app.book();
    for supplier in book.tenants().filter_map(|tenant| tenant.supplier()) {
        if go_on() {
            forget_deliveries(app.store(), &supplier.code, now, oldest)?;
        }
    }
    Ok(())
}
