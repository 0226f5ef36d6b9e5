//! Leads as CSV: one line a lead, one column `answer_ID` a question.

use std::collections::{HashMap, HashSet};
use std::io::Write;

use kontor_model::supplier::SupplierCode;
use kontor_store::Store;
use serde_json::{Map, Value};

use super::{LeadFilter, LeadLine, LeadsError, list};
use crate::vault::LeadVault;

/// The columns before those of the questions.
const COLUMNS: [&str; 9] =
    ["lead", "contact", "category", "partner", "created_at", "state", "attempts", "email", "phone"];

/// Writes the leads that are meant, opened. Several answers to a question are separated by `; `.
/// Returns how many leads.
pub fn export_csv(
    store: &dyn Store,
    supplier: &SupplierCode,
    vault: &LeadVault,
    filter: &LeadFilter,
    out: &mut dyn Write,
) -> Result<usize, LeadsError> {
    let (mut questions, mut known, mut fault) = (Vec::new(), HashSet::new(), None);
    let mut each = |visit: &mut dyn FnMut(&LeadLine) -> Result<(), LeadsError>| {
        list(store, supplier, filter, &mut |mut line| {
            if fault.is_some() {
                return;
            }
            let number = line.lead.number;
            let visited = match vault.open(line.lead.clone()) {
                Ok(lead) => {
                    line.lead = lead;
                    visit(&line)
                }
                Err(error) => Err(LeadsError::Sealed(number, error)),
            };
            fault = visited.err();
        })?;
        fault.take().map_or(Ok(()), Err)
    };
    each(&mut |line| {
        for id in answers(line).into_iter().map(|(id, _)| id) {
            if known.insert(id.clone()) {
                questions.push(id);
            }
        }
        Ok(())
    })?;
    let mut csv = csv::Writer::from_writer(out);
    let header = questions.iter().map(|id| format!("answer_{id}"));
    let header = COLUMNS.into_iter().map(str::to_owned).chain(header);
    csv.write_record(header).map_err(|error| LeadsError::Csv(error.to_string()))?;
    let mut count = 0;
    each(&mut |line| {
        count += 1;
        let record = record(line, &questions);
        csv.write_record(record).map_err(|error| LeadsError::Csv(error.to_string()))
    })?;
    csv.flush().map_err(|error| LeadsError::Csv(error.to_string()))?;
    Ok(count)
}

fn record(line: &LeadLine, questions: &[String]) -> Vec<String> {
    let (lead, delivery) = (&line.lead, line.delivery.as_ref());
    let mut record = vec![
        lead.number.to_string(),
        lead.contact_number.to_string(),
        lead.category.to_string(),
        lead.partner.to_string(),
        lead.created_at.to_string(),
        delivery.map(|delivery| delivery.state.to_string()).unwrap_or_default(),
        delivery.map(|delivery| delivery.attempts.to_string()).unwrap_or_default(),
        harmless(&lead.email),
        harmless(lead.phone.as_deref().unwrap_or_default()),
    ];
    let answers: HashMap<String, Value> = answers(line).into_iter().collect();
    record.extend(questions.iter().map(|id| match answers.get(id) {
        Some(Value::String(text)) => harmless(text),
        Some(Value::Array(several)) => {
            let texts: Vec<&str> = several.iter().filter_map(Value::as_str).collect();
            harmless(&texts.join("; "))
        }
        Some(_) | None => String::new(),
    }));
    record
}

fn answers(line: &LeadLine) -> Map<String, Value> {
    let text = line.lead.answers.as_deref().unwrap_or("{}");
    serde_json::from_str(text).unwrap_or_default()
}

/// A text that no spreadsheet takes for a formula: what could be one is led by an apostrophe. Phone
/// numbers stay as they are.
fn harmless(text: &str) -> String {
    let is_phone = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '.' | '-' | ' '));
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_phone {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_led_by_an_apostrophe() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|x", "'+cmd|x"),
            ("-x", "'-x"),
            ("+33.1.30", "+33.1.30"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), expected);
        }
    }
}
