//! What an import did, for people and for programs.

use std::io::Write as _;

use kontor_exchange::{Ended, Fault, Faults, FolderReport, KindReport, Report};
use serde_json::{Value, json};

/// With more faults than this it is also told what they come from.
const MANY: u64 = 20;
/// Causes that are told.
const SHOWN_CAUSES: usize = 20;
/// Warnings that are told one by one.
const SHOWN_WARNINGS: usize = 100;

/// Writes the report to the standard output.
pub(crate) fn print(report: &Report) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for folder in &report.folders {
        writeln!(out, "{}: {}", folder.supplier, ended(folder))?;
        for kind in &folder.kinds {
            writeln!(out, "{}", counts(kind))?;
        }
    }
    for fault in report.faults.shown() {
        writeln!(out, "{fault}")?;
    }
    for line in summary(&report.faults, "faults", report.faults.shown().len()) {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

/// Writes it as one JSON value.
pub(crate) fn print_json(report: &Report) -> anyhow::Result<()> {
    let folders: Vec<Value> = report.folders.iter().map(folder_json).collect();
    let value = json!({
        "suppliers": folders,
        "faults": faults_json(&report.faults),
        "warnings": faults_json(&report.warnings),
    });
    let mut out = std::io::stdout().lock();
    writeln!(out, "{value:#}")?;
    out.flush()?;
    Ok(())
}

/// Writes warnings to the standard error output.
pub(crate) fn warn(report: &Report, others: &[String]) {
    for other in others {
        eprintln!("warning: {other}");
    }
    let shown = report.warnings.shown();
    for warning in shown.iter().take(SHOWN_WARNINGS) {
        eprintln!("warning: {warning}");
    }
    for line in summary(&report.warnings, "warnings", shown.len().min(SHOWN_WARNINGS)) {
        eprintln!("{line}");
    }
}

fn ended(folder: &FolderReport) -> String {
    match folder.ended {
        Ended::Committed(change) => format!("applied as change {}", change.0),
        Ended::Unchanged => "nothing new".to_owned(),
        Ended::Checked => "checked, nothing applied".to_owned(),
        Ended::Refused => "refused, nothing applied".to_owned(),
    }
}

fn counts(kind: &KindReport) -> String {
    let trimmed =
        if kind.trimmed == 0 { String::new() } else { format!(" {:>10} trimmed", kind.trimmed) };
    format!(
        "  {:<20} {:>10} new {:>10} changed {:>10} as before {:>10} removed{trimmed}",
        kind.kind.name(),
        kind.inserted,
        kind.updated,
        kind.unchanged,
        kind.removed
    )
}

/// How many there are and, when they are many, what they come from.
fn summary(faults: &Faults, name: &str, shown: usize) -> Vec<String> {
    let count = faults.count();
    let mut lines = Vec::new();
    if count > MANY {
        let causes = faults.causes();
        lines.push(format!("what the {name} are:"));
        lines.extend(causes.iter().take(SHOWN_CAUSES).map(ToString::to_string));
        let rest: u64 = causes.iter().skip(SHOWN_CAUSES).map(|cause| cause.count).sum();
        if rest > 0 {
            lines.push(format!("{rest:>7}  of other causes"));
        }
    }
    let more = count - shown as u64;
    match (count, more) {
        (0, _) => {}
        (1, _) => lines.push(format!("1 {}", name.trim_end_matches('s'))),
        (_, 0) => lines.push(format!("{count} {name}")),
        _ => lines.push(format!("{count} {name}, {more} not shown")),
    }
    lines
}

fn folder_json(folder: &FolderReport) -> Value {
    let (ended, change) = match folder.ended {
        Ended::Committed(change) => ("applied", Some(change.0)),
        Ended::Unchanged => ("unchanged", None),
        Ended::Checked => ("checked", None),
        Ended::Refused => ("refused", None),
    };
    let kinds: Vec<Value> = folder
        .kinds
        .iter()
        .map(|kind| {
            json!({
                "kind": kind.kind.name(),
                "new": kind.inserted,
                "changed": kind.updated,
                "as_before": kind.unchanged,
                "removed": kind.removed,
                "trimmed": kind.trimmed,
            })
        })
        .collect();
    json!({"supplier": folder.supplier.as_str(), "ended": ended, "change": change, "kinds": kinds})
}

fn faults_json(faults: &Faults) -> Value {
    let shown: Vec<Value> = faults.shown().iter().map(fault_json).collect();
    let causes: Vec<Value> = faults
        .causes()
        .into_iter()
        .map(|cause| {
            json!({
                "count": cause.count,
                "file": cause.file,
                "column": cause.name,
                "reason": cause.reason,
            })
        })
        .collect();
    json!({"count": faults.count(), "shown": shown, "causes": causes})
}

fn fault_json(fault: &Fault) -> Value {
    json!({
        "file": fault.file,
        "line": fault.line,
        "cell": fault.column,
        "column": fault.name,
        "value": fault.value,
        "reason": fault.reason,
    })
}
