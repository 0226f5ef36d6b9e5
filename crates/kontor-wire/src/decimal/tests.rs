use proptest::prelude::*;

use super::*;
use crate::seeded;

fn print(write: impl Fn(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("decimals are ASCII")
}

fn minimal(micros: i64) -> String {
    print(|out| write_minimal(out, micros))
}

#[test]
fn reads_plain_decimals() {
    let cases = [
        ("0", 0),
        ("-0", 0),
        ("30", 30_000_000),
        ("8.80", 8_800_000),
        ("+.5", 500_000),
        ("5.", 5_000_000),
        ("-1.000001", -1_000_001),
        ("0007", 7_000_000),
        ("1.0000000000000000000000000000000000000000", 1_000_000),
        ("999999999999.123456", 999_999_999_999_123_456),
        ("9223372036854.775807", i64::MAX),
        ("-9223372036854.775808", i64::MIN),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_micros(text), Ok(expected), "{text}");
    }
}

#[test]
fn refuses_what_is_not_a_plain_decimal() {
    for text in [
        "", ".", "+", "-", "-.", "1.2.3", "1,5", " 1", "1 ", "1e2", "--1", "+-1", "0x1", "NaN",
        "١", "1_0",
    ] {
        assert_eq!(parse_micros(text), Err(DecimalError::NotANumber), "{text:?}");
    }
}

#[test]
fn says_which_limit_a_number_breaks() {
    use DecimalError::{TooLarge, TooManyDecimals, TooSmall};
    let cases = [
        ("0.000001", Ok(1)),
        ("0.0000001", Err(TooManyDecimals)),
        ("1.1234567", Err(TooManyDecimals)),
        ("1.1234560", Ok(1_123_456)),
        ("9223372036854.775808", Err(TooLarge)),
        ("-9223372036854.775809", Err(TooSmall)),
        ("10000000000000", Err(TooLarge)),
        ("-10000000000000", Err(TooSmall)),
        // Decimals are told before the size.
        ("99999999999999999999999999999999999999999999.1234567", Err(TooManyDecimals)),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_micros(text), expected, "{text}");
    }
}

#[test]
fn reads_exponents_without_building_the_number() {
    use DecimalError::{NotANumber, TooLarge, TooManyDecimals, TooSmall};
    let cases = [
        ("1e2", Ok(100_000_000)),
        ("1E+2", Ok(100_000_000)),
        ("12.5e-1", Ok(1_250_000)),
        ("1000000e-12", Ok(1)),
        ("0.000000000001e6", Ok(1)),
        ("1e-6", Ok(1)),
        ("1e-7", Err(TooManyDecimals)),
        ("1e400", Err(TooLarge)),
        ("-1e400", Err(TooSmall)),
        ("0e400", Ok(0)),
        ("-0.0e-400", Ok(0)),
        ("1e99999999999999999999999999", Err(TooLarge)),
        ("1e-99999999999999999999999999", Ok(0)),
        ("9.2e12", Ok(9_200_000_000_000_000_000)),
        ("9.3e12", Err(TooLarge)),
        ("1e", Err(NotANumber)),
        ("1e+", Err(NotANumber)),
        ("e1", Err(NotANumber)),
        ("1e1.5", Err(NotANumber)),
        ("1e1e1", Err(NotANumber)),
        ("8.80", Ok(8_800_000)),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_json_number(text), expected, "{text}");
    }
}

