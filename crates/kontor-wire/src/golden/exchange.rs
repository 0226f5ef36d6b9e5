//! One request and its answer over a plain socket, byte by byte as the case says.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flate2::read::MultiGzDecoder;

use super::case::Step;
use super::expand::Macros;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How long to look for bytes that must not come after an answer without body.
const SILENCE: Duration = Duration::from_millis(500);

/// An answer.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// What is wrong with it in any case.
    pub(super) problems: Vec<String>,
}

impl Received {
    pub(super) fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }
}

/// Sends the request of a step and reads the answer.
pub(super) fn exchange(address: SocketAddr, step: &Step, macros: &Macros) -> io::Result<Received> {
    let request = Prepared::new(step, macros)?;
    let stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let answer_begins = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| send(&stream, &request.bytes, &answer_begins));
        let answer = stream.peek(&mut [0]).and_then(|_| {
            answer_begins.store(true, Ordering::Relaxed);
            let reader =
                Reader { stream: &stream, buffer: Vec::new(), deadline: Instant::now() + TIMEOUT };
            reader.answer(&request)
        });
        // Ends a write that still waits for a server that has answered already. A connection the
        // server has closed is shut down already, which is an error that says nothing new.
        let _ = stream.shutdown(Shutdown::Both);
        answer
    })
}

/// Writes a request until it is sent or the server answers; what came of it shows in the answer.
fn send(mut stream: &TcpStream, bytes: &[u8], answer_begins: &AtomicBool) {
    for piece in bytes.chunks(16 * 1024) {
        if answer_begins.load(Ordering::Relaxed) || stream.write_all(piece).is_err() {
            return;
        }
    }
}

/// A request as it goes over the wire, and what the answer depends on.
struct Prepared {
    method: String,
    bytes: Vec<u8>,
    /// Whether the client said which content codings it takes.
    names_codings: bool,
}

impl Prepared {
    fn new(step: &Step, macros: &Macros) -> io::Result<Self> {
        let line = macros.expand(&step.request_line);
        let parts: Vec<&str> = line.split(' ').collect();
        let (method, target, version) = match parts.as_slice() {
            [method, target, version] => (*method, *target, *version),
            [method, target, ..] => (*method, *target, "HTTP/1.1"),
            _ => return Err(io::Error::other("not a request line")),
        };
        let body = body_bytes(&macros.expand(&step.body))?;
        let mut headers: Vec<(&str, String)> = step
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), macros.expand(value)))
            .collect();
        let given =
            |wanted: &str| step.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let chunked = given("transfer-encoding");
        if !given("host") {
            headers.insert(0, ("Host", macros.host.clone()));
        }
        if !given("connection") {
            headers.push(("Connection", "close".to_owned()));
        }
        let has_body = !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH");
        if !given("content-length") && !chunked && has_body {
            headers.push(("Content-Length", body.len().to_string()));
        }

        let mut bytes = format!("{method} {target} {version}\r\n").into_bytes();
        for (name, value) in headers.iter().filter(|(_, value)| value != "{NONE}") {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        if chunked {
            for piece in body.chunks(7) {
                bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
                bytes.extend_from_slice(piece);
                bytes.extend_from_slice(b"\r\n");
            }
            bytes.extend_from_slice(b"0\r\n\r\n");
        } else {
            bytes.extend_from_slice(&body);
        }
        Ok(Self { method: method.to_owned(), bytes, names_codings: given("accept-encoding") })
    }
}

/// A body: text, or hexadecimal digits after a line `%hex`.
fn body_bytes(text: &str) -> io::Result<Vec<u8>> {
    let Some(hexadecimal) = text.strip_prefix("%hex\n") else {
        return Ok(text.as_bytes().to_vec());
    };
    let digits: Option<Vec<u8>> = hexadecimal
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2));
    let digits = digits.ok_or_else(|| io::Error::other("a %hex body with other characters"))?;
    Ok(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

/// Reads an answer from a connection.
struct Reader<'a> {
    stream: &'a TcpStream,
    /// What has come and has not been looked at.
    buffer: Vec<u8>,
    deadline: Instant,
}

