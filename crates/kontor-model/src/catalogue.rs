//! The catalogue: all nouns, in an order in which each comes after those it refers to.

use crate::record::{Cell, CellError, Column, Noun, Row};

use crate::account::Account;
use crate::availability::Availability;
use crate::contract::{Contract, ContractCustomer, ContractList};
use crate::counter::Counter;
use crate::customer::{Contact, Customer, Entitlement};
use crate::document::{Document, DocumentLine};
use crate::identifier::Identifier;
use crate::imported_account::ImportedAccount;
use crate::lead::Lead;
use crate::lead_delivery::{ClosedReceiver, Delivery, DeliveryTurn, SubmissionKey};
use crate::payment_term::PaymentTerm;
use crate::price_list::{PriceEntry, PriceList};
use crate::product::{Conversion, Packing, Product};
use crate::questionnaire::{Category, Grant, Partner};
use crate::selling_entity::{SalesTable, Segment, SellingEntity};
use crate::store::{Store, StoreCurrency, StoreCustomer};
use crate::supplier::Supplier;

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Supplier,
    Counter,
    Product,
    Conversion,
    Packing,
    Availability,
    PaymentTerm,
    PriceList,
    Customer,
    Contact,
    Entitlement,
    Identifier,
    Contract,
    ContractList,
    ContractCustomer,
    Store,
    StoreCurrency,
    StoreCustomer,
    SellingEntity,
    Segment,
    SalesTable,
    Account,
    Category,
    Partner,
    Grant,
    Lead,
    Document,
    DocumentLine,
    Price,
    SubmissionKey,
    Delivery,
    DeliveryTurn,
    ClosedReceiver,
    ImportedAccount,
}

/// A record of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    Supplier(Supplier),
    Counter(Counter),
    Product(Product),
    Conversion(Conversion),
    Packing(Packing),
    Availability(Availability),
    PaymentTerm(PaymentTerm),
    PriceList(PriceList),
    Customer(Customer),
    Contact(Contact),
    Entitlement(Entitlement),
    Identifier(Identifier),
    Contract(Contract),
    ContractList(ContractList),
    ContractCustomer(ContractCustomer),
    Store(Store),
    StoreCurrency(StoreCurrency),
    StoreCustomer(StoreCustomer),
    SellingEntity(SellingEntity),
    Segment(Segment),
    SalesTable(SalesTable),
    Account(Account),
    Category(Category),
    Partner(Partner),
    Grant(Grant),
    Lead(Lead),
    Document(Document),
    DocumentLine(DocumentLine),
    Price(PriceEntry),
    SubmissionKey(SubmissionKey),
    Delivery(Delivery),
    DeliveryTurn(DeliveryTurn),
    ClosedReceiver(ClosedReceiver),
    ImportedAccount(ImportedAccount),
}

impl Kind {
    /// All kinds that a catalogue folder holds, referred-to kinds first.
    pub const CATALOGUE: [Self; 29] = [
        Self::Supplier,
        Self::Counter,
        Self::Product,
        Self::Conversion,
        Self::Packing,
        Self::Availability,
        Self::PaymentTerm,
        Self::PriceList,
        Self::Customer,
        Self::Contact,
        Self::Entitlement,
        Self::Identifier,
        Self::Contract,
        Self::ContractList,
        Self::ContractCustomer,
        Self::Store,
        Self::StoreCurrency,
        Self::StoreCustomer,
        Self::SellingEntity,
        Self::Segment,
        Self::SalesTable,
        Self::Account,
        Self::Category,
        Self::Partner,
        Self::Grant,
        Self::Lead,
        Self::Document,
        Self::DocumentLine,
        Self::Price,
    ];

    /// The kinds that the running server remembers; no catalogue folder has them, and nobody asks
    /// for their past.
    pub const RUNTIME: [Self; 5] = [
        Self::SubmissionKey,
        Self::Delivery,
        Self::DeliveryTurn,
        Self::ClosedReceiver,
        Self::ImportedAccount,
    ];

