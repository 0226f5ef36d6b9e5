//! Writes of a request whose deadline may pass while they wait for their turn.
//!
//! The application knows no requests. Whoever answers one runs the answer in [`within`], with a
//! closure that decides whether a change may begin; [`App::write`](crate::App::write) takes it along
//! to the writer's thread, which asks it right before the job.

use std::future::Future;
use std::sync::Arc;

/// Whether a change may begin. Once it said so it says so again: what was begun is finished.
pub type MayBegin = Arc<dyn Fn() -> bool + Send + Sync>;

tokio::task_local! {
    static MAY_BEGIN: MayBegin;
}

/// Runs an answer whose writes begin only while `may_begin` says so.
pub async fn within<F: Future>(may_begin: MayBegin, answer: F) -> F::Output {
    MAY_BEGIN.scope(may_begin, answer).await
}

/// What the answer that is running decides by; outside of one every write may begin.
pub(crate) fn may_begin() -> MayBegin {
    MAY_BEGIN.try_with(Arc::clone).unwrap_or_else(|_| Arc::new(|| true))
}
