//! Forgetting what was kept long enough, beside the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kontor_app::App;
use kontor_leads::retention::forget_old_deliveries;

use crate::config::RetentionConfig;

/// How often is looked for what is old. The policy counts days.
const FORGET_EVERY: Duration = Duration::from_hours(6);

/// Forgets what is old, now and again and again.
pub(crate) async fn run(app: Arc<App>, retention: RetentionConfig, stopping: Arc<AtomicBool>) {
    loop {
        let (app, stopping) = (Arc::clone(&app), Arc::clone(&stopping));
        let (policy, deliveries_days) = (retention.policy(), retention.deliveries_days);
        let forget = move || {
            let go_on = || !stopping.load(Ordering::Relaxed);
            app.forget_old(&policy, &go_on)?;
            forget_old_deliveries(&app, deliveries_days, &go_on)
        };
        match tokio::task::spawn_blocking(forget).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "what is old could not be forgotten"),
            Err(error) => tracing::error!(%error, "forgetting what is old ended early"),
        }
        tokio::time::sleep(FORGET_EVERY).await;
    }
}
