//! The sections of the dialects in the configuration file.

use std::any::Any;
use std::sync::Arc;

use kontor_dialect::{Registration, Settings};
use toml::Spanned;
use toml::de::{DeTable, Error};

use super::DIALECTS;

/// The settings of each dialect, in the order of the list.
#[derive(Debug, Clone)]
pub(crate) struct DialectSettings(Vec<Arc<dyn Settings>>);

impl DialectSettings {
    /// Takes the sections of the dialects out of the file; defaults for those it does not have.
    pub(crate) fn take_from(file: &mut Spanned<DeTable<'_>>) -> Result<Self, Error> {
        let read = |dialect: &&Registration| match file.get_mut().remove(dialect.name) {
            Some(table) => dialect.section.read(table.into()),
            None => Ok(dialect.section.default_settings()),
        };
        DIALECTS.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static Registration, &dyn Settings)> {
        DIALECTS.iter().copied().zip(self.0.iter().map(|settings| &**settings))
    }

    /// The settings of one dialect, by their type, for commands that speak its formats.
    pub(crate) fn of<C: Settings + Default + Clone>(&self) -> C {
        let found = self.0.iter().find_map(|settings| {
            let settings: &dyn Any = &**settings;
            settings.downcast_ref::<C>()
        });
        found.cloned().unwrap_or_default()
    }

    /// The suppliers that have settings of their own, with the section they stand in.
    pub(crate) fn suppliers(&self) -> Vec<(&'static str, &str)> {
        let of_dialect = |(dialect, settings): (&'static Registration, _)| {
            let settings: &dyn Settings = settings;
            settings.suppliers().into_iter().map(|code| (dialect.name, code)).collect::<Vec<_>>()
        };
        self.iter().flat_map(of_dialect).collect()
    }
}

impl Default for DialectSettings {
    fn default() -> Self {
        Self(DIALECTS.iter().map(|dialect| dialect.section.default_settings()).collect())
    }
}
