//! The writer: one thread that runs the jobs and puts those that wait into one commit.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use kontor_store::{Abort, ChangeNumber, Order, Outcome, StoreError};
use tracing::{error as log_error, warn};

use crate::change_log::{self, Author, Head};
use crate::checkpoint;
use crate::database::Database;
use crate::error;
use crate::high_water::HighWater;
use crate::write::Tx;

/// Jobs of one commit.
const MAX_GROUP: usize = 256;
/// A group that took so long is committed before further jobs are run.
const MAX_GROUP_TIME: Duration = Duration::from_millis(50);

/// The answer to one job.
pub(crate) type Answer = Result<Outcome, StoreError>;

/// What the thread is told.
pub(crate) enum Command {
    Write(Box<Request>),
    Close,
}

/// A job and who waits for it.
pub(crate) struct Request {
    pub(crate) order: Order,
    /// It takes long: nobody shares its commit.
    pub(crate) alone: bool,
    pub(crate) reply: SyncSender<Answer>,
}

/// The state of the thread.
pub(crate) struct Writer {
    database: Database,
    mark: HighWater,
    /// Why nothing is acknowledged any more.
    broken: Option<StoreError>,
}

/// What became of a group.
struct Group {
    answers: Vec<(SyncSender<Answer>, Answer)>,
    head: Head,
}

impl Writer {
    pub(crate) fn new(database: Database, mark: HighWater) -> Self {
        Self { database, mark, broken: None }
    }

    /// Runs until it is told to close and all jobs before that are done.
    pub(crate) fn run(mut self, commands: &Receiver<Command>) {
        let mut queue = VecDeque::new();
        let mut open = true;
        while open || !queue.is_empty() {
            if queue.is_empty() {
                open = take(commands.recv().ok(), &mut queue);
            }
            while open && queue.len() < MAX_GROUP {
                let Ok(command) = commands.try_recv() else {
                    break;
                };
                open = take(Some(command), &mut queue);
            }
            if !queue.is_empty() {
                self.commit_group(&mut queue);
            }
        }
        self.finish();
    }

    fn commit_group(&mut self, queue: &mut VecDeque<Request>) {
        if let Some(reason) = &self.broken {
            for request in queue.drain(..) {
                answer(&request.reply, Err(reason.clone()));
            }
            return;
        }
        let answers = match self.run_group(queue) {
            Ok(group) => group.answers,
            Err((error, waiting)) => {
                self.failed(&error);
                let failed = |reply| (reply, Err(error.clone()));
                waiting.into_iter().map(failed).collect()
            }
        };
        for (reply, result) in answers {
            answer(&reply, result);
        }
        self.keep_wal_short();
    }

    /// Runs jobs from the queue and commits them. When it fails nobody's job was done.
    fn run_group(
        &mut self,
        queue: &mut VecDeque<Request>,
    ) -> Result<Group, (StoreError, Vec<SyncSender<Answer>>)> {
        let began = Instant::now();
        let first_alone = queue.front().is_some_and(|request| request.alone);
        let started = self.begin();
        let mut group = Group { answers: Vec::new(), head: Head::NONE };
        let mut failure = started.map(|head| group.head = head).err();
        while let Some(request) = queue.pop_front() {
            let reply = request.reply.clone();
            let result = match &failure {
                Some(error) => Err(error.clone()),
                None => self.run_job(request.order, &mut group.head),
            };
            // An error such as a full disk may end the whole transaction, not only the job.
            if failure.is_none() && self.database.connection.is_autocommit() {
                failure = Some(result.clone().err().unwrap_or_else(broken_off));
            }
            group.answers.push((reply, result));
            let next_alone = queue.front().is_some_and(|request| request.alone);
            if first_alone || next_alone || began.elapsed() > MAX_GROUP_TIME {
                break;
            }
        }
        let failure = failure.or_else(|| self.commit(&group.head).err());
        match failure {
            None => Ok(group),
            Some(error) => {
                self.roll_back();
                let waiting = group.answers.into_iter().map(|(reply, _)| reply).collect();
                Err((error, waiting))
            }
        }
    }

    fn begin(&self) -> Result<Head, StoreError> {
        self.execute("BEGIN IMMEDIATE")?;
        change_log::head(&self.database)
    }

