//! Case files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The clock of cases that name none.
pub const CLOCK: &str = "2016-01-28T11:24:28.874Z";

/// One case file.
#[derive(Debug, Clone)]
pub struct Case {
    /// Folder and file without extension, e.g. `restigo/R01-post`.
    pub name: String,
    pub title: String,
    /// Begins with `FACT` or `DECISION`.
    pub why: String,
    pub state: State,
    /// Whether the order of the members of JSON objects counts.
    pub keys_ordered: bool,
    /// What the frozen clock of the server shows.
    pub clock: String,
    pub steps: Vec<Step>,
}

/// Whether the requests of a case could change data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Reads,
    Writes,
}

/// What of the answer is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Bytes,
    Json,
    Status,
}

/// A request and the answer it must get; all texts before their macros are expanded.
#[derive(Debug, Clone)]
pub struct Step {
    pub request_line: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub compare: Compare,
    pub status: u16,
    pub expected_headers: Vec<(String, String)>,
    pub expected_body: String,
}

/// A case file that breaks the format.
#[derive(Debug, Error)]
pub enum CaseError {
    #[error("cannot read {}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{name}: line {line}: {problem}")]
    Format { name: String, line: usize, problem: &'static str },
    #[error("{name}: '# {key}:' {problem}")]
    Key { name: String, key: &'static str, problem: &'static str },
}

/// Reads a case file, or all `.case` files in a folder and its folders, sorted by path.
pub fn load(path: &Path) -> Result<Vec<Case>, CaseError> {
    let read_error = |source| CaseError::Read { path: path.to_owned(), source };
    if !path.is_dir() {
        let text = std::fs::read_to_string(path).map_err(read_error)?;
        return Ok(vec![Case::parse(&name_of(path), &text)?]);
    }
    let mut paths = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
        .map_err(read_error)?;
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "case") {
            cases.extend(load(&path)?);
        }
    }
    Ok(cases)
}

fn name_of(path: &Path) -> String {
    let text =
        |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    format!("{}/{}", text(path.parent().and_then(Path::file_name)), text(path.file_stem()))
}

impl Case {
    /// Reads the text of a case file.
    pub fn parse(name: &str, text: &str) -> Result<Self, CaseError> {
        let format = |line, problem| CaseError::Format { name: name.to_owned(), line, problem };
        if text.contains('\r') {
            return Err(format(1, "a carriage return (write {U+000D})"));
        }
        let lines: Vec<&str> = text.split('\n').collect();
        let keys = Keys::parse(name, &lines)?;
        let default_compare = keys.choice("compare", &COMPARE)?;

        let blocks = blocks(&lines, keys.lines).map_err(|(line, problem)| format(line, problem))?;
        let mut steps = Vec::new();
        for pair in blocks.chunks(2) {
            let [request, answer] = pair else {
                return Err(format(lines.len(), "a request without an answer"));
            };
            let step = step(request, answer, default_compare);
            steps.push(step.map_err(|(line, problem)| format(line, problem))?);
        }
        if steps.is_empty() {
            return Err(format(lines.len(), "no request"));
        }
        Ok(Self {
            name: name.to_owned(),
            title: keys.text("title")?,
            why: keys.why()?,
            state: keys.choice("state", &[("reads", State::Reads), ("writes", State::Writes)])?,
            keys_ordered: keys.choice("keys", &[("ordered", true), ("any", false)])?,
            clock: keys.values.get("clock").map_or(CLOCK, |clock| clock).to_owned(),
            steps,
        })
    }
}

const COMPARE: [(&str, Compare); 3] =
    [("bytes", Compare::Bytes), ("json", Compare::Json), ("status", Compare::Status)];

/// The `# key: value` lines at the start.
struct Keys<'a> {
    name: &'a str,
    values: BTreeMap<&'a str, &'a str>,
    lines: usize,
}

