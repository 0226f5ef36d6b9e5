//! The unused parts of a page of a table or an index, after <https://sqlite.org/fileformat2.html#b_tree_pages>.

/// The header of the file stands before that of the first page.
const FILE_HEADER: usize = 100;

/// Overwrites with zeros what no row uses; whether there was anything else. A page that is not one of a
/// table or an index stays as it is.
pub(super) fn clear_unused(page: &mut [u8], number: u32) -> bool {
    let Some(unused) = unused(page, number) else { return false };
    let mut changed = false;
    for (from, to) in unused {
        let Some(part) = page.get_mut(from..to) else { continue };
        changed |= part.iter().any(|byte| *byte != 0);
        part.fill(0);
    }
    changed
}

/// From where to where nothing stands: between the places of the cells and the cells, and in the free
/// blocks between cells. `None` when the page does not hang together as one of a table or an index.
fn unused(page: &[u8], number: u32) -> Option<Vec<(usize, usize)>> {
    let header = if number == 1 { FILE_HEADER } else { 0 };
    let header_bytes = match page.get(header)? {
        // An inner page of an index and of a table.
        2 | 5 => 12,
        // A leaf of an index and of a table.
        10 | 13 => 8,
        _ => return None,
    };
    let cells = two(page, header + 3)?;
    let places = header + header_bytes;
    let places_end = places + 2 * cells;
    let content = match two(page, header + 5)? {
        0 => 65_536,
        content => content,
    };
    if places_end > content || content > page.len() {
        return None;
    }
    for cell in 0..cells {
        let place = two(page, places + 2 * cell)?;
        if place < content || place >= page.len() {
            return None;
        }
    }
    let mut unused = vec![(places_end, content)];
    let mut block = two(page, header + 1)?;
    let mut last_end = content;
    while block != 0 {
        let (next, bytes) = (two(page, block)?, two(page, block + 2)?);
        // The first four bytes say where the next one is, and how long this one.
        if block < last_end || bytes < 4 || block + bytes > page.len() {
            return None;
        }
        unused.push((block + 4, block + bytes));
        last_end = block + bytes;
        block = next;
    }
    Some(unused)
}

fn two(page: &[u8], at: usize) -> Option<usize> {
    let bytes = page.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A leaf of an index with two cells, a free block between them, and rests everywhere else.
    fn leaf(number: u32) -> Vec<u8> {
        let mut page = vec![b'x'; 256];
        let header = if number == 1 { FILE_HEADER } else { 0 };
        let fields: [(usize, &[u8]); 3] = [
            (header, &[10, 0, 220, 0, 2, 0, 200, 0]),
            (header + 8, &[0, 240, 0, 200]),
            (220, &[0, 0, 0, 20]),
        ];
        for (at, bytes) in fields {
            page[at..at + bytes.len()].copy_from_slice(bytes);
        }
        page
    }

    #[test]
    fn what_no_cell_uses_is_overwritten() {
        for number in [1, 2] {
            let mut page = leaf(number);
            let before = page.clone();
            let gap = if number == 1 { 112 } else { 12 };
            assert!(clear_unused(&mut page, number));
            assert!(page[gap..200].iter().chain(&page[224..240]).all(|byte| *byte == 0));
            for used in [0..gap, 200..224, 240..256] {
                assert_eq!(page[used.clone()], before[used]);
            }
            assert!(!clear_unused(&mut page, number), "it is clean now");
        }
    }

    #[test]
    fn what_is_no_such_page_is_left_alone() {
        let faults: [(usize, u8); 7] = [
            (0, 0),   // an overflow page
            (3, 200), // more cells than fit
            (6, 10),  // cells in the header
            (9, 100), // a cell before the first
            (2, 250), // a free block beyond the end
            (2, 190), // a free block before the first cell
            (223, 3), // a free block too short for its own header
        ];
        for (at, byte) in faults {
            let mut page = leaf(2);
            page[at] = byte;
            let before = page.clone();
            assert!(!clear_unused(&mut page, 2), "{at}");
            assert_eq!(page, before, "{at}");
        }
        assert!(!clear_unused(&mut [], 2));
    }

    #[test]
    fn whatever_the_bytes_are_nothing_panics() {
        for seed in 0..2_000_u64 {
            let mut state = seed;
            let mut page = leaf(2);
            for _ in 0..4 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let [at, byte, ..] = state.to_be_bytes();
                page[usize::from(at) % 24] = byte;
            }
            clear_unused(&mut page, 2);
        }
    }
}