    /// Plural name: of the CSV file and of the change log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Supplier => Supplier::NAME,
            Self::Counter => Counter::NAME,
            Self::Product => Product::NAME,
            Self::Conversion => Conversion::NAME,
            Self::Packing => Packing::NAME,
            Self::Availability => Availability::NAME,
            Self::PaymentTerm => PaymentTerm::NAME,
            Self::PriceList => PriceList::NAME,
            Self::Customer => Customer::NAME,
            Self::Contact => Contact::NAME,
            Self::Entitlement => Entitlement::NAME,
            Self::Identifier => Identifier::NAME,
            Self::Contract => Contract::NAME,
            Self::ContractList => ContractList::NAME,
            Self::ContractCustomer => ContractCustomer::NAME,
            Self::Store => Store::NAME,
            Self::StoreCurrency => StoreCurrency::NAME,
            Self::StoreCustomer => StoreCustomer::NAME,
            Self::SellingEntity => SellingEntity::NAME,
            Self::Segment => Segment::NAME,
            Self::SalesTable => SalesTable::NAME,
            Self::Account => Account::NAME,
            Self::Category => Category::NAME,
            Self::Partner => Partner::NAME,
            Self::Grant => Grant::NAME,
            Self::Lead => Lead::NAME,
            Self::Document => Document::NAME,
            Self::DocumentLine => DocumentLine::NAME,
            Self::Price => PriceEntry::NAME,
            Self::SubmissionKey => SubmissionKey::NAME,
            Self::Delivery => Delivery::NAME,
            Self::DeliveryTurn => DeliveryTurn::NAME,
            Self::ClosedReceiver => ClosedReceiver::NAME,
            Self::ImportedAccount => ImportedAccount::NAME,
        }
    }

    /// What one row is, in one sentence.
    pub const fn doc(self) -> &'static str {
        match self {
            Self::Supplier => Supplier::DOC,
            Self::Counter => Counter::DOC,
            Self::Product => Product::DOC,
            Self::Conversion => Conversion::DOC,
            Self::Packing => Packing::DOC,
            Self::Availability => Availability::DOC,
            Self::PaymentTerm => PaymentTerm::DOC,
            Self::PriceList => PriceList::DOC,
            Self::Customer => Customer::DOC,
            Self::Contact => Contact::DOC,
            Self::Entitlement => Entitlement::DOC,
            Self::Identifier => Identifier::DOC,
            Self::Contract => Contract::DOC,
            Self::ContractList => ContractList::DOC,
            Self::ContractCustomer => ContractCustomer::DOC,
            Self::Store => Store::DOC,
            Self::StoreCurrency => StoreCurrency::DOC,
            Self::StoreCustomer => StoreCustomer::DOC,
            Self::SellingEntity => SellingEntity::DOC,
            Self::Segment => Segment::DOC,
            Self::SalesTable => SalesTable::DOC,
            Self::Account => Account::DOC,
            Self::Category => Category::DOC,
            Self::Partner => Partner::DOC,
            Self::Grant => Grant::DOC,
            Self::Lead => Lead::DOC,
            Self::Document => Document::DOC,
            Self::DocumentLine => DocumentLine::DOC,
            Self::Price => PriceEntry::DOC,
            Self::SubmissionKey => SubmissionKey::DOC,
            Self::Delivery => Delivery::DOC,
            Self::DeliveryTurn => DeliveryTurn::DOC,
            Self::ClosedReceiver => ClosedReceiver::DOC,
            Self::ImportedAccount => ImportedAccount::DOC,
        }
    }

    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Supplier => Supplier::COLUMNS,
            Self::Counter => Counter::COLUMNS,
            Self::Product => Product::COLUMNS,
            Self::Conversion => Conversion::COLUMNS,
            Self::Packing => Packing::COLUMNS,
            Self::Availability => Availability::COLUMNS,
            Self::PaymentTerm => PaymentTerm::COLUMNS,
            Self::PriceList => PriceList::COLUMNS,
            Self::Customer => Customer::COLUMNS,
            Self::Contact => Contact::COLUMNS,
            Self::Entitlement => Entitlement::COLUMNS,
            Self::Identifier => Identifier::COLUMNS,
            Self::Contract => Contract::COLUMNS,
            Self::ContractList => ContractList::COLUMNS,
            Self::ContractCustomer => ContractCustomer::COLUMNS,
            Self::Store => Store::COLUMNS,
            Self::StoreCurrency => StoreCurrency::COLUMNS,
            Self::StoreCustomer => StoreCustomer::COLUMNS,
            Self::SellingEntity => SellingEntity::COLUMNS,
            Self::Segment => Segment::COLUMNS,
            Self::SalesTable => SalesTable::COLUMNS,
            Self::Account => Account::COLUMNS,
            Self::Category => Category::COLUMNS,
            Self::Partner => Partner::COLUMNS,
            Self::Grant => Grant::COLUMNS,
            Self::Lead => Lead::COLUMNS,
            Self::Document => Document::COLUMNS,
            Self::DocumentLine => DocumentLine::COLUMNS,
            Self::Price => PriceEntry::COLUMNS,
            Self::SubmissionKey => SubmissionKey::COLUMNS,
            Self::Delivery => Delivery::COLUMNS,
            Self::DeliveryTurn => DeliveryTurn::COLUMNS,
            Self::ClosedReceiver => ClosedReceiver::COLUMNS,
            Self::ImportedAccount => ImportedAccount::COLUMNS,
        }
    }

    /// What the columns of this kind refer to: names of columns and the kind whose key they hold.
    /// An empty column refers to nothing.
    pub const fn references(self) -> &'static [(&'static [&'static str], Self)] {
        match self {
            Self::Conversion | Self::Packing | Self::Availability => &[(&["sku"], Self::Product)],
            Self::Identifier => &[(&["sku"], Self::Product), (&["customer"], Self::Customer)],
            Self::Contact | Self::Account | Self::Document => &[(&["customer"], Self::Customer)],
            Self::Entitlement => {
                &[(&["customer"], Self::Customer), (&["price_list"], Self::PriceList)]
            }
            Self::ContractList => {
                &[(&["contract"], Self::Contract), (&["price_list"], Self::PriceList)]
            }
            Self::ContractCustomer => {
                &[(&["contract"], Self::Contract), (&["customer"], Self::Customer)]
            }
            Self::Store => &[(&["contract"], Self::Contract)],
            Self::StoreCurrency => &[(&["store"], Self::Store)],
            Self::StoreCustomer => &[(&["store"], Self::Store), (&["customer"], Self::Customer)],
            Self::Segment => {
                &[(&["entity"], Self::SellingEntity), (&["price_list"], Self::PriceList)]
            }
            Self::SalesTable => {
                &[(&["entity", "segment"], Self::Segment), (&["price_list"], Self::PriceList)]
            }
            Self::Grant => &[(&["partner"], Self::Partner), (&["category"], Self::Category)],
            Self::Lead => &[(&["category"], Self::Category), (&["partner"], Self::Partner)],
            Self::DocumentLine => {
                &[(&["kind", "document"], Self::Document), (&["sku"], Self::Product)]
            }
            Self::Price => &[
                (&["price_list"], Self::PriceList),
                (&["sku"], Self::Product),
                (&["payment_term"], Self::PaymentTerm),
            ],
            Self::Supplier
            | Self::Counter
            | Self::Product
            | Self::PaymentTerm
            | Self::PriceList
            | Self::Customer
            | Self::Contract
            | Self::SellingEntity
            | Self::Category
            | Self::Partner
            | Self::SubmissionKey
            | Self::Delivery
            | Self::DeliveryTurn
            | Self::ClosedReceiver
            | Self::ImportedAccount => &[],
        }
    }

    /// Whether rows of this kind are only what the server notes down for itself: nobody is answered
    /// by them but the server, so writing them is durable and no change of the data.
    pub const fn is_bookkeeping(self) -> bool {
        matches!(
            self,
            Self::SubmissionKey
                | Self::Delivery
                | Self::DeliveryTurn
                | Self::ClosedReceiver
                | Self::ImportedAccount
        )
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = Self::CATALOGUE.into_iter().chain(Self::RUNTIME);
        all.into_iter().find(|kind| kind.name() == name)
    }
}

