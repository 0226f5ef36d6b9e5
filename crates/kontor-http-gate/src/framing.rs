//! Follows a request body to its end, so that the gate knows where the next head begins.

/// Longest line of a chunked body (a chunk's size with its extensions, or a trailer).
const MAX_LINE: usize = 4_096;
/// Most trailer bytes; trailers are read and forgotten.
const MAX_TRAILERS: usize = 16 << 10;

/// Where in a body we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Framing {
    /// No body (any more).
    None,
    /// This many bytes are to come.
    Sized(u64),
    /// Chunks and trailers are to come.
    Chunked(Chunked),
}

/// Where in a chunked body we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunked {
    state: State,
    /// Size of the chunk as far as it has been read.
    size: u64,
    /// Bytes of the current line, or of all trailers.
    line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first digit of a chunk size.
    SizeStart,
    Size,
    Extension,
    SizeLf,
    Data(u64),
    DataCr,
    DataLf,
    TrailerStart,
    Trailer,
    TrailerLf,
    EndLf,
}

/// The body broke the rules of its framing.
#[derive(Debug, PartialEq, Eq)]
pub struct BrokenFraming;

impl Framing {
    /// A body of so many bytes.
    pub fn sized(bytes: u64) -> Self {
        if bytes == 0 { Self::None } else { Self::Sized(bytes) }
    }

    /// A body in chunks.
    pub fn chunked() -> Self {
        Self::Chunked(Chunked { state: State::SizeStart, size: 0, line: 0 })
    }

    /// Follows `bytes` and says how many of them belong to the body; becomes [`Framing::None`] at
    /// the end of the body.
    pub fn follow(&mut self, bytes: &[u8]) -> Result<usize, BrokenFraming> {
        match self {
            Self::None => Ok(0),
            Self::Sized(left) => {
                let taken = clamp(*left, bytes.len());
                *left -= taken as u64;
                if *left == 0 {
                    *self = Self::None;
                }
                Ok(taken)
            }
            Self::Chunked(chunked) => {
                let (taken, ended) = chunked.follow(bytes)?;
                if ended {
                    *self = Self::None;
                }
                Ok(taken)
            }
        }
    }
}

impl Chunked {
    fn follow(&mut self, bytes: &[u8]) -> Result<(usize, bool), BrokenFraming> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if let State::Data(left) = self.state {
                let taken = clamp(left, bytes.len() - at);
                at += taken;
                let left = left - taken as u64;
                self.state = if left == 0 { State::DataCr } else { State::Data(left) };
                continue;
            }
            at += 1;
            if self.state == State::EndLf {
                return if byte == b'\n' { Ok((at, true)) } else { Err(BrokenFraming) };
            }
            self.step(byte)?;
        }
        Ok((at, false))
    }

    /// One byte outside of a chunk's data.
    fn step(&mut self, byte: u8) -> Result<(), BrokenFraming> {
        self.line += 1;
        let is_trailer =
            matches!(self.state, State::TrailerStart | State::Trailer | State::TrailerLf);
        let longest = if is_trailer { MAX_TRAILERS } else { MAX_LINE };
        if self.line > longest {
            return Err(BrokenFraming);
        }
        self.state = match (self.state, byte) {
            (State::SizeStart | State::Size, byte) if byte.is_ascii_hexdigit() => {
                self.add_digit(byte)?;
                State::Size
            }
            (State::Size | State::Extension, b'\r') => State::SizeLf,
            (State::Size, b';') => State::Extension,
            (State::Extension, byte) if byte == b'\t' || byte >= b' ' => State::Extension,
            (State::SizeLf, b'\n') => {
                self.line = 0;
                match std::mem::take(&mut self.size) {
                    0 => State::TrailerStart,
                    size => State::Data(size),
                }
            }
            (State::DataCr, b'\r') => State::DataLf,
            (State::DataLf, b'\n') => {
                self.line = 0;
                State::SizeStart
            }
            (State::TrailerStart, b'\r') => State::EndLf,
            (State::Trailer, b'\r') => State::TrailerLf,
            (State::TrailerLf, b'\n') => State::TrailerStart,
            (State::TrailerStart | State::Trailer, byte) if byte == b'\t' || byte >= b' ' => {
                State::Trailer
            }
            _ => return Err(BrokenFraming),
        };
        Ok(())
    }

    fn add_digit(&mut self, digit: u8) -> Result<(), BrokenFraming> {
        let digit = char::from(digit).to_digit(16).ok_or(BrokenFraming)?;
        let size = self.size.checked_mul(16).ok_or(BrokenFraming)?;
        self.size = size + u64::from(digit);
        Ok(())
    }
}

