//! All rows of a scope in their order.
//!
//! An index is immutable; a changed one shares every chunk in which nothing changed.

use std::collections::HashSet;
use std::sync::Arc;

use kontor_model::instant::Instant;
use kontor_model::product::ProductId;

use super::row::{Row, RowKey};

/// Rows in one chunk when it is made; one that grew to twice as many is split.
const CHUNK: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct ScanIndex {
    chunks: Vec<Arc<Chunk>>,
    len: usize,
}

/// Some rows that follow each other; never empty.
#[derive(Debug)]
struct Chunk {
    rows: Box<[Row]>,
    /// When the row that changed first, and the one that changed last, did so.
    oldest: Instant,
    newest: Instant,
}

impl ScanIndex {
    /// An index of these rows.
    pub(super) fn of(mut rows: Vec<Row>) -> Self {
        rows.sort_unstable_by_key(|row| row.key);
        let mut chunks = Vec::with_capacity(rows.len() / CHUNK + 1);
        push_chunks(&mut chunks, &rows);
        Self { chunks, len: rows.len() }
    }

    /// The same index with the rows of some products replaced.
    pub(super) fn with(&self, products: &HashSet<ProductId>, mut rows: Vec<Row>) -> Self {
        rows.sort_unstable_by_key(|row| row.key);
        let stale = self.chunks_of(products, &rows);
        let mut fresh = rows.as_slice();
        let mut chunks = Vec::with_capacity(self.chunks.len() + 1);
        for (place, chunk) in self.chunks.iter().enumerate() {
            // Rows before the next chunk belong to this one.
            let next = self.chunks.get(place + 1).map(|next| next.first());
            let end = next.map_or(fresh.len(), |next| fresh.partition_point(|row| row.key < next));
            let (own, later) = fresh.split_at_checked(end).unwrap_or((fresh, &[]));
            fresh = later;
            if own.is_empty() && !stale.contains(&place) {
                chunks.push(Arc::clone(chunk));
            } else {
                push_chunks(&mut chunks, &chunk.with(products, own));
            }
        }
        if self.chunks.is_empty() {
            push_chunks(&mut chunks, fresh);
        }
        let len = chunks.iter().map(|chunk| chunk.rows.len()).sum();
        Self { chunks, len }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How many rows changed at or after an instant; all rows without one.
    pub(super) fn count(&self, since: Option<Instant>) -> usize {
        self.chunks.iter().map(|chunk| chunk.count(since)).sum()
    }

    /// The rows after a key (all without one) that changed at or after an instant.
    pub(super) fn after(
        &self,
        key: Option<RowKey>,
        since: Option<Instant>,
    ) -> impl Iterator<Item = Row> {
        let is_before = move |own: RowKey| key.is_some_and(|key| own <= key);
        let first = self.chunks.partition_point(|chunk| is_before(chunk.last()));
        let chunks = self.chunks.get(first..).unwrap_or_default();
        chunks
            .iter()
            .flat_map(move |chunk| {
                let start = chunk.rows.partition_point(|row| is_before(row.key));
                let is_wanted = since.is_none_or(|since| chunk.newest >= since);
                let rows = chunk.rows.get(start..).filter(|_| is_wanted).unwrap_or_default();
                rows.iter().copied()
            })
            .filter(move |row| since.is_none_or(|since| row.changed >= since))
    }

    /// The key of the row before which `offset` rows are left out, so that [`ScanIndex::after`]
    /// goes on there; `None` for an offset of zero.
    pub(super) fn key_at(&self, offset: usize, since: Option<Instant>) -> Option<RowKey> {
        let mut left = offset.checked_sub(1)?;
        for chunk in &self.chunks {
            let count = chunk.count(since);
            if left < count {
                let mut rows =
                    chunk.rows.iter().filter(|row| since.is_none_or(|since| row.changed >= since));
                return rows.nth(left).map(|row| row.key);
            }
            left -= count;
        }
        self.chunks.last().map(|chunk| chunk.last())
    }

    /// The places of chunks that hold rows of some products. `fresh` are their rows of now: a
    /// product that has rows where it had some before had none elsewhere, because all rows of a
    /// product have one sequence number. Only for the others every chunk is looked at.
    fn chunks_of(&self, products: &HashSet<ProductId>, fresh: &[Row]) -> HashSet<usize> {
        let mut found = HashSet::new();
        let mut lost = products.clone();
        for row in fresh {
            let sequence = row.key.sequence;
            let first = self.chunks.partition_point(|chunk| chunk.last().sequence < sequence);
            let near = self.chunks.iter().enumerate().skip(first);
            for (place, chunk) in near.take_while(|(_, c)| c.first().sequence <= sequence) {
                let start = chunk.rows.partition_point(|row| row.key.sequence < sequence);
                let rows = chunk.rows.iter().skip(start);
                let mut same = rows.take_while(|row| row.key.sequence == sequence);
                if same.any(|own| own.key.product == row.key.product) {
                    found.insert(place);
                    lost.remove(&row.key.product);
                }
            }
        }
        if !lost.is_empty() {
            let holds = |chunk: &Chunk| chunk.rows.iter().any(|r| lost.contains(&r.key.product));
            let chunks = self.chunks.iter().enumerate();
            found.extend(chunks.filter(|(_, chunk)| holds(chunk)).map(|(place, _)| place));
        }
        found
    }
}

impl Chunk {
    #[expect(clippy::expect_used, reason = "chunks are made of at least one row")]
    fn first(&self) -> RowKey {
        self.rows.first().expect("a chunk has a first row").key
    }

    #[expect(clippy::expect_used, reason = "chunks are made of at least one row")]
    fn last(&self) -> RowKey {
        self.rows.last().expect("a chunk has a last row").key
    }

    fn count(&self, since: Option<Instant>) -> usize {
        match since {
            Some(since) if since > self.newest => 0,
            Some(since) if since > self.oldest => {
                self.rows.iter().filter(|row| row.changed >= since).count()
            }
            _ => self.rows.len(),
        }
    }

    /// Its rows without those of some products and with fresh ones, in order.
    fn with(&self, products: &HashSet<ProductId>, fresh: &[Row]) -> Vec<Row> {
        let kept = self.rows.iter().filter(|row| !products.contains(&row.key.product));
        let mut rows: Vec<Row> = kept.chain(fresh).copied().collect();
        rows.sort_by_key(|row| row.key);
        rows
    }
}

/// Appends sorted rows in chunks of a good size.
fn push_chunks(chunks: &mut Vec<Arc<Chunk>>, rows: &[Row]) {
    let size = if rows.len() < 2 * CHUNK { 2 * CHUNK } else { CHUNK };
    for rows in rows.chunks(size) {
        let changed = || rows.iter().map(|row| row.changed);
        let (Some(oldest), Some(newest)) = (changed().min(), changed().max()) else { continue };
        chunks.push(Arc::new(Chunk { rows: rows.into(), oldest, newest }));
    }
}
