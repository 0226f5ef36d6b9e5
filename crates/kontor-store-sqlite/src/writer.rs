//! The writer: one thread that runs the jobs and puts those that wait into one commit.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use kontor_store::{Abort, ChangeNumber, Order, Outcome, StoreError, WriteTx};
use tracing::{error as log_error, info, warn};

use crate::aside::{self, Aside};
use crate::change_log::{self, Author, Head};
use crate::change_time;
use crate::checkpoint;
use crate::database::{Database, LOOK_AGAIN};
use crate::error;
use crate::high_water::HighWater;
use crate::news::News;
use crate::probe::{self, OpenedFile};
use crate::signals::Signals;
use crate::wipe::{self, Wipe};
use crate::write::Tx;

/// Jobs of one commit.
const MAX_GROUP: usize = 256;
/// A group that took so long is committed before further jobs are run.
const MAX_GROUP_TIME: Duration = Duration::from_millis(50);

/// How often it is tried whether anything can be written again, while nothing could be, and whether
/// the writer gets its turn among processes, while nobody has work for it.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// The answer to one job.
pub(crate) type Answer = Result<Outcome, StoreError>;

/// What the thread is told.
pub(crate) enum Command {
    Write(Box<Request>),
    Aside(Aside),
    Wipe(Wipe),
    Close,
}

