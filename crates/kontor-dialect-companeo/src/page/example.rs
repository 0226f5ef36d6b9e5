//! A call that is accepted.

use kontor_leads::questionnaire::{Question, QuestionKind, Questionnaire};
use kontor_wire::json::JsonWriter;

use crate::wire::{self, WireId};

/// The body with line breaks, for people.
pub(super) fn body(category: &str, questionnaire: &Questionnaire) -> String {
    let members: Vec<String> = members(questionnaire)
        .map(|(id, answer)| format!("            {}: {answer}", text_of(|json| json.string(id))))
        .collect();
    format!(
        "[\n    {{\n        \"{}\": {},\n        \"{}\": {{\n{}\n        }}\n    }}\n]",
        wire::CATEGORY,
        text_of(|json| write_id(json, category)),
        wire::DATA,
        members.join(",\n")
    )
}

/// The body in one line.
pub(super) fn compact(category: &str, questionnaire: &Questionnaire) -> String {
    text_of(|json| {
        json.array(|inputs| {
            inputs.object(|input| {
                write_id(input.key(wire::CATEGORY), category);
                input.key(wire::DATA).object(|data| {
                    for (id, answer) in members(questionnaire) {
                        data.key(id).raw(|out| out.extend_from_slice(answer.as_bytes()));
                    }
                });
            });
        });
    })
}

/// Ids of the mandatory questions and answers to them as JSON.
fn members(questionnaire: &Questionnaire) -> impl Iterator<Item = (&str, String)> {
    let mandatory = questionnaire.questions().iter().filter(|question| question.mandatory);
    mandatory.filter_map(|question| Some((&*question.id, answer(question)?)))
}

fn answer(question: &Question) -> Option<String> {
    let example = question.example()?;
    Some(match question.kind {
        QuestionKind::Single(_) => text_of(|json| write_id(json, &example)),
        QuestionKind::Multiple(_) => text_of(|json| json.array(|list| write_id(list, &example))),
        QuestionKind::Text(_) => text_of(|json| json.string(&example)),
    })
}

fn write_id(json: &mut JsonWriter<'_>, id: &str) {
    match WireId::of(id) {
        WireId::Number(digits) => json.raw(|out| out.extend_from_slice(digits.as_bytes())),
        WireId::Text(text) => json.string(&text),
    }
}

fn text_of(write: impl FnOnce(&mut JsonWriter<'_>)) -> String {
    let mut out = Vec::new();
    write(&mut JsonWriter::new(&mut out));
    String::from_utf8_lossy(&out).into_owned()
}
