//! Acknowledged means durable: kills, power cuts, a full disk and a failing one, at chosen
//! operations on the disk. Every test prints its seed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use crate::faults::{Random, cut_power, with_faults};
use crate::http::Client;
use crate::process::{self, Server, kontor};

/// Three price lists that partners maintain, and a customer of each.
const LISTS: [(u32, &str); 3] = [(123, "123"), (4515, "556781"), (5544, "23101")];
const TOKEN: &str = "token: tok-restigo-demo\r\n";
const ITEMS: &str = "/api/departments/thirdParty/pricings/items";
/// More operations than a server does before it is killed.
const MAX_OPERATIONS: u64 = 400;
const SEED: u64 = 0x6b6f_6e74_6f72;

/// What was written to each list: the last price that was acknowledged, and the last that was sent.
#[derive(Debug, Clone, Copy, Default)]
struct Ledger {
    acknowledged: u64,
    sent: u64,
}

/// What one life of a server was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// A fault ended it before it listened: it cannot have acknowledged anything.
    NotStarted,
    /// It answered; so many writes were acknowledged.
    Served { acknowledged: u64 },
}

/// What a campaign came to. A campaign without served lives or acknowledged writes shows nothing.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    lives: usize,
    not_started: usize,
    acknowledged: u64,
    lost: usize,
}

impl Tally {
    fn count(&mut self, life: Life) {
        self.lives += 1;
        match life {
            Life::NotStarted => self.not_started += 1,
            Life::Served { acknowledged } => self.acknowledged += acknowledged,
        }
    }

    /// Faults are drawn over everything a server does, of which starting is a part.
    fn check_not_empty(&self) {
        println!("{self:?}");
        assert!(self.not_started * 2 <= self.lives, "most servers did not start: {self:?}");
        let served = self.lives - self.not_started;
        assert!(self.acknowledged >= served as u64, "too little was written: {self:?}");
    }
}

/// Data that outlives the processes that write it.
struct Campaign {
    directory: tempfile::TempDir,
    ledgers: [Ledger; 3],
    random: Random,
}

impl Campaign {
    fn new(seed: u64) -> Self {
        println!("seed {seed:#x}");
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let campaign = Self { directory, ledgers: [Ledger::default(); 3], random: Random(seed) };
        drop(process::demo_on(&campaign.data()).unwrap());
        campaign
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn undo(&self) -> PathBuf {
        self.directory.path().join("undo")
    }

    /// One life of a server: write until it dies.
    fn cycle(&mut self, faults: &[(&str, String)]) -> Life {
        let data = self.data();
        let server = process::start(with_faults(&mut serve(&data), &data, faults));
        let server = match server {
            Ok(server) => server,
            Err(reason) => {
                println!("not started: {reason}");
                return Life::NotStarted;
            }
        };
        let address = server.address;
        let writers = self.ledgers.iter_mut().zip(LISTS);
        let acknowledged = thread::scope(|scope| {
            let write = |(ledger, (list, customer))| {
                scope.spawn(move || write_until_it_dies(address, list, customer, ledger))
            };
            let threads: Vec<_> = writers.map(write).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        Life::Served { acknowledged }
    }

    /// What each list shows now, in a healthy server: both items of a list have one price.
    fn shown(&self) -> Vec<u64> {
        let server = process::demo_on(&self.data()).unwrap();
        let mut client = Client::connect(server.address).unwrap();
        LISTS.iter().map(|(list, _)| shown(&mut client, *list)).collect()
    }

    /// How many lists lost what was acknowledged. Panics when something is half applied or
    /// was never sent.
    fn lost(&mut self) -> usize {
        let shown = self.shown();
        let mut lost = 0;
        for (ledger, shown) in self.ledgers.iter_mut().zip(shown) {
            assert!(shown <= ledger.sent, "{shown} was never sent: {ledger:?}");
            lost += usize::from(shown < ledger.acknowledged);
            *ledger = Ledger { acknowledged: shown, sent: ledger.sent };
        }
        lost
    }
}

fn serve(data: &Path) -> Command {
    let mut command =
        kontor(&["serve", "--demo", "--clock", process::CLOCK, "--listen", "127.0.0.1:0"]);
    command.arg("--data").arg(data);
    command
}

/// Returns how many writes were acknowledged.
fn write_until_it_dies(address: SocketAddr, list: u32, customer: &str, ledger: &mut Ledger) -> u64 {
    let Ok(mut client) = Client::connect(address) else { return 0 };
    let mut acknowledged = 0;
    for _ in 0..MAX_OPERATIONS {
        let price = ledger.sent + 1;
        ledger.sent = price;
        match write(&mut client, list, customer, price) {
            Some(201) => {
                ledger.acknowledged = price;
                acknowledged += 1;
            }
            Some(_) => {}
            None => break,
        }
    }
    acknowledged
}

/// Gives two items of a list the same price. `None`: no answer came.
fn write(client: &mut Client, list: u32, customer: &str, price: u64) -> Option<u16> {
    let body = format!(
        r#"{{"pricing_id":{list},"customer_number":"{customer}","items":[
            {{"catalog_number":"0101","price_after_discount":{price}}},
            {{"catalog_number":"100105","price_after_discount":{price}}}]}}"#
    );
    client.send("POST", ITEMS, TOKEN, &body).ok().map(|answer| answer.status)
}

