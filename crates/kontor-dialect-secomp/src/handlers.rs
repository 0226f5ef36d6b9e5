//! `GET | HEAD | POST /ProductQuery{SITE}`: who asks, which products, at which prices (sections 3
//! and 4).

use http::StatusCode;
use kontor_app::{Asker, Denied};
use kontor_model::account::Protocol;
use kontor_model::{Instant, Zone};
use kontor_pricing::{Book, CustomerFacts, Found, Lookup, ProductRef, Question, Tenant, Tier};
use kontor_wire::http::{Answer, Dialect as _, Refusal, Request, Response};

use crate::from_wire::{Call, Number, Unreadable};
use crate::to_wire::{Clocked, Reply};
use crate::wire::{CONTENT_TYPE, Status};
use crate::{ScaleLayout, Secomp};

/// One call that is being answered: everything its items have in common.
struct Asking<'b> {
    book: &'b Book,
    tenant: &'b Tenant,
    customer: Option<&'b CustomerFacts>,
    now: Instant,
    layout: ScaleLayout,
}

impl Secomp {
    /// Answers a call: at once when the password was right before.
    pub(crate) fn ask<'a>(
        &'a self,
        call: Result<Call<'_>, Unreadable>,
        zone: &Zone,
        request: &'a Request,
    ) -> Answer<'a> {
        let clocked = Clocked::new(zone, self.app.now());
        let Ok(call) = call else {
            return at_once(xml(Reply::refusal("", Status::InvalidXml, &clocked)));
        };
        let (login, password) = (&call.login, &call.password);
        match self.app.by_remembered_password(Protocol::Secomp, login, password) {
            Some(asker) => at_once(self.answer_to(&call, asker, &clocked, request)),
            None => Box::pin(self.ask_after_check(call.into_owned(), clocked, request)),
        }
    }

    async fn ask_after_check(
        &self,
        call: Call<'static>,
        clocked: Clocked,
        request: &Request,
    ) -> Response {
        let (login, password) = (&call.login, &call.password);
        let asker = self.app.by_password(Protocol::Secomp, login, password, request.peer).await;
        self.answer_to(&call, asker, &clocked, request)
    }

    fn answer_to(
        &self,
        call: &Call<'_>,
        asker: Result<Asker, Denied>,
        clocked: &Clocked,
        request: &Request,
    ) -> Response {
        match asker {
            Ok(asker) => xml(self.items(call, &asker, clocked)),
            Err(Denied::Unknown) => xml(Reply::refusal(&call.login, Status::WrongLogin, clocked)),
            Err(Denied::TooMany { retry_after }) => {
                self.refuse(Refusal::TooMany { retry_after }, request).retry_after(retry_after)
            }
            Err(Denied::Busy { retry_after }) => {
                self.refuse(Refusal::Overloaded { retry_after }, request).retry_after(retry_after)
            }
        }
    }

    fn items(&self, call: &Call<'_>, asker: &Asker, clocked: &Clocked) -> Reply {
        let book = self.app.book();
        let Some(tenant) = asker.tenant(&book) else {
            return Reply::refusal(&call.login, Status::WrongLogin, clocked);
        };
        let customer = asker.account.customer.as_ref();
        let asking = Asking {
            book: &book,
            tenant,
            customer: customer.and_then(|number| tenant.customer(number.as_str())),
            now: clocked.now,
            layout: self.layout(tenant),
        };
        let mut reply = Reply::successful(&call.login, clocked, call.items.len());
        let mut tiers = Vec::new();
        for number in &call.items {
            asking.item(number, clocked, &mut tiers, &mut reply);
        }
        reply
    }

    fn layout(&self, tenant: &Tenant) -> ScaleLayout {
        if self.config.suppliers.is_empty() {
            return self.config.scale_layout;
        }
        let code = tenant.supplier().map(|supplier| supplier.code.as_str());
        let own = code.and_then(|code| self.config.suppliers.get(code)?.scale_layout);
        own.unwrap_or(self.config.scale_layout)
    }
}

impl<'b> Asking<'b> {
    /// Answers one item. The tests come in the order 5, 2 (nothing found), 3, 2 (no price).
    fn item(
        &self,
        number: &Number<'_>,
        clocked: &Clocked,
        tiers: &mut Vec<Tier>,
        reply: &mut Reply,
    ) {
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
                reply.item(number, product.card, (tiers, currency), self.layout, clocked);
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
                own.join(find(Lookup::SkuWithoutDots(value)))
            }
            Number::Sku(value) => match find(Lookup::MpnWithoutCase(value)) {
                Found::Nothing => find(Lookup::MpnWithoutCaseAndDots(value)),
                found @ (Found::One(_) | Found::Several) => found,
            },
            Number::Ean(value) => find(Lookup::Gtin(value)),
        }
    }

    /// The tiers of the customer, and their currency.
    fn ladder(
        &self,
        product: ProductRef<'b>,
        tiers: &mut Vec<Tier>,
    ) -> Option<kontor_model::Currency> {
        let supplier = self.tenant.supplier()?;
        let customer = self.customer?;
        let currency = customer.customer.currency.unwrap_or(supplier.currency);
        let question = Question {
            lists: &customer.lists,
            strategy: supplier.strategy,
            product: product.id,
            quantity: kontor_model::Quantity::ONE,
            uom: product.card.product.base_uom,
            currency,
            decimals: currency.minor_units(),
            at: self.now,
            zone: &supplier.time_zone,
            term: None,
        };
        self.book.ladder(product, &question, tiers);
        Some(currency)
    }
}

/// An answer nobody has to wait for.
pub(crate) fn at_once<'a>(response: Response) -> Answer<'a> {
    Box::pin(std::future::ready(response))
}

fn xml(reply: Reply) -> Response {
    Response::new(StatusCode::OK, CONTENT_TYPE, reply.into_bytes())
}
