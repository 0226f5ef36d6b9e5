//! Words of a protocol stand in the crate of its dialect and nowhere else in the product.
//!
//! Tests, documents, demo data and golden cases speak the protocols freely. A word that is also
//! a word of ours (`packing_quantity`) cannot be on the list.

use crate::tidy::{Fault, has_word};
use crate::tree::{File, Tree};

/// The dialects, each with words that only its protocol uses.
const DIALECTS: &[(&str, &[&str])] = &[
    (
        "secomp",
        &[
            "PRODUCTREQUEST",
            "PRODUCTRESPONSE",
            "PRODUCT_ID",
            "AVAILQUANTITY",
            "SCALE_PRICES",
            "SCALE_QUANTITY",
            "DELIVERY_INFO",
            "ITEM_LIST",
            "STATUSTEXT",
        ],
    ),
    (
        "consinco",
        &[
            "sm_products",
            "seq_product",
            "SEQ_PRODUCT",
            "number_company",
            "NUMBER_COMPANY",
            "number_segment",
            "reg_number",
            "sales_table_number",
            "code_ean",
            "CODE_EAN",
            "lower_sale_price",
            "ModelState",
            "ProductPriceResponseDTO",
            "_pageNo",
        ],
    ),
    (
        "restigo",
        &[
            "thirdParty",
            "price_after_discount",
            "catalog_number",
            "catalog_items",
            "pricing_id",
            "pricing_name",
            "items_added",
            "removeClient",
            "account_code",
            "Item_Sku",
            "Value_date",
            "reference_date",
            "doc_num",
        ],
    ),
    (
        "websphere",
        &[
            "EntitledPrice",
            "RangePrice",
            "UnitPrice",
            "priceInRange",
            "byPartNumber",
            "contractIds",
            "partNumber",
            "productId",
            "storeId",
            "resourceId",
            "WCToken",
            "WCTrustedToken",
            "logonId",
            "loginidentity",
            "guestidentity",
            "errorKey",
        ],
    ),
    (
        "companeo",
        &[
            "create_rfq",
            "rfq_id",
            "cli_id",
            "categoryId",
            "qid",
            "iid",
            "partner_creation_success",
            "partner_error_detected",
        ],
    ),
];
/// The list of dialects of the binary shows a request of each to try, and what measures the binary
/// asks as partners do.
const EXEMPT: &[&str] = &["crates/kontor/src/dialects.rs", "crates/kontor/benches/"];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    tree.ending(".rs")
        .filter(|file| file.path.starts_with("crates/") && !file.is_test())
        .filter(|file| !EXEMPT.iter().any(|exempt| file.path.starts_with(exempt)))
        .flat_map(faults)
        .collect()
}

fn faults(file: &File) -> Vec<Fault> {
    let foreign = DIALECTS.iter().filter(|(dialect, _)| {
        !file.path.starts_with(&format!("crates/kontor-dialect-{dialect}/"))
    });
    let words: Vec<(&str, &str)> = foreign
        .flat_map(|(dialect, words)| words.iter().map(move |word| (*dialect, *word)))
        .collect();
    let mut faults = Vec::new();
    for (number, line) in file.product_lines() {
        for (dialect, word) in words.iter().filter(|(_, word)| has_word(line, word)) {
            let message = format!("{word} is a word of {dialect}: use ours (docs/glossary.md)");
            faults.push(Fault::new(&file.path, number, message));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::lines;

    #[test]
    fn a_wire_word_is_found_outside_of_its_dialect_only() {
        let text = "//! Ours.\nconst NAME: &str = \"seq_product\";\n#[cfg(test)]\nmod t { /* rfq_id */ }\n";
        let found = lines(
            check,
            &[
                ("crates/kontor-app/src/a.rs", text),
                ("crates/kontor-app/tests/it/a.rs", text),
                ("crates/kontor/benches/a.rs", text),
                ("crates/kontor-dialect-consinco/src/wire.rs", text),
                ("crates/kontor-dialect-restigo/src/wire.rs", text),
                ("docs/a.md", text),
            ],
        );
        let expected = ["crates/kontor-app/src/a.rs", "crates/kontor-dialect-restigo/src/wire.rs"];
        assert_eq!(found, expected.map(|path| (path.to_owned(), 2)));
    }
}