/// The price both items of a list have; before the first write they may differ: 0.
fn shown(client: &mut Client, list: u32) -> u64 {
    let answer = client.get("/api/departments/thirdParty/pricings", TOKEN).unwrap();
    let lists: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let lists = lists.as_array().unwrap();
    let found = lists.iter().find(|found| found["pricing_id"].as_u64() == Some(list.into()));
    let items = found.unwrap()["catalog_items"].as_array().unwrap();
    let price = |item: u64| {
        let found = items.iter().find(|found| found["item_id"].as_u64() == Some(item));
        found.map(|item| item["price_after_discount"].to_string())
    };
    match (price(436), price(437)) {
        (Some(a), Some(b)) if a == b => a.parse().unwrap(),
        (a, b) => {
            let untouched = [("159", None), ("50", Some("20")), ("48", Some("19.5"))];
            let is_untouched = untouched.contains(&(a.as_deref().unwrap(), b.as_deref()));
            assert!(is_untouched, "list {list} is half applied: {a:?} {b:?}");
            0
        }
    }
}

/// How often a campaign goes round: in tests few times, with `KONTOR_TORTURE` more.
pub(crate) fn cycles(few: usize) -> usize {
    let more = std::env::var_os("KONTOR_TORTURE").and_then(|count| count.to_str()?.parse().ok());
    more.unwrap_or(few)
}

/// R-01: `kill -9` at a random operation, with three writers at work.
#[test]
fn torture_kill_loses_nothing_acknowledged() {
    let mut campaign = Campaign::new(SEED);
    let mut tally = Tally::default();
    for cycle in 0..cycles(100) {
        let kill = (1 + campaign.random.below(MAX_OPERATIONS)).to_string();
        tally.count(campaign.cycle(&[("SHIM_KILL", kill)]));
        assert_eq!(campaign.lost(), 0, "cycle {cycle}: {:?}", campaign.ledgers);
    }
    tally.check_not_empty();
    assert!(campaign.ledgers.iter().all(|ledger| ledger.acknowledged > 0), "nothing was written");
}

/// R-02: the power is cut at a random operation: what was not synced is gone.
#[test]
fn torture_power_cut_loses_nothing_acknowledged() {
    let tally = power_cuts(cycles(10), &[]);
    tally.check_not_empty();
    assert_eq!(tally.lost, 0, "{tally:?}");
}

/// The control of R-02: without a sync of the log at every commit something is lost.
#[test]
fn power_cut_without_sync_of_the_log_must_lose() {
    let tally = power_cuts(4, &[("SHIM_NO_WAL_SYNC", "1".to_owned())]);
    assert!(tally.acknowledged > 0 && tally.lost > 0, "{tally:?}");
}

fn power_cuts(cycles: usize, faults: &[(&str, String)]) -> Tally {
    let mut campaign = Campaign::new(SEED);
    let mut tally = Tally::default();
    for _ in 0..cycles {
        let kill = (1 + campaign.random.below(MAX_OPERATIONS)).to_string();
        let undo = campaign.undo().to_string_lossy().into_owned();
        let mut faults = faults.to_vec();
        faults.extend([("SHIM_KILL", kill), ("SHIM_UNDO", undo)]);
        tally.count(campaign.cycle(&faults));
        cut_power(&campaign.undo());
        match process::demo_on(&campaign.data()) {
            Ok(server) => {
                drop(server);
                tally.lost += campaign.lost();
            }
            // The data is older than what was acknowledged, and the server says so.
            Err(reason) => {
                println!("refused: {reason}");
                tally.lost += 1;
                return tally;
            }
        }
    }
    tally
}

