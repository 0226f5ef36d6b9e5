//! Questions of categories, each in a JSON file of its own.

use kontor_model::catalogue::{Kind, Record};
use kontor_model::questionnaire::Category;
use kontor_model::record::{Cell, CellError};
use kontor_store::{Abort, WriteTx};

use crate::fault::{Fault, shown};
use crate::names;
use crate::source::SourceFile;

use super::options::Mode;
use super::references;
use super::report::KindReport;
use super::session::Session;
use super::table_file::{TableFile, read_whole};

/// Longest file of questions in bytes.
pub(crate) const MAX_QUESTIONNAIRE_BYTES: usize = 1 << 20;

impl Session<'_> {
    /// The category of a row with its questions, as it is stored; `None` after a fault.
    pub(super) fn complete_category(
        &mut self,
        tx: &dyn WriteTx,
        table: &TableFile<'_>,
        mut category: Category,
    ) -> Result<Option<Record>, Abort> {
        let existing = tx.get(Kind::Category, &[Cell::text(&category.code)])?;
        let file = self.folder.questionnaires.get(category.code.as_str());
        match (file, &existing) {
            (Some(file), _) if category.questions.is_some() => {
                let reason = format!("{} has questions too", file.name);
                table.fault(&questions_fault(reason));
                return Ok(None);
            }
            (Some(file), _) => match self.read_questions(file) {
                Some(questions) => category.questions = Some(questions),
                None => return Ok(None),
            },
            // A merge leaves alone what the folder does not have.
            (None, Some(Record::Category(old)))
                if category.questions.is_none() && self.context.mode == Mode::Merge =>
            {
                category.questions.clone_from(&old.questions);
            }
            (None, _) => {}
        }
        let prepared = (self.context.prepare)(Record::Category(category), existing.as_ref());
        Ok(prepared.map_err(|error| self.fault_of_category(file, table, &error)).ok())
    }

    /// Puts the questions whose category has no row in the folder: it must be there already.
    pub(super) fn import_questionnaires(
        &mut self,
        tx: &mut dyn WriteTx,
        report: &mut KindReport,
    ) -> Result<(), Abort> {
        for (code, file) in &self.folder.questionnaires {
            let key = [Cell::text(code)];
            if self.keys.is_in_file(Kind::Category, &key) {
                continue;
            }
            let Some(questions) = self.read_questions(file) else {
                continue;
            };
            let existing = tx.get(Kind::Category, &key)?;
            let Some(Record::Category(old)) = &existing else {
                if self.keys.may_be_in_file(Kind::Category, &key) {
                    continue;
                }
                let reason = references::unknown(Kind::Category);
                self.context.fault(Fault {
                    value: Some(shown(code.as_bytes())),
                    ..Fault::of_file(&file.name, reason)
                });
                continue;
            };
            let new = Record::Category(Category { questions: Some(questions), ..old.clone() });
            match (self.context.prepare)(new, existing.as_ref()) {
                Ok(record) => report.count(tx.put(&record)?),
                Err(error) => self.context.fault(Fault::of_file(&file.name, error.reason)),
            }
        }
        Ok(())
    }

    /// The text of a file of questions; `None` after a fault.
    fn read_questions(&self, file: &SourceFile) -> Option<String> {
        let bytes = read_whole(self.context, file, MAX_QUESTIONNAIRE_BYTES)?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let good = error.utf8_error().valid_up_to();
                let before = error.as_bytes().get(..good).unwrap_or_default();
                self.context.fault(at_end_of(file, before, "not UTF-8 text"));
                return None;
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        match serde_json::from_str::<serde_json::Value>(text) {
            Ok(serde_json::Value::Array(_)) => Some(text.to_owned()),
            Ok(_) => {
                self.context.fault(Fault::of_file(&file.name, "not a JSON array of questions"));
                None
            }
            Err(error) => {
                self.context.fault(json_fault(file, &error));
                None
            }
        }
    }

    fn fault_of_category(
        &self,
        file: Option<&SourceFile>,
        table: &TableFile<'_>,
        error: &CellError,
    ) {
        match file {
            Some(file) if error.column == names::QUESTIONS => {
                self.context.fault(Fault::of_file(&file.name, &error.reason));
            }
            _ => table.fault(error),
        }
    }
}

fn questions_fault(reason: String) -> CellError {
    CellError { column: names::QUESTIONS, reason }
}

fn json_fault(file: &SourceFile, error: &serde_json::Error) -> Fault {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let place = format!(" at line {line} column {column}");
    let reason = text.strip_suffix(&place).unwrap_or(&text);
    Fault {
        column: Some(column),
        ..Fault::of_line(&file.name, line as u64, format_args!("not JSON: {reason}"))
    }
}

/// A fault behind these bytes.
fn at_end_of(file: &SourceFile, before: &[u8], reason: &str) -> Fault {
    let lines = before.split(|byte| *byte == b'\n').count();
    let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let column = String::from_utf8_lossy(last).chars().count() + 1;
    Fault { column: Some(column), ..Fault::of_line(&file.name, lines as u64, reason) }
}
