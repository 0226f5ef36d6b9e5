//! Source files stay small enough to be read in one go.

use crate::tidy::Fault;
use crate::tree::Tree;

/// Most lines of a Rust file. The aim is 80 to 200; from 500 on it should be split.
const MAX_LINES: usize = 800;

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let sizes = tree.ending(".rs").map(|file| (file, file.text.lines().count()));
    sizes
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(file, lines)| {
            let message = format!("{lines} lines, at most {MAX_LINES}: split it by what it holds");
            Fault::new(&file.path, 0, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn the_limit_is_allowed_and_one_line_more_is_not() {
        let at = "x\n".repeat(MAX_LINES);
        let above = "x\n".repeat(MAX_LINES + 1);
        let found = lines(check, &[("a.rs", &at), ("b.rs", &above), ("c.sql", &above)]);
        assert_eq!(found, [("b.rs".to_owned(), 0)]);
    }
}
