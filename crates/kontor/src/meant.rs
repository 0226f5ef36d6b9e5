//! What may have been meant by a code of a supplier that there is not.

use anyhow::bail;
use kontor_app::supplier_admin;
use kontor_store::Store;

/// Refuses a code that no supplier has, and says which one may have been meant.
pub(crate) fn is_supplier(store: &dyn Store, code: &str) -> anyhow::Result<()> {
    if store.supplier_id(code)?.is_some() {
        return Ok(());
    }
    let codes = supplier_admin::codes(store)?;
    match nearest(code, codes.iter().map(kontor_model::Code::as_str)) {
        Some(meant) => bail!("there is no supplier {code}; did you mean {meant}?"),
        None if codes.is_empty() => {
            bail!(
                "there is no supplier {code}: there is none yet; `kontor import FOLDER` loads one"
            )
        }
        None => bail!("there is no supplier {code}; `kontor supplier list` shows those there are"),
    }
}

/// The word that differs from what was typed in the fewest letters, when these are few.
fn nearest<'a>(typed: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (typed.chars().count() / 3).max(1);
    let near = words.map(|word| (strsim::damerau_levenshtein(typed, word), word));
    let near = near.filter(|(distance, _)| *distance <= most);
    near.min().map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_few_other_letters_may_be_meant() {
        let words = ["demo42", "wcs-mini", "acme"];
        for (typed, meant) in [
            ("demo24", Some("demo42")),
            ("demo4", Some("demo42")),
            ("wcsmini", Some("wcs-mini")),
            ("ACME", None),
            ("acne", Some("acme")),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, words.into_iter()), meant, "{typed}");
        }
    }
}
