//! Lists that are longer than a piece: nobody can see where one ends.

use kontor_model::catalogue::Kind;
use kontor_model::record::Cell;
use kontor_wire::pieces::PIECE_BYTES;

use super::*;

/// Items with names so long that so many of them are longer than three pieces.
const ITEMS: i64 = 4_000;
const NAME_BYTES: usize = 200;

fn name(number: i64) -> String {
    format!("{number:0>NAME_BYTES$}")
}

/// The demo with many items more, all in list 4515.
fn scene() -> Scene {
    let scene = Scene::new();
    let records = (1..=ITEMS).flat_map(|number| {
        let sku = format!("long-{number}");
        let product = [Cell::text(&sku), Cell::text(name(number)), Cell::text("C62")];
        let product = with_columns(Kind::Product, &["sku", "name", "base_uom"], &product);
        let identifier = Identifier {
            sku: sku.parse().expect("a number"),
            scheme: Scheme::ItemNumber,
            value: (1_000_000 + number).to_string(),
            customer: None,
        };
        [product, Record::Identifier(identifier), dated(&sku, None, None, "1.5")]
    });
    scene.put("demo42", records.collect());
    scene
}

fn with_columns(kind: Kind, names: &[&str], cells: &[Cell]) -> Record {
    let row: Vec<Cell> = kind
        .columns()
        .iter()
        .map(|column| match names.iter().position(|name| *name == column.name) {
            Some(at) => cells[at].clone(),
            None => column.parse("").expect("an empty cell"),
        })
        .collect();
    Record::from_row(kind, &row).expect("a row")
}

#[test]
fn long_lists_are_sent_in_pieces() {
    let scene = scene();
    for target in ["/items", "/pricings"] {
        let call = Call::new("GET", target);
        let (first, has_rest) = scene.first_piece(&call);
        assert!(
            has_rest && (PIECE_BYTES..PIECE_BYTES + 1_000).contains(&first),
            "{target}: {first}"
        );
        let whole = scene.answer(&call);
        assert!(whole.text.len() > 3 * PIECE_BYTES);
        assert!(whole.json().is_array());
    }
}

#[test]
fn items_follow_each_other_whatever_the_pieces() {
    let scene = scene();
    let text = scene.answer(&Call::new("GET", "/items")).text;
    let expected: Vec<String> = (1..=ITEMS)
        .map(|number| {
            format!(r#"{{"item_id":{},"item_name":"{}"}}"#, 1_000_000 + number, name(number))
        })
        .collect();
    assert!(text.ends_with(&format!(",{}]", expected.join(","))));
}

#[test]
fn prices_follow_each_other_whatever_the_pieces() {
    let scene = scene();
    let text = scene.answer(&Call::new("GET", LIST_4515)).text;
    let expected: Vec<String> = (1..=ITEMS)
        .map(|number| {
            format!(
                r#"{{"item_name":"{}","item_id":{},"price_after_discount":1.5}}"#,
                name(number),
                1_000_000 + number
            )
        })
        .collect();
    assert!(text.ends_with(&format!(",{}]}}]", expected.join(","))));
    assert!(text.starts_with(r#"[{"pricing_id":4515,"#), "{}", &text[..200]);
}
