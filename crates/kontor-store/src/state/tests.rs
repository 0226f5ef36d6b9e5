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
    let past = PastPrice { product: 1, list: 2, shape: base.shape, amount: 5, changed_at: 7 };
    let all = [
        product("A", ""),
        product("A", "x"),
        product("Ax", ""),
        price_digest(&base, 5).at(7),
        price_digest(&base, 7).at(5),
        price_digest(&base, 5).at(8),
        price_digest(&parts("B"), 5).at(7),
        past_price_digest(&past).at(9),
        past_price_digest(&past).at(10),
        past_price_digest(&PastPrice { list: 3, ..past }).at(9),
        price_digest(&PriceParts { list: PriceParts::of_list("two", "L"), ..base }, 5).at(7),
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
        (0..50).map(|number| price_digest(&parts(&format!("P{number}")), number).at(0)).collect();
    let mut damaged = rows.clone();
    damaged[17] = price_digest(&parts("P17"), 1017).at(0);
    let difference = sum(&rows).without(&sum(&damaged));
    let found: Vec<usize> = (0..50).filter(|index| difference.is_from(&damaged[*index])).collect();
    assert_eq!(found, [17]);
    // Of two nothing is said, and nothing of a row that is gone.
    damaged[3] = price_digest(&parts("P3"), 1003).at(0);
    let difference = sum(&rows).without(&sum(&damaged));
    assert!(!damaged.iter().any(|row| difference.is_from(row)));
    let difference = sum(&rows).without(&sum(&rows[1..]));
    assert!(!rows.iter().any(|row| difference.is_from(row)));
}

/// Every bit of the time counts, also in the place where the row is found.
#[test]
fn a_time_that_differs_in_one_bit_is_found() {
    let time = 1_450_000_000_123_456;
    let rows: Vec<TimedDigest> =
        (0..20).map(|number| price_digest(&parts(&format!("P{number}")), number)).collect();
    let whole: Vec<RowDigest> = rows.iter().map(|row| row.at(time)).collect();
    for bit in 0..64 {
        let mut damaged = whole.clone();
        damaged[7] = rows[7].at(time ^ (1 << bit));
        let difference = sum(&whole).without(&sum(&damaged));
        let found: Vec<usize> =
            (0..20).filter(|index| difference.is_from(&damaged[*index])).collect();
        assert_eq!(found, [7], "bit {bit}");
    }
}

#[test]
fn a_sum_made_before_its_time_is_the_sum_made_after_it() {
    for time in [0, 1, -1, i64::MIN, i64::MAX, 1_450_000_000_123_456] {
        let row = |number| price_digest(&parts(&format!("P{number}")), number);
        let (mut timed, mut left_out, mut plain) =
            (TimedSum::default(), TimedSum::default(), Sum::default());
        for number in 0..30 {
            timed.add(&row(number));
            timed.known().subtract(&row(number + 100).at(number));
            if number % 3 == 0 {
                left_out.add(&row(number));
                left_out.known().subtract(&row(number + 100).at(number));
                continue;
            }
            plain.add(&row(number).at(time));
            plain.subtract(&row(number + 100).at(number));
        }
        assert_eq!(timed.without(&left_out).at(time), plain, "{time}");
        assert_ne!(timed.at(time), plain);
    }
}

#[test]
fn products_carry_to_the_last_limb() {
    assert_eq!(times([u64::MAX; 4], 1), [u64::MAX; 4]);
    // One less than nothing, so many times, is so much less than nothing.
    assert_eq!(times([u64::MAX; 4], u64::MAX), minus([u64::MAX, 0, 0, 0]));
    assert_eq!(times([0, 1 << 63, 0, 0], 4), [0, 0, 2, 0]);
}

/// The formula is stored in chains of hashes: it must not change unnoticed.
#[test]
fn the_encoding_stays_as_it_is() {
    let mut sums = Sums::default();
    sums.of_mut("products").add(&product("A", "x"));
    sums.of_mut(Kind::Price.name()).add(&price_digest(&parts("A"), 5).at(7));
    let root = sums.root();
    sums.of_mut("stores");
    sums.of_mut(PAST_PRICES).add(&product("A", "x"));
    assert_eq!(sums.root(), root, "what does not stand or has no rows counts");
    let (high, low) = root.split_at(16);
    let half = |half: &[u8]| u128::from_be_bytes(half.try_into().unwrap());
    let text = format!("{:032x}{:032x}", half(high), half(low));
    assert_eq!(text, "ae2e9e7a099104c35e80348a791a4012d28c4809ee9f62590a23fbbdb2866d26");
}
