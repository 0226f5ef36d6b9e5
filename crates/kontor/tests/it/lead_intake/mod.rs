//! Leads are money: none that was acknowledged is lost, doubled or undelivered, however often the
//! server is killed while they come in and go out. The test prints its seed.

mod client;
mod receiver;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::faults::{Random, with_faults};
use crate::process::{self, Server, kontor};
use client::LeadClient;

pub(crate) use receiver::Receiver;

const SEED: u64 = 0x6c65_6164;
const CLIENTS: u64 = 3;
/// Kills when `KONTOR_TORTURE` does not say how many.
const KILLS: usize = 100;
/// Most operations on the disk, and most deliveries, that a server lives for.
const MAX_OPERATIONS: u64 = 300;
const MAX_DELIVERIES: u64 = 60;

/// How a server ends.
enum Death {
    /// At an operation on the disk; a write is torn.
    AtOperation(u64),
    /// When a delivery has come to the receiver and is not answered yet.
    AtDelivery(u64),
}

/// A server that somebody else may kill.
type Victim = Arc<Mutex<Option<Server>>>;

struct Campaign {
    directory: tempfile::TempDir,
    receiver: Arc<Receiver>,
    clients: Vec<LeadClient>,
    random: Random,
}

impl Campaign {
    fn new() -> Self {
        println!("seed {SEED:#x}");
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let receiver = Receiver::start(SEED);
        std::fs::write(directory.path().join("kontor.toml"), receiver.config()).unwrap();
        let clients = (1..=CLIENTS).map(|number| LeadClient::new(number, SEED)).collect();
        Self { directory, receiver, clients, random: Random(SEED) }
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn configured<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let config = self.directory.path().join("kontor.toml");
        command.arg("--config").arg(config).arg("--data").arg(self.data())
    }

    fn start(&self, kill_at: Option<u64>) -> Result<Server, String> {
        let mut serve =
            kontor(&["serve", "--demo", "--clock", process::CLOCK, "--listen", "127.0.0.1:0"]);
        let kill: Vec<_> = kill_at.iter().map(|at| ("SHIM_KILL", at.to_string())).collect();
        process::start(with_faults(self.configured(&mut serve), &self.data(), &kill))
    }

    /// One life of a server. Whether it was killed while leads came in.
    fn live_and_die(&mut self) -> bool {
        let death = if self.random.below(2) == 0 {
            Death::AtOperation(1 + self.random.below(MAX_OPERATIONS))
        } else {
            Death::AtDelivery(1 + self.random.below(MAX_DELIVERIES))
        };
        let kill_at = match death {
            Death::AtOperation(number) => Some(number),
            Death::AtDelivery(_) => None,
        };
        // It may be killed while it starts.
        let Ok(server) = self.start(kill_at) else { return false };
        let address = server.address;
        let victim: Victim = Arc::new(Mutex::new(Some(server)));
        if let Death::AtDelivery(number) = death {
            self.receiver.kill_at(number, Arc::clone(&victim));
        }
        let has_died = thread::scope(|scope| {
            let send =
                |client| scope.spawn(move || LeadClient::send_until_it_dies(client, address));
            let clients: Vec<_> = self.clients.iter_mut().map(send).collect();
            clients.into_iter().map(|client| client.join().unwrap()).filter(|died| *died).count()
        });
        drop(victim.lock().unwrap().take());
        has_died > 0
    }

    /// The leads that are stored, by number, with their e-mail address.
    fn stored(&self) -> HashMap<i64, String> {
        let mut export = kontor(&["leads", "--supplier", "demo42", "export"]);
        let output = self.configured(&mut export).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let csv = String::from_utf8(output.stdout).unwrap();
        let mut stored = HashMap::new();
        for line in csv.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            if fields[7].ends_with(client::DOMAIN) {
                let before = stored.insert(fields[0].parse().unwrap(), fields[7].to_owned());
                assert_eq!(before, None, "{line}");
            }
        }
        stored
    }
}

#[test]
fn torture_intake_loses_doubles_and_forgets_no_lead() {
    let mut campaign = Campaign::new();
    let mut kills = 0;
    while kills < crate::durability::cycles(KILLS) {
        kills += usize::from(campaign.live_and_die());
    }
    let server = campaign.start(None).unwrap();
    for client in &mut campaign.clients {
        client.settle(server.address);
    }
    let stored = campaign.stored();
    every_lead_is_stored_once(&stored, &campaign.clients);
    campaign.receiver.wait_until_taken(&stored.keys().copied().collect());
    drop(server);
    let seen = campaign.receiver.seen();
    assert!(seen.repeated > 0, "no delivery was repeated after it had been taken");
    assert!(seen.failed * 3 > seen.attempts, "the receiver did not fail often enough");
    let repeats: usize = campaign.clients.iter().map(|client| client.repeated_calls).sum();
    assert!(repeats > kills / 2, "{repeats} calls were repeated");
    println!(
        "{kills} kills, {} leads, {} attempts to deliver ({} failed, {} taken twice), {repeats} calls repeated",
        stored.len(),
        seen.attempts,
        seen.failed,
        seen.repeated
    );
    nothing_is_readable(&campaign.data());
}

/// Compares what is stored with what was acknowledged.
fn every_lead_is_stored_once(stored: &HashMap<i64, String>, clients: &[LeadClient]) {
    let people: HashSet<&str> = stored.values().map(String::as_str).collect();
    assert_eq!(people.len(), stored.len(), "a lead is stored twice");
    let mut accepted = HashSet::new();
    for call in clients.iter().flat_map(LeadClient::accepted) {
        for (place, person) in call.people.iter().enumerate() {
            assert!(people.contains(person.as_str()), "{person} is lost");
            assert!(accepted.insert(person.as_str()), "{person} was accepted twice");
            // A call whose answer was lost, and that had no key, does not know its numbers.
            if let Some(number) = call.numbers.get(place) {
                assert_eq!(stored.get(number), Some(person), "lead {number} is another's");
            }
        }
    }
    let refused: Vec<_> = people.difference(&accepted).collect();
    assert!(refused.is_empty(), "{refused:?} were not accepted");
    assert!(stored.len() > 100, "hardly anything was sent: {}", stored.len());
}

/// Sealed means sealed, also in what kills left behind.
fn nothing_is_readable(data: &Path) {
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let domain = client::DOMAIN.as_bytes();
        assert!(!bytes.windows(domain.len()).any(|part| part == domain), "{}", path.display());
    }
}