impl Reader<'_> {
    fn answer(mut self, request: &Prepared) -> io::Result<Received> {
        let mut answer = loop {
            let answer = self.head()?;
            if answer.status != 100 {
                break answer;
            }
        };
        if request.method == "HEAD" || matches!(answer.status, 204 | 304) {
            self.expect_silence(&request.method, &mut answer);
            return Ok(answer);
        }
        let chunked = answer
            .header_values("transfer-encoding")
            .any(|value| value.to_ascii_lowercase().contains("chunked"));
        let length = answer.header_values("content-length").next().map(str::to_owned);
        if chunked {
            answer.body = self.chunks()?;
        } else if let Some(length) = length {
            let length = length.parse().map_err(|_| io::Error::other("bad Content-Length"))?;
            while self.buffer.len() < length {
                if !self.more()? {
                    let got = self.buffer.len();
                    let problem = format!("connection closed after {got} of {length} body bytes");
                    answer.problems.push(problem);
                    break;
                }
            }
            answer.body = self.take(length);
        } else {
            while self.more()? {}
            answer.body = std::mem::take(&mut self.buffer);
        }
        unpack(&mut answer, request.names_codings)?;
        Ok(answer)
    }

    /// Status line and headers.
    fn head(&mut self) -> io::Result<Received> {
        let head = self.take_until(b"\r\n\r\n", "connection closed before an answer")?;
        let head: Vec<String> = head.split(|byte| *byte == b'\n').map(text_of_line).collect();
        let mut lines = head.iter();
        let status_line = lines.next().map(String::as_str).unwrap_or_default();
        let status = status_of(status_line)
            .ok_or_else(|| io::Error::other(format!("bad status line {status_line:?}")))?;
        let mut answer = Received { status, ..Received::default() };
        for line in lines {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            if name.len() == line.len() || name != name.trim() {
                answer.problems.push(format!("bad header line {line:?}"));
            }
            answer.headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Ok(answer)
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let closed = "connection closed inside a chunked body";
        let mut body = Vec::new();
        loop {
            let size = self.take_until(b"\r\n", closed)?;
            let size = String::from_utf8_lossy(&size);
            let size = size.split(';').next().unwrap_or_default().trim();
            let size =
                usize::from_str_radix(size, 16).map_err(|_| io::Error::other("bad chunk size"))?;
            while self.buffer.len() < size.saturating_add(2) {
                if !self.more()? {
                    return Err(io::Error::other(closed));
                }
            }
            body.extend(self.take(size));
            self.take(2);
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn expect_silence(&mut self, method: &str, answer: &mut Received) {
        self.deadline = self.deadline.min(Instant::now() + SILENCE);
        // Silence until the deadline is as good as a closed connection.
        while matches!(self.more(), Ok(true)) {}
        if !self.buffer.is_empty() {
            let length = self.buffer.len();
            let problem =
                format!("a body of {length} bytes after the headers of a {method} answer");
            answer.problems.push(problem);
        }
    }

    /// Takes what comes before `mark`, and takes the mark off.
    fn take_until(&mut self, mark: &[u8], closed: &str) -> io::Result<Vec<u8>> {
        loop {
            let found = self.buffer.windows(mark.len()).position(|window| window == mark);
            if let Some(at) = found {
                let before = self.take(at);
                self.take(mark.len());
                return Ok(before);
            }
            if !self.more()? {
                let start: String =
                    String::from_utf8_lossy(&self.buffer).chars().take(80).collect();
                return Err(io::Error::other(format!("{closed} (got {start:?})")));
            }
        }
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        self.buffer.drain(..length.min(self.buffer.len())).collect()
    }

    /// Waits for more bytes; false when the connection has been closed.
    fn more(&mut self) -> io::Result<bool> {
        let remaining = self.deadline.saturating_duration_since(Instant::now());
        self.stream.set_read_timeout(Some(remaining.max(Duration::from_millis(10))))?;
        let mut piece = [0; 16 * 1024];
        let length = self.stream.read(&mut piece)?;
        self.buffer.extend_from_slice(piece.get(..length).unwrap_or_default());
        Ok(length > 0)
    }
}

/// A line of the head, as UTF-8 where it is, else byte by byte.
fn text_of_line(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        Err(_) => line.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn status_of(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "))?;
    let (code, _) = rest.split_once(' ').unwrap_or((rest, ""));
    code.parse().ok().filter(|status| code.len() == 3 && *status >= 100)
}

/// Takes off the content coding. One that nobody asked for is a problem.
fn unpack(answer: &mut Received, names_codings: bool) -> io::Result<()> {
    let coding = answer.header_values("content-encoding").next().map(str::to_ascii_lowercase);
    let Some(coding) = coding.filter(|coding| coding != "identity") else {
        return Ok(());
    };
    if !names_codings {
        let problem =
            format!("Content-Encoding: {coding} although the request had no Accept-Encoding");
        answer.problems.push(problem);
    }
    if coding == "gzip" {
        let mut plain = Vec::new();
        MultiGzDecoder::new(answer.body.as_slice()).read_to_end(&mut plain)?;
        answer.body = plain;
    }
    Ok(())
}
