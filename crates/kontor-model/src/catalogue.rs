//! The catalogue: all nouns, one line each, in an order in which each comes after those it refers
//! to. What a noun is stands in its own file; nothing else has to be said here.

use std::sync::OnceLock;

use crate::noun::{BookPlace, Description, Noun};
use crate::record::{Cell, CellError, Column, Row};

nouns! {
    /// All kinds that a catalogue folder holds, referred-to kinds first.
    CATALOGUE = {
        Supplier: crate::supplier::Supplier,
        Counter: crate::counter::Counter,
        Product: crate::product::Product,
        Conversion: crate::product::Conversion,
        Packing: crate::product::Packing,
        Availability: crate::availability::Availability,
        PaymentTerm: crate::payment_term::PaymentTerm,
        PriceList: crate::price_list::PriceList,
        Customer: crate::customer::Customer,
        Contact: crate::customer::Contact,
        Entitlement: crate::customer::Entitlement,
        Identifier: crate::identifier::Identifier,
        Contract: crate::contract::Contract,
        ContractList: crate::contract::ContractList,
        ContractCustomer: crate::contract::ContractCustomer,
        Store: crate::store::Store,
        StoreCurrency: crate::store::StoreCurrency,
        StoreCustomer: crate::store::StoreCustomer,
        SellingEntity: crate::selling_entity::SellingEntity,
        Segment: crate::selling_entity::Segment,
        SalesTable: crate::selling_entity::SalesTable,
        Account: crate::account::Account,
        Category: crate::questionnaire::Category,
        Partner: crate::questionnaire::Partner,
        Grant: crate::questionnaire::Grant,
        Lead: crate::lead::Lead,
        Document: crate::document::Document,
        DocumentLine: crate::document::DocumentLine,
        Price: crate::price_list::PriceEntry,
    }

    /// The kinds that the running server remembers; no catalogue folder has them, and nobody asks
    /// for their past.
    RUNTIME = {
        SubmissionKey: crate::lead_delivery::SubmissionKey,
        Delivery: crate::lead_delivery::Delivery,
        DeliveryTurn: crate::lead_delivery::DeliveryTurn,
        ClosedReceiver: crate::lead_delivery::ClosedReceiver,
        ImportedAccount: crate::imported_account::ImportedAccount,
    }
}

/// A noun of the list above: its rows are stored. Stores and files take its rows as [`Record`]s of its [`Kind`].
pub trait StoredNoun: Noun {
    const KIND: Kind;

    fn into_record(self) -> Record;

    /// The noun in a record; `None` when it is one of another kind.
    fn from_record(record: Record) -> Option<Self>;

    /// The same of a record that is only looked at.
    fn in_record(record: &Record) -> Option<&Self>;
}

/// Names of columns and the kind whose key they hold.
pub type ResolvedReference = (&'static [&'static str], Kind);

impl Kind {
    /// Every kind of the list, in its order.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> + Clone {
        Self::CATALOGUE.into_iter().chain(Self::RUNTIME)
    }

    /// Plural name: of the CSV file and of the change log.
    pub const fn name(self) -> &'static str {
        self.description().name
    }

    /// What one row is, in one sentence.
    pub const fn doc(self) -> &'static str {
        self.description().doc
    }

    pub const fn columns(self) -> &'static [Column] {
        self.description().columns
    }

    /// What the columns of this kind refer to. An empty column refers to nothing.
    pub fn references(self) -> &'static [ResolvedReference] {
        static ALL: OnceLock<Vec<Vec<ResolvedReference>>> = OnceLock::new();
        let resolve = |kind: Self| {
            let references = kind.description().references.iter();
            references.filter_map(|to| Some((to.columns, Self::from_name(to.to)?))).collect()
        };
        let all = ALL.get_or_init(|| Self::all().map(resolve).collect());
        all.get(self as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether rows of this kind are only what the server notes down for itself: nobody is answered
    /// by them but the server, so writing them is durable and no change of the data.
    pub fn is_bookkeeping(self) -> bool {
        Self::RUNTIME.contains(&self)
    }

    /// Whether superseded rows are kept.
    pub fn has_history(self) -> bool {
        self.description().history && !self.is_bookkeeping()
    }

    /// Whether prices refer to rows of this kind by a number that the database gives them.
    pub const fn is_numbered(self) -> bool {
        self.description().numbered
    }

    /// Where the price book has rows of this kind.
    pub fn place_in_book(self) -> BookPlace {
        if self.is_bookkeeping() { BookPlace::Nowhere } else { self.description().in_book }
    }

    /// Whether rows of this kind belong to a product: a change lists the product instead of the row.
    pub fn is_of_product(self) -> bool {
        matches!(self.place_in_book(), BookPlace::Product | BookPlace::Card)
    }

    /// Whether a row has secrets, or says who somebody is.
    pub fn is_private(self) -> bool {
        self.description().personal || self.has_secrets()
    }

    /// Whether a column is secret.
    pub fn has_secrets(self) -> bool {
        self.columns().iter().any(|column| column.secret)
    }

    /// Whether texts outside the key were written by partners, in protocols that take any character.
    pub const fn is_from_partners(self) -> bool {
        self.description().from_partners
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }
}

impl Record {
    /// The cells of the key columns.
    pub fn key(&self) -> Row {
        let columns = self.kind().columns().iter();
        let keep = |(column, cell): (&Column, Cell)| column.key.then_some(cell);
        columns.zip(self.to_row()).filter_map(keep).collect()
    }
}

/// Makes [`Kind`] and [`Record`] of the list. A macro, so that the two enums and what is asked of
/// every noun cannot disagree with the list.
macro_rules! nouns {
    ($(
        $(#[$doc:meta])*
        $list:ident = { $($kind:ident: $noun:ty,)+ }
    )+) => {
        /// A kind of record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($($kind,)+)+ }

        /// A record of any kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Record { $($($kind($noun),)+)+ }

        impl Kind {
            $(
                $(#[$doc])*
                pub const $list: [Self; [$(Kind::$kind),+].len()] = [$(Self::$kind),+];
            )+

            /// What the noun says of itself.
            pub const fn description(self) -> &'static Description {
                match self {
                    $($(Self::$kind => const { &Description::of::<$noun>() },)+)+
                }
            }
        }

        impl Record {
            pub const fn kind(&self) -> Kind {
                match self {
                    $($(Self::$kind(_) => Kind::$kind,)+)+
                }
            }

            pub fn to_row(&self) -> Row {
                match self {
                    $($(Self::$kind(noun) => noun.to_row(),)+)+
                }
            }

            pub fn from_row(kind: Kind, row: &[Cell]) -> Result<Self, CellError> {
                match kind {
                    $($(Kind::$kind => <$noun>::from_row(row).map(Self::$kind),)+)+
                }
            }
        }

        $($(
            impl StoredNoun for $noun {
                const KIND: Kind = Kind::$kind;

                fn into_record(self) -> Record {
                    Record::$kind(self)
                }

                fn from_record(record: Record) -> Option<Self> {
                    if let Record::$kind(noun) = record { Some(noun) } else { None }
                }

                fn in_record(record: &Record) -> Option<&Self> {
                    if let Record::$kind(noun) = record { Some(noun) } else { None }
                }
            }
        )+)+
    };
}
use nouns;

#[cfg(test)]
mod tests;
