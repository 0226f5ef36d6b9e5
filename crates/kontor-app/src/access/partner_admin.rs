//! Keeping partners: adding them, granting categories, giving out tokens, rotating keys, disabling.
//!
//! For commands; everything works on the store alone, and a running server follows. A token is signed
//! with the partner's key and cannot be taken back by itself: rotate the key or disable the partner.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kontor_model::account::Secret;
use kontor_model::code::CodeError;
use kontor_model::customer::State;
use kontor_model::instant::Instant;
use kontor_model::questionnaire::{Category, CategoryCode, Grant, Partner, PartnerCode};
use kontor_model::supplier::SupplierCode;
use kontor_store::{ReadNouns, Store, StoreError, WriteNouns};
use serde_json::Value;

use crate::access::json_web_token;
use crate::access::secrets::mint_token;
use crate::of_supplier::{UnknownSupplier, read, write};
use crate::write::WriteError;

/// Longest code of a partner: it is the number in its tokens.
const MAX_CODE_DIGITS: usize = 18;
/// Longest name of a partner in characters: it is part of every token.
const MAX_NAME_CHARS: usize = 100;
/// Who is named in the change log.
const ACTOR: &str = "partner command";

/// A partner to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPartner {
    /// 1 to 18 digits, without a leading zero.
    pub code: String,
    /// 1 to 100 characters.
    pub name: String,
    /// The number after the name in the issuer of its tokens.
    pub number: u32,
    /// Language its questionnaires must be in, such as `fr`; `None`: any.
    pub language: Option<String>,
}

/// A partner with what it may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub partner: Partner,
    pub granted: Vec<CategoryCode>,
}

/// Why a command about partners failed.
#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    #[error(transparent)]
    UnknownSupplier(#[from] UnknownSupplier),
    #[error("there is no partner {0}")]
    UnknownPartner(String),
    #[error("there is a partner {0} already")]
    Exists(String),
    #[error("the code {0:?} is not 1 to {MAX_CODE_DIGITS} digits without a leading zero")]
    Code(String),
    #[error(
        "the name {0:?} is not 1 to {MAX_NAME_CHARS} characters, none of them a control character, without blanks around"
    )]
    Name(String),
    #[error("the language {0:?} is not a code such as fr")]
    Language(String),
    #[error("the category {0:?} is not a code: {1}")]
    Category(String, CodeError),
    #[error("there is no category {0}")]
    UnknownCategory(CategoryCode),
    #[error("partner {0} has no key yet: rotate it")]
    NoKey(String),
    #[error("a token must expire later than now")]
    Expired,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The issuer of a partner's tokens: its code, name and number as a JSON text in base64.
pub fn issuer(code: &str, name: &str, number: u32) -> String {
    URL_SAFE_NO_PAD.encode(Value::from(format!("{code}_{name}_{number}")).to_string())
}

/// Adds a partner with a key of its own. It may send nothing before a category is granted to it.
pub fn add(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    new: &NewPartner,
) -> Result<(), PartnerError> {
    let code = partner_code(&new.code)?;
    let name = name(&new.name)?;
    let partner = Partner {
        issuer: Some(issuer(&new.code, name, new.number)),
        code: code.clone(),
        name: Some(name.to_owned()),
        state: State::Active,
        language: new.language.as_deref().map(language).transpose()?,
        secret: Some(Secret::from(mint_token())),
        previous_secret: None,
        previous_until: None,
    };
    write(store, supplier, (ACTOR, now), move |tx| {
        if tx.has(&Partner::by_code(code.as_str()))? {
            return Err(refused(PartnerError::Exists(code.to_string())));
        }
        tx.save(partner.clone())?;
        Ok(())
    })
}

/// Lets a partner send leads of these categories, or no longer: of all or, with a fault, of none.
pub fn grant(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    partner: &str,
    categories: &[&str],
    granted: bool,
) -> Result<(), PartnerError> {
    let categories: Vec<CategoryCode> =
        categories.iter().map(|code| category_code(code)).collect::<Result<_, _>>()?;
    let partner = existing(store, supplier, partner)?.code;
    write(store, supplier, (ACTOR, now), move |tx| {
        for category in &categories {
            if !granted {
                tx.delete(&Grant::of(partner.as_str(), category.as_str()))?;
            } else if !tx.has(&Category::by_code(category.as_str()))? {
                return Err(refused(PartnerError::UnknownCategory(category.clone())));
            } else {
                let (partner, category) = (partner.clone(), category.clone());
                tx.save(Grant { partner, category })?;
            }
        }
        Ok(())
    })
}

/// A token of a partner that counts until `expires`. It is shown once and not stored.
pub fn token(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    partner: &str,
    expires: Instant,
) -> Result<String, PartnerError> {
    let partner = existing(store, supplier, partner)?;
    let code = partner.code.as_str();
    // Codes of imported partners may be anything, but tokens only name numbers.
    partner_code(code)?;
    if expires <= now {
        return Err(PartnerError::Expired);
    }
    let no_key = || PartnerError::NoKey(code.to_owned());
    let key = partner.secret.as_ref().map(Secret::reveal).filter(|key| !key.is_empty());
    let seconds = expires.micros().div_euclid(1_000_000);
    json_web_token::issue(key.ok_or_else(no_key)?, code, seconds, partner.issuer.as_deref())
        .ok_or_else(no_key)
}

