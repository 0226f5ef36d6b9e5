//! Parameters: what is good, what is not, and what is said of it.

use proptest::prelude::*;

use super::*;

const TWENTY: NonZeroU32 = NonZeroU32::new(20).unwrap();

fn read(query: &str) -> Result<Parameters, Vec<Fault>> {
    parameters(query, TWENTY)
}

/// What is wrong with a query of company 1, one text for each parameter.
fn faults(query: &str) -> Vec<String> {
    let faults = read(&format!("number_company=1&{query}")).err().unwrap_or_default();
    faults.into_iter().map(|fault| fault.text).collect()
}

fn not_valid(value: &str, name: &str) -> Vec<String> {
    vec![format!("The value '{value}' is not valid for {name}.")]
}

fn good(query: &str) -> Parameters {
    read(&format!("number_company=1&{query}")).unwrap()
}

#[test]
fn names_are_compared_without_case_and_values_are_trimmed() {
    let parameters = read(
        "Code_Ean=+A%20b+&LAST_update_DATE=%2001/02/2016&nUMBER_company=%0901&NUMBER_SEGMENT=+2\
         &sales_TABLE_number=+a1+&SEQ_PRODUCT=7&_PAGENO=3&_pagesize=+9&langId=-1",
    );
    let sent = |text: &str, value| Sent { text: text.to_owned(), value };
    let expected = Parameters {
        company: Company::Number(sent("01", 1)),
        segment: Some(sent("2", 2)),
        gtin: Some("A b".to_owned()),
        sequence: Some(7),
        table: Some("a1".to_owned()),
        changed_since: Some(Date::constant(2016, 2, 1)),
        page: NonZeroU32::new(3).unwrap(),
        page_size: NonZeroU32::new(9).unwrap(),
    };
    assert_eq!(parameters, Ok(expected));
}

#[test]
fn empty_means_not_informed() {
    let query = "CODE_EAN=&LAST_UPDATE_DATE=&NUMBER_SEGMENT=+&REG_NUMBER=%20&SALES_TABLE_NUMBER\
                 &SEQ_PRODUCT=&_pageNo=&_pageSize=%C2%A0";
    let parameters = good(query);
    assert_eq!(parameters, good(""));
    assert_eq!((parameters.page.get(), parameters.page_size.get()), (1, 20));
}

#[test]
fn the_first_value_that_is_not_empty_counts() {
    assert_eq!(good("seq_product=&SEQ_PRODUCT=+&seq_product=5&seq_product=6").sequence, Some(5));
    assert_eq!(faults("seq_product=x&seq_product=5"), not_valid("x", "SEQ_PRODUCT"));
}

#[test]
fn integers_have_32_bits() {
    for (text, expected) in [
        ("0", 0),
        ("%2B905", 905),
        ("-905", -905),
        ("-0", 0),
        ("2147483647", i32::MAX),
        ("-2147483648", i32::MIN),
        ("0000000000000000000000000000000000000007", 7),
    ] {
        assert_eq!(good(&format!("seq_product={text}")).sequence, Some(expected), "{text}");
    }
    for text in [
        "2147483648",
        "-2147483649",
        "99999999999999999999",
        "9e2",
        "1.0",
        "1,5",
        "--1",
        "-",
        "0x1",
        "1 2",
        "\u{661}",
        "1_000",
        "½",
    ] {
        let sent = text.replace(' ', "%20");
        assert_eq!(faults(&format!("seq_product={sent}")), not_valid(text, "SEQ_PRODUCT"));
        assert_eq!(faults(&format!("number_segment={sent}")), not_valid(text, "NUMBER_SEGMENT"));
        assert_eq!(faults(&format!("_pageNo={sent}")), not_valid(text, "_pageNo"));
    }
    // A plus that is not encoded is a blank.
    assert_eq!(good("seq_product=+905").sequence, Some(905));
    assert_eq!(faults("seq_product=%2B"), not_valid("+", "SEQ_PRODUCT"));
}

