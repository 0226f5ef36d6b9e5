//! How commands end, for whoever calls them.

use std::fmt;
use std::process::ExitCode;

/// It was done.
pub(crate) const DONE: u8 = 0;
/// It could not be done.
pub(crate) const FAILED: u8 = 1;
/// Wrong usage; the command-line parser exits with it, too.
pub(crate) const MISUSED: u8 = 2;
/// The input has errors; nothing was applied.
pub(crate) const FAULTS: u8 = 3;

/// The same for people.
pub(crate) const HELP: &str = "Exit status: 0 done, 1 failure, 2 wrong usage, 3 errors in the data";

/// Arguments that do not go together, which the parser of the command line cannot know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Misused(pub(crate) &'static str);

/// No supplier was named where one has to be.
pub(crate) const NO_SUPPLIER: Misused = Misused("name the supplier with --supplier CODE");

impl fmt::Display for Misused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Misused {}

/// Ends with [`DONE`], or with [`FAULTS`].
pub(crate) fn by_faults(is_clean: bool) -> ExitCode {
    ExitCode::from(if is_clean { DONE } else { FAULTS })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_help_and_the_parser_know_these() {
        for (code, word) in
            [(DONE, "done"), (FAILED, "failure"), (MISUSED, "wrong usage"), (FAULTS, "errors")]
        {
            assert!(HELP.contains(&format!("{code} {word}")));
        }
        let mut command = crate::args::Args::command();
        assert!(command.render_long_help().to_string().contains(HELP));
        let error = command.try_get_matches_from(["kontor", "--nonsense"]).unwrap_err();
        assert!(HELP.contains(&format!("{} wrong usage", error.exit_code())));
    }
}
