//! A receiver of webhooks that fails half of the deliveries and remembers all of them.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use super::Victim;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// The frozen clock of the servers in seconds.
const TIMESTAMP: &str = "1453980268";
/// For a server that does not deliver: then the test has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// What came.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) attempts: usize,
    pub(super) failed: usize,
    /// Deliveries of leads that had been taken before.
    pub(super) repeated: usize,
}

pub(crate) struct Receiver {
    pub(super) address: SocketAddr,
    seed: u64,
    state: Mutex<State>,
    came: Condvar,
}

#[derive(Default)]
struct State {
    seen: Seen,
    leads: HashMap<i64, Delivered>,
    /// Deliveries until the server is killed, and the server.
    kill: Option<(u64, Victim)>,
    /// What was wrong with a delivery.
    fault: Option<String>,
}

/// What came of one lead.
struct Delivered {
    id: String,
    body: String,
    attempts: u64,
    taken: bool,
}

/// A request of the server.
struct Delivery {
    headers: HashMap<String, String>,
    body: String,
}

/// What is done with a delivery; half of them fail.
enum Fate {
    Take,
    Answer(&'static str),
    HangUp,
}

impl Receiver {
    /// Listens until the test ends.
    pub(crate) fn start(seed: u64) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Mutex::default();
        let receiver = Arc::new(Self { address, seed, state, came: Condvar::new() });
        let shared = Arc::clone(&receiver);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let receiver = Arc::clone(&shared);
                // Who is killed leaves half a request.
                thread::spawn(move || drop(receiver.receive(stream)));
            }
        });
        receiver
    }

    /// The settings by which a server seals leads and delivers them here, without delay.
    pub(crate) fn config(&self) -> String {
        format!(
            "[companeo.leads]\nseal_key = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"\n\
             [companeo.leads.webhooks.demo42]\nurl = \"http://{}/leads\"\nsecret = \"{SECRET}\"\n\
             allow_private = true\nretry_seconds = {:?}\n",
            self.address, [0; 30]
        )
    }

    /// Kills the server when so many deliveries have come, before the last is answered.
    pub(super) fn kill_at(&self, number: u64, victim: Victim) {
        self.state.lock().unwrap().kill = Some((number, victim));
    }

    /// Waits until all these leads were taken.
    pub(crate) fn wait_until_taken(&self, leads: &HashSet<i64>) {
        let missing = |state: &State| {
            let taken = |lead: &&i64| state.leads.get(lead).is_some_and(|lead| lead.taken);
            leads.len() - leads.iter().filter(taken).count()
        };
        let state = self.state.lock().unwrap();
        let wait = self.came.wait_timeout_while(state, PATIENCE, |state| {
            state.fault.is_none() && missing(state) > 0
        });
        let state = wait.unwrap().0;
        assert_eq!(state.fault, None);
        assert_eq!(missing(&state), 0, "leads were acknowledged and never delivered");
    }

    pub(super) fn seen(&self) -> Seen {
        self.state.lock().unwrap().seen
    }

    fn receive(&self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        let delivery = Delivery::read(&mut stream)?;
        let answer = match self.remember(&delivery) {
            Fate::Take => "204 No Content",
            Fate::Answer(status) => status,
            Fate::HangUp => return Ok(()),
        };
        write!(stream.get_mut(), "HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n")
    }

    fn remember(&self, delivery: &Delivery) -> Fate {
        let mut state = self.state.lock().unwrap();
        state.kill_when_due();
        state.seen.attempts += 1;
        let fate = match state.note(delivery) {
            Ok((lead, attempt)) => self.fate(lead, attempt),
            Err(fault) => {
                state.fault.get_or_insert(fault);
                Fate::HangUp
            }
        };
        match fate {
            Fate::Take => state.take(delivery.lead()),
            Fate::Answer(_) | Fate::HangUp => state.seen.failed += 1,
        }
        drop(state);
        self.came.notify_all();
        fate
    }

    /// Depends on the seed, the lead and the attempt alone, not on what happens at the same time.
    fn fate(&self, lead: i64, attempt: u64) -> Fate {
        let mut mixed = self.seed ^ lead.unsigned_abs().wrapping_mul(31).wrapping_add(attempt);
        for _ in 0..3 {
            mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        match (mixed >> 32) % 8 {
            0 => Fate::Answer("500 Internal Server Error"),
            1 => Fate::Answer("503 Service Unavailable"),
            2 => Fate::Answer("302 Found"),
            3 => Fate::HangUp,
            _ => Fate::Take,
        }
    }
}

impl State {
    fn kill_when_due(&mut self) {
        match &mut self.kill {
            Some((1, victim)) => {
                drop(victim.lock().unwrap().take());
                self.kill = None;
            }
            Some((number, _)) => *number -= 1,
            None => {}
        }
    }

    /// Checks a delivery against what is known of its lead. Returns the lead and the attempt.
    fn note(&mut self, delivery: &Delivery) -> Result<(i64, u64), String> {
        let (lead, id) = (delivery.lead(), delivery.header("webhook-id"));
        if id != format!("lead_demo42_{lead}") || !delivery.is_signed() {
            return Err(format!("{id} of lead {lead} is not signed: {:?}", delivery.headers));
        }
        let known = self.leads.entry(lead).or_insert_with(|| Delivered {
            id: id.to_owned(),
            body: delivery.body.clone(),
            attempts: 0,
            taken: false,
        });
        if known.id != id || known.body != delivery.body {
            return Err(format!("lead {lead} came as {} and as {}", known.body, delivery.body));
        }
        known.attempts += 1;
        Ok((lead, known.attempts))
    }

    fn take(&mut self, lead: i64) {
        if let Some(known) = self.leads.get_mut(&lead) {
            self.seen.repeated += usize::from(known.taken);
            known.taken = true;
        }
    }
}

impl Delivery {
    fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Self> {
        let (mut line, mut headers) = (String::new(), HashMap::new());
        stream.read_line(&mut line)?;
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok());
        let mut body = vec![0; length.ok_or(io::ErrorKind::UnexpectedEof)?];
        stream.read_exact(&mut body)?;
        Ok(Self { headers, body: String::from_utf8_lossy(&body).into_owned() })
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The number of the lead; 0 in what is no delivery.
    fn lead(&self) -> i64 {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["data"]["lead"].as_i64().unwrap_or_default()
    }

    /// Checks as a receiver of Standard Webhooks does.
    fn is_signed(&self) -> bool {
        let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let (id, timestamp) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        mac.update(format!("{id}.{timestamp}.{}", self.body).as_bytes());
        let signature = self.header("webhook-signature").strip_prefix("v1,");
        let signature = signature.and_then(|signature| STANDARD.decode(signature).ok());
        let is_right = signature.is_some_and(|signature| mac.verify_slice(&signature).is_ok());
        is_right && timestamp == TIMESTAMP
    }
}