/// Gives a partner a new key. Tokens signed with the key before count until `overlap_until`.
pub fn rotate(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    partner: &str,
    overlap_until: Instant,
) -> Result<(), PartnerError> {
    change(store, supplier, now, partner, move |partner| {
        partner.previous_secret = partner.secret.replace(Secret::from(mint_token()));
        partner.previous_until = partner.previous_secret.is_some().then_some(overlap_until);
    })
}

/// Disables a partner, or lets it in again.
pub fn set_state(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    partner: &str,
    state: State,
) -> Result<(), PartnerError> {
    change(store, supplier, now, partner, move |partner| partner.state = state)
}

/// All partners of a supplier with the categories granted to each.
pub fn list(store: &dyn Store, supplier: &SupplierCode) -> Result<Vec<Listed>, PartnerError> {
    let mut list: Vec<Listed> = Vec::new();
    read::<PartnerError>(store, supplier, &mut |tx| {
        tx.each_of_all(&mut |partner| {
            list.push(Listed { partner, granted: Vec::new() });
            Ok(())
        })?;
        for Listed { partner, granted } in &mut list {
            tx.each(&Grant::of_partner(partner.code.as_str()), &mut |grant| {
                granted.push(grant.category);
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(list)
}

impl Listed {
    /// How many keys sign tokens that count now: 0, 1, or 2 during a rotation.
    pub fn keys(&self, now: Instant) -> usize {
        let has = |key: &Option<Secret>| key.as_ref().is_some_and(|key| !key.reveal().is_empty());
        let before = self.partner.previous_until.is_none_or(|until| now < until);
        usize::from(has(&self.partner.secret))
            + usize::from(before && has(&self.partner.previous_secret))
    }
}

fn change(
    store: &dyn Store,
    supplier: &SupplierCode,
    now: Instant,
    code: &str,
    change: impl Fn(&mut Partner) + Send + 'static,
) -> Result<(), PartnerError> {
    existing(store, supplier, code)?;
    let code = code.to_owned();
    write(store, supplier, (ACTOR, now), move |tx| {
        let Some(mut partner) = tx.find(&Partner::by_code(&code))? else {
            return Err(refused(PartnerError::UnknownPartner(code.clone())));
        };
        change(&mut partner);
        tx.save(partner)?;
        Ok(())
    })
}

fn existing(
    store: &dyn Store,
    supplier: &SupplierCode,
    code: &str,
) -> Result<Partner, PartnerError> {
    let mut found = None;
    read::<PartnerError>(store, supplier, &mut |tx| {
        found = tx.find(&Partner::by_code(code))?;
        Ok(())
    })?;
    found.ok_or_else(|| PartnerError::UnknownPartner(code.to_owned()))
}

fn partner_code(code: &str) -> Result<PartnerCode, PartnerError> {
    let is_number = !code.is_empty()
        && code.len() <= MAX_CODE_DIGITS
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && (code == "0" || !code.starts_with('0'));
    let refused = || PartnerError::Code(code.to_owned());
    if is_number { code.parse().map_err(|_| refused()) } else { Err(refused()) }
}

fn name(name: &str) -> Result<&str, PartnerError> {
    let length = name.chars().count();
    let is_name = (1..=MAX_NAME_CHARS).contains(&length)
        && name.trim() == name
        && !name.chars().any(char::is_control);
    if is_name { Ok(name) } else { Err(PartnerError::Name(name.to_owned())) }
}

fn language(code: &str) -> Result<String, PartnerError> {
    let is_language =
        (2..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if is_language { Ok(code.to_owned()) } else { Err(PartnerError::Language(code.to_owned())) }
}

fn category_code(code: &str) -> Result<CategoryCode, PartnerError> {
    code.parse().map_err(|error| PartnerError::Category(code.to_owned(), error))
}

fn refused(error: PartnerError) -> WriteError<PartnerError> {
    WriteError::Refused(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_are_those_of_the_documented_tokens() {
        assert_eq!(issuer("22", "LP75", 19), "IjIyX0xQNzVfMTki");
        assert_eq!(issuer("23", "OFF", 1), "IjIzX09GRl8xIg");
    }

    #[test]
    fn codes_are_numbers() {
        for good in ["0", "22", "999999999999999999"] {
            assert!(partner_code(good).is_ok(), "{good}");
        }
        for bad in ["", "022", "a", "-1", "٢", "1000000000000000000", " 1"] {
            assert!(partner_code(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_and_languages_are_short_texts() {
        let longest = "é".repeat(MAX_NAME_CHARS);
        for good in ["X", "LP 75", &longest] {
            assert!(name(good).is_ok(), "{good}");
        }
        for bad in ["", " ", " X", "X\n", "a\u{7}b", &format!("{longest}x")] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
        assert!(language("fr").is_ok() && language("pt-BR").is_ok());
        for bad in ["", "f", "français", "fr fr", "abcdefghi"] {
            assert!(language(bad).is_err(), "{bad}");
        }
    }
}
