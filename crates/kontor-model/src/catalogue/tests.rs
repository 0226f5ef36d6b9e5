use super::*;

#[test]
fn every_example_row_is_a_record_and_comes_back_unchanged() {
    for kind in Kind::all() {
        let mut row: Row = Vec::new();
        for column in kind.columns() {
            // A price has a packing, a unit, or an amount for several base units.
            let skip = kind == Kind::Price && ["uom", "per"].contains(&column.name);
            let text = if skip { "" } else { column.example };
            let text = if text.len() == 10 && column.name.starts_with("valid_") {
                format!("{text}T00:00:00Z")
            } else {
                text.to_owned()
            };
            row.push(column.parse(&text).unwrap());
        }
        let record =
            Record::from_row(kind, &row).unwrap_or_else(|e| panic!("{}: {e}", kind.name()));
        assert_eq!(Record::from_row(kind, &record.to_row()).unwrap(), record);
        assert!(!record.key().is_empty(), "{}", kind.name());
        assert_eq!(Kind::from_name(kind.name()), Some(kind));
    }
}

#[test]
fn references_name_columns_and_come_after_what_they_refer_to() {
    for kind in Kind::CATALOGUE {
        assert_eq!(kind.references().len(), kind.description().references.len(), "{}", kind.name());
        for (columns, referred) in kind.references() {
            assert!(*referred < kind, "{} before {}", referred.name(), kind.name());
            let keys = referred.columns().iter().filter(|column| column.key).count();
            assert_eq!(columns.len(), keys);
            for name in *columns {
                assert!(kind.columns().iter().any(|column| column.name == *name), "{name}");
            }
        }
    }
}

#[test]
fn required_cells_must_be_filled() {
    for kind in Kind::CATALOGUE {
        let row = vec![Cell::Null; kind.columns().len()];
        let error = Record::from_row(kind, &row).unwrap_err();
        assert_eq!(error.column, kind.columns()[0].name);
    }
}
