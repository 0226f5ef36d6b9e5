//! Faults at chosen operations on the disk: a library that is loaded before the C library.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The library, compiled once.
pub(crate) fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faults/shim.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shim.so");
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source);
        assert!(compile.arg("-ldl").arg("-lpthread").status().unwrap().success());
        library
    })
}

/// Lets a command run on a disk with faults: `faults` are settings of the library.
pub(crate) fn with_faults<'c>(
    command: &'c mut Command,
    data: &Path,
    faults: &[(&str, String)],
) -> &'c mut Command {
    command.env("LD_PRELOAD", shim()).env("SHIM_DATA", data);
    command.envs(faults.iter().map(|(name, value)| (*name, value)))
}

/// What one unsynced write replaced.
struct Replaced {
    path: i64,
    offset: u64,
    bytes: Vec<u8>,
    size: u64,
}

/// Takes back all writes that were not synced when the process was killed: a power cut. Files without
/// a name are gone with it.
pub(crate) fn cut_power(undo: &Path) {
    let mut log = Vec::new();
    File::open(undo).unwrap().read_to_end(&mut log).unwrap();
    let (replaced, paths) = read_log(&log);
    for write in replaced.iter().rev() {
        let path = &paths[&write.path];
        if !path.exists() {
            continue;
        }
        let mut file = OpenOptions::new().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start(write.offset)).unwrap();
        file.write_all(&write.bytes).unwrap();
        file.set_len(write.size).unwrap();
    }
}

fn read_log(mut log: &[u8]) -> (Vec<Replaced>, HashMap<i64, PathBuf>) {
    let mut replaced: Vec<Replaced> = Vec::new();
    let mut paths = HashMap::new();
    while log.len() >= 40 {
        let (head, rest) = log.split_at(40);
        let field = |at: usize| i64::from_ne_bytes(head[at * 8..][..8].try_into().unwrap());
        let (path, offset, length, size) = (field(0), field(1), field(2), field(4));
        let (bytes, rest) = rest.split_at(usize::try_from(length).unwrap());
        log = rest;
        match offset {
            -1 => replaced.retain(|write| write.path != path),
            -2 => drop(paths.insert(path, PathBuf::from(String::from_utf8_lossy(bytes).as_ref()))),
            _ => replaced.push(Replaced {
                path,
                offset: u64::try_from(offset).unwrap(),
                bytes: bytes.to_vec(),
                size: u64::try_from(size).unwrap(),
            }),
        }
    }
    (replaced, paths)
}

/// A small generator with a seed of its own.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
