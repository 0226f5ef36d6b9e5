//! `cargo xtask readme`: runs the commands that README.md and the pages below `docs` show.
//!
//! A block marked `sh run` is run by the shell in a folder of its document that begins with nothing but
//! `demo`, with `kontor` on the path and the address of a demo server in place of the one that is written. The block after it, marked
//! `answer`, is what it must print. White space does not count, and `…` stands for any text.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};

use crate::house::{root, target};
use crate::markdown::{self, Block};
use crate::tree::{File, Tree};

/// What stands after the fence of a block that is run.
pub(crate) const RUN: &str = "sh run";
/// What the fence of its answer ends with.
pub(crate) const ANSWER: &str = "answer";
/// The address documents write: the one `kontor serve` listens on by default.
const WRITTEN: &str = "http://127.0.0.1:8080";
/// The instant of the demo server, which stands in the answers.
const CLOCK: &str = "2016-01-28T11:24:28.874Z";

/// Runs all commands; the first that answers otherwise than its document says is an error.
pub(crate) fn run() -> anyhow::Result<()> {
    let kontor = target().join("debug/kontor");
    if !kontor.exists() {
        bail!("{} is missing: cargo test -p kontor --no-run", kontor.display());
    }
    let tree = Tree::read(&root())?;
    let is_document = |file: &&File| !file.path.contains('/') || file.path.starts_with("docs/");
    let mut documents = 0;
    for file in tree.ending(".md").filter(is_document) {
        let count = run_document(file, &kontor)?;
        if count > 0 {
            eprintln!("readme: {count} commands answer as {} says", file.path);
            documents += 1;
        }
    }
    if documents == 0 {
        bail!("no document shows a command that is run");
    }
    Ok(())
}

/// Runs the commands of one document in a folder of their own. Returns how many blocks there are.
fn run_document(file: &File, kontor: &Path) -> anyhow::Result<usize> {
    let blocks = markdown::blocks(&file.text);
    let run = blocks.iter().filter(|block| block.info == RUN);
    if run.clone().next().is_none() {
        return Ok(0);
    }
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    // The commands name folders of the repository as a reader in its root does.
    std::os::unix::fs::symlink(root().join("demo"), folder.path().join("demo"))?;
    let needs_server = run.clone().any(|block| block.text.contains(WRITTEN));
    let server = needs_server.then(|| Server::start(kontor, folder.path())).transpose()?;
    let url = server.as_ref().map_or(WRITTEN, |server| &server.url);
    let mut count = 0;
    for pair in blocks.windows(2) {
        if let [block, answer] = pair
            && block.info == RUN
        {
            let printed = shell(&block.text.replace(WRITTEN, url), kontor, folder.path())
                .with_context(|| format!("{}:{}", file.path, block.line))?;
            compare(&file.path, answer, &printed)?;
            count += 1;
        }
    }
    Ok(count)
}

/// The demo server; killed when dropped, its data is in a folder of the caller.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(kontor: &Path, folder: &Path) -> anyhow::Result<Self> {
        let log = folder.join("served.log");
        let mut command = Command::new(kontor);
        command.args(["serve", "--demo", "--clock", CLOCK, "--listen", "127.0.0.1:0", "--data"]);
        command.arg(folder.join("served")).stdout(Stdio::piped()).stderr(fs::File::create(&log)?);
        let process = command.spawn();
        let process = process.with_context(|| format!("cannot start {}", kontor.display()))?;
        let mut server = Self { process, url: String::new() };
        let mut line = String::new();
        if let Some(stdout) = server.process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let url = line.split_whitespace().find(|word| word.starts_with("http://"));
        let Some(url) = url else {
            bail!("the demo server does not start: {}", fs::read_to_string(&log)?.trim_end());
        };
        url.clone_into(&mut server.url);
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing left to do then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a script prints.
fn shell(script: &str, kontor: &Path, folder: &Path) -> anyhow::Result<String> {
    let mut path: Vec<PathBuf> = kontor.parent().map(Path::to_path_buf).into_iter().collect();
    path.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    let mut command = Command::new("sh");
    command.args(["-euc", script]).current_dir(folder).env("PATH", std::env::join_paths(path)?);
    let output = command.output().context("cannot start sh")?;
    if !output.status.success() {
        bail!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("what it prints is not UTF-8")
}

fn compare(path: &str, answer: &Block, printed: &str) -> anyhow::Result<()> {
    if is_same(&answer.text, printed) {
        return Ok(());
    }
    bail!("{path}:{} shows\n{}\nbut the answer is\n{printed}", answer.line, answer.text)
}

/// Whether a text is what is shown.
fn is_same(shown: &str, printed: &str) -> bool {
    let dense = |text: &str| text.split_whitespace().collect::<String>();
    let (shown, printed) = (dense(shown), dense(printed));
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| printed.strip_prefix(first)) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(part) = last.replace(part) {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
    }
    last.map_or(rest.is_empty(), |end| rest.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_the_same_without_white_space() {
        for (shown, printed, expected) in [
            ("<a>\n  <b/>\n</a>\n", "<a><b/></a>", true),
            ("<a>…</a>", "<a><b/></a>", true),
            ("{\"x\": 1, … }", "{\"x\":1,\"y\":2}", true),
            ("a…b…c", "axbxc", true),
            ("…", "", true),
            ("a…b…c", "axcxb", false),
            ("a…a", "a", false),
            ("ab", "abc", false),
            ("", "x", false),
            ("ab…", "a", false),
        ] {
            assert_eq!(is_same(shown, printed), expected, "{shown:?} {printed:?}");
        }
    }
}
