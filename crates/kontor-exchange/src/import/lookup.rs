//! What price rows name, by the bytes of its name: products, lists, payment terms.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::io::BufReader;

use hashbrown::{DefaultHashBuilder, HashTable};

use kontor_model::catalogue::{Kind, Record};
use kontor_model::currency::Currency;
use kontor_model::price_list::{PriceList, PriceListId};
use kontor_model::product::ProductId;
use kontor_model::record::Cell;
use kontor_model::uom::Uom;
use kontor_store::{Abort, ReadTx};

use crate::source::SourceFile;
use crate::table::{Header, Rows};

use super::context::Context;

/// All article numbers. Their texts stand one behind the other: with a million products there is
/// no room for a million little boxes.
#[derive(Default)]
pub(crate) struct Skus {
    texts: Vec<u8>,
    entries: HashTable<SkuEntry>,
    hasher: DefaultHashBuilder,
}

#[derive(Clone, Copy)]
struct SkuEntry {
    start: usize,
    /// Codes have at most 255 bytes.
    length: u8,
    id: ProductId,
    base: Uom,
}

/// All price lists.
pub(crate) struct Lists {
    by_code: HashMap<Box<[u8]>, List>,
    /// The different defaults; many lists share few.
    defaults: Vec<Defaults>,
}

/// A price list and the place of its defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct List {
    pub id: PriceListId,
    pub defaults: u32,
}

/// What price rows name.
pub(crate) struct Names {
    pub skus: Skus,
    pub lists: Lists,
    /// The codes of payment terms.
    pub terms: HashSet<Box<[u8]>>,
}

/// What a row of a list means when it does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Defaults {
    pub currency: Currency,
}

impl Skus {
    pub(crate) fn load<T: ReadTx + ?Sized>(tx: &T) -> Result<Self, Abort> {
        let mut skus = Self::default();
        tx.product_ids(&mut |sku, id, base| {
            skus.insert(sku, id, base);
            Ok(())
        })?;
        Ok(skus)
    }

    pub(crate) fn insert(&mut self, sku: &str, id: ProductId, base: Uom) {
        let entry = SkuEntry {
            start: self.texts.len(),
            length: u8::try_from(sku.len()).unwrap_or(u8::MAX),
            id,
            base,
        };
        self.texts.extend_from_slice(sku.as_bytes());
        let (texts, hasher) = (&self.texts, &self.hasher);
        let hash = hasher.hash_one(sku.as_bytes());
        let rehash = |entry: &SkuEntry| hasher.hash_one(entry.text(texts));
        self.entries.insert_unique(hash, entry, rehash);
    }

    pub(crate) fn get(&self, sku: &[u8]) -> Option<(ProductId, Uom)> {
        let hash = self.hasher.hash_one(sku);
        let same = |entry: &SkuEntry| entry.text(&self.texts) == sku;
        let entry = self.entries.find(hash, same)?;
        Some((entry.id, entry.base))
    }
}

/// The names that the rows of a small file have. Only these are looked up.
#[derive(Default)]
pub(crate) struct Named {
    skus: HashSet<String>,
    lists: HashSet<String>,
    terms: HashSet<String>,
}

/// The names in a file of so many bytes are looked up one by one; for a larger one all are read.
const MAX_PEEKED_BYTES: u64 = 4 << 20;

impl Named {
    /// Reads the names of a file; `None` when it is large. What is wrong with the file is told when it
    /// is read for what it says.
    pub(crate) fn of(
        context: &Context,
        file: &SourceFile,
        [list, sku, term]: [usize; 3],
    ) -> Option<Self> {
        if file.bytes > MAX_PEEKED_BYTES {
            return None;
        }
        let mut named = Self::default();
        let Ok(input) = context.peek(file) else {
            return Some(named);
        };
        let mut input = BufReader::new(input);
        let Ok(Ok(header)) = Header::read(&mut input, Kind::Price.columns()) else {
            return Some(named);
        };
        let mut rows = Rows::new(input, header.delimiter, header.first_row);
        while let Ok(true) = rows.advance() {
            let places =
                [(list, &mut named.lists), (sku, &mut named.skus), (term, &mut named.terms)];
            for (column, names) in places {
                let cell = header.place(column).map_or(&b""[..], |place| rows.cell(place));
                if let Ok(name) = std::str::from_utf8(cell)
                    && !name.is_empty()
                    && !names.contains(name)
                {
                    names.insert(name.to_owned());
                }
            }
        }
        Some(named)
    }

    /// Looks the names up.
    pub(crate) fn find<T: ReadTx + ?Sized>(
        &self,
        tx: &T,
        otherwise: Defaults,
    ) -> Result<Names, Abort> {
        let mut names =
            Names { skus: Skus::default(), lists: Lists::new(otherwise), terms: HashSet::new() };
        for sku in &self.skus {
            if let Some((id, base)) = tx.product_id(sku)? {
                names.skus.insert(sku, id, base);
            }
        }
        for code in &self.lists {
            let key = [Cell::text(code)];
            if let Some(id) = tx.list_id(code)?
                && let Some(Record::PriceList(list)) = tx.get(Kind::PriceList, &key)?
            {
                names.lists.insert(&list, id);
            }
        }
        for term in &self.terms {
            if tx.get(Kind::PaymentTerm, &[Cell::text(term)])?.is_some() {
                names.terms.insert(term.as_bytes().into());
            }
        }
        Ok(names)
    }
}

