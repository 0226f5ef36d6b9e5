//! How long a head may be.

/// Most header lines of one request that the parser has room for.
pub const MAX_HEADERS: usize = 100;
/// Longest request target that a [`http::Uri`] can hold.
pub const MAX_URI_BYTES: usize = 65_534;

/// What the gate lets pass.
#[derive(Debug, Clone, Copy)]
pub struct HeadLimits {
    /// Longest target.
    pub uri_bytes: usize,
    /// Most header lines, up to [`MAX_HEADERS`].
    pub headers: usize,
    /// Longest header lines together.
    pub header_bytes: usize,
}

impl HeadLimits {
    /// Longest head that can pass: target, header lines, and the method and version around them.
    pub fn head_bytes(&self) -> usize {
        self.uri_bytes + self.header_bytes + 128
    }
}