    /// Commits; what is acknowledged afterwards is on disk and remembered by the mark.
    fn commit(&mut self, head: &Head) -> Result<(), StoreError> {
        self.execute("COMMIT")?;
        if let Err(error) = self.mark.raise(head).and_then(|()| self.mark.sync_if_due()) {
            // The data is safe without the mark; only a later loss would go unnoticed.
            warn!(%error, "cannot write the high-water mark");
        }
        Ok(())
    }

    /// Runs one job inside a savepoint of its own. An error is the job's; the group goes on.
    fn run_job(&self, order: Order, head: &mut Head) -> Answer {
        self.execute("SAVEPOINT job")?;
        let ended = catch_unwind(AssertUnwindSafe(|| self.work(order, head)));
        let (result, keep) = match ended {
            Ok(Ok(Some(next))) => {
                *head = next;
                (Ok(Outcome::Committed(ChangeNumber(next.number))), true)
            }
            Ok(Ok(None)) => (Ok(Outcome::Unchanged), false),
            Ok(Err(Abort::Refused)) => (Ok(Outcome::Refused), false),
            Ok(Err(Abort::Store(error))) => (Err(error), false),
            Err(panic) => {
                log_error!(reason = panic_text(panic.as_ref()), "a job panicked");
                let error =
                    StoreError::Write("the job failed by a fault of the program".to_owned());
                (Err(error), false)
            }
        };
        let closed = self.close_savepoint(keep);
        if closed.is_err() {
            // What cannot be undone must not be committed: the whole group ends here.
            self.roll_back();
        }
        closed.and(result)
    }

    fn close_savepoint(&self, keep: bool) -> Result<(), StoreError> {
        if self.database.connection.is_autocommit() {
            return Ok(());
        }
        if !keep {
            self.database.shapes.borrow_mut().clear();
            self.execute("ROLLBACK TO job")?;
        }
        self.execute("RELEASE job")
    }

    /// Runs the job itself. Returns the new head when it changed something.
    fn work(&self, order: Order, head: &Head) -> Result<Option<Head>, Abort> {
        let mut tx = Tx::begin(&self.database, order.supplier, order.at, head.number + 1)?;
        (order.job)(&mut tx)?;
        if tx.spoilt {
            return Err(Abort::Refused);
        }
        if tx.log.is_empty() {
            return Ok(None);
        }
        tx.seen.forget()?;
        let author = Author { supplier: tx.rows.supplier, at: order.at, actor: &order.actor };
        Ok(Some(tx.log.append(&self.database, head, &author)?))
    }

    fn roll_back(&self) {
        self.database.shapes.borrow_mut().clear();
        if !self.database.connection.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK")
        {
            warn!(%error, "cannot roll back");
        }
    }

    fn failed(&mut self, error: &StoreError) {
        log_error!(%error, "a commit failed");
        if matches!(error, StoreError::Damaged(_)) {
            self.broken = Some(error.clone());
        }
    }

    /// Moves the log into the database when it has grown. It runs after the answers are given.
    fn keep_wal_short(&mut self) {
        if self.broken.is_some() {
            return;
        }
        if let Err(error) = checkpoint::when_long(&self.database) {
            self.failed(&error);
        }
    }

    fn finish(mut self) {
        if self.broken.is_none()
            && let Err(error) = checkpoint::whole(&self.database)
        {
            warn!(%error, "cannot move the log into the database");
        }
        if let Err(error) = self.mark.sync() {
            warn!(%error, "cannot write the high-water mark");
        }
    }

    fn execute(&self, sql: &str) -> Result<(), StoreError> {
        let mut statement = self.database.prepare(sql)?;
        statement.execute([]).map(drop).map_err(error::writing)
    }
}

/// Puts a command into the queue; `false` when the store closes.
fn take(command: Option<Command>, queue: &mut VecDeque<Request>) -> bool {
    match command {
        Some(Command::Write(request)) => {
            queue.push_back(*request);
            true
        }
        Some(Command::Close) | None => false,
    }
}

fn broken_off() -> StoreError {
    StoreError::Write("the transaction was broken off".to_owned())
}

fn answer(reply: &SyncSender<Answer>, result: Answer) {
    // Who does not wait any more needs no answer.
    drop(reply.try_send(result));
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown")
}
