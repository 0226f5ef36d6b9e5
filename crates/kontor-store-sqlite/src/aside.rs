//! What the writer does beside the changes of the data, such as opening sessions: durable like a
//! change, and without a number in the change log. Work that waits shares one commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, SyncSender};

use kontor_store::StoreError;
use tracing::warn;

use crate::database::Database;
use crate::error;
use crate::writer::Command;

/// Work and who waits for it.
pub(crate) struct Aside {
    pub(crate) work: Work,
    pub(crate) reply: SyncSender<Result<(), StoreError>>,
}

/// Runs on the writer's thread, inside a transaction.
pub(crate) type Work = Box<dyn FnOnce(&Database) -> Result<(), StoreError> + Send>;

/// Has the writer run work, and returns when it is durable. `unanswered` says why there is no answer.
pub(crate) fn run<T: Send + 'static>(
    commands: &SyncSender<Command>,
    work: impl FnOnce(&Database) -> Result<T, StoreError> + Send + 'static,
    unanswered: impl FnOnce() -> StoreError,
) -> Result<T, StoreError> {
    let (keep, kept) = mpsc::sync_channel(1);
    let work = move |database: &Database| {
        let value = work(database)?;
        // Whoever waits takes it when the commit is on disk.
        drop(keep.try_send(value));
        Ok(())
    };
    let (reply, answer) = mpsc::sync_channel(1);
    let aside = Aside { work: Box::new(work), reply };
    commands.send(Command::Aside(aside)).map_err(|_| StoreError::Closed)?;
    answer.recv().unwrap_or_else(|_| Err(unanswered()))?;
    kept.try_recv().map_err(|_| StoreError::Closed)
}

/// Runs the work and answers when it is durable. The error is that of the commit, or the reason
/// why nothing is written any more; everybody who waits gets it as well.
pub(crate) fn commit(
    database: &Database,
    asides: Vec<Aside>,
    broken: Option<&StoreError>,
) -> Result<(), StoreError> {
    let mut answers = Vec::with_capacity(asides.len());
    let committed = match broken {
        Some(reason) => {
            answers.extend(asides.into_iter().map(|aside| (aside.reply, Ok(()))));
            Err(reason.clone())
        }
        None => run_all(database, asides, &mut answers),
    };
    if committed.is_err()
        && !database.connection.is_autocommit()
        && execute(database, "ROLLBACK").is_err()
    {
        warn!("cannot roll back");
    }
    for (reply, answer) in answers {
        // Who does not wait any more needs no answer.
        drop(reply.try_send(committed.clone().and(answer)));
    }
    match broken {
        Some(_) => Ok(()),
        None => committed,
    }
}

type Answers = Vec<(SyncSender<Result<(), StoreError>>, Result<(), StoreError>)>;

fn run_all(
    database: &Database,
    asides: Vec<Aside>,
    answers: &mut Answers,
) -> Result<(), StoreError> {
    let mut state = database.begin_write();
    for Aside { work, reply } in asides {
        let answer = match &state {
            Ok(()) => in_savepoint(database, work),
            Err(error) => Err(error.clone()),
        };
        if state.is_ok() && database.connection.is_autocommit() {
            // An error such as a full disk ended the whole transaction: nothing of it is kept.
            let reason = "the transaction was broken off".to_owned();
            state = Err(answer.clone().err().unwrap_or(StoreError::Write(reason)));
        }
        answers.push((reply, answer));
    }
    state?;
    execute(database, "COMMIT")
}

/// Runs one piece of work so that it can be undone alone.
fn in_savepoint(database: &Database, work: Work) -> Result<(), StoreError> {
    execute(database, "SAVEPOINT aside")?;
    let done = catch_unwind(AssertUnwindSafe(|| work(database)));
    let reason = "the work panicked: this is a bug in Kontor".to_owned();
    let done = done.unwrap_or(Err(StoreError::Write(reason)));
    if done.is_err() && !database.connection.is_autocommit() {
        execute(database, "ROLLBACK TO aside")?;
    }
    if !database.connection.is_autocommit() {
        execute(database, "RELEASE aside")?;
    }
    done
}

fn execute(database: &Database, sql: &str) -> Result<(), StoreError> {
    let mut statement = database.prepare(sql)?;
    statement.execute([]).map(drop).map_err(error::writing)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Receiver};

    use super::*;
    use crate::open::{self, OpenOptions, Opened};
    use crate::scratch::Scratch;

    type Answer = Receiver<Result<(), StoreError>>;

    fn aside(
        work: impl FnOnce(&Database) -> Result<(), StoreError> + Send + 'static,
    ) -> (Aside, Answer) {
        let (reply, answer) = mpsc::sync_channel(1);
        (Aside { work: Box::new(work), reply }, answer)
    }

    fn note(database: &Database, note: i64) {
        let sql = "INSERT INTO token_key (id, unsigned_until) VALUES (1, ?1) \
                   ON CONFLICT DO UPDATE SET unsigned_until = unsigned_until * 10 + ?1";
        database.prepare(sql).unwrap().execute([note]).unwrap();
    }

    fn notes(database: &Database) -> i64 {
        let sql = "SELECT unsigned_until FROM token_key";
        database.prepare(sql).unwrap().query_row([], |row| row.get(0)).unwrap()
    }

    fn refused() -> StoreError {
        StoreError::Conflict("for a reason".to_owned())
    }

    #[test]
    fn work_that_fails_undoes_only_itself() {
        let dir = Scratch::new("aside-fails");
        let Opened { database, .. } = open::open(dir.path(), &OpenOptions::default()).unwrap();
        let (asides, answers): (Vec<_>, Vec<_>) = [
            aside(|database| {
                note(database, 1);
                Ok(())
            }),
            aside(|database| {
                note(database, 2);
                Err(refused())
            }),
            aside(|database| {
                note(database, 3);
                panic!("on purpose")
            }),
            aside(|database| {
                note(database, 4);
                Ok(())
            }),
        ]
        .into_iter()
        .unzip();
        commit(&database, asides, None).unwrap();
        assert_eq!(notes(&database), 14);
        let answers: Vec<_> = answers.iter().map(|answer| answer.try_recv().unwrap()).collect();
        assert!(
            matches!(
                &answers[..],
                [Ok(()), Err(StoreError::Conflict(_)), Err(StoreError::Write(_)), Ok(())]
            ),
            "{answers:?}"
        );
    }

    #[test]
    fn nothing_is_kept_when_the_transaction_is_broken_off() {
        let dir = Scratch::new("aside-broken-off");
        let Opened { database, .. } = open::open(dir.path(), &OpenOptions::default()).unwrap();
        let (asides, answers): (Vec<_>, Vec<_>) = [
            aside(|database| {
                note(database, 1);
                Ok(())
            }),
            // As SQLite does when the disk is full.
            aside(|database| {
                database.connection.execute_batch("ROLLBACK").unwrap();
                Err(StoreError::Write("the disk is full".to_owned()))
            }),
            aside(|database| {
                note(database, 3);
                Ok(())
            }),
        ]
        .into_iter()
        .unzip();
        assert!(matches!(commit(&database, asides, None), Err(StoreError::Write(_))));
        assert_eq!(notes(&database), 0);
        for answer in answers {
            assert!(matches!(answer.try_recv(), Ok(Err(StoreError::Write(_)))));
        }
        let (work, answer) = aside(|_| Ok(()));
        commit(&database, vec![work], Some(&refused())).unwrap();
        assert!(matches!(answer.try_recv(), Ok(Err(StoreError::Conflict(_)))));
    }
}