#[test]
fn pages_count_from_1_and_have_1_to_10000_rows() {
    assert_eq!(good("_pageNo=1").page.get(), 1);
    assert_eq!(good("_pageNo=2147483647").page.get(), 2_147_483_647);
    for bad in ["0", "-1", "2147483648", "00"] {
        assert_eq!(faults(&format!("_pageNo={bad}")), not_valid(bad, "_pageNo"));
    }
    assert_eq!(good("_pageSize=1").page_size.get(), 1);
    assert_eq!(good("_pageSize=10000").page_size.get(), 10_000);
    for bad in ["0", "-1", "10001", "2147483647", "abc"] {
        assert_eq!(faults(&format!("_pageSize={bad}")), not_valid(bad, "_pageSize"));
    }
}

#[test]
fn dates_have_two_forms_and_are_in_the_calendar() {
    for (text, expected) in [
        ("29/02/2016", (2016, 2, 29)),
        ("29022016", (2016, 2, 29)),
        ("01/01/0001", (1, 1, 1)),
        ("31/12/9999", (9999, 12, 31)),
        ("%2028%2F01%2F2016%20", (2016, 1, 28)),
    ] {
        let (year, month, day) = expected;
        let date = good(&format!("last_update_date={text}")).changed_since;
        assert_eq!(date, Some(Date::constant(year, month, day)), "{text}");
    }
    for text in [
        "31/02/2016",
        "29/02/2015",
        "31042016",
        "2016-01-28",
        "20160128T",
        "1/1/2016",
        "01/01/16",
        "00/01/2016",
        "01/00/2016",
        "01/13/2016",
        "01/01/0000",
        "01012016x",
        "01.01.2016",
        "01/012016",
        "0101/2016",
        "-1/01/2016",
        "01/01/-016",
        "0101 016",
        "\u{661}1/01/2016",
        "01/01/2016 00:00",
        "28012016000000",
        "hoje",
    ] {
        let sent = text.replace(' ', "%20");
        let said = faults(&format!("last_update_date={sent}"));
        assert_eq!(said, not_valid(text, "LAST_UPDATE_DATE"));
    }
}

#[test]
fn a_cnpj_has_14_characters_beside_its_punctuation() {
    let tax_id = |text: &str| {
        let company = read(&format!("reg_number={text}")).unwrap().company;
        let Company::TaxId(sent) = company else { panic!("{company:?}") };
        (sent.text, sent.value)
    };
    let good = |text: &str, value: &str| {
        assert_eq!(tax_id(text), (text.to_owned(), value.to_owned()));
    };
    good("12.345.678/0001-95", "12345678000195");
    good("12345678000195", "12345678000195");
    good("12.abc.345/01de-35", "12abc34501de35");
    good("1.2.3.4.5/678000195---", "12345678000195");
    good("00000000000000", "00000000000000");
    for bad in [
        "123",
        "1234567800019",
        "123456780001955",
        "12.ABC.345/01DE-3X",
        "12ABC34501DEX5",
        "12 345678000195",
        "12_345678000195",
        "1234567800019\u{665}",
        "\u{e9}2345678000195",
        ".",
        "-/.",
    ] {
        let sent = bad.replace(' ', "%20");
        assert_eq!(faults(&format!("reg_number={sent}")), not_valid(bad, "REG_NUMBER"), "{bad}");
    }
}

#[test]
fn a_table_number_has_at_most_3_characters() {
    assert_eq!(good("sales_table_number=001").table.as_deref(), Some("001"));
    assert_eq!(good("sales_table_number=%C3%A9%C3%A9%C3%A9").table.as_deref(), Some("ééé"));
    let too_long = "The field SALES_TABLE_NUMBER must be a string with a maximum length of 3.";
    for bad in ["ABCD", "%C3%A9%C3%A9%C3%A9%C3%A9", "0+0+1"] {
        assert_eq!(faults(&format!("sales_table_number={bad}")), [too_long], "{bad}");
    }
}

