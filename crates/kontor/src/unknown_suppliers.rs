//! Settings of suppliers that there are not: a code that was mistyped would be without effect in silence.

use crate::config::Config;

/// A line for each such setting.
pub(crate) fn of<E>(
    config: &Config,
    is_known: impl Fn(&str) -> Result<bool, E>,
) -> Result<Vec<String>, E> {
    let mut unknown = Vec::new();
    for (protocol, code) in config.dialects.suppliers() {
        if !is_known(code)? {
            unknown.push(format!(
                "[{protocol}.suppliers.{code}]: there is no supplier {code}, so these settings are \
                 without effect"
            ));
        }
    }
    Ok(unknown)
}
