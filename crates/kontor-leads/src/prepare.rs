//! What is done to a row before it is stored, leads and all: questionnaires that nobody could answer
//! are refused.

use kontor_model::catalogue::Record;
use kontor_model::record::CellError;

use crate::questionnaire::Questionnaire;

/// [`kontor_app::prepare::prepare`] for rows whose questions can be answered.
pub fn prepare(record: Record, existing: Option<&Record>) -> Result<Record, CellError> {
    if let Record::Category(category) = &record
        && let Some(questions) = &category.questions
    {
        Questionnaire::read(questions)
            .map_err(|error| CellError { column: "questions", reason: error.to_string() })?;
    }
    kontor_app::prepare::prepare(record, existing)
}
