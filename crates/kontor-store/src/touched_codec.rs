//! What a change touched, as bytes: numbers as differences to the number before, in as many bytes
//! as they need. A price of a product that has many in one import takes a byte or less.
//!
//! Every backend stores these bytes, so that a copy of a change log reads the same everywhere.

use kontor_model::catalogue::Kind;
use kontor_model::price_list::PriceListId;
use kontor_model::product::ProductId;
use kontor_model::record::{Cell, Row};

use crate::change::Touched;

/// Keys in one entry of the log at the most; a change with more has more entries.
pub const KEYS_OF_ENTRY: usize = 1_000;
/// Products, or products and lists, in one entry of the log at the most.
pub const PLACES_OF_ENTRY: usize = 8_192;

/// The name under which entries that list prices are stored.
const PRICES: &str = "prices";

/// The name of the kind and the bytes of an entry.
pub fn encode(touched: &Touched) -> Option<(&'static str, Vec<u8>)> {
    let mut out = Vec::new();
    match touched {
        Touched::Anything => None,
        Touched::Rows { kind, keys } => {
            put_count(&mut out, keys.len());
            for key in keys {
                put_key(&mut out, key);
            }
            Some((kind.name(), out))
        }
        Touched::Products { kind, ids } => {
            put_count(&mut out, ids.len());
            let mut before = 0;
            for id in ids {
                put_number(&mut out, u64::from(id.0.wrapping_sub(before)));
                before = id.0;
            }
            Some((kind.name(), out))
        }
        Touched::Prices { places } => {
            put_places(&mut out, places);
            Some((PRICES, out))
        }
    }
}

/// The entry of such a name and bytes; `None` when they are none.
pub fn decode(name: &str, bytes: &[u8]) -> Option<Touched> {
    let mut bytes = bytes;
    let kind = Kind::from_name(name)?;
    let touched = if kind == Kind::Price {
        Touched::Prices { places: take_places(&mut bytes)? }
    } else if kind.is_of_product() {
        let mut ids = Vec::new();
        let mut before = 0_u32;
        for _ in 0..take_count(&mut bytes)? {
            before = before.checked_add(u32::try_from(take_number(&mut bytes)?).ok()?)?;
            ids.push(ProductId(before));
        }
        Touched::Products { kind, ids }
    } else {
        let count = take_count(&mut bytes)?;
        let keys = (0..count).map(|_| take_key(&mut bytes)).collect::<Option<_>>()?;
        Touched::Rows { kind, keys }
    };
    bytes.is_empty().then_some(touched)
}

/// Product by product: how far it is from the one before, how many runs of lists there are, and of
/// each run how far it is from the one before and how many lists follow its first.
fn put_places(out: &mut Vec<u8>, places: &[(ProductId, PriceListId)]) {
    put_count(out, places.len());
    let mut before = 0;
    for product in places.chunk_by(|(a, _), (b, _)| a == b) {
        let Some((id, _)) = product.first() else { continue };
        put_number(out, u64::from(id.0.wrapping_sub(before)));
        before = id.0;
        let runs = || product.chunk_by(|(_, a), (_, b)| a.0.checked_add(1) == Some(b.0));
        put_count(out, runs().count());
        let mut end = 0;
        for run in runs() {
            let (Some((_, first)), Some((_, last))) = (run.first(), run.last()) else { continue };
            put_number(out, u64::from(first.0.wrapping_sub(end)));
            put_number(out, u64::from(last.0 - first.0));
            end = last.0;
        }
    }
}

fn take_places(bytes: &mut &[u8]) -> Option<Vec<(ProductId, PriceListId)>> {
    let count = take_count(bytes)?;
    let mut places = Vec::new();
    let mut product = 0_u32;
    while places.len() < count {
        product = product.checked_add(u32::try_from(take_number(bytes)?).ok()?)?;
        let mut end = 0_u32;
        for _ in 0..take_count(bytes)? {
            let first = end.checked_add(u32::try_from(take_number(bytes)?).ok()?)?;
            let more = u32::try_from(take_number(bytes)?).ok()?;
            end = first.checked_add(more)?;
            if more as usize >= count - places.len() {
                return None;
            }
            places.extend((first..=end).map(|list| (ProductId(product), PriceListId(list))));
        }
    }
    (places.len() == count).then_some(places)
}

