//! Why a pattern cannot be used.

/// Memory of one compiled pattern in bytes.
pub(super) const MAX_COMPILED_BYTES: usize = 1 << 20;
/// Longest pattern in characters.
pub(super) const MAX_PATTERN_CHARS: usize = 1000;

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("empty pattern")]
    Empty,
    #[error("longer than {MAX_PATTERN_CHARS} characters")]
    TooLong,
    #[error("begins with / but no / ends it")]
    Unclosed,
    #[error("flag {0:?} is not supported, only i is")]
    Flag(char),
    #[error("look-around is not supported")]
    LookAround,
    #[error("back-references are not supported")]
    BackReference,
    #[error("{0} is not supported")]
    Unsupported(String),
    #[error("{0}")]
    Syntax(String),
    #[error("takes more than {MAX_COMPILED_BYTES} bytes when compiled")]
    TooLarge,
}

pub(super) fn syntax(reason: &str) -> PatternError {
    PatternError::Syntax(reason.to_owned())
}