impl Record {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Supplier(_) => Kind::Supplier,
            Self::Counter(_) => Kind::Counter,
            Self::Product(_) => Kind::Product,
            Self::Conversion(_) => Kind::Conversion,
            Self::Packing(_) => Kind::Packing,
            Self::Availability(_) => Kind::Availability,
            Self::PaymentTerm(_) => Kind::PaymentTerm,
            Self::PriceList(_) => Kind::PriceList,
            Self::Customer(_) => Kind::Customer,
            Self::Contact(_) => Kind::Contact,
            Self::Entitlement(_) => Kind::Entitlement,
            Self::Identifier(_) => Kind::Identifier,
            Self::Contract(_) => Kind::Contract,
            Self::ContractList(_) => Kind::ContractList,
            Self::ContractCustomer(_) => Kind::ContractCustomer,
            Self::Store(_) => Kind::Store,
            Self::StoreCurrency(_) => Kind::StoreCurrency,
            Self::StoreCustomer(_) => Kind::StoreCustomer,
            Self::SellingEntity(_) => Kind::SellingEntity,
            Self::Segment(_) => Kind::Segment,
            Self::SalesTable(_) => Kind::SalesTable,
            Self::Account(_) => Kind::Account,
            Self::Category(_) => Kind::Category,
            Self::Partner(_) => Kind::Partner,
            Self::Grant(_) => Kind::Grant,
            Self::Lead(_) => Kind::Lead,
            Self::Document(_) => Kind::Document,
            Self::DocumentLine(_) => Kind::DocumentLine,
            Self::Price(_) => Kind::Price,
            Self::SubmissionKey(_) => Kind::SubmissionKey,
            Self::Delivery(_) => Kind::Delivery,
            Self::DeliveryTurn(_) => Kind::DeliveryTurn,
            Self::ClosedReceiver(_) => Kind::ClosedReceiver,
            Self::ImportedAccount(_) => Kind::ImportedAccount,
        }
    }

    pub fn to_row(&self) -> Row {
        match self {
            Self::Supplier(noun) => noun.to_row(),
            Self::Counter(noun) => noun.to_row(),
            Self::Product(noun) => noun.to_row(),
            Self::Conversion(noun) => noun.to_row(),
            Self::Packing(noun) => noun.to_row(),
            Self::Availability(noun) => noun.to_row(),
            Self::PaymentTerm(noun) => noun.to_row(),
            Self::PriceList(noun) => noun.to_row(),
            Self::Customer(noun) => noun.to_row(),
            Self::Contact(noun) => noun.to_row(),
            Self::Entitlement(noun) => noun.to_row(),
            Self::Identifier(noun) => noun.to_row(),
            Self::Contract(noun) => noun.to_row(),
            Self::ContractList(noun) => noun.to_row(),
            Self::ContractCustomer(noun) => noun.to_row(),
            Self::Store(noun) => noun.to_row(),
            Self::StoreCurrency(noun) => noun.to_row(),
            Self::StoreCustomer(noun) => noun.to_row(),
            Self::SellingEntity(noun) => noun.to_row(),
            Self::Segment(noun) => noun.to_row(),
            Self::SalesTable(noun) => noun.to_row(),
            Self::Account(noun) => noun.to_row(),
            Self::Category(noun) => noun.to_row(),
            Self::Partner(noun) => noun.to_row(),
            Self::Grant(noun) => noun.to_row(),
            Self::Lead(noun) => noun.to_row(),
            Self::Document(noun) => noun.to_row(),
            Self::DocumentLine(noun) => noun.to_row(),
            Self::Price(noun) => noun.to_row(),
            Self::SubmissionKey(noun) => noun.to_row(),
            Self::Delivery(noun) => noun.to_row(),
            Self::DeliveryTurn(noun) => noun.to_row(),
            Self::ClosedReceiver(noun) => noun.to_row(),
            Self::ImportedAccount(noun) => noun.to_row(),
        }
    }

    pub fn from_row(kind: Kind, row: &[Cell]) -> Result<Self, CellError> {
        match kind {
            Kind::Supplier => Supplier::from_row(row).map(Self::Supplier),
            Kind::Counter => Counter::from_row(row).map(Self::Counter),
            Kind::Product => Product::from_row(row).map(Self::Product),
            Kind::Conversion => Conversion::from_row(row).map(Self::Conversion),
            Kind::Packing => Packing::from_row(row).map(Self::Packing),
            Kind::Availability => Availability::from_row(row).map(Self::Availability),
            Kind::PaymentTerm => PaymentTerm::from_row(row).map(Self::PaymentTerm),
            Kind::PriceList => PriceList::from_row(row).map(Self::PriceList),
            Kind::Customer => Customer::from_row(row).map(Self::Customer),
            Kind::Contact => Contact::from_row(row).map(Self::Contact),
            Kind::Entitlement => Entitlement::from_row(row).map(Self::Entitlement),
            Kind::Identifier => Identifier::from_row(row).map(Self::Identifier),
            Kind::Contract => Contract::from_row(row).map(Self::Contract),
            Kind::ContractList => ContractList::from_row(row).map(Self::ContractList),
            Kind::ContractCustomer => ContractCustomer::from_row(row).map(Self::ContractCustomer),
            Kind::Store => Store::from_row(row).map(Self::Store),
            Kind::StoreCurrency => StoreCurrency::from_row(row).map(Self::StoreCurrency),
            Kind::StoreCustomer => StoreCustomer::from_row(row).map(Self::StoreCustomer),
            Kind::SellingEntity => SellingEntity::from_row(row).map(Self::SellingEntity),
            Kind::Segment => Segment::from_row(row).map(Self::Segment),
            Kind::SalesTable => SalesTable::from_row(row).map(Self::SalesTable),
            Kind::Account => Account::from_row(row).map(Self::Account),
            Kind::Category => Category::from_row(row).map(Self::Category),
            Kind::Partner => Partner::from_row(row).map(Self::Partner),
            Kind::Grant => Grant::from_row(row).map(Self::Grant),
            Kind::Lead => Lead::from_row(row).map(Self::Lead),
            Kind::Document => Document::from_row(row).map(Self::Document),
            Kind::DocumentLine => DocumentLine::from_row(row).map(Self::DocumentLine),
            Kind::Price => PriceEntry::from_row(row).map(Self::Price),
            Kind::SubmissionKey => SubmissionKey::from_row(row).map(Self::SubmissionKey),
            Kind::Delivery => Delivery::from_row(row).map(Self::Delivery),
            Kind::DeliveryTurn => DeliveryTurn::from_row(row).map(Self::DeliveryTurn),
            Kind::ClosedReceiver => ClosedReceiver::from_row(row).map(Self::ClosedReceiver),
            Kind::ImportedAccount => ImportedAccount::from_row(row).map(Self::ImportedAccount),
        }
    }

    /// The cells of the key columns.
    pub fn key(&self) -> Row {
        let columns = self.kind().columns().iter();
        let keep = |(column, cell): (&Column, Cell)| column.key.then_some(cell);
        columns.zip(self.to_row()).filter_map(keep).collect()
    }
}

#[cfg(test)]
mod tests;