#[test]
fn what_binary_floats_print_is_what_was_meant() {
    use DecimalError::{TooLarge, TooManyDecimals, TooSmall};
    let cases = [
        ("21.599999999999998", Ok(21_600_000)),
        ("59.900000000000006", Ok(59_900_000)),
        ("0.30000000000000004", Ok(300_000)),
        ("-0.30000000000000004", Ok(-300_000)),
        ("7.1234560000000001", Ok(7_123_456)),
        ("9.9999999999", Ok(10_000_000)),
        ("2.1599999999999998e1", Ok(21_600_000)),
        ("2159999999999999.8e-14", Ok(21_600_000)),
        // One above the limit and one at it: less than 1e-9 is meant.
        ("1.0000000009", Ok(1_000_000)),
        ("1.000000001", Err(TooManyDecimals)),
        ("1.0000000011", Err(TooManyDecimals)),
        ("1.9999999991", Ok(2_000_000)),
        ("1.999999999", Err(TooManyDecimals)),
        ("1.9999999989", Err(TooManyDecimals)),
        ("1e-10", Ok(0)),
        ("1e-9", Err(TooManyDecimals)),
        ("-1e-10", Ok(0)),
        ("9223372036854.7758070001", Ok(i64::MAX)),
        ("9223372036854.7758079999", Err(TooLarge)),
        ("-9223372036854.7758089999", Err(TooSmall)),
        ("99999999999999999999999999999999.0000000001", Err(TooLarge)),
    ];
    for (text, expected) in cases {
        assert_eq!(parse_json_number(text), expected, "{text}");
    }
    assert_eq!(parse_micros("21.599999999999998"), Err(TooManyDecimals), "texts are exact");
}

#[test]
fn long_literals_are_read_in_linear_time() {
    let zeros = "0".repeat(1 << 20);
    assert_eq!(parse_json_number(&format!("1{zeros}e-{}", 1 << 20)), Ok(ONE));
    assert_eq!(parse_json_number(&format!("0.{zeros}1e{}", (1 << 20) + 1)), Ok(ONE));
    assert_eq!(parse_micros(&format!("{zeros}1.{zeros}")), Ok(ONE));
    assert_eq!(parse_json_number(&format!("{zeros}1.{zeros}1")), Ok(ONE));
    assert_eq!(parse_json_number(&format!("0.{}", "9".repeat(1 << 20))), Ok(ONE));
}

#[test]
fn prints_as_few_digits_as_possible() {
    let cases = [
        (0, "0"),
        (30_000_000, "30"),
        (8_800_000, "8.8"),
        (9_999_000, "9.999"),
        (45_000, "0.045"),
        (1, "0.000001"),
        (-1, "-0.000001"),
        (-20_500_000, "-20.5"),
        (i64::MAX, "9223372036854.775807"),
        (i64::MIN, "-9223372036854.775808"),
    ];
    for (micros, expected) in cases {
        assert_eq!(minimal(micros), expected);
    }
}

#[test]
fn prints_a_fraction_where_one_is_wanted() {
    for (micros, expected) in
        [(0, "0.0"), (30_000_000, "30.0"), (8_800_000, "8.8"), (99_999_000, "99.999")]
    {
        assert_eq!(print(|out| write_with_fraction(out, micros)), expected);
    }
}

#[test]
fn prints_the_scale_and_never_less_than_the_value() {
    let cases = [
        (60_000_000, 2, "60.00"),
        (9_000_000_000, 0, "9000"),
        (45_000, 4, "0.0450"),
        (12_500_000, 3, "12.500"),
        (2_350, 5, "0.00235"),
        (1, 6, "0.000001"),
        (9_999_000, 2, "9.999"),
        (500_000, 0, "0.5"),
        (1_000_000, 200, "1.000000"),
    ];
    for (micros, scale, expected) in cases {
        assert_eq!(print(|out| write_scaled(out, micros, scale)), expected);
    }
}

proptest! {
    #![proptest_config(seeded::config())]

    #[test]
    fn every_value_survives_a_round_trip(micros: i64, scale in 0_u8..=6) {
        prop_assert_eq!(parse_micros(&minimal(micros)), Ok(micros));
        prop_assert_eq!(parse_json_number(&print(|out| write_with_fraction(out, micros))), Ok(micros));
        prop_assert_eq!(parse_micros(&print(|out| write_scaled(out, micros, scale))), Ok(micros));
    }

    #[test]
    fn an_exponent_only_moves_the_point(number: i64, exponent in -6_i64..30) {
        let expected = 10_i128
            .checked_pow(u32::try_from(exponent + 6).expect("not negative"))
            .and_then(|power| power.checked_mul(i128::from(number)))
            .and_then(|value| i64::try_from(value).ok());
        prop_assert_eq!(parse_json_number(&format!("{number}e{exponent}")).ok(), expected);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*", numberlike in "[-+0-9.eE]{0,40}") {
        let _ = (parse_micros(&text), parse_json_number(&text));
        let _ = (parse_micros(&numberlike), parse_json_number(&numberlike));
    }
}
