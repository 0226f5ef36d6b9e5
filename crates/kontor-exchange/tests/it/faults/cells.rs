//! Cells that are not what their column says.

use super::check;

/// File, what stands there, what is put there instead, the fault.
const BAD_CELLS: &[[&str; 4]] = &[
    [
        "supplier.csv",
        "Asia/Jerusalem",
        "Asia/Atlantis",
        "supplier.csv:2:3 (time_zone): \"Asia/Atlantis\": not an IANA time zone such as Europe/Berlin",
    ],
    [
        "counters.csv",
        "price_list_number",
        "order_number",
        "counters.csv:2:1 (counter): \"order_number\": not one of price_list_number, lead_number, \
             lead_contact_number",
    ],
    ["counters.csv", "5545", "0", "counters.csv:2:2 (next): \"0\": must be 1 or more"],
    ["counters.csv", "5545", "5e3", "counters.csv:2:2 (next): \"5e3\": not a whole number"],
    ["counters.csv", "5545", "", "counters.csv:2:2 (next): must not be empty"],
    [
        "products.csv",
        "7611990131310",
        "7611990131311",
        "products.csv:2:3 (gtin): \"7611990131311\": wrong check digit, expected 0",
    ],
    [
        "products.csv",
        "C62",
        "PCS",
        "products.csv:2:6 (base_uom): \"PCS\": not a UN/ECE Rec 20 unit code (pieces are C62, \
             kilograms KGM)",
    ],
    ["products.csv", "0.001", "0", "products.csv:8:7 (quantity_step): \"0\": must be above 0"],
    [
        "products.csv",
        "11.04.5680",
        "11.04\u{0}5680",
        "products.csv:2:2 (mpn): \"11.04\\u{0}5680\": has a control character",
    ],
    [
        "availability.csv",
        "11040001,4",
        "11040001,4.0000001",
        "availability.csv:5:2 (quantity): \"4.0000001\": more than 6 decimals",
    ],
    [
        "availability.csv",
        "150",
        "9223372036854.775808",
        "availability.csv:4:2 (quantity): \"9223372036854.775808\": number too large",
    ],
    [
        "contracts.csv",
        "2016-01-01T00:00:00+01:00",
        "1.1.2016",
        "contracts.csv:4:2 (valid_from): \"1.1.2016\": not a date such as 2016-01-28, nor an \
             instant such as 2016-01-28T11:24:28Z",
    ],
    [
        "contracts.csv",
        "2017-01-01T00:00:00+01:00",
        "2015-12-30",
        "contracts.csv:4:3 (valid_to): \"2015-12-30\": ends before it begins",
    ],
    [
        "store_currencies.csv",
        "10201,EUR,2",
        "10201,EUR,7",
        "store_currencies.csv:2:3 (decimals): \"7\": must be 0 to 6",
    ],
    ["stores.csv", "yes", "ja", "stores.csv:2:6 (guests): \"ja\": not yes or no"],
    [
        "selling_entities.csv",
        "12345678000195",
        "12345678000196",
        "selling_entities.csv:2:2 (tax_id): \"12345678000196\": wrong check digits, expected 95",
    ],
    [
        "selling_entities.csv",
        "12ABC34501DE35",
        "12.ABC.345/01DE-05",
        "selling_entities.csv:4:2 (tax_id): \"12.ABC.345/01DE-05\": wrong check digits, expected 35",
    ],
    [
        "selling_entities.csv",
        "12ABC34501DE35",
        "12abc34501de35",
        "selling_entities.csv:4:2 (tax_id): \"12abc34501de35\": a CNPJ is 12 digits or capital \
             letters and 2 check digits, as 12345678000195 or 12.345.678/0001-95; numbers of other \
             countries are written COUNTRY:number, e.g. DE:DE123456789",
    ],
    [
        "selling_entities.csv",
        "98765432000198",
        "00000000000000",
        "selling_entities.csv:3:2 (tax_id): \"00000000000000\": a CNPJ is not all zeros",
    ],
    [
        "selling_entities.csv",
        "98765432000198",
        "Germany:DE123456789",
        "selling_entities.csv:3:2 (tax_id): \"Germany:DE123456789\": the country before the colon \
             must be two capital letters, e.g. DE",
    ],
    [
        "sales_tables.csv",
        "1,1,001,",
        "1,1,0001,",
        "sales_tables.csv:2:3 (number): \"0001\": longer than 3 characters",
    ],
    [
        "leads.csv",
        "2016-01-10T09:00:00Z",
        "2016-01-10 09:00",
        "leads.csv:2:7 (created_at): \"2016-01-10 09:00\": not an instant such as \
             2016-01-28T11:24:28.874Z or 2016-01-28T12:24:28+01:00",
    ],
    [
        "documents.csv",
        "06:30",
        "6 h",
        "documents.csv:3:7 (supply_time): \"6 h\": not a time such as 06:30",
    ],
    [
        "identifiers.csv",
        "11045680,customer_sku,MY-CABLE,123456",
        "11045680,customer_sku,MY-CABLE,",
        "identifiers.csv:34:4 (customer): must be filled for customer_sku and empty for other \
             schemes",
    ],
    [
        "customers.csv",
        "123456,",
        " 123456,",
        "customers.csv:2:1 (customer): \" 123456\": begins or ends with a blank",
    ],
    [
        "prices.csv",
        "EUR,1,,,regular,,8.8,2,",
        "EUR,1,,,regular,,-8.8,2,",
        "prices.csv:2:11 (amount): \"-8.8\": must not be negative",
    ],
    [
        "prices.csv",
        "EUR,1,,,regular,,8.8,2,",
        "EUR,1,,,regular,,8.875,2,",
        "prices.csv:2:12 (decimals): \"2\": the amount has 3 decimals",
    ],
    [
        "prices.csv",
        "BR-1-1,40000905,KG,1,",
        "BR-1-1,40000905,KG,0,",
        "prices.csv:22:4 (packing_quantity): \"0\": must be above 0 with a packing, and empty \
             without one",
    ],
    [
        "prices.csv",
        "promotion",
        "sale",
        "prices.csv:24:9 (kind): \"sale\": not one of regular, promotion, listing",
    ],
];

#[test]
fn cells_that_are_no_values() {
    for [file, from, to, expected] in BAD_CELLS {
        // Rows that refer to the row are faulty through it alone, so they are not told.
        check(file, from, to, &[expected]);
    }
}

#[test]
fn all_faults_of_a_row_are_told() {
    check(
        "products.csv",
        "11045680,11.04.5680,7611990131310,כבל HDMI 2 מ',active,C62,1",
        "11045680,11.04.5680,7611990131310,כבל HDMI 2 מ',sold,,x",
        &[
            "products.csv:2:5 (state): \"sold\": not one of active, end_of_life",
            "products.csv:2:6 (base_uom): must not be empty",
            "products.csv:2:7 (quantity_step): \"x\": not a decimal number",
        ],
    );
}
