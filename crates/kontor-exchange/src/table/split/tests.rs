use std::io::BufReader;

use proptest::prelude::*;

use super::*;

/// All rows as text with their lines, then the damage with its line when there is one.
fn read(text: &[u8], delimiter: u8, chunk: usize) -> (Vec<(u64, Vec<String>)>, Option<String>) {
    let mut rows = Rows::new(BufReader::with_capacity(chunk, text), delimiter, 1);
    let mut found = Vec::new();
    loop {
        match rows.advance() {
            Ok(true) => {
                let cell = |index| String::from_utf8_lossy(rows.cell(index)).into_owned();
                found.push((rows.line(), (0..rows.len()).map(cell).collect()));
            }
            Ok(false) => return (found, None),
            Err(damage) => return (found, Some(format!("{}: {damage}", rows.line()))),
        }
    }
}

fn check(text: &str, expected: &[(u64, &[&str])]) {
    for chunk in [1, 2, 3, 7, 4096] {
        let (rows, damage) = read(text.as_bytes(), b',', chunk);
        let rows: Vec<(u64, Vec<&str>)> = rows
            .iter()
            .map(|(line, cells)| (*line, cells.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<(u64, Vec<&str>)> =
            expected.iter().map(|(line, cells)| (*line, cells.to_vec())).collect();
        assert_eq!((rows, damage), (expected, None), "{text:?} by {chunk}");
    }
}

fn check_damage(text: &str, expected: &str) {
    for chunk in [1, 2, 3, 7, 4096] {
        let (_, damage) = read(text.as_bytes(), b',', chunk);
        assert_eq!(damage.as_deref(), Some(expected), "{text:?} by {chunk}");
    }
}

#[test]
fn splits_rows_and_knows_their_lines() {
    check("", &[]);
    check("\n\r\n", &[]);
    check("a,b\nc,d", &[(1, &["a", "b"]), (2, &["c", "d"])]);
    check("a,b\r\nc,d\r\n", &[(1, &["a", "b"]), (2, &["c", "d"])]);
    check("\n\na\n\nb\n", &[(3, &["a"]), (5, &["b"])]);
    check(",\n,", &[(1, &["", ""]), (2, &["", ""])]);
    check("\"\"\n", &[(1, &[""])]);
    check("\"\"\r\n\"a\"", &[(1, &[""]), (2, &["a"])]);
    check("\"x\"\"y\",\"1,2\"\n", &[(1, &["x\"y", "1,2"])]);
    check("\"a\nb\r\nc\",d\ne\n", &[(1, &["a\nb\r\nc", "d"]), (4, &["e"])]);
}

#[test]
fn refuses_damage_where_it_is() {
    check_damage("a\nb,\"c\nd", "2: a quote is opened and never closed");
    check_damage("a\nb\"c\n", "2: a quote inside a cell that does not begin with one");
    check_damage("a\n\"b\nc\"d\n", "3: text after the closing quote of a cell");
    check_damage("a\rb\n", "1: a carriage return without a line feed");
    check_damage("a\nb\r", "2: a carriage return without a line feed");
}

#[test]
fn a_row_has_a_longest_length() {
    let row = |bytes: usize| format!("a,\"{}\"\n", "x".repeat(bytes - 1));
    let (rows, damage) = read(row(MAX_ROW_BYTES).as_bytes(), b',', 1000);
    assert_eq!((rows.len(), damage), (1, None));
    let (rows, damage) = read(row(MAX_ROW_BYTES + 1).as_bytes(), b',', 1000);
    assert_eq!(rows.len(), 0);
    assert_eq!(damage.as_deref(), Some("1: the row is longer than 1 MiB"));
}

#[test]
fn a_row_has_a_most_number_of_cells() {
    let (rows, damage) = read(",".repeat(MAX_CELLS - 1).as_bytes(), b',', 64);
    assert_eq!((rows[0].1.len(), damage), (MAX_CELLS, None));
    let (_, damage) = read(",".repeat(MAX_CELLS).as_bytes(), b',', 64);
    assert_eq!(damage.as_deref(), Some("1: the row has more than 1000 cells"));
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x6b6f_6e74_6f72),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_a_csv_library_writes_is_read_back(
        rows in prop::collection::vec(prop::collection::vec("[a\"\r\n,;\t é]{0,6}", 2..5), 0..8),
        delimiter in prop::sample::select(b",;\t".to_vec()),
        chunk in 1usize..40,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let (found, damage) = read(&text, delimiter, chunk);
        prop_assert_eq!(damage, None);
        let found: Vec<Vec<String>> = found.into_iter().map(|(_, cells)| cells).collect();
        prop_assert_eq!(found, rows);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let whole = read(&bytes, b',', 4096);
        prop_assert_eq!(read(&bytes, b',', 1), whole);
    }
}