fn put_key(out: &mut Vec<u8>, key: &[Cell]) {
    put_count(out, key.len());
    for cell in key {
        match cell {
            Cell::Null => out.push(0),
            Cell::Int(number) => {
                out.push(1);
                // Small negative numbers are short, too.
                put_number(out, (number << 1 ^ number >> 63).cast_unsigned());
            }
            Cell::Text(text) => {
                out.push(2);
                put_count(out, text.len());
                out.extend_from_slice(text.as_bytes());
            }
        }
    }
}

fn take_key(bytes: &mut &[u8]) -> Option<Row> {
    let cell = |bytes: &mut &[u8]| match bytes.split_off_first()? {
        0 => Some(Cell::Null),
        1 => {
            let number = take_number(bytes)?;
            Some(Cell::Int((number >> 1).cast_signed() ^ -(number & 1).cast_signed()))
        }
        2 => {
            let length = take_count(bytes)?;
            let text = bytes.split_off(..length)?;
            Some(Cell::Text(String::from_utf8(text.to_vec()).ok()?))
        }
        _ => None,
    };
    let count = take_count(bytes)?;
    (0..count).map(|_| cell(bytes)).collect()
}

fn put_count(out: &mut Vec<u8>, count: usize) {
    put_number(out, count as u64);
}

/// A count of things of which each takes at least a byte, or a part of a run that was counted.
fn take_count(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(take_number(bytes)?).ok().filter(|count| *count <= 1 << 24)
}

/// Seven bits a byte, the lowest first; the upper bit says that more follow.
#[expect(clippy::cast_possible_truncation, reason = "the lowest bits are cut out")]
fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            return None;
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(touched: &Touched) -> usize {
        let (name, bytes) = encode(touched).unwrap();
        assert_eq!(decode(name, &bytes).as_ref(), Some(touched));
        for end in 0..bytes.len().min(100) {
            assert_eq!(decode(name, &bytes[..end]), None, "cut at {end}");
        }
        let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        assert_eq!(decode(name, &longer), None);
        bytes.len()
    }

    fn places(pairs: impl IntoIterator<Item = (u32, u32)>) -> Touched {
        let place = |(product, list)| (ProductId(product), PriceListId(list));
        Touched::Prices { places: pairs.into_iter().map(place).collect() }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = |text: &str| Cell::text(text);
        let keys = vec![
            vec![],
            vec![Cell::Null, Cell::Int(0), Cell::Int(-1), text("")],
            vec![Cell::Int(i64::MAX), Cell::Int(i64::MIN), text("Ärger\u{0}")],
        ];
        back(&Touched::Rows { kind: Kind::Customer, keys });
        back(&Touched::Rows { kind: Kind::Customer, keys: vec![] });
        let ids = [0, 1, 7, 300, u32::MAX].map(ProductId).to_vec();
        back(&Touched::Products { kind: Kind::Packing, ids });
        back(&places([]));
        back(&places([(0, 0), (0, 1), (0, 5), (3, 0), (u32::MAX, u32::MAX)]));
        assert_eq!(encode(&Touched::Anything), None);
    }

    #[test]
    fn many_prices_take_little_room() {
        let dense = places((0..100).flat_map(|product| (0..80).map(move |list| (product, list))));
        assert!(back(&dense) <= 100 * 5 + 3);
        let sparse = places((0..8000).map(|product| (product * 3, 70)));
        assert!(back(&sparse) <= 8000 * 4 + 3);
    }

    #[test]
    fn what_is_none_is_refused() {
        assert_eq!(decode("prices", &[200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 1]), None);
        assert_eq!(decode("nothing", &[0]), None);
        assert_eq!(decode("prices", &[1, 1, 1, 1, 250, 250, 250, 250, 1]), None, "a run too long");
        assert_eq!(decode("customers", &[255, 255, 255, 255, 15]), None, "a count too large");
        assert_eq!(decode("customers", &[1, 1, 3]), None, "no such cell");
    }
}
