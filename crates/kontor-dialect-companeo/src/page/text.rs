//! The page for a terminal.

use std::fmt::Write as _;

use super::{Page, answers, codes};

pub(super) fn page(page: &Page<'_>) -> String {
    let mut out = format!("{}\n\nPOST {}\n\nQuestions\n\n", page.title(), page.url);
    let header = ["id", "mandatory", "code", "question", "answer"].map(str::to_owned);
    let questions = page.questionnaire.questions().iter();
    let rows = questions.map(|question| {
        let mandatory = if question.mandatory { "yes" } else { "no" };
        [
            question.id.to_string(),
            mandatory.to_owned(),
            codes(question),
            question.label.to_string(),
            answers(question),
        ]
    });
    table(&mut out, &std::iter::once(header).chain(rows).collect::<Vec<_>>());
    out.push_str("\nIds of the options\n");
    for question in page.questionnaire.questions() {
        let options = question.kind.options();
        if !options.is_empty() {
            // Writing to a text cannot fail.
            let _ = write!(out, "\n{}: {}\n", question.id, question.label);
            let rows = options.iter().map(|o| [o.id.to_string(), o.label.to_string()]);
            table(&mut out, &rows.collect::<Vec<_>>());
        }
    }
    let _ = write!(out, "\nExample\n\n{}\n\n{}\n", page.example(), page.curl());
    out
}

/// Writes rows in columns as wide as they must be.
fn table<const N: usize>(out: &mut String, rows: &[[String; N]]) {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, " {cell:width$} ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
