//! The server from outside, over real sockets on the loopback address.

#[cfg(test)]
mod abuse;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod support;
