//! Forgetting what was kept long enough, beside the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kontor_app::App;
use kontor_app::retention::Retention;

/// How often is looked for what is old. The policy counts days.
const FORGET_EVERY: Duration = Duration::from_hours(6);

/// Forgets what is old, now and again and again.
pub(crate) async fn run(app: Arc<App>, retention: Retention, stopping: Arc<AtomicBool>) {
    loop {
        let (app, stopping) = (Arc::clone(&app), Arc::clone(&stopping));
        let forget = move || app.forget_old(&retention, &|| !stopping.load(Ordering::Relaxed));
        match tokio::task::spawn_blocking(forget).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "what is old could not be forgotten"),
            Err(error) => tracing::error!(%error, "forgetting what is old ended early"),
        }
        tokio::time::sleep(FORGET_EVERY).await;
    }
}
