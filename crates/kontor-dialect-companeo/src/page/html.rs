//! The page for a browser: one file that fetches nothing.

use std::fmt::Write as _;

use super::{Page, answers, codes};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;\
vertical-align:top}pre,code{font:14px/1.4 ui-monospace,monospace}pre{background:#f4f4f4;padding:1rem;overflow:auto}\
td code{overflow-wrap:anywhere}";

pub(super) fn page(page: &Page<'_>) -> String {
    let title = escaped(&page.title());
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n\
         <p><code>POST {}</code></p>\n<h2>Questions</h2>\n<table>\n\
         <tr><th>Question</th><th>ID</th><th>Mandatory</th><th>Answer</th><th>Error code</th></tr>\n",
        escaped(&page.url)
    );
    for question in page.questionnaire.questions() {
        // Writing to a text cannot fail.
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td><code>{}</code></td><td>{}</td></tr>",
            escaped(&question.label),
            escaped(&question.id),
            if question.mandatory { "yes" } else { "no" },
            escaped(&answers(question)),
            codes(question)
        );
    }
    out.push_str("</table>\n<h2>Ids of the options</h2>\n");
    for question in page.questionnaire.questions() {
        let options = question.kind.options();
        if options.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "<h3>{} (<code>{}</code>)</h3>\n<table>\n<tr><th>ID</th><th>Answer</th></tr>",
            escaped(&question.label),
            escaped(&question.id)
        );
        for option in options {
            let (id, label) = (escaped(&option.id), escaped(&option.label));
            let _ = writeln!(out, "<tr><td><code>{id}</code></td><td>{label}</td></tr>");
        }
        out.push_str("</table>\n");
    }
    let (example, curl) = (escaped(&page.example()), escaped(&page.curl()));
    let _ = writeln!(
        out,
        "<h2>Example</h2>\n<pre>{example}</pre>\n<pre>{curl}</pre>\n</body>\n</html>"
    );
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
