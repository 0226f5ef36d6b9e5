//! Whether the data was left in order: who has it open, and whether it was looked at since a process
//! ended without closing it.
//!
//! A process that is killed leaves whole data behind, but a power cut can leave pages that the disk
//! promised and did not write. So after an unclean end every page is looked at once, in the
//! background: opening the data costs the same at any size.
//!
//! The file has the number of processes that have the data open, and whether a check is due. Each
//! process holds a shared lock, which the system takes back when it dies: who finds no lock, but a
//! number, knows that somebody died. The file is changed under the lock of the high-water mark.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use kontor_store::StoreError;

use crate::{high_water, private};

/// The file beside the database.
pub(crate) const FILE_NAME: &str = "in-use";

/// A number of eight digits, a blank, `checked` or `check due`, filled up with blanks.
const LENGTH: usize = 20;

/// The place of one process among those that have the data open.
pub(crate) struct InUse {
    file: File,
    /// Only its lock is used.
    turn: File,
}

/// What the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    processes: u32,
    check_due: bool,
}

/// Whether the data was opened before by a program that keeps the file.
pub(crate) fn is_known(dir: &Path) -> bool {
    dir.join(FILE_NAME).exists()
}

impl InUse {
    /// Takes a place. Data that was never opened with this file is looked at once, unless it is new.
    pub(crate) fn enter(dir: &Path, is_new: bool) -> Result<Self, StoreError> {
        let open = |name: &str| {
            let mut options = private::options();
            options.read(true).write(true).create(true).truncate(false);
            options.open(dir.join(name))
        };
        let enter = || {
            let place = Self { file: open(FILE_NAME)?, turn: open(high_water::FILE_NAME)? };
            place.in_turn(|| place.count_in(is_new))?;
            Ok(place)
        };
        enter().map_err(failed)
    }

    /// Whether nobody looked at every page since the data was left without being closed.
    pub(crate) fn check_is_due(&self) -> Result<bool, StoreError> {
        self.in_turn(|| Ok(self.read()?.is_none_or(|state| state.check_due))).map_err(failed)
    }

    /// Remembers that every page was looked at and found good.
    pub(crate) fn checked(&self) -> Result<(), StoreError> {
        let note = || {
            let processes = self.read()?.map_or(1, |state| state.processes);
            self.write(State { processes, check_due: false })?;
            self.file.sync_data()
        };
        self.in_turn(note).map_err(failed)
    }

    /// Leaves in order. It need not be on disk at once: at worst a check is made that was not due.
    pub(crate) fn leave(self) -> Result<(), StoreError> {
        let leave = || {
            let Some(state) = self.read()? else { return Ok(()) };
            self.write(State { processes: state.processes.saturating_sub(1), ..state })?;
            self.file.unlock()
        };
        self.in_turn(leave).map_err(failed)
    }

    fn count_in(&self, is_new: bool) -> io::Result<()> {
        let before = self.read()?;
        let alone = match self.file.try_lock() {
            Ok(()) => true,
            Err(std::fs::TryLockError::WouldBlock) => false,
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
        };
        let next = match before {
            None => State { processes: 1, check_due: !is_new },
            Some(state) if alone => {
                State { processes: 1, check_due: state.check_due || state.processes > 0 }
            }
            Some(state) => State { processes: state.processes.saturating_add(1), ..state },
        };
        self.write(next)?;
        // It must be on disk before anything is written that a power cut could spoil.
        self.file.sync_data()?;
        if alone {
            self.file.unlock()?;
        }
        self.file.lock_shared()
    }

    fn in_turn<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.turn.lock()?;
        let result = work();
        self.turn.unlock()?;
        result
    }

    fn read(&self) -> io::Result<Option<State>> {
        let mut bytes = [0; LENGTH];
        match self.file.read_exact_at(&mut bytes, 0) {
            Ok(()) => Ok(std::str::from_utf8(&bytes).ok().and_then(parse)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, state: State) -> io::Result<()> {
        let what = if state.check_due { "check due" } else { "checked" };
        self.file.write_all_at(format!("{:>8} {what:<10}\n", state.processes).as_bytes(), 0)
    }
}

fn parse(text: &str) -> Option<State> {
    let (processes, what) = text.trim().split_once(' ')?;
    let check_due = match what {
        "checked" => false,
        "check due" => true,
        _ => return None,
    };
    Some(State { processes: processes.parse().ok()?, check_due })
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn failed(error: io::Error) -> StoreError {
    StoreError::Open(format!("{FILE_NAME}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn enter(dir: &Scratch) -> InUse {
        InUse::enter(dir.path(), false).unwrap()
    }

    /// The process dies: the system takes its lock back, and nothing else happens.
    fn die(place: InUse) {
        drop(place);
    }

    #[test]
    fn who_leaves_in_order_leaves_nothing_to_check() {
        let dir = Scratch::new("in-use-order");
        let first = InUse::enter(dir.path(), true).unwrap();
        let second = enter(&dir);
        first.leave().unwrap();
        second.leave().unwrap();
        let third = enter(&dir);
        assert!(!third.check_is_due().unwrap());
    }

    #[test]
    fn a_death_is_noticed_by_who_comes_when_all_are_gone() {
        let dir = Scratch::new("in-use-death");
        let first = InUse::enter(dir.path(), true).unwrap();
        let second = enter(&dir);
        die(first);
        let third = enter(&dir);
        assert!(!third.check_is_due().unwrap(), "somebody has the data open");
        second.leave().unwrap();
        third.leave().unwrap();
        let fourth = enter(&dir);
        assert!(fourth.check_is_due().unwrap());
        // It stays due until somebody looked.
        fourth.leave().unwrap();
        let fifth = enter(&dir);
        assert!(fifth.check_is_due().unwrap());
        fifth.checked().unwrap();
        fifth.leave().unwrap();
        assert!(!enter(&dir).check_is_due().unwrap());
    }

    #[test]
    fn data_of_an_older_program_and_a_damaged_file_ask_for_a_check() {
        let dir = Scratch::new("in-use-damaged");
        let first = enter(&dir);
        assert!(first.check_is_due().unwrap());
        first.checked().unwrap();
        first.leave().unwrap();
        let path = dir.path().join(FILE_NAME);
        for damage in ["", "garbage", "       0 checkex  \n..."] {
            std::fs::write(&path, damage).unwrap();
            let place = enter(&dir);
            assert!(place.check_is_due().unwrap(), "{damage:?}");
            place.checked().unwrap();
            place.leave().unwrap();
        }
    }
}
