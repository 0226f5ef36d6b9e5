//! A partner that sends leads, remembers what it was answered, and repeats what it was not.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::faults::Random;
use crate::http::{Answer, Client};
use crate::process::DEMO_TOKEN;

/// The addresses of all people end with it.
pub(super) const DOMAIN: &str = "@crash.example";
/// Calls of a client during one life of a server.
const CALLS: usize = 60;
const MALFORMED: u64 = 18;
const DUPLICATE: u64 = 16;

/// A call with leads that are all good.
#[derive(Clone)]
pub(super) struct Call {
    key: Option<String>,
    body: String,
    pub(super) people: Vec<String>,
    /// The numbers its leads got, as far as an answer told them.
    pub(super) numbers: Vec<i64>,
}

/// A partner. It outlives the servers it sends to.
pub(super) struct LeadClient {
    number: u64,
    random: Random,
    /// People that were made up.
    people: u64,
    accepted: Vec<Call>,
    /// The call whose answer never came.
    unanswered: Option<Call>,
    /// Calls that were repeated after they had been answered.
    pub(super) repeated_calls: usize,
}

impl LeadClient {
    pub(super) fn new(number: u64, seed: u64) -> Self {
        Self {
            number,
            random: Random(seed * (number + 1)),
            people: 0,
            accepted: Vec::new(),
            unanswered: None,
            repeated_calls: 0,
        }
    }

    /// Calls that were accepted, each once.
    pub(super) fn accepted(&self) -> impl Iterator<Item = &Call> {
        self.accepted.iter()
    }

    /// Sends calls. `true`: the server died meanwhile.
    pub(super) fn send_until_it_dies(&mut self, address: SocketAddr) -> bool {
        self.send_all(address).is_none()
    }

    /// Gets the answer that never came, from a server that does not die.
    pub(super) fn settle(&mut self, address: SocketAddr) {
        let mut client = Client::connect(address).unwrap();
        self.repeat(&mut client).expect("an answer");
    }

    /// `None`: an answer did not come.
    fn send_all(&mut self, address: SocketAddr) -> Option<()> {
        let mut client = Client::connect(address).ok()?;
        self.repeat(&mut client)?;
        for _ in 0..CALLS {
            match self.random.below(8) {
                0 => self.send_faulty(&mut client)?,
                1 => self.send_with_used_key(&mut client)?,
                _ => self.send_good(&mut client)?,
            }
        }
        Some(())
    }

    /// Repeats what was not answered, and the last call that was: it gets the same numbers.
    fn repeat(&mut self, client: &mut Client) -> Option<()> {
        if let Some(call) = self.unanswered.clone() {
            self.send(client, call)?;
        }
        let known = self.accepted.iter().rev().find(|call| call.key.is_some());
        if let Some(call) = known {
            let answer = post(client, call.key.as_deref(), &call.body)?;
            assert_eq!((answer.status, numbers(&answer)), (200, call.numbers.clone()));
            self.repeated_calls += 1;
        }
        Some(())
    }

    fn send_good(&mut self, client: &mut Client) -> Option<()> {
        let count = 1 + self.random.below(5);
        let people: Vec<String> = (0..count).map(|_| self.person("")).collect();
        let leads: Vec<Value> = people.iter().map(|person| lead(person, "75001")).collect();
        let key = (self.random.below(4) > 0).then(|| format!("{}-{}", self.number, self.people));
        let call = Call { key, body: Value::from(leads).to_string(), people, numbers: Vec::new() };
        self.send(client, call)
    }

    fn send(&mut self, client: &mut Client, mut call: Call) -> Option<()> {
        let is_repeated = self.unanswered.replace(call.clone()).is_some();
        let answer = post(client, call.key.as_deref(), &call.body)?;
        self.unanswered = None;
        match answer.status {
            200 => {
                call.numbers = numbers(&answer);
                assert_eq!(call.numbers.len(), call.people.len(), "{}", answer.body);
            }
            // It had been stored before the answer was lost, whole.
            400 if is_repeated && call.key.is_none() => {
                assert_eq!(codes(&answer), vec![DUPLICATE; call.people.len()], "{}", answer.body);
            }
            _ => panic!("{answer:?} to {}", call.body),
        }
        self.accepted.push(call);
        Some(())
    }

    /// Good leads and one that is not: nothing of them may be stored.
    fn send_faulty(&mut self, client: &mut Client) -> Option<()> {
        let leads = [(lead(&self.person("good-"), "75001")), lead(&self.person("bad-"), "7500")];
        let answer = post(client, None, &Value::from(leads.to_vec()).to_string())?;
        assert_eq!((answer.status, codes(&answer)), (400, vec![14]), "{}", answer.body);
        Some(())
    }

    /// A key that stands for another call: nothing may be stored.
    fn send_with_used_key(&mut self, client: &mut Client) -> Option<()> {
        let Some(key) = self.accepted.iter().rev().find_map(|call| call.key.clone()) else {
            return Some(());
        };
        let body = Value::from(vec![lead(&self.person("reused-"), "75001")]).to_string();
        let answer = post(client, Some(&key), &body)?;
        assert_eq!((answer.status, codes(&answer)), (400, vec![MALFORMED]), "{}", answer.body);
        Some(())
    }

    /// An address and, in it, a phone number that nobody has.
    fn person(&mut self, prefix: &str) -> String {
        self.people += 1;
        format!("{prefix}{}{:08}{DOMAIN}", self.number, self.people)
    }
}

fn lead(email: &str, zip_code: &str) -> Value {
    let digits: String = email.chars().filter(char::is_ascii_digit).collect();
    json!({"categoryId": 1463, "data": {
        "30148": 25638, "25533": zip_code, "email": email, "phone": format!("0{digits}"),
        "companyName": "CRASH", "segment": 1, "firstname": "Wayne", "lastname": "Hotte",
    }})
}

/// `None`: no answer came.
fn post(client: &mut Client, key: Option<&str>, body: &str) -> Option<Answer> {
    let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
    let headers = format!("Authorization: Bearer {DEMO_TOKEN}\r\n{key}");
    client.send("POST", "/api/v1/partners/create_rfq", &headers, body).ok()
}

/// The numbers of an answer's leads, in their order.
fn numbers(answer: &Answer) -> Vec<i64> {
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    let inputs = (0..).map_while(|place| told["data"].get(format!("input_{place}")));
    inputs.map(|input| input["rfq_id"].as_str().unwrap().parse().unwrap()).collect()
}

/// The codes of an answer's faults, in their order.
fn codes(answer: &Answer) -> Vec<u64> {
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    let faults: Vec<&Value> = match told["errors"].as_object() {
        Some(inputs) => inputs.values().flat_map(|all| all.as_array().unwrap()).collect(),
        None => told["errors"].as_array().unwrap().iter().collect(),
    };
    faults.iter().map(|fault| fault["code"].as_u64().unwrap()).collect()
}
