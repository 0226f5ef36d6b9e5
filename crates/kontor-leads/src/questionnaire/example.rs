//! Examples of answers, for the documentation of a questionnaire: each one passes the check.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::pattern::Pattern;
use super::question::{Question, QuestionKind, ReportsAs};

/// Texts that many patterns accept, tried before one is made up.
const USUAL: [&str; 4] = ["Exemple", "1", "75001", "A1"];

impl Question {
    /// An answer that is accepted: the id of an option, or a text. `None` where none is found.
    pub fn example(&self) -> Option<String> {
        match &self.kind {
            QuestionKind::Single(options) | QuestionKind::Multiple(options) => {
                options.first().map(|option| option.id.to_string())
            }
            QuestionKind::Text(None) => Some(USUAL[0].to_owned()),
            QuestionKind::Text(Some(pattern)) => {
                let typical = self.reports_as.map(typical);
                let usual = typical.into_iter().chain(USUAL).find(|text| pattern.matches(text));
                usual.map(str::to_owned).or_else(|| made_up(pattern))
            }
        }
    }
}

fn typical(what: ReportsAs) -> &'static str {
    match what {
        ReportsAs::LastName => "Dupont",
        ReportsAs::FirstName => "Jeanne",
        ReportsAs::Email => "jeanne.dupont@example.com",
        ReportsAs::CompanyName => "Dupont SARL",
        ReportsAs::ZipCode => "75001",
        ReportsAs::Phone => "0130926784",
    }
}

/// The shortest text that follows the pattern, when that is an answer at all.
fn made_up(pattern: &Pattern) -> Option<String> {
    let hir = regex_syntax::parse(pattern.translated()).ok()?;
    let mut text = String::new();
    write(&hir, &mut text);
    let is_answer = text.trim() == text && !text.is_empty() && pattern.matches(&text);
    is_answer.then_some(text)
}

fn write(hir: &Hir, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => out.extend(typical_of(class)),
        HirKind::Repetition(repetition) => {
            // An answer is not empty, so what may be left out is written once.
            for _ in 0..repetition.min.max(u32::from(repetition.max != Some(0))) {
                write(&repetition.sub, out);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, out)),
        HirKind::Alternation(parts) => {
            if let Some(first) = parts.first() {
                write(first, out);
            }
        }
    }
}

/// A character of the class that people would type.
fn typical_of(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let has = |c: &char| class.iter().any(|range| range.start() <= *c && *c <= range.end());
    ['1', 'A', 'a', 'x', '-', ' ']
        .into_iter()
        .find(has)
        .or_else(|| class.iter().next().map(regex_syntax::hir::ClassUnicodeRange::start))
}
