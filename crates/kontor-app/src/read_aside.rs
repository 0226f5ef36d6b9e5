//! Answers that take long, made beside those that do not.

use std::num::NonZeroUsize;
use std::sync::Arc;

use kontor_store::StoreError;
use tokio::sync::Semaphore;

/// Turns for long reads. They leave one processor to everybody else: however many long answers are
/// asked for, they wait for each other, and short ones do not wait for them.
#[derive(Debug)]
pub(crate) struct LongReads(Arc<Semaphore>);

impl LongReads {
    pub(crate) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self::with(processors.saturating_sub(1).max(1))
    }

    fn with(turns: usize) -> Self {
        Self(Arc::new(Semaphore::new(turns)))
    }

    /// Runs a read on a thread of its own when it is its turn. Who gives up while waiting leaves
    /// nothing behind; what has begun keeps its turn to its end, whether somebody waits or not.
    pub(crate) async fn run<T, R>(&self, read: R) -> Result<T, StoreError>
    where
        T: Send + 'static,
        R: FnOnce() -> T + Send + 'static,
    {
        let ended = || StoreError::Read("the reading thread ended early".to_owned());
        // The turns are never closed.
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|_| ended())?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            read()
        });
        done.await.map_err(|_| ended())
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::{Context, Waker};

    use super::*;

    #[tokio::test]
    async fn as_many_run_as_may_and_the_next_waits() {
        let reads = LongReads::with(1);
        let (release, held) = mpsc::channel::<()>();
        let (begun, has_begun) = mpsc::channel();
        let mut first = pin!(reads.run(move || {
            begun.send(()).unwrap();
            held.recv().unwrap();
            1
        }));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut cx).is_pending());
        has_begun.recv().unwrap();
        {
            let mut given_up = pin!(reads.run(|| 2));
            assert!(given_up.as_mut().poll(&mut cx).is_pending());
        }
        let mut second = pin!(reads.run(|| 3));
        assert!(second.as_mut().poll(&mut cx).is_pending());
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap(), 1);
        assert_eq!(second.await.unwrap(), 3);
        assert_eq!(reads.0.available_permits(), 1);
    }
}