/// Work that the store itself does in the transaction of a job.
pub(crate) type Apply = Box<dyn FnOnce(&mut Tx<'_>) -> Result<(), Abort> + Send>;

/// A job and who waits for it.
pub(crate) struct Request {
    pub(crate) order: Order,
    /// Is run in the place of the job of the order.
    pub(crate) apply: Option<Apply>,
    /// It takes long: nobody shares its commit.
    pub(crate) alone: bool,
    pub(crate) reply: SyncSender<Answer>,
}

/// The state of the thread.
pub(crate) struct Writer {
    database: Database,
    mark: HighWater,
    file: OpenedFile,
    signals: Arc<Signals>,
    news: Arc<News>,
    /// Another process wrote when the turn was tried the last time.
    is_locked_out: bool,
    /// Something was written since the length of the log was looked at.
    log_may_be_long: bool,
}

/// What became of a group.
struct Group {
    answers: Vec<(SyncSender<Answer>, Answer)>,
    head: Head,
}

/// What a job did.
enum Work {
    /// A change, which is the new head.
    Change(Head),
    /// Only bookkeeping.
    Aside,
    Nothing,
}

impl Writer {
    pub(crate) fn new(
        database: Database,
        mark: HighWater,
        signals: Arc<Signals>,
        news: Arc<News>,
    ) -> Self {
        let file = OpenedFile::of(&database);
        let (is_locked_out, log_may_be_long) = (false, false);
        Self { database, mark, file, signals, news, is_locked_out, log_may_be_long }
    }

    /// Runs until it is told to close and all jobs before that are done.
    pub(crate) fn run(mut self, commands: &Receiver<Command>) {
        let mut queue = VecDeque::new();
        let (mut asides, mut wipes) = (Vec::new(), Vec::new());
        let mut open = true;
        while open || !queue.is_empty() {
            if queue.is_empty() {
                let Some(command) = self.next(commands) else {
                    self.look();
                    continue;
                };
                self.is_locked_out = false;
                open = take(Some(command), &mut queue, &mut asides, &mut wipes);
            }
            while open && queue.len() < MAX_GROUP && asides.len() < MAX_GROUP {
                let Ok(command) = commands.try_recv() else {
                    break;
                };
                open = take(Some(command), &mut queue, &mut asides, &mut wipes);
            }
            if !queue.is_empty() {
                self.commit_group(&mut queue);
            }
            if !asides.is_empty() {
                self.run_asides(std::mem::take(&mut asides));
            }
            wipes.drain(..).for_each(|wipe| self.wipe(&wipe));
        }
        self.finish();
    }

    /// Waits for a command; `None` when it is time to look whether one could be done.
    fn next(&self, commands: &Receiver<Command>) -> Option<Command> {
        if self.signals.broken.get().is_some() {
            return Some(commands.recv().unwrap_or(Command::Close));
        }
        let wait = if self.is_locked_out { LOOK_AGAIN } else { PROBE_EVERY };
        match commands.recv_timeout(wait) {
            Ok(command) => Some(command),
            Err(RecvTimeoutError::Disconnected) => Some(Command::Close),
            Err(RecvTimeoutError::Timeout) => None,
        }
    }

    /// Finds out how writing is while nobody writes, so that readiness tells it before the first
    /// write fails.
    fn look(&mut self) {
        if self.signals.is_failing() {
            self.probe();
            return;
        }
        let turn = self.file.is_in_its_place().and_then(|()| self.database.could_begin_write());
        self.is_locked_out = matches!(turn, Ok(false));
        if self.is_locked_out {
            self.signals.waits();
        } else {
            self.signals.waits_no_more();
        }
        match turn {
            Ok(true) if self.log_may_be_long => self.cut_log(),
            Ok(_) => {}
            Err(error) => self.failed("a look", &error),
        }
    }

    /// Who had no work for so long will hardly get some while the log is cut.
    fn cut_log(&mut self) {
        if self.signals.log_elsewhere.is_going_on() {
            return;
        }
        match checkpoint::cut_when_quiet(&self.database) {
            Ok(is_short) => self.log_may_be_long = !is_short,
            Err(error) => self.failed("a checkpoint", &error),
        }
    }

    /// Finds out whether something can be written, without anybody's job.
    fn probe(&mut self) {
        self.signals.waits();
        let written = self.file.is_in_its_place().and_then(|()| probe::run(&self.database));
        self.signals.waits_no_more();
        match written {
            Ok(()) => self.succeeded(),
            Err(error) => self.failed("a probe", &error),
        }
    }

    fn commit_group(&mut self, queue: &mut VecDeque<Request>) {
        if let Some(reason) = self.signals.broken.get() {
            for request in queue.drain(..) {
                answer(&request.reply, Err(reason.clone()));
            }
            return;
        }
        let mut group = Group { answers: Vec::new(), head: Head::NONE };
        let result = if queue.front().is_some_and(|request| request.alone) {
            self.run_alone(queue, &mut group)
        } else {
            self.run_group(queue, &mut group)
        };
        if let Err(error) = result {
            self.roll_back();
            self.failed("a commit", &error);
            // Nothing of the group is on disk, so nobody's job was done, whatever it returned.
            for (_, answer) in &mut group.answers {
                *answer = Err(error.clone());
            }
        }
        let suspect = group.answers.iter().any(|(_, answer)| is_suspect(answer));
        for (reply, result) in group.answers {
            answer(&reply, result);
        }
        if suspect && !self.signals.is_failing() {
            // One job could not write. Whether others can is not known yet.
            self.probe();
        }
        self.keep_wal_short();
    }

    /// Runs jobs from the queue, each in a savepoint of its own, and commits them.
    fn run_group(
        &mut self,
        queue: &mut VecDeque<Request>,
        group: &mut Group,
    ) -> Result<(), StoreError> {
        let began = Instant::now();
        let started = self.begin().map(|head| group.head = head);
        loop {
            let Some(request) = queue.pop_front() else {
                break;
            };
            group.answers.push((request.reply, Err(StoreError::Closed)));
            started.clone()?;
            let answer = self.run_in_savepoint(request.order, request.apply, &mut group.head)?;
            if let Some(last) = group.answers.last_mut() {
                last.1 = answer;
            }
            let next_alone = queue.front().is_some_and(|request| request.alone);
            if next_alone || began.elapsed() > MAX_GROUP_TIME {
                break;
            }
        }
        self.commit(&group.head)
    }

    /// Runs the first job of the queue. It needs no savepoint, which would keep a copy of every page
    /// that an import changes.
    fn run_alone(
        &mut self,
        queue: &mut VecDeque<Request>,
        group: &mut Group,
    ) -> Result<(), StoreError> {
        let Some(request) = queue.pop_front() else {
            return Ok(());
        };
        group.answers.push((request.reply, Err(StoreError::Closed)));
        group.head = self.begin()?;
        let (answer, keep) = self.run_job(request.order, request.apply, &mut group.head);
        if keep {
            self.commit(&group.head)?;
        } else {
            self.roll_back();
        }
        if let Some(last) = group.answers.last_mut() {
            last.1 = answer;
        }
        Ok(())
    }

    /// Runs what is no change of the data.
    fn run_asides(&mut self, asides: Vec<Aside>) {
        let missing = self.file.is_in_its_place().err();
        let hindrance = self.signals.broken.get().or(missing.as_ref());
        self.signals.waits();
        let committed = aside::commit(&self.database, asides, hindrance);
        self.signals.waits_no_more();
        match missing.map_or(committed, Err) {
            Ok(()) => self.succeeded(),
            Err(error) => self.failed("a commit", &error),
        }
        self.keep_wal_short();
    }

    /// What is to be wiped was removed by a job before: the order among jobs does not matter.
    fn wipe(&mut self, wipe: &Wipe) {
        let result = match self.signals.broken.get() {
            Some(reason) => Err(reason.clone()),
            None => wipe::empty_log(&self.database),
        };
        if let Err(error) = &result {
            self.failed("a wipe", error);
        }
        // Who does not wait any more needs no answer.
        drop(wipe.reply.try_send(result));
    }

    fn begin(&self) -> Result<Head, StoreError> {
        self.file.is_in_its_place()?;
        self.signals.waits();
        let begun = self.database.begin_write();
        self.signals.waits_no_more();
        begun?;
        change_log::head(&self.database)
    }

    /// Commits; what is acknowledged afterwards is on disk and remembered by the mark.
    fn commit(&mut self, head: &Head) -> Result<(), StoreError> {
        self.execute("COMMIT")?;
        self.succeeded();
        if let Err(error) = self.mark.raise(head).and_then(|()| self.mark.sync_if_due()) {
            // The data is safe without the mark; only a later loss would go unnoticed.
            warn!(%error, "cannot write the high-water mark");
        }
        self.news.tell(head.number);
        Ok(())
    }

    /// Runs one job so that it can be undone alone. An error here is the group's: what cannot be
    /// undone must not be committed.
    fn run_in_savepoint(
        &self,
        order: Order,
        apply: Option<Apply>,
        head: &mut Head,
    ) -> Result<Answer, StoreError> {
        self.execute("SAVEPOINT job")?;
        let (answer, keep) = self.run_job(order, apply, head);
        if self.database.connection.is_autocommit() {
            // An error such as a full disk may end the whole transaction, not only the job.
            return Err(answer.err().unwrap_or_else(broken_off));
        }
        if !keep {
            self.database.shapes.borrow_mut().clear();
            self.execute("ROLLBACK TO job")?;
        }
        self.execute("RELEASE job")?;
        Ok(answer)
    }

    /// Runs one job. Returns its answer, and whether what it wrote is to be kept.
    fn run_job(&self, order: Order, apply: Option<Apply>, head: &mut Head) -> (Answer, bool) {
        match catch_unwind(AssertUnwindSafe(|| self.work(order, apply, head))) {
            Ok(Ok(Work::Change(next))) => {
                *head = next;
                (Ok(Outcome::Committed(ChangeNumber(next.number))), true)
            }
            Ok(Ok(Work::Aside)) => (Ok(Outcome::Aside), true),
            Ok(Ok(Work::Nothing)) => (Ok(Outcome::Unchanged), false),
            Ok(Err(Abort::Refused)) => (Ok(Outcome::Refused), false),
            Ok(Err(Abort::Store(error))) => (Err(error), false),
            Err(panic) => {
                log_error!(reason = panic_text(panic.as_ref()), "a job panicked");
                let reason = "the job panicked: this is a bug in Kontor".to_owned();
                (Err(StoreError::Write(reason)), false)
            }
        }
    }

    /// Runs the job itself.
    fn work(&self, order: Order, apply: Option<Apply>, head: &Head) -> Result<Work, Abort> {
        let at = change_time::of_next(&self.database, head, &*order.clock)?;
        let mut tx = Tx::begin(&self.database, order.supplier, at, head.number + 1)?;
        match apply {
            Some(apply) => apply(&mut tx)?,
            None => (order.job)(&mut tx)?,
        }
        if tx.spoilt {
            return Err(Abort::Refused);
        }
        if let Some(taken) = tx.taken_tokens()?.into_iter().next() {
            return Err(StoreError::from(taken).into());
        }
        if let Some(overlap) = tx.zone_overlaps()?.into_iter().next() {
            return Err(StoreError::from(overlap).into());
        }
        if let Some(misread) = tx.misread_prices()?.into_iter().next() {
            return Err(StoreError::from(misread).into());
        }
        if tx.log.is_empty() {
            return Ok(if tx.wrote_aside { Work::Aside } else { Work::Nothing });
        }
        tx.seen.forget()?;
        let author = Author { supplier: tx.rows.supplier, at, actor: &order.actor };
        let state = tx.state.record(&self.database)?;
        Ok(Work::Change(tx.log.append(head, &author, state)?))
    }

    fn roll_back(&mut self) {
        self.database.shapes.borrow_mut().clear();
        if !self.database.connection.is_autocommit()
            && let Err(error) = self.execute("ROLLBACK")
        {
            // Another transaction cannot begin in this one, so nothing of it is ever committed.
            warn!(%error, "cannot roll back");
        }
    }

    fn failed(&self, what: &str, error: &StoreError) {
        if self.signals.failed(error) {
            log_error!(what, %error, "writing failed");
        }
        if matches!(error, StoreError::Damaged(_)) {
            // The first reason stays: later errors follow from it.
            let _ = self.signals.broken.set(error.clone());
        }
    }

    fn succeeded(&self) {
        if self.signals.succeeded() {
            info!("writing is possible again");
        }
    }

    /// Moves the log into the database when it has grown. It runs after the answers are given.
    fn keep_wal_short(&mut self) {
        self.log_may_be_long = true;
        if self.signals.broken.get().is_some() || self.signals.log_elsewhere.is_going_on() {
            return;
        }
        if let Err(error) = checkpoint::when_long(&self.database) {
            self.failed("a checkpoint", &error);
        }
    }

    fn finish(mut self) {
        if self.signals.broken.get().is_none()
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

/// Puts a command where it waits; `false` when the store closes.
fn take(
    command: Option<Command>,
    queue: &mut VecDeque<Request>,
    asides: &mut Vec<Aside>,
    wipes: &mut Vec<Wipe>,
) -> bool {
    match command {
        Some(Command::Aside(aside)) => {
            asides.push(aside);
            true
        }
        Some(Command::Wipe(wipe)) => {
            wipes.push(wipe);
            true
        }
        Some(Command::Write(request)) => {
            queue.push_back(*request);
            true
        }
        Some(Command::Close) | None => false,
    }
}

/// Whether a job ended because something could not be written, as far as its answer tells.
fn is_suspect(answer: &Answer) -> bool {
    matches!(answer, Err(StoreError::Write(_)))
}

fn broken_off() -> StoreError {
    StoreError::Write("the transaction was broken off".to_owned())
}

fn answer(reply: &SyncSender<Answer>, result: Answer) {
    // Who does not wait any more needs no answer.
    drop(reply.try_send(result));
}

pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown")
}

#[cfg(test)]
mod tests;
