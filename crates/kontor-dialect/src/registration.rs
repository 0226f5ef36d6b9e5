//! What a dialect tells the binary about itself.

use std::sync::Arc;

use kontor_app::App;
use kontor_wire::http::Dialect;

use crate::{ConfigError, Section, Settings};

/// A dialect, as the binary lists it. Each dialect crate has one: `DIALECT`.
#[derive(Debug, Clone, Copy)]
pub struct Registration {
    /// Name in logs and metrics, of its configuration section, and of the
    /// folder of its golden cases.
    pub name: &'static str,
    pub section: Section,
    /// A request to try on the demo.
    pub example: ExampleRequest,
}

/// A request as a command line of curl: `curl -s OPTIONS'http://HOST:PORT{path}'`.
#[derive(Debug, Clone, Copy)]
pub struct ExampleRequest {
    /// Path and query.
    pub path: &'static str,
    /// Options of curl, each followed by a blank; empty for none.
    pub options: &'static str,
}

impl Registration {
    /// The dialect with these settings, which were read from its section. An error names the whole
    /// key.
    pub fn open(
        &self,
        settings: &dyn Settings,
        app: Arc<App>,
    ) -> Result<Arc<dyn Dialect>, ConfigError> {
        settings.dialect(app).map_err(|error| error.within(self.name))
    }
}