/// R-04: the disk is full for a while: nothing acknowledged is lost, reads go on, and writes work
/// again when there is room.
#[test]
fn a_full_disk_refuses_writes_and_heals() {
    let mut campaign = Campaign::new(SEED);
    for _ in 0..cycles(6) {
        let from = 60 + campaign.random.below(150);
        let full = [("SHIM_FULL", format!("{from}-{}", from + 40))];
        let data = campaign.data();
        let server = process::start(with_faults(&mut serve(&data), &data, &full)).unwrap();
        let refused = write_through_a_full_disk(&server, &mut campaign.ledgers[0]);
        assert!(refused > 0, "the disk was never full");
        drop(server);
        assert_eq!(campaign.lost(), 0, "{:?}", campaign.ledgers);
    }
}

/// Writes until writes were refused and then succeeded again. Returns how many were refused.
fn write_through_a_full_disk(server: &Server, ledger: &mut Ledger) -> usize {
    let mut client = Client::connect(server.address).unwrap();
    let (list, customer) = LISTS[0];
    let mut refused = 0;
    for _ in 0..MAX_OPERATIONS {
        let price = ledger.sent + 1;
        ledger.sent = price;
        let status = write(&mut client, list, customer, price).expect("the server goes on");
        let read = client.get("/api/departments/thirdParty/items", TOKEN).unwrap();
        assert_eq!(read.status, 200, "reads go on");
        match status {
            201 => {
                ledger.acknowledged = price;
                assert_eq!(shown(&mut client, list), price, "what is acknowledged is visible");
                if refused > 0 {
                    return refused;
                }
            }
            500..=599 => refused += 1,
            other => panic!("unexpected answer {other}"),
        }
    }
    panic!("the disk never healed ({refused} refused)");
}

/// R-05: a sync fails. The server must not acknowledge any more, and what it had acknowledged is
/// there afterwards.
#[test]
fn a_failing_sync_stops_acknowledgements() {
    let mut campaign = Campaign::new(SEED);
    for sync in [40, 77, 120] {
        let life = campaign.cycle(&[("SHIM_EIO", sync.to_string())]);
        let served = matches!(life, Life::Served { acknowledged } if acknowledged > 0);
        assert!(served, "sync {sync}: {life:?}");
        let has_failed = |ledger: &Ledger| ledger.acknowledged < ledger.sent;
        assert!(campaign.ledgers.iter().all(has_failed), "no sync failed: {:?}", campaign.ledgers);
        assert_eq!(campaign.lost(), 0, "{:?}", campaign.ledgers);
    }
}

/// R-05: a server that cannot acknowledge any more says why and ends, so that whoever watches it
/// starts it again: only the disk knows what is on it.
#[test]
fn a_failing_sync_ends_the_server() {
    let mut campaign = Campaign::new(SEED);
    let data = campaign.data();
    let fault = [("SHIM_EIO", "40".to_owned())];
    let log = campaign.directory.path().join("log");
    let log_file = File::create(&log).unwrap();
    let mut command = serve(&data);
    let command = with_faults(&mut command, &data, &fault);
    let mut server = process::start_logging(command, log_file.into()).unwrap();
    let (list, customer) = LISTS[0];
    write_until_it_dies(server.address, list, customer, &mut campaign.ledgers[0]);
    let status = server.child.wait().unwrap();
    let said = std::fs::read_to_string(log).unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("nothing can be written any more"), "{said}");
    assert_eq!(campaign.lost(), 0, "{:?}", campaign.ledgers);
}

/// R-01 for imports: killed at a random operation, a catalogue is there whole or not at all. From the
/// second on they are written in slices.
#[test]
fn torture_import_is_whole_or_not_at_all() {
    let ends = broken_imports(cycles(12), &|kill, _| vec![("SHIM_KILL", kill)]);
    assert!(ends.before > 0 && ends.after > 0, "{ends:?}");
}

/// R-02 for imports: the power is cut.
#[test]
fn torture_import_survives_a_power_cut() {
    let ends = broken_imports(cycles(8), &|kill, undo| {
        vec![("SHIM_KILL", kill), ("SHIM_UNDO", undo.to_string_lossy().into_owned())]
    });
    assert!(ends.before > 0 && ends.after > 0, "{ends:?}");
}