#[test]
fn a_company_must_be_informed() {
    let missing = Fault {
        field: Field::NumberCompany,
        text: "NUMBER_COMPANY or REG_NUMBER must be informed.".to_owned(),
    };
    assert_eq!(read(""), Err(vec![missing.clone()]));
    assert_eq!(read("number_company=&reg_number=+"), Err(vec![missing.clone()]));
    // In the order of the template, among other faults.
    let fields: Vec<Field> = read("_pageNo=0&number_segment=x&last_update_date=x")
        .unwrap_err()
        .into_iter()
        .map(|fault| fault.field)
        .collect();
    let expected =
        [Field::LastUpdateDate, Field::NumberCompany, Field::NumberSegment, Field::PageNo];
    assert_eq!(fields, expected);
    // A bad one is informed, too.
    for query in ["number_company=x", "reg_number=x", "number_company=x&reg_number=x"] {
        let said = read(query).unwrap_err();
        assert!(!said.contains(&missing), "{query}");
    }
    assert!(read("number_company=1&reg_number=x").is_err());
    assert!(read("number_company=x&reg_number=12345678000195").is_err());
}

#[test]
fn every_bad_value_is_listed_once_in_the_order_of_the_template() {
    let query = "_pageSize=a&_pageNo=b&seq_product=c&sales_table_number=dddd&reg_number=e\
                 &number_segment=f&number_company=g&last_update_date=h&code_ean=fine";
    let fields: Vec<&str> =
        read(query).unwrap_err().iter().map(|fault| fault.field.name()).collect();
    let template = [
        "LAST_UPDATE_DATE",
        "NUMBER_COMPANY",
        "NUMBER_SEGMENT",
        "REG_NUMBER",
        "SALES_TABLE_NUMBER",
        "SEQ_PRODUCT",
        "_pageNo",
        "_pageSize",
    ];
    assert_eq!(fields, template);
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x63_6f_6e),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever is sent, it is read or every fault has a text; faults are in order, one a parameter.
    #[test]
    fn reading_is_total(query in "[a-zA-Z_&=%+0-9/.\u{e9}-]{0,120}") {
        check_total(&query)?;
    }

    #[test]
    fn reading_is_total_for_known_names(values in proptest::collection::vec((0..9_usize, ".{0,20}"), 0..12)) {
        let names = ["code_ean", "LAST_UPDATE_DATE", "number_company", "number_segment", "Reg_Number",
            "sales_table_number", "seq_product", "_pageNo", "_PAGESIZE"];
        let pairs: Vec<String> =
            values.iter().map(|(name, value)| format!("{}={value}", names[*name])).collect();
        check_total(&pairs.join("&"))?;
    }

    #[test]
    fn integers_are_read_exactly(number: i32, zeros in 0..30_usize) {
        let sign = if number < 0 { "-" } else { "" };
        let text = format!("{sign}{}{}", "0".repeat(zeros), number.unsigned_abs());
        prop_assert_eq!(integer(&text), Some(number));
    }

    #[test]
    fn integers_beyond_32_bits_are_refused(number in i64::from(i32::MAX) + 1..) {
        prop_assert_eq!(integer(&number.to_string()), None);
        prop_assert_eq!(integer(&format!("-{}", number + 1)), None);
    }

    #[test]
    fn both_forms_of_a_date_are_the_same(days in 0..3_652_058_i32) {
        let date = Date::constant(1, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let (day, month, year) = (date.day(), date.month(), date.year());
        prop_assert_eq!(super::date(&format!("{day:02}/{month:02}/{year:04}")), Some(date));
        prop_assert_eq!(super::date(&format!("{day:02}{month:02}{year:04}")), Some(date));
    }
}

fn check_total(query: &str) -> Result<(), TestCaseError> {
    match read(query) {
        Ok(parameters) => {
            prop_assert!(parameters.page_size.get() <= MAX_PAGE_SIZE);
            prop_assert!(parameters.table.is_none_or(|table| table.chars().count() <= MAX_TABLE));
        }
        Err(faults) => {
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.is_sorted_by(|a, b| a.field < b.field));
            prop_assert!(faults.iter().all(|fault| fault.text.ends_with('.')));
        }
    }
    Ok(())
}