/// The smaller of what is left of a body and what there is.
fn clamp(left: u64, available: usize) -> usize {
    usize::try_from(left).map_or(available, |left| left.min(available))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows the bytes in pieces of every size; all must agree.
    fn follow(mut framing: Framing, bytes: &[u8]) -> Result<Option<usize>, BrokenFraming> {
        let whole = run(framing.clone(), bytes, bytes.len().max(1));
        for piece in 1..=bytes.len() {
            assert_eq!(run(framing.clone(), bytes, piece), whole, "in pieces of {piece}");
        }
        framing = Framing::None;
        assert_eq!(framing.follow(b"x"), Ok(0));
        whole
    }

    /// How many bytes the body has, or `None` when it goes on.
    fn run(
        mut framing: Framing,
        bytes: &[u8],
        piece: usize,
    ) -> Result<Option<usize>, BrokenFraming> {
        let mut at = 0;
        for piece in bytes.chunks(piece) {
            let mut rest = piece;
            while !rest.is_empty() {
                let taken = framing.follow(rest)?;
                at += taken;
                if framing == Framing::None {
                    return Ok(Some(at));
                }
                rest = &rest[taken..];
            }
        }
        Ok(None)
    }

    #[test]
    fn a_sized_body_ends_after_its_bytes() {
        assert_eq!(Framing::sized(0), Framing::None);
        assert_eq!(follow(Framing::sized(3), b"abcGET"), Ok(Some(3)));
        assert_eq!(follow(Framing::sized(3), b"ab"), Ok(None));
    }

    #[test]
    fn a_chunked_body_ends_after_its_trailers() {
        for (body, ends) in [
            (&b"0\r\n\r\nGET"[..], Some(5)),
            (b"3\r\nabc\r\n0\r\n\r\nGET", Some(13)),
            (b"A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n", Some(26)),
            (b"0\r\nx: y\r\nz: w\r\n\r\nGET", Some(17)),
            (b"3\r\nabc\r\n0\r\n", None),
            (b"00000003\r\nabc\r\n000\r\n\r\n", Some(22)),
        ] {
            assert_eq!(follow(Framing::chunked(), body), Ok(ends), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn a_broken_chunked_body_is_noticed() {
        for body in [
            &b"x\r\n"[..],
            b"\r\n",
            b" 3\r\nabc",
            b"3 \r\nabc",
            b"-3\r\nabc",
            b"0x3\r\nabc",
            b"3\nabc",
            b"3\r\nabcd\r\n",
            b"3\r\nabc\n0",
            b"0\r\n\rx",
            b"0\r\nx: y\n",
            b"3;\nabc",
            b"11111111111111111\r\n",
        ] {
            assert_eq!(
                follow(Framing::chunked(), body),
                Err(BrokenFraming),
                "{}",
                body.escape_ascii()
            );
        }
    }

    #[test]
    fn lines_and_trailers_are_taken_at_their_limit_and_not_above() {
        let line = |length: usize| format!("3;{}\r\nabc", "x".repeat(length - 4));
        assert_eq!(run(Framing::chunked(), line(MAX_LINE).as_bytes(), 99), Ok(None));
        assert_eq!(run(Framing::chunked(), line(MAX_LINE + 1).as_bytes(), 99), Err(BrokenFraming));
        let trailers = |length: usize| format!("0\r\n{}\r\n", "x".repeat(length - 2));
        assert_eq!(run(Framing::chunked(), trailers(MAX_TRAILERS).as_bytes(), 99), Ok(None));
        assert_eq!(
            run(Framing::chunked(), trailers(MAX_TRAILERS + 1).as_bytes(), 99),
            Err(BrokenFraming)
        );
    }
}
