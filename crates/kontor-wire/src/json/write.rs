//! Writing JSON without white space and without building a tree first.

/// Writes a text in quotes: raw UTF-8, only quotes, backslashes and control characters escaped.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    write_escaped(out, text, false);
}

/// Writes a text in quotes like [`write_string`], with `/` as `\/`.
pub fn write_string_escaping_slashes(out: &mut Vec<u8>, text: &str) {
    write_escaped(out, text, true);
}

/// Puts commas and colons between what it is told to write. It does not check that the calls make
/// up one value; the golden cases of the protocols do.
#[derive(Debug)]
pub struct JsonWriter<'a> {
    out: &'a mut Vec<u8>,
    escape_slashes: bool,
    /// Whether the next member or element needs a comma before it.
    comma: bool,
}

impl<'a> JsonWriter<'a> {
    /// Appends to `out`.
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, escape_slashes: false, comma: false }
    }

    /// Appends to `out`, with `/` in texts as `\/`.
    pub fn escaping_slashes(out: &'a mut Vec<u8>) -> Self {
        Self { out, escape_slashes: true, comma: false }
    }

    /// Writes `{`, what `members` writes, and `}`.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.nested(b'{', members, b'}');
    }

    /// Writes `[`, what `elements` writes, and `]`.
    pub fn array(&mut self, elements: impl FnOnce(&mut Self)) {
        self.nested(b'[', elements, b']');
    }

    /// Starts a member; the next call writes its value.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.separate();
        write_escaped(self.out, name, self.escape_slashes);
        self.out.push(b':');
        self.comma = false;
        self
    }

    pub fn string(&mut self, text: &str) {
        self.separate();
        write_escaped(self.out, text, self.escape_slashes);
        self.comma = true;
    }

    /// A text, or `null` where there is none.
    pub fn optional_string(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.null(),
        }
    }

    pub fn integer(&mut self, value: i64) {
        self.raw(|out| out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes()));
    }

    pub fn boolean(&mut self, value: bool) {
        let text: &[u8] = if value { b"true" } else { b"false" };
        self.raw(|out| out.extend_from_slice(text));
    }

    pub fn null(&mut self) {
        self.raw(|out| out.extend_from_slice(b"null"));
    }

    /// A value that `write` prints, such as a decimal in the protocol's notation.
    pub fn raw(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.separate();
        write(self.out);
        self.comma = true;
    }

    fn nested(&mut self, open: u8, inside: impl FnOnce(&mut Self), close: u8) {
        self.separate();
        self.out.push(open);
        self.comma = false;
        inside(self);
        self.out.push(close);
        self.comma = true;
    }

    fn separate(&mut self) {
        if self.comma {
            self.out.push(b',');
        }
    }
}

fn write_escaped(out: &mut Vec<u8>, text: &str, escape_slashes: bool) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    let needs_escape =
        |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20) || (escape_slashes && *byte == b'/');
    while let Some(plain) = rest.iter().position(needs_escape) {
        let (before, after) = rest.split_at(plain);
        out.extend_from_slice(before);
        let Some((byte, after)) = after.split_first() else {
            break;
        };
        write_escape(out, *byte);
        rest = after;
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        b'"' | b'\\' | b'/' => byte,
        _ => {
            let hex = |digit: u8| {
                if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }
            };
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}
