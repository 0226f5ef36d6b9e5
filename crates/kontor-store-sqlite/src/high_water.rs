//! The high-water mark: the newest acknowledged change, remembered outside of the database.
//!
//! A damaged frame silently ends SQLite's log, and an old copy of the database looks as good as the
//! newest. The mark tells. It is written after each commit, before the commit is acknowledged, but
//! brought to disk at most once a second. A mark that is stale after a power cut is harmless: the
//! check is that the database is not behind the mark, so a stale one only notices less, and the
//! database itself was brought to disk by every commit. A killed process loses nothing of it.
//!
//! Two slots are written in turns, so that one is whole at any time. Several processes may have the
//! data open; a lock on the file keeps them from writing an older change over a newer one.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use kontor_store::StoreError;
use sha2::{Digest, Sha256};

use crate::change_log::{Hash, Head};
use crate::private;

/// The file beside the database.
pub(crate) const FILE_NAME: &str = "high-water";

const MAGIC: &[u8; 8] = b"KONTORH1";
const SLOT_BYTES: usize = 64;
const SLOTS: [u64; 2] = [0, SLOT_BYTES as u64];
const SYNC_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct HighWater {
    file: File,
    /// When it was last brought to disk, and whether it was written since.
    synced: Instant,
    dirty: bool,
}

impl HighWater {
    /// Opens the file, creating an empty one when there is none.
    pub(crate) fn open(dir: &Path) -> Result<Self, StoreError> {
        let file = private::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(dir.join(FILE_NAME))
            .map_err(|error| StoreError::Open(format!("{FILE_NAME}: {error}")))?;
        Ok(Self { file, synced: Instant::now(), dirty: false })
    }

    /// Runs `work` while no other process does anything with the mark.
    pub(crate) fn locked<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.file.lock().map_err(failed)?;
        let result = work(self);
        self.file.unlock().map_err(failed)?;
        result
    }

    /// The newest change that was acknowledged, as far as the file remembers.
    pub(crate) fn read(&self) -> Result<Option<Head>, StoreError> {
        let [first, second] = self.slots().map_err(failed)?;
        Ok(newer(first, second))
    }

    /// Remembers a change, unless a newer one is remembered.
    pub(crate) fn raise(&mut self, head: &Head) -> Result<(), StoreError> {
        self.locked(|mark| mark.raise_locked(head).map_err(failed))
    }

    /// Remembers a change, also when a newer one was remembered: the operator accepts older data.
    pub(crate) fn reset(&mut self, head: &Head) -> Result<(), StoreError> {
        for offset in SLOTS {
            self.file.write_all_at(&encode(head), offset).map_err(failed)?;
        }
        self.dirty = true;
        self.sync()
    }

    /// Brings it to disk when that was not done for a second.
    pub(crate) fn sync_if_due(&mut self) -> Result<(), StoreError> {
        if self.dirty && self.synced.elapsed() >= SYNC_INTERVAL { self.sync() } else { Ok(()) }
    }

    /// Brings it to disk.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        if self.dirty {
            self.file.sync_data().map_err(failed)?;
            self.dirty = false;
        }
        self.synced = Instant::now();
        Ok(())
    }

    fn raise_locked(&mut self, head: &Head) -> io::Result<()> {
        let [first, second] = self.slots()?;
        if newer(first, second).is_some_and(|newest| newest.number >= head.number) {
            return Ok(());
        }
        let number = |slot: Option<Head>| slot.map_or(0, |head| head.number);
        let [first_offset, second_offset] = SLOTS;
        let older = if number(first) <= number(second) { first_offset } else { second_offset };
        self.file.write_all_at(&encode(head), older)?;
        self.dirty = true;
        Ok(())
    }

    fn slots(&self) -> io::Result<[Option<Head>; 2]> {
        let [first, second] = SLOTS;
        Ok([self.slot(first)?, self.slot(second)?])
    }

    fn slot(&self, offset: u64) -> io::Result<Option<Head>> {
        let mut bytes = [0; SLOT_BYTES];
        match self.file.read_exact_at(&mut bytes, offset) {
            Ok(()) => Ok(decode(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn newer(first: Option<Head>, second: Option<Head>) -> Option<Head> {
    first.into_iter().chain(second).max_by_key(|head| head.number)
}

/// Magic, number, hash, then the beginning of the SHA-256 over these.
fn encode(head: &Head) -> [u8; SLOT_BYTES] {
    let mut bytes = Vec::with_capacity(SLOT_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&head.number.to_le_bytes());
    bytes.extend_from_slice(&head.hash);
    let check: Hash = Sha256::digest(&bytes).into();
    bytes.extend(check.iter().take(SLOT_BYTES - bytes.len()));
    bytes.try_into().unwrap_or([0; SLOT_BYTES])
}

fn decode(bytes: &[u8; SLOT_BYTES]) -> Option<Head> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (number, rest) = rest.split_first_chunk::<8>()?;
    let (hash, _) = rest.split_first_chunk::<32>()?;
    let head = Head { number: u64::from_le_bytes(*number), hash: *hash };
    (encode(&head) == *bytes).then_some(head)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn failed(error: io::Error) -> StoreError {
    StoreError::Write(format!("{FILE_NAME}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(number: u64) -> Head {
        Head { number, hash: [u8::try_from(number % 251).unwrap(); 32] }
    }

    #[test]
    fn a_torn_slot_leaves_the_one_before() {
        let dir = crate::scratch::Scratch::new("high-water-torn");
        let mut mark = HighWater::open(dir.path()).unwrap();
        assert_eq!(mark.read().unwrap(), None);
        for number in 1..=9 {
            mark.raise(&head(number)).unwrap();
            assert_eq!(mark.read().unwrap(), Some(head(number)));
        }
        let newest =
            SLOTS.into_iter().find(|offset| mark.slot(*offset).unwrap() == Some(head(9))).unwrap();
        for byte in 0..SLOT_BYTES {
            let place = newest + u64::try_from(byte).unwrap();
            let mut kept = [0];
            mark.file.read_exact_at(&mut kept, place).unwrap();
            mark.file.write_all_at(&[kept[0] ^ 1], place).unwrap();
            assert_eq!(mark.read().unwrap(), Some(head(8)), "byte {byte}");
            mark.file.write_all_at(&kept, place).unwrap();
        }
    }

    #[test]
    fn it_never_goes_back_unless_it_is_reset() {
        let dir = crate::scratch::Scratch::new("high-water-back");
        let mut mark = HighWater::open(dir.path()).unwrap();
        mark.raise(&head(7)).unwrap();
        mark.raise(&head(5)).unwrap();
        assert_eq!(mark.read().unwrap(), Some(head(7)));
        mark.reset(&head(5)).unwrap();
        assert_eq!(mark.read().unwrap(), Some(head(5)));
    }
}
