//! The limit of open files, which bounds how many connections there can be.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use kontor_server::Limits;

/// Files that are open beside connections: the database with its readers, leads on their way out.
const BESIDE_CONNECTIONS: u64 = 256;

/// Makes room for as many connections as the server is set to take. Where the system allows fewer,
/// the server takes fewer, and says so.
pub(crate) fn make_room(limits: &mut Limits) {
    let wanted = u64::from(limits.connections) + BESIDE_CONNECTIONS;
    let Some(allowed) = raised(wanted) else { return };
    let before = limits.connections;
    if lower(limits, allowed) {
        tracing::warn!(
            open_files = allowed,
            connections = limits.connections,
            connections_per_address = limits.connections_per_address,
            "the limit of open files allows fewer connections than {before}; raise it (ulimit -n, \
             LimitNOFILE) or lower `server.limits.connections`"
        );
    }
}

/// Raises the limit as far as needed and possible. Returns it; `None`: there is none.
fn raised(wanted: u64) -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current?;
    let most = limit.maximum.unwrap_or(u64::MAX);
    let goal = wanted.min(most);
    if current >= goal {
        return Some(current);
    }
    let set = setrlimit(Resource::Nofile, Rlimit { current: Some(goal), maximum: limit.maximum });
    Some(if set.is_ok() { goal } else { current })
}

/// Lowers the caps to what so many open files allow; one address never gets all of it.
fn lower(limits: &mut Limits, allowed: u64) -> bool {
    let room = allowed.saturating_sub(BESIDE_CONNECTIONS).max(allowed / 2).max(1);
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    if limits.connections <= room {
        return false;
    }
    limits.connections = room;
    limits.connections_per_address = limits.connections_per_address.min((room / 2).max(1));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(allowed: u64) -> (bool, u32, u32) {
        let mut limits =
            Limits { connections: 1_000, connections_per_address: 400, ..Limits::default() };
        let is_lower = lower(&mut limits, allowed);
        (is_lower, limits.connections, limits.connections_per_address)
    }

    #[test]
    fn caps_fit_the_limit_of_open_files() {
        assert_eq!(lowered(1_256), (false, 1_000, 400));
        assert_eq!(lowered(1_255), (true, 999, 400));
        assert_eq!(lowered(1_024), (true, 768, 384));
        assert_eq!(lowered(256), (true, 128, 64));
        assert_eq!(lowered(1), (true, 1, 1));
    }
}
