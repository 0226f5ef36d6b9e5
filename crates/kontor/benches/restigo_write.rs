//! `cargo bench -p kontor`: small writes a second by Restigo, and how long a price question by
//! SECOMP takes meanwhile, both over HTTP with the server as users run it.
//!
//! In each round one client asks for a price every millisecond, while nobody writes, while one
//! client writes, and while sixteen do; the figures of all rounds are taken together. A write is
//! acknowledged when it is durable and shown. Clients share commits, so sixteen of them get far
//! more than sixteen times the share of one. The data lies in the target directory, hence on its
//! disk; clients and server share the processors.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be set up is none"
)]

#[path = "../tests/it/http.rs"]
mod http;
#[expect(dead_code, reason = "a benchmark starts one server and asks it")]
#[path = "../tests/it/process.rs"]
mod process;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use http::Client;

const ROUNDS: usize = 5;
/// How long each measurement of a round takes.
const TIME: Duration = Duration::from_secs(2);
/// Time between an answer and the next question.
const PAUSE: Duration = Duration::from_millis(1);
/// Clients that write at once.
const WRITERS: [usize; 3] = [0, 1, 16];

const ARTICLE: &str = "/ProductQueryFR?userid=_RQ123456&password=12abcd34&product_id=11045682";
const ITEMS: &str = "/api/departments/thirdParty/pricings/items";
const TOKEN: &str = "token: tok-restigo-demo\r\n";

/// Times of all rounds with so many writers.
#[derive(Default)]
struct Measured {
    writes: Vec<Duration>,
    reads: Vec<Duration>,
}

fn main() {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let server = process::demo_on(&directory.path().join("data")).unwrap();
    // The first question has the password checked.
    read(&mut Client::connect(server.address).unwrap());
    let mut all = WRITERS.map(|_| Measured::default());
    for _ in 0..ROUNDS {
        for (measured, writers) in all.iter_mut().zip(WRITERS) {
            measure(server.address, writers, measured);
        }
    }
    let mut of_one = None;
    for (measured, writers) in all.iter_mut().zip(WRITERS) {
        let count = measured.writes.len() as u128;
        let a_second = count * 1_000 / (TIME.as_millis() * ROUNDS as u128);
        println!("{writers} clients write: {a_second} writes/s");
        if writers > 0 {
            report("a write", &mut measured.writes);
            let of_one = *of_one.get_or_insert(count.max(1));
            println!("  {} % of what 1 client writes", count * 100 / of_one);
        }
        report("a price question meanwhile", &mut measured.reads);
    }
}

fn measure(address: SocketAddr, writers: usize, measured: &mut Measured) {
    let done = &AtomicBool::new(false);
    std::thread::scope(|threads| {
        let writers: Vec<_> = (0..writers)
            .map(|writer| threads.spawn(move || write_until(done, address, writer)))
            .collect();
        let mut client = Client::connect(address).unwrap();
        let end = Instant::now() + TIME;
        while Instant::now() < end {
            measured.reads.push(read(&mut client));
            std::thread::sleep(PAUSE);
        }
        done.store(true, Ordering::Relaxed);
        for writer in writers {
            measured.writes.extend(writer.join().unwrap());
        }
    });
}

fn read(client: &mut Client) -> Duration {
    let begun = Instant::now();
    let answer = client.get(ARTICLE, "").unwrap();
    let time = begun.elapsed();
    assert!(answer.status == 200 && answer.body.contains("<PRICE>"), "{}", answer.body);
    time
}

/// Sets one price after the other, each another than before.
fn write_until(done: &AtomicBool, address: SocketAddr, writer: usize) -> Vec<Duration> {
    let mut client = Client::connect(address).unwrap();
    let number = if writer.is_multiple_of(2) { "0101" } else { "100105" };
    let mut times = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let price = times.len() * 16 + writer;
        let item = format!(r#"{{"catalog_number":"{number}","price_after_discount":{price}}}"#);
        let body = format!(r#"{{"pricing_id":4515,"customer_number":"556781","items":[{item}]}}"#);
        let begun = Instant::now();
        let answer = client.send("POST", ITEMS, TOKEN, &body).unwrap();
        times.push(begun.elapsed());
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    times
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    let most = times.last().copied().unwrap_or_default();
    let count = times.len();
    println!("  {what}: p50 {:?}, p99 {:?}, most {most:?} ({count} times)", at(50), at(99));
}
