//! Patterns of free answers.
//!
//! They are written as the web writes regular expressions, bare or as `/.../i`, and are translated
//! into the notation of the regex crate so that nothing is left to a difference between the two:
//! `\d`, `\w`, `\s` and `i` mean ASCII, `.` is anything but a line feed, `^` and `$` are the ends of
//! the answer. What cannot be had in linear time, or means different things to different engines,
//! is refused with the reason.

use regex::{Regex, RegexBuilder};

use super::pattern_class::{Class, class_escape, single_escape};

use super::pattern_error::{MAX_COMPILED_BYTES, MAX_PATTERN_CHARS, PatternError, syntax};

/// Deepest nesting of groups and repetitions.
const MAX_NESTING: u32 = 60;

/// A pattern that is ready to be searched for.
#[derive(Debug, Clone)]
pub struct Pattern {
    written: Box<str>,
    regex: Regex,
}

impl Pattern {
    /// Reads a pattern in either spelling.
    pub fn compile(written: &str) -> Result<Self, PatternError> {
        if written.chars().count() > MAX_PATTERN_CHARS {
            return Err(PatternError::TooLong);
        }
        let (body, fold) = spelling(written)?;
        let translated = Translator::new(body, fold).translate()?;
        let regex = RegexBuilder::new(&translated)
            .size_limit(MAX_COMPILED_BYTES)
            .nest_limit(MAX_NESTING)
            .build();
        let regex = regex.map_err(|error| {
            if matches!(error, regex::Error::CompiledTooBig(_)) {
                PatternError::TooLarge
            } else {
                PatternError::Syntax(last_reason(&error.to_string()))
            }
        })?;
        Ok(Self { written: written.into(), regex })
    }

    /// Whether the pattern is found in an answer.
    pub fn matches(&self, answer: &str) -> bool {
        self.regex.is_match(answer)
    }

    /// The pattern as it was written.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The pattern in the notation of the regex crate.
    pub(super) fn translated(&self) -> &str {
        self.regex.as_str()
    }
}

/// The pattern proper, and whether ASCII letters match without case.
fn spelling(written: &str) -> Result<(&str, bool), PatternError> {
    if written.is_empty() {
        return Err(PatternError::Empty);
    }
    let Some(rest) = written.strip_prefix('/') else {
        return Ok((written, false));
    };
    let (body, flags) = rest.rsplit_once('/').ok_or(PatternError::Unclosed)?;
    let mut fold = false;
    for flag in flags.chars() {
        if flag != 'i' || fold {
            return Err(PatternError::Flag(flag));
        }
        fold = true;
    }
    Ok((body, fold))
}

/// The last line of the library's message: the lines before show the translated pattern.
fn last_reason(message: &str) -> String {
    let last = message.lines().last().unwrap_or(message);
    last.trim_start_matches("error: ").to_owned()
}

/// Reads a pattern character by character and writes it in the notation of the regex crate.
struct Translator<'a> {
    rest: std::str::Chars<'a>,
    fold: bool,
    out: String,
}

impl<'a> Translator<'a> {
    fn new(body: &'a str, fold: bool) -> Self {
        Self { rest: body.chars(), fold, out: String::new() }
    }

    fn translate(mut self) -> Result<String, PatternError> {
        while let Some(c) = self.rest.next() {
            match c {
                '\\' => self.escape()?,
                '[' => {
                    let class = Class::read(&mut self.rest, self.fold)?;
                    class.write(&mut self.out);
                }
                '(' => self.group()?,
                '*' | '+' | '?' => self.quantified(&c.to_string())?,
                '{' => self.braces()?,
                '.' => self.out.push_str("[^\\n]"),
                '^' => self.out.push_str("\\A"),
                '$' => self.out.push_str("\\z"),
                ')' | '|' => self.out.push(c),
                other => self.literal(other),
            }
        }
        Ok(self.out)
    }

    fn literal(&mut self, c: char) {
        Class::of(c, self.fold).write(&mut self.out);
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let c = self.next_or("a backslash at the end")?;
        match c {
            'b' => self.out.push_str("(?-u:\\b)"),
            'A' => self.out.push_str("\\A"),
            'z' | 'Z' => self.out.push_str("\\z"),
            '1'..='9' | 'k' | 'g' => return Err(PatternError::BackReference),
            _ => {
                if let Some(class) = class_escape(c) {
                    class.write(&mut self.out);
                } else {
                    let c = single_escape(c, &mut self.rest)?;
                    self.literal(c);
                }
            }
        }
        Ok(())
    }

    /// What follows an opening parenthesis. Nothing asks what a group captured.
    fn group(&mut self) -> Result<(), PatternError> {
        let mut ahead = self.rest.clone();
        match ahead.next() {
            Some('*') => return Err(PatternError::Unsupported("a verb such as (*ACCEPT)".into())),
            Some('?') => {}
            _ => {
                self.out.push_str("(?:");
                return Ok(());
            }
        }
        match (ahead.next(), ahead.clone().next()) {
            (Some(':'), _) => self.rest = ahead,
            (Some('=' | '!'), _) | (Some('<'), Some('=' | '!')) => {
                return Err(PatternError::LookAround);
            }
            (Some('P'), Some('=')) => return Err(PatternError::BackReference),
            (Some('P'), Some('<')) | (Some('<'), Some(_)) => {
                ahead
                    .find(|c| *c == '>')
                    .ok_or_else(|| syntax("the name of a group has no end"))?;
                self.rest = ahead;
            }
            (Some('>'), _) => return Err(PatternError::Unsupported("an atomic group (?>".into())),
            (Some(c), _) => {
                return Err(PatternError::Unsupported(format!("a group that begins with (?{c}")));
            }
            (None, _) => return Err(syntax("a group has no end")),
        }
        self.out.push_str("(?:");
        Ok(())
    }

    /// A brace: a counted repetition, or else a character like any other.
    fn braces(&mut self) -> Result<(), PatternError> {
        let text: String = self.rest.clone().take_while(|c| *c != '}').collect();
        let closed = self.rest.clone().nth(text.chars().count()) == Some('}');
        let (least, most) = text.split_once(',').unwrap_or((&text, &text));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !closed || !is_number(least) || !(most.is_empty() || is_number(most)) {
            self.literal('{');
            return Ok(());
        }
        self.rest.nth(text.chars().count());
        self.quantified(&format!("{{{text}}}"))
    }

    /// Writes a quantifier with the `?` that makes it lazy. A possessive one can refuse what others
    /// accept, so it cannot be read as a plain one.
    fn quantified(&mut self, quantifier: &str) -> Result<(), PatternError> {
        self.out.push_str(quantifier);
        let mut ahead = self.rest.clone();
        match ahead.next() {
            Some('?') => {
                self.out.push('?');
                self.rest = ahead;
            }
            Some('+') => {
                return Err(PatternError::Unsupported("a possessive quantifier".into()));
            }
            _ => {}
        }
        let next = self.rest.clone().next();
        if matches!(next, Some('*' | '+' | '?')) {
            return Err(syntax("a quantifier follows a quantifier"));
        }
        Ok(())
    }

    fn next_or(&mut self, reason: &str) -> Result<char, PatternError> {
        self.rest.next().ok_or_else(|| syntax(reason))
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
