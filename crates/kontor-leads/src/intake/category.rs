//! Which categories a partner may send leads of.

use kontor_app::access::partner_asker::PartnerAsker;
use kontor_model::customer::State;
use kontor_model::questionnaire::{Category, Grant};
use kontor_pricing::Tenant;

use super::submission::InputFault;

/// A category that the partner may send leads of, and its questions.
pub(super) fn category<'a>(
    tenant: &'a Tenant,
    asker: &PartnerAsker,
    code: &str,
) -> Result<(&'a Category, &'a str), InputFault> {
    let Some(category) = tenant.find(&Category::by_code(code)) else {
        return Err(InputFault::UnknownCategory);
    };
    if tenant.find(&Grant::of(asker.partner.code.as_str(), code)).is_none() {
        return Err(InputFault::NotGranted);
    }
    if category.state == State::Disabled {
        return Err(InputFault::SwitchedOff);
    }
    let questions = category.questions.as_deref().ok_or(InputFault::NoQuestionnaire)?;
    match (&asker.partner.language, &category.language) {
        (Some(wanted), Some(offered)) if !wanted.eq_ignore_ascii_case(offered) => {
            Err(InputFault::OtherLanguage)
        }
        _ => Ok((category, questions)),
    }
}
