use super::*;

fn product(sku: &str, name: &str) -> RowDigest {
    let row: Vec<Cell> = Kind::Product
        .columns()
        .iter()
        .map(|column| match column.name {
            "sku" => Cell::text(sku),
            "name" if !name.is_empty() => Cell::text(name),
            "base_uom" => Cell::text("C62"),
            _ => Cell::Null,
        })
        .collect();
    row_digest(Kind::Product, "one", &row)
}

fn sum(rows: &[RowDigest]) -> Sum {
    let mut sum = Sum::default();
    for row in rows {
        sum.add(row);
    }
    sum
}

fn parts(product: &str) -> PriceParts {
    PriceParts {
        product: PriceParts::of_product("one", product),
        list: PriceParts::of_list("one", "L"),
        shape: PriceParts::of_shape([("currency", &Cell::text("EUR"))]),
    }
}

#[test]
fn a_sum_does_not_know_the_order_and_forgets_what_was_subtracted() {
    let rows: Vec<RowDigest> = (0..100).map(|number| product(&format!("P{number}"), "x")).collect();
    let mut backwards = rows.clone();
    backwards.reverse();
    assert_eq!(sum(&rows), sum(&backwards));
    let mut changing = sum(&rows);
    for row in &rows[10..] {
        changing.subtract(row);
    }
    assert_eq!(changing, sum(&rows[..10]));
    assert_eq!(sum(&rows).without(&sum(&rows[10..])), sum(&rows[..10]));
    for row in &rows[..10] {
        changing.subtract(row);
    }
    assert_eq!(changing, Sum::default());
    // Below nothing and back.
    changing.subtract(&rows[0]);
    assert_ne!(changing, Sum::default());
    assert_eq!(Sum::from_bytes(changing.rows, &changing.to_bytes()), changing);
    changing.merge(&sum(&rows));
    assert_eq!(changing, sum(&rows[1..]));
}

#[test]
fn carries_reach_the_last_limb() {
    assert_eq!(plus([u64::MAX; 4], [1, 0, 0, 0]), [0; 4]);
    assert_eq!(plus([u64::MAX, u64::MAX, 0, 0], [1, 0, 0, 0]), [0, 0, 1, 0]);
    assert_eq!(minus([1, 0, 0, 0]), [u64::MAX; 4]);
    assert_eq!(minus([0; 4]), [0; 4]);
}

#[test]
fn rows_that_differ_in_anything_have_other_digests() {
    let base = parts("A");
    let past =
        PastPrice { product: 1, list: 2, shape: base.shape, amount: 5, changed_at: 7, ended_at: 9 };
    let all = [
        product("A", ""),
        product("A", "x"),
        product("Ax", ""),
        price_digest(&base, 5, 7),
        price_digest(&base, 7, 5),
        price_digest(&base, 5, 8),
        price_digest(&parts("B"), 5, 7),
        past_price_digest(&past),
        past_price_digest(&PastPrice { ended_at: 10, ..past }),
        past_price_digest(&PastPrice { list: 3, ..past }),
        price_digest(&PriceParts { list: PriceParts::of_list("two", "L"), ..base }, 5, 7),
    ];
    for (index, row) in all.iter().enumerate() {
        for other in &all[index + 1..] {
            assert_ne!(row.limbs, other.limbs);
        }
    }
}

#[test]
fn the_one_row_that_differs_is_found() {
    let rows: Vec<RowDigest> =
        (0..50).map(|number| price_digest(&parts(&format!("P{number}")), number, 0)).collect();
    let mut damaged = rows.clone();
    damaged[17] = price_digest(&parts("P17"), 1017, 0);
    let difference = sum(&rows).without(&sum(&damaged));
    let found: Vec<usize> = (0..50).filter(|index| difference.is_from(&damaged[*index])).collect();
    assert_eq!(found, [17]);
    // Of two nothing is said, and nothing of a row that is gone.
    damaged[3] = price_digest(&parts("P3"), 1003, 0);
    let difference = sum(&rows).without(&sum(&damaged));
    assert!(!damaged.iter().any(|row| difference.is_from(row)));
    let difference = sum(&rows).without(&sum(&rows[1..]));
    assert!(!rows.iter().any(|row| difference.is_from(row)));
}

/// The formula is stored in chains of hashes: it must not change unnoticed.
#[test]
fn the_encoding_stays_as_it_is() {
    let mut sums = Sums::default();
    sums.of_mut("products").add(&product("A", "x"));
    sums.of_mut(Kind::Price.name()).add(&price_digest(&parts("A"), 5, 7));
    let root = sums.root();
    sums.of_mut("stores");
    sums.of_mut(PAST_PRICES).add(&product("A", "x"));
    assert_eq!(sums.root(), root, "what does not stand or has no rows counts");
    let (high, low) = root.split_at(16);
    let half = |half: &[u8]| u128::from_be_bytes(half.try_into().unwrap());
    let text = format!("{:032x}{:032x}", half(high), half(low));
    assert_eq!(text, "f96f7b4aa058504f8c661cb59e4e81f0259e1075767d97ce5664b683558f8b53");
}
