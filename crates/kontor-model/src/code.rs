//! Codes: the short texts by which people name things.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

/// Longest code in bytes.
pub const MAX_CODE_BYTES: usize = 255;

/// A code of a `K`: not empty, at most 255 bytes, no control characters, no blank at either end.
/// It is kept exactly as written; case and leading zeros count.
pub struct Code<K>(Box<str>, PhantomData<fn() -> K>);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("empty")]
    Empty,
    #[error("longer than 255 bytes")]
    TooLong,
    #[error("has a control character")]
    Control,
    #[error("begins or ends with a blank")]
    Blank,
}

impl<K> Code<K> {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<K> FromStr for Code<K> {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if text.len() > MAX_CODE_BYTES {
            return Err(CodeError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(CodeError::Control);
        }
        if text.trim() != text {
            return Err(CodeError::Blank);
        }
        Ok(Self(text.into(), PhantomData))
    }
}

impl<K> Clone for Code<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<K> PartialEq for Code<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Code<K> {}

impl<K> PartialOrd for Code<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Code<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Code<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // As `str` hashes, so that maps keyed by a code can be asked with a text.
        self.0.hash(state);
    }
}

impl<K> Borrow<str> for Code<K> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<K> fmt::Debug for Code<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<K> fmt::Display for Code<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
