//! The items of an answer: which products, at which prices (sections 3 and 4).
//!
//! Items are answered until a piece is full. What is left is answered piece by piece, from the same
//! version of the book, on threads where no other request waits.

use std::sync::Arc;

use kontor_app::{App, Asker};
use kontor_model::{Currency, Quantity};
use kontor_pricing::{Book, CustomerFacts, Found, Lookup, ProductRef, Question, Tenant, Tier};
use kontor_wire::pieces::{Broken, Made, Pieces};

use crate::from_wire::Number;
use crate::to_wire::{Clocked, Reply};
use crate::wire::Status;

/// One call that is being answered: everything its items have in common.
pub(crate) struct Asking<'b> {
    book: &'b Book,
    tenant: &'b Tenant,
    customer: Option<&'b CustomerFacts>,
    clocked: &'b Clocked,
}

/// What is left of an answer.
pub(crate) struct Listing {
    pub(crate) book: Arc<Book>,
    pub(crate) asker: Asker,
    pub(crate) clocked: Clocked,
    /// What was written and is not sent yet.
    pub(crate) reply: Reply,
    pub(crate) items: std::vec::IntoIter<Number<'static>>,
}

impl Listing {
    /// The rest of the answer.
    pub(crate) fn pieces(self, app: &Arc<App>) -> Pieces {
        let app = Arc::clone(app);
        Pieces::new(self, move |left| {
            let app = Arc::clone(&app);
            Box::pin(async move { app.read_aside(move |_| left.next()).await.map_err(|_| Broken)? })
        })
    }

    fn next(mut self) -> Result<Made<Self>, Broken> {
        let tenant = self.asker.tenant(&self.book).ok_or(Broken)?;
        let asking = Asking::new(&self.book, tenant, &self.asker, &self.clocked);
        let answered = asking.items(self.items.as_slice(), &mut self.reply);
        if answered == self.items.len() {
            return Ok(Made { bytes: self.reply.into_bytes().into(), left: None });
        }
        self.items.by_ref().take(answered).for_each(drop);
        Ok(Made { bytes: self.reply.take().into(), left: Some(self) })
    }
}

impl<'b> Asking<'b> {
    pub(crate) fn new(
        book: &'b Book,
        tenant: &'b Tenant,
        asker: &Asker,
        clocked: &'b Clocked,
    ) -> Self {
        let customer = asker.account.customer.as_ref();
        let customer = customer.and_then(|number| tenant.customer(number.as_str()));
        Self { book, tenant, customer, clocked }
    }

    /// Answers items until the reply is as long as a piece. Returns how many were answered.
    pub(crate) fn items(&self, items: &[Number<'_>], reply: &mut Reply) -> usize {
        let mut tiers = Vec::new();
        for (answered, number) in items.iter().enumerate() {
            if reply.is_full() {
                return answered;
            }
            self.item(number, &mut tiers, reply);
        }
        items.len()
    }

    /// Answers one item. The tests come in the order 5, 2 (nothing found), 3, 2 (no price).
    fn item(&self, number: &Number<'_>, tiers: &mut Vec<Tier>, reply: &mut Reply) {
        let clocked = self.clocked;
        if *number == Number::Missing {
            return reply.error(number, None, Status::InvalidXml, clocked);
        }
        let product = match self.find(number) {
            Found::Several => return reply.error(number, None, Status::NotUnique, clocked),
            Found::Nothing => None,
            Found::One(id) => self.book.product(id),
        };
        let Some(product) = product else {
            return reply.error(number, None, Status::UnknownProduct, clocked);
        };
        if !product.card.is_active() {
            return reply.error(number, Some(product.card), Status::EndOfLife, clocked);
        }
        match self.ladder(product, tiers) {
            Some(currency) if !tiers.is_empty() => {
                reply.item(number, product.card, (tiers, currency), clocked);
            }
            _ => reply.error(number, None, Status::UnknownProduct, clocked),
        }
    }

    fn find(&self, number: &Number<'_>) -> Found {
        if number.is_empty() {
            // Without its dots, a number of a product may be empty too.
            return Found::Nothing;
        }
        let find = |lookup| self.book.find(self.tenant.id(), lookup);
        match number {
            Number::Missing => Found::Nothing,
            Number::ProductId(value) => {
                let customer = self.customer.map(|facts| facts.customer.number.as_str());
                let own = customer.map_or(Found::Nothing, |customer| {
                    find(Lookup::CustomerSku { customer, value })
                });
                match own.join(find(Lookup::Sku(value))) {
                    Found::Nothing => find(Lookup::SkuWithoutDots(value)),
                    found @ (Found::One(_) | Found::Several) => found,
                }
            }
            Number::Sku(value) => match find(Lookup::MpnWithoutCase(value)) {
                Found::Nothing => find(Lookup::MpnWithoutCaseAndDots(value)),
                found @ (Found::One(_) | Found::Several) => found,
            },
            Number::Ean(value) => find(Lookup::Gtin(value)),
        }
    }

    /// The tiers of the customer, and their currency.
    fn ladder(&self, product: ProductRef<'b>, tiers: &mut Vec<Tier>) -> Option<Currency> {
        let supplier = self.tenant.supplier()?;
        let customer = self.customer?;
        let currency = customer.customer.currency.unwrap_or(supplier.currency);
        let question = Question {
            lists: &customer.lists,
            strategy: supplier.strategy,
            product: product.id,
            quantity: Quantity::ONE,
            uom: product.card.product.base_uom,
            currency,
            decimals: currency.minor_units(),
            at: self.clocked.now,
            zone: &supplier.time_zone,
            term: None,
        };
        self.book.ladder(product, &question, tiers);
        Some(currency)
    }
}
