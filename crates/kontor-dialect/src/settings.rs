//! What the binary asks the configuration of a dialect.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use kontor_app::App;
use kontor_wire::http::Dialect;

use crate::ConfigError;

/// The configuration of a dialect, as read from its section.
pub trait Settings: Any + Debug + Send + Sync {
    /// Whether the protocol is offered at all.
    fn is_enabled(&self) -> bool;

    /// Codes of the suppliers with settings of their own.
    fn suppliers(&self) -> Vec<&str>;

    /// The dialect with these settings. The key of an error begins behind the dialect's section.
    fn dialect(&self, app: Arc<App>) -> Result<Arc<dyn Dialect>, ConfigError>;
}