impl Names {
    /// Reads all of them.
    pub(crate) fn load<T: ReadTx + ?Sized>(tx: &T, otherwise: Defaults) -> Result<Self, Abort> {
        Ok(Self {
            skus: Skus::load(tx)?,
            lists: Lists::load(tx, otherwise)?,
            terms: payment_terms(tx)?,
        })
    }
}

impl SkuEntry {
    fn text(self, texts: &[u8]) -> &[u8] {
        let end = self.start + usize::from(self.length);
        texts.get(self.start..end).unwrap_or_default()
    }
}

impl Lists {
    /// All lists; `otherwise` holds for what they do not state.
    pub(crate) fn load<T: ReadTx + ?Sized>(tx: &T, otherwise: Defaults) -> Result<Self, Abort> {
        let mut ids: HashMap<Box<str>, PriceListId> = HashMap::new();
        tx.list_ids(&mut |code, id| {
            ids.insert(code.into(), id);
            Ok(())
        })?;
        let mut lists =
            Self { by_code: HashMap::with_capacity(ids.len()), defaults: vec![otherwise] };
        tx.scan(Kind::PriceList, &[], &mut |record| {
            if let Record::PriceList(list) = record
                && let Some(id) = ids.get(list.code.as_str())
            {
                lists.insert(&list, *id);
            }
            Ok(())
        })?;
        Ok(lists)
    }

    /// Lists of which none is known yet; `otherwise` holds for what they do not state.
    pub(crate) fn new(otherwise: Defaults) -> Self {
        Self { by_code: HashMap::new(), defaults: vec![otherwise] }
    }

    pub(crate) fn insert(&mut self, list: &PriceList, id: PriceListId) {
        let otherwise = self.otherwise();
        let own = Defaults { currency: list.currency.unwrap_or(otherwise.currency) };
        let known = self.defaults.iter().position(|defaults| *defaults == own);
        let place = known.unwrap_or_else(|| {
            self.defaults.push(own);
            self.defaults.len() - 1
        });
        let defaults = u32::try_from(place).unwrap_or(0);
        let code = list.code.as_str().as_bytes().into();
        self.by_code.insert(code, List { id, defaults });
    }

    pub(crate) fn get(&self, code: &[u8]) -> Option<List> {
        self.by_code.get(code).copied()
    }

    /// The defaults of a list, or, without one, those of the supplier.
    pub(crate) fn defaults(&self, list: Option<List>) -> &Defaults {
        let own = list.and_then(|list| self.defaults.get(list.defaults as usize));
        own.unwrap_or_else(|| self.otherwise())
    }

    #[expect(clippy::expect_used, reason = "both constructors put the supplier's first")]
    fn otherwise(&self) -> &Defaults {
        self.defaults.first().expect("the supplier's defaults")
    }
}

/// The codes of all payment terms.
fn payment_terms<T: ReadTx + ?Sized>(tx: &T) -> Result<HashSet<Box<[u8]>>, Abort> {
    let mut terms = HashSet::new();
    tx.scan(Kind::PaymentTerm, &[], &mut |record| {
        if let Record::PaymentTerm(term) = record {
            terms.insert(term.code.as_str().as_bytes().into());
        }
        Ok(())
    })?;
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_article_number_and_no_other() {
        let mut skus = Skus::default();
        for number in 0..5000_u32 {
            skus.insert(&format!("A{number}"), ProductId(number), Uom::one());
        }
        for number in 0..5000_u32 {
            let found = skus.get(format!("A{number}").as_bytes());
            assert_eq!(found, Some((ProductId(number), Uom::one())));
        }
        for other in ["", "A", "A5000", "a1", "A1 "] {
            assert_eq!(skus.get(other.as_bytes()), None, "{other:?}");
        }
    }

    #[test]
    fn a_list_states_its_defaults_or_has_those_of_the_supplier() {
        let defaults = |currency: &str| Defaults { currency: currency.parse().unwrap() };
        let mut lists = Lists::new(defaults("ILS"));
        for (number, currency) in [(1, Some("EUR")), (2, None), (4, Some("EUR"))] {
            let list = PriceList {
                code: format!("L{number}").parse().unwrap(),
                number: None,
                name: None,
                currency: currency.map(|code| code.parse().unwrap()),
                time_zone: None,
            };
            lists.insert(&list, PriceListId(number));
        }
        let of = |code: &str| lists.defaults(lists.get(code.as_bytes())).clone();
        assert_eq!(of("L1"), defaults("EUR"));
        assert_eq!(of("L2"), defaults("ILS"));
        assert_eq!(of("none"), defaults("ILS"));
        assert_eq!(of("L4"), of("L1"));
        assert_eq!(lists.defaults.len(), 2);
        assert_eq!(lists.get(b"L4").unwrap().id, PriceListId(4));
    }
}