/// R-04 for imports: the disk is full, and stays so until the import gives up.
#[test]
fn an_import_on_a_full_disk_changes_nothing() {
    let ends =
        broken_imports(cycles(6), &|from, _| vec![("SHIM_FULL", format!("{from}-100000000"))]);
    assert!(ends.before > 0, "{ends:?}");
}

/// R-05 for imports: a sync fails.
#[test]
fn an_import_whose_sync_fails_is_whole_or_not_at_all() {
    let ends = broken_imports(cycles(6), &|operation, _| {
        let sync: u64 = operation.parse().unwrap();
        vec![("SHIM_EIO", (1 + sync / 10).to_string())]
    });
    assert!(ends.before > 0, "{ends:?}");
}

/// Settings of the library that stands before the disk.
type Faults = Vec<(&'static str, String)>;

/// How imports with a fault ended.
#[derive(Debug, Default)]
struct Ends {
    /// Broken off, and nothing is seen of them.
    before: usize,
    /// Broken off when everything was seen.
    after: usize,
    finished: usize,
}

/// Imports one version of a catalogue after the other, each with a fault at a random operation, and
/// looks after each whether it is there whole or not at all.
fn broken_imports(cycles: usize, faults: &dyn Fn(String, &Path) -> Faults) -> Ends {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (data, folder) = (directory.path().join("data"), directory.path().join("folder"));
    std::fs::create_dir(&folder).unwrap();
    write_catalogue(&folder, 1);
    let import = || {
        let mut import = kontor(&["import"]);
        import.arg(&folder).arg("--data").arg(&data);
        import
    };
    let done = import().output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let (mut random, mut version, mut ends) = (Random(SEED), 1, Ends::default());
    for _ in 0..cycles {
        let next = version + 1;
        write_catalogue(&folder, next);
        let undo = directory.path().join("undo");
        let faults = faults((1 + random.below(OPERATIONS_OF_IMPORT)).to_string(), &undo);
        let done = with_faults(&mut import(), &data, &faults).output().unwrap();
        if undo.exists() && done.status.code().is_none() {
            cut_power(&undo);
        }
        let shown = catalogue_version(&data, directory.path());
        let is_done = done.status.success();
        let end = match (is_done, shown == next) {
            (true, _) => &mut ends.finished,
            (false, true) => &mut ends.after,
            (false, false) => &mut ends.before,
        };
        *end += 1;
        assert!(shown == next || !is_done && shown == version, "{shown} after {version}");
        version = shown;
        assert_sound(&data);
    }
    println!("{ends:?}");
    ends
}

/// Nothing is wrong with the data: every row, sum and change.
fn assert_sound(data: &Path) {
    let checked = kontor(&["doctor"]).arg("--data").arg(data).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// So many that prices are written in slices.
const PRODUCTS: usize = 4_100;
/// Operations on the disk of such an import, about.
const OPERATIONS_OF_IMPORT: u64 = 400;

/// A catalogue in which every price says which version it is of.
fn write_catalogue(folder: &Path, version: usize) {
    let mut products = String::from("sku,base_uom\n");
    let mut prices = String::from("price_list,sku,amount\n");
    for product in 0..PRODUCTS {
        products.push_str(&format!("P{product},C62\n"));
        prices.push_str(&format!("L,P{product},{version}\n"));
    }
    let supplier = "supplier,time_zone,currency\ntest,UTC,EUR\n";
    for (name, text) in [
        ("supplier.csv", supplier),
        ("products.csv", &products),
        ("price_lists.csv", "price_list\nL\n"),
        ("prices.csv", &prices),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

/// The version that all prices are of; 0 without any.
fn catalogue_version(data: &Path, scratch: &Path) -> usize {
    let out = scratch.join("export");
    let mut export = kontor(&["export", "--supplier", "test", "--force"]);
    let done = export.arg(&out).arg("--data").arg(data).output().unwrap();
    if !done.status.success() {
        let error = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(error.contains("no supplier test"), "{error}");
        return 0;
    }
    let prices = std::fs::read_to_string(out.join("prices.csv")).unwrap();
    let mut lines = prices.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let column = header.iter().position(|name| *name == "amount").unwrap();
    let versions: Vec<&str> = lines.map(|line| line.split(',').nth(column).unwrap()).collect();
    assert_eq!(versions.len(), PRODUCTS, "half applied");
    assert!(versions.iter().all(|version| version == &versions[0]), "half applied");
    versions[0].parse().unwrap()
}
