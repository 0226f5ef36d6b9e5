//! The protocols this program speaks: one line each.

mod configured;

use std::sync::Arc;

use kontor_app::App;
use kontor_dialect::{ConfigError, Registration};
use kontor_wire::http::Dialect;

use crate::requests::Tied;

pub(crate) use configured::DialectSettings;

/// All protocols, in the order in which they are asked who owns a path.
pub(crate) const DIALECTS: &[&Registration] = &[
    &kontor_dialect_secomp::DIALECT,
    &kontor_dialect_websphere::DIALECT,
    &kontor_dialect_consinco::DIALECT,
    &kontor_dialect_restigo::DIALECT,
    &kontor_dialect_companeo::DIALECT,
];

/// A protocol that is switched on.
pub(crate) struct Offered {
    pub(crate) registration: &'static Registration,
    pub(crate) dialect: Arc<dyn Dialect>,
}

/// All protocols that are switched on.
pub(crate) fn offered(
    app: &Arc<App>,
    settings: &DialectSettings,
) -> Result<Vec<Offered>, ConfigError> {
    let enabled = settings.iter().filter(|(_, settings)| settings.is_enabled());
    enabled
        .map(|(registration, settings)| {
            let dialect = registration.open(settings, Arc::clone(app))?;
            Ok(Offered { registration, dialect: Arc::new(Tied(dialect)) })
        })
        .collect()
}