impl<'a> Keys<'a> {
    fn parse(name: &'a str, lines: &[&'a str]) -> Result<Self, CaseError> {
        let mut values = BTreeMap::new();
        for (index, line) in lines.iter().enumerate() {
            let Some(line) = line.strip_prefix('#') else {
                return Ok(Self { name, values, lines: index });
            };
            let (key, value) = line.split_once(':').unwrap_or((line, ""));
            let key = key.trim();
            let known = matches!(key, "title" | "why" | "compare" | "state" | "keys" | "clock");
            if !known || values.insert(key, value.trim()).is_some() {
                let problem = "an unknown or repeated key";
                return Err(CaseError::Format { name: name.to_owned(), line: index + 1, problem });
            }
        }
        Ok(Self { name, values, lines: lines.len() })
    }

    fn error(&self, key: &'static str, problem: &'static str) -> CaseError {
        CaseError::Key { name: self.name.to_owned(), key, problem }
    }

    fn text(&self, key: &'static str) -> Result<String, CaseError> {
        let value = self.values.get(key).filter(|value| !value.is_empty());
        value.map(|value| (*value).to_owned()).ok_or_else(|| self.error(key, "is missing"))
    }

    fn why(&self) -> Result<String, CaseError> {
        let why = self.text("why")?;
        let rest = why.strip_prefix("FACT").or_else(|| why.strip_prefix("DECISION"));
        if rest.is_none_or(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')) {
            return Err(self.error("why", "must start with FACT or DECISION"));
        }
        Ok(why)
    }

    /// The chosen one of several values; the first is the default.
    fn choice<T: Copy>(&self, key: &'static str, all: &[(&str, T)]) -> Result<T, CaseError> {
        let chosen = match self.values.get(key) {
            None => all.first(),
            Some(value) => all.iter().find(|(name, _)| name == value),
        };
        chosen.map(|(_, value)| *value).ok_or_else(|| self.error(key, "has an unknown value"))
    }
}

type Problem = (usize, &'static str);

/// A `>>>` or `<<<` block.
struct Block<'a> {
    compare: Option<Compare>,
    /// Number of the line with the marker.
    line: usize,
    lines: Vec<&'a str>,
}

/// The blocks in their order, requests and answers in turn.
fn blocks<'a>(lines: &[&'a str], skip: usize) -> Result<Vec<Block<'a>>, Problem> {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut ended = false;
    for (index, line) in lines.iter().enumerate().skip(skip) {
        let number = index + 1;
        match marker(line) {
            Some(("===", _)) => ended = true,
            Some((marker, compare)) => {
                if (marker == ">>>") != blocks.len().is_multiple_of(2) {
                    return Err((number, "blocks must alternate >>> and <<<"));
                }
                blocks.push(Block { compare, line: number, lines: Vec::new() });
                ended = false;
            }
            None => match blocks.last_mut() {
                Some(block) if !ended => block.lines.push(line),
                Some(_) | None if line.trim().is_empty() => {}
                Some(_) | None => return Err((number, "text outside of a block")),
            },
        }
    }
    // The newline that ends the file is not part of the body.
    if let Some(last) = blocks.last_mut().filter(|_| !ended)
        && last.lines.last().is_some_and(|line| line.is_empty())
    {
        last.lines.pop();
    }
    Ok(blocks)
}

fn marker(line: &str) -> Option<(&str, Option<Compare>)> {
    let marker = [">>>", "<<<", "==="].into_iter().find(|marker| line.starts_with(marker))?;
    let option = line.strip_prefix(marker)?;
    if option.is_empty() {
        return Some((marker, None));
    }
    let option = option.strip_prefix(' ')?.trim_start_matches(' ');
    let (_, compare) = COMPARE.into_iter().find(|(name, _)| *name == option)?;
    Some((marker, Some(compare)))
}

fn step(request: &Block<'_>, answer: &Block<'_>, default: Compare) -> Result<Step, Problem> {
    let (request_line, headers, body) = split(request)?;
    if !matches!(request_line.split(' ').count(), 2 | 3) {
        return Err((request.line + 1, "not a request line"));
    }
    let (status, expected_headers, expected_body) = split(answer)?;
    let status = status
        .parse()
        .ok()
        .filter(|code| (100..600).contains(code) && status.len() == 3)
        .ok_or((answer.line + 1, "not a status"))?;
    let compare = answer.compare.unwrap_or(default);
    if compare == Compare::Status && !expected_body.is_empty() {
        return Err((answer.line, "a body although only the status is compared"));
    }
    Ok(Step { request_line, headers, body, compare, status, expected_headers, expected_body })
}

type Parts = (String, Vec<(String, String)>, String);

/// First line, headers and body of a block.
fn split(block: &Block<'_>) -> Result<Parts, Problem> {
    let mut lines = block.lines.iter();
    let first = lines.next().ok_or((block.line, "an empty block"))?;
    let mut headers = Vec::new();
    for (index, line) in lines.by_ref().enumerate() {
        if line.is_empty() {
            break;
        }
        let header = line.split_once(':').filter(|(name, _)| is_header_name(name));
        let (name, value) = header.ok_or((block.line + index + 2, "not a header line"))?;
        headers.push((name.to_owned(), value.trim_start_matches([' ', '\t']).to_owned()));
    }
    let body: Vec<&str> = lines.copied().collect();
    Ok(((*first).to_owned(), headers, body.join("\n")))
}

fn is_header_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}
