//! What only the order of the queue shows: the jobs are queued before the writer begins.

use std::sync::mpsc::{self, Receiver};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_store::{Abort, WriteTx};

use super::*;
use crate::open::{self, OpenOptions, Opened};
use crate::scratch::Scratch;

type Work = Box<dyn Fn(&mut dyn WriteTx) -> Result<(), Abort> + Send>;

fn supplier() -> Record {
    let row = [Cell::text("one"), Cell::Null, Cell::text("UTC"), Cell::text("EUR"), Cell::Null];
    Record::from_row(Kind::Supplier, &row).unwrap()
}

fn list(code: &str) -> Record {
    let row = [Cell::text(code), Cell::Null, Cell::Null, Cell::Null, Cell::Null];
    Record::from_row(Kind::PriceList, &row).unwrap()
}

fn put(record: Record) -> Work {
    Box::new(move |tx| tx.put(&record).map(drop))
}

fn queue(commands: &mpsc::Sender<Command>, alone: bool, job: Work) -> Receiver<Answer> {
    let (reply, answer) = mpsc::sync_channel(1);
    let order = Order {
        supplier: "one".parse().unwrap(),
        actor: "test".to_owned(),
        clock: Arc::new(kontor_model::FixedClock("2016-01-28T11:24:28Z".parse().unwrap())),
        job,
    };
    commands.send(Command::Write(Box::new(Request { order, apply: None, alone, reply }))).unwrap();
    answer
}

fn run(dir: &Scratch, commands: mpsc::Sender<Command>, receiver: &Receiver<Command>) {
    commands.send(Command::Close).unwrap();
    drop(commands);
    let Opened { database, mark, .. } = open::open(dir.path(), &OpenOptions::default()).unwrap();
    Writer::new(database, mark, Arc::default(), Arc::default()).run(receiver);
}

fn committed(number: u64) -> Outcome {
    Outcome::Committed(ChangeNumber(number))
}

fn check(answer: &Receiver<Answer>, expected: Outcome) {
    assert_eq!(answer.try_recv().unwrap().unwrap(), expected);
}

#[test]
fn nobody_waits_for_the_commit_of_a_job_alone() {
    let dir = Scratch::new("writer-alone");
    let (commands, receiver) = mpsc::channel();
    let first = queue(&commands, false, put(supplier()));
    let (tell, told) = mpsc::channel();
    let alone: Work = Box::new(move |tx| {
        check(&first, committed(1));
        tell.send(()).unwrap();
        tx.put(&list("A")).map(drop)
    });
    let second = queue(&commands, true, alone);
    let third = queue(&commands, false, put(list("B")));
    run(&dir, commands, &receiver);
    told.try_recv().unwrap();
    check(&second, committed(2));
    check(&third, committed(3));
}

#[test]
fn jobs_that_wait_share_a_commit() {
    let dir = Scratch::new("writer-group");
    let (commands, receiver) = mpsc::channel();
    let first = queue(&commands, false, put(supplier()));
    let first = std::cell::Cell::new(Some(first));
    let (sender, others) = mpsc::channel();
    let second: Work = Box::new(move |tx| {
        // The job before is done but not answered: it waits for this one's commit.
        sender.send(first.take().unwrap()).unwrap();
        tx.put(&list("A")).map(drop)
    });
    let second = queue(&commands, false, second);
    let (see, seen) = mpsc::channel();
    let third: Work = Box::new(move |_| {
        let first = others.recv().unwrap();
        see.send((first.try_recv().is_ok(), first)).unwrap();
        Ok(())
    });
    let third = queue(&commands, false, third);
    run(&dir, commands, &receiver);
    let (was_answered, first) = seen.try_recv().unwrap();
    assert!(!was_answered, "it had a commit of its own");
    check(&first, committed(1));
    check(&second, committed(2));
    check(&third, Outcome::Unchanged);
}

#[test]
fn a_group_that_cannot_be_committed_is_no_ones() {
    let dir = Scratch::new("writer-fails");
    let (commands, receiver) = mpsc::channel();
    let first = queue(&commands, false, put(supplier()));
    let refused = queue(&commands, false, Box::new(|_| Err(Abort::Refused)));
    // The first group ends here; the rows of the next break a rule that is checked at the commit.
    let alone = queue(&commands, true, put(list("A")));
    let broken = queue(&commands, false, put(list("B")));
    let with_it = queue(&commands, false, Box::new(|_| Ok(())));
    let after = queue(&commands, true, put(list("C")));
    commands.send(Command::Close).unwrap();
    let Opened { database, mark, .. } = open::open(dir.path(), &OpenOptions::default()).unwrap();
    database
        .connection
        .execute_batch(
            "CREATE TABLE rule (id INTEGER PRIMARY KEY) STRICT; \
             CREATE TABLE breach (id INTEGER REFERENCES rule DEFERRABLE INITIALLY DEFERRED) STRICT; \
             CREATE TRIGGER breaks AFTER INSERT ON price_lists WHEN new.price_list = 'B' \
             BEGIN INSERT INTO breach VALUES (7); END;",
        )
        .unwrap();
    Writer::new(database, mark, Arc::default(), Arc::default()).run(&receiver);
    check(&first, committed(1));
    check(&refused, Outcome::Refused);
    check(&alone, committed(2));
    for answer in [broken, with_it] {
        assert!(matches!(answer.try_recv().unwrap(), Err(StoreError::Write(_))));
    }
    check(&after, committed(3));
}

/// Nobody writes, so nobody's write would tell.
#[test]
fn an_idle_writer_notices_that_another_process_has_the_lock() {
    let dir = Scratch::new("writer-locked-out");
    let Opened { database, mark, .. } = open::open(dir.path(), &OpenOptions::default()).unwrap();
    let signals: Arc<Signals> = Arc::default();
    let mut writer = Writer::new(database, mark, Arc::clone(&signals), Arc::default());
    let (_commands, receiver) = mpsc::channel();
    let mut look = || {
        assert!(writer.next(&receiver).is_none(), "nobody has work");
        writer.look();
        signals.told()
    };
    assert_eq!(look().waiting, None);
    let other = rusqlite::Connection::open(dir.path().join(open::FILE_NAME)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let first = look().waiting.unwrap();
    assert!(look().waiting.unwrap() > first, "it counts from the first look on");
    other.execute_batch("ROLLBACK").unwrap();
    let free = look();
    assert!(free.waiting.is_none() && free.failure.is_none());
    std::fs::rename(dir.path().join(open::FILE_NAME), dir.path().join("moved")).unwrap();
    assert!(matches!(look().failure, Some(StoreError::Write(_))));
}
