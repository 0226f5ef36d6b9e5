//! Bounds of validities as people write them: a date is a whole day of a zone, both ends
//! included; an instant is exact, the end excluded.

use jiff::civil::Date;

use kontor_model::instant::{Instant, Zone};
use kontor_model::record::{Cell, CellError, Column, ColumnKind};

/// Reads a cell of any column; bounds may be dates of the zone.
pub(crate) fn parse(column: &Column, text: &str, zone: &Zone) -> Result<Cell, CellError> {
    if !is_bound(column) || text.is_empty() {
        return column.parse(text);
    }
    let bound = if is_date(text) {
        let date: Result<Date, _> = text.parse();
        date.ok().map(|date| of_day(column, date, zone))
    } else {
        text.parse().ok()
    };
    let instant = bound.ok_or_else(|| {
        column.fault("not a date such as 2016-01-28, nor an instant such as 2016-01-28T11:24:28Z")
    })?;
    Ok(Cell::Int(instant.micros()))
}

/// The text of a cell of any column: bounds are dates where a day of the zone begins or ends
/// there, so that [`parse`] reads the same instant back.
pub(crate) fn print(column: &Column, cell: &Cell, zone: &Zone) -> String {
    if let (true, Cell::Int(micros)) = (is_bound(column), cell)
        && let Some(date) = day_of(column, Instant::from_micros(*micros), zone)
    {
        return date.to_string();
    }
    column.print(cell)
}

/// Whether blanks around a cell mean nothing: numbers, dates, words and codes of standards. They
/// belong to texts and to the codes that people choose.
pub(crate) fn is_spaced(column: &Column) -> bool {
    const STANDARD: [&str; 5] = ["gtin", "uom", "base_uom", "currency", "time_zone"];
    column.kind != ColumnKind::Text || is_day(column) || STANDARD.contains(&column.name)
}

/// Whether a column of texts has days.
pub(crate) fn is_day(column: &Column) -> bool {
    column.kind == ColumnKind::Text && column.example.parse::<Date>().is_ok()
}

pub(crate) fn is_bound(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::From | ColumnKind::To)
}

fn of_day(column: &Column, date: Date, zone: &Zone) -> Instant {
    if column.kind == ColumnKind::To { zone.end_of_day(date) } else { zone.start_of_day(date) }
}

/// The day whose bound this instant is.
fn day_of(column: &Column, instant: Instant, zone: &Zone) -> Option<Date> {
    let date = zone.date(instant);
    let date = if column.kind == ColumnKind::To { date.yesterday().ok()? } else { date };
    let exact = is_date(&date.to_string()) && of_day(column, date, zone) == instant;
    exact.then_some(date)
}

/// `2016-01-28`: the date library would also read other forms, and skip a time behind the date.
fn is_date(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FROM: Column = Column::optional("valid_from", "", "").of(ColumnKind::From);
    const TO: Column = Column::optional("valid_to", "", "").of(ColumnKind::To);

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn check(column: &Column, zone_name: &str, text: &str, instant: &str, printed: &str) {
        let zone = zone(zone_name);
        let cell = parse(column, text, &zone).unwrap();
        let expected: Instant = instant.parse().unwrap();
        assert_eq!(cell, Cell::Int(expected.micros()), "{text}");
        assert_eq!(print(column, &cell, &zone), printed, "{text}");
    }

    #[test]
    fn dates_are_whole_days_of_the_zone() {
        let paulo = "America/Sao_Paulo";
        check(&FROM, paulo, "2015-10-18", "2015-10-18T03:00:00Z", "2015-10-18");
        check(&TO, paulo, "2015-10-17", "2015-10-18T03:00:00Z", "2015-10-17");
        check(&TO, paulo, "2016-02-21", "2016-02-22T03:00:00Z", "2016-02-21");
        check(&TO, paulo, "2016-02-20", "2016-02-21T03:00:00Z", "2016-02-20");
        check(
            &FROM,
            "UTC",
            "2016-01-01T00:00:00+01:00",
            "2015-12-31T23:00:00Z",
            "2015-12-31T23:00:00Z",
        );
        check(&TO, "UTC", "2016-07-01T00:00:00Z", "2016-07-01T00:00:00Z", "2016-06-30");
        check(
            &TO,
            "UTC",
            "9999-12-31",
            "9999-12-30T22:00:00.999999Z",
            "9999-12-30T22:00:00.999999Z",
        );
    }

    #[test]
    fn anything_else_is_no_bound() {
        for text in ["2016-02-30", "20160101", "2016-01-01T00:00:00", "01.02.2016", "today"] {
            let error = parse(&FROM, text, &Zone::utc()).unwrap_err();
            assert!(error.reason.starts_with("not a date such as"), "{text}");
        }
        assert_eq!(parse(&FROM, "", &Zone::utc()).unwrap(), Cell::Null);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_printed_is_read_back(
            micros in prop_oneof![
                Instant::MIN.micros()..=Instant::MAX.micros(),
                (0i64..40_000).prop_map(|half_hours| half_hours * 1_800_000_000),
            ],
            name in prop::sample::select(vec!["UTC", "America/Sao_Paulo", "Asia/Jerusalem", "Asia/Kathmandu"]),
        ) {
            let zone = zone(name);
            for column in [&FROM, &TO] {
                let cell = Cell::Int(micros);
                let printed = print(column, &cell, &zone);
                prop_assert_eq!(parse(column, &printed, &zone).unwrap(), cell, "{}", printed);
            }
        }
    }
}
