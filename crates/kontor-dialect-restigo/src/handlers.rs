//! What each endpoint does, in the order of checks of `restigo.md` 1.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::StatusCode;
use kontor_app::lists::{PricesToRemove, PricesToSet, branch_lists, branch_of, items, price_lists};
use kontor_app::{App, Asker, StoreError};
use kontor_dialect::ConfigError;
use kontor_model::customer::Contact;
use kontor_wire::http::{Answer, Dialect, Refusal, Request, Response};

use crate::auth::authenticate;
use crate::config::Config;
use crate::documents::{DocumentWords, DocumentsWriter};
use crate::error::{self, Failure};
use crate::long::{self, Long};
use crate::parameters::Parameters;
use crate::routes::{self, Action, Route};
use crate::validation::WholeNumber;
use crate::wire::{JSON, MAX_BODY, XML, message, parameter};
use crate::{from_wire, to_wire};

/// The dialect, ready to answer.
pub(crate) struct Restigo {
    app: Arc<App>,
    words: Arc<DocumentWords>,
    /// Of suppliers that have words of their own.
    own_words: BTreeMap<String, Arc<DocumentWords>>,
}

/// Who writes, in the change log: the protocol and the account.
fn actor(asker: &Asker) -> String {
    format!("restigo {}", asker.account.login)
}

type Answered = Result<Response, Failure>;

impl Restigo {
    pub(crate) fn new(app: Arc<App>, config: &Config) -> Result<Self, ConfigError> {
        let (words, own) = config.all_words()?;
        let own = own.into_iter().map(|(code, words)| (code, Arc::new(words)));
        Ok(Self { app, words: Arc::new(words), own_words: own.collect() })
    }

    async fn respond(&self, request: &Request) -> Answered {
        let asker = authenticate(&self.app, request)?;
        let route = Route::at(&request.path).ok_or(Failure::UnknownPath)?;
        let action = route.action(&request.method);
        let action = action.ok_or(Failure::MethodNotAllowed(route.allow()))?;
        let parameters = Parameters::read(request)?;
        match action {
            Action::CreatePricing => self.create_pricing(&asker, parameters).await,
            Action::ListPricings => self.list_pricings(asker, parameters).await,
            Action::SetItems => self.set_items(&asker, parameters).await,
            Action::DeleteItems => self.delete_items(&asker, parameters).await,
            Action::RemoveClient => self.remove_client(&asker, parameters).await,
            Action::ShowClient => self.show_client(&asker, parameters),
            Action::ListItems => self.list_items(asker, parameters).await,
            Action::Documents => self.documents(asker, parameters).await,
        }
    }

    /// POST /pricings
    async fn create_pricing(&self, asker: &Asker, parameters: Parameters<'_>) -> Answered {
        let name = from_wire::new_pricing(parameters)?;
        let list = self.app.create_price_list(asker, &actor(asker), name).await?;
        let (number, name) = (list.number.unwrap_or_default(), list.name.unwrap_or_default());
        Ok(json(StatusCode::CREATED, to_wire::created(number, &name)))
    }

    /// GET /pricings
    async fn list_pricings(&self, asker: Asker, parameters: Parameters<'_>) -> Answered {
        let part = from_wire::name_part(parameters, parameter::PRICING_NAME)?;
        let lists = long::response(&self.app, move |app| {
            let book = Arc::clone(&app.book());
            let tenant = asker.tenant(&book)?;
            let lists = price_lists(&book, tenant, app.now(), |name| part.is_in(name));
            Some(Long::pricings(book, asker.supplier, lists))
        });
        lists.await
    }

    /// POST /pricings/items
    async fn set_items(&self, asker: &Asker, parameters: Parameters<'_>) -> Answered {
        let wanted = from_wire::items_to_set(parameters)?;
        let wanted = PricesToSet {
            list: known(wanted.of.pricing_id)?,
            customer: wanted.of.customer_number,
            prices: wanted.items,
        };
        let set = self.app.set_list_prices(asker, &actor(asker), wanted).await?;
        Ok(json(StatusCode::CREATED, to_wire::items_set(&set)))
    }

    /// DELETE /pricings/items
    async fn delete_items(&self, asker: &Asker, parameters: Parameters<'_>) -> Answered {
        let wanted = from_wire::items_to_delete(parameters)?;
        let wanted = PricesToRemove {
            list: known(wanted.of.pricing_id)?,
            customer: wanted.of.customer_number,
            numbers: wanted.items,
        };
        let deleted = self.app.remove_list_prices(asker, &actor(asker), wanted).await?;
        Ok(json(StatusCode::OK, to_wire::items_deleted(&deleted)))
    }

    /// DELETE /pricings/removeClient
    async fn remove_client(&self, asker: &Asker, parameters: Parameters<'_>) -> Answered {
        let of = from_wire::client_to_remove(parameters)?;
        let list = known(of.pricing_id)?;
        let customer = of.customer_number;
        let actor = actor(asker);
        self.app.unassign_price_list(asker, &actor, list, customer).await?;
        let body = to_wire::message(message::CLIENT_REMOVED);
        Ok(json(StatusCode::OK, body))
    }

    /// GET /clients
    fn show_client(&self, asker: &Asker, parameters: Parameters<'_>) -> Answered {
        let number = from_wire::client(parameters)?;
        let book = self.app.book();
        let tenant = asker.tenant(&book).ok_or(Failure::TokenNotFound)?;
        let branch = branch_of(tenant, &number).ok_or(Failure::ClientNotFound)?;
        let contacts = tenant.under(&Contact::of_customer(&number));
        let users: Vec<to_wire::Named<'_>> =
            contacts.map(|contact| (contact.number, Some(contact.name.as_str()))).collect();
        let body = to_wire::client(&branch, &branch_lists(tenant, &number), &users);
        Ok(json(StatusCode::OK, body))
    }

    /// GET /items
    async fn list_items(&self, asker: Asker, parameters: Parameters<'_>) -> Answered {
        let part = from_wire::name_part(parameters, parameter::ITEM_NAME)?;
        let items = long::response(&self.app, move |app| {
            let book = Arc::clone(&app.book());
            let tenant = asker.tenant(&book)?;
            let items = items(&book, tenant, |name| part.is_in(name));
            Some(Long::items(book, asker.supplier, items))
        });
        items.await
    }

    /// GET /documents
    async fn documents(&self, asker: Asker, parameters: Parameters<'_>) -> Answered {
        let wanted = from_wire::documents(parameters)?;
        let words = self.words_of(&asker);
        let file = self.app.read_aside(move |app| {
            let mut file = DocumentsWriter::new(&words);
            let day = wanted.date.or_else(|| app.yesterday(asker.supplier));
            if let Some(day) = day {
                let customer = wanted.customer_number.as_deref();
                app.documents_issued(asker.supplier, day, customer, &mut |line| file.line(&line))?;
            }
            Ok(file.finish())
        });
        let file = file.await?.map_err(|error: StoreError| Failure::from(error))?;
        Ok(Response::new(StatusCode::OK, XML, file))
    }

    fn words_of(&self, asker: &Asker) -> Arc<DocumentWords> {
        let code = asker.supplier_code(&self.app.book());
        let own = code.and_then(|code| self.own_words.get(&code));
        Arc::clone(own.unwrap_or(&self.words))
    }
}

impl Dialect for Restigo {
    fn name(&self) -> &'static str {
        "restigo"
    }

    fn owns(&self, path: &str) -> bool {
        routes::owns(path)
    }

    fn max_body(&self) -> usize {
        MAX_BODY
    }

    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        Box::pin(async move {
            let answered = self.respond(request).await;
            answered.unwrap_or_else(Failure::into_response)
        })
    }

    fn refuse(&self, refusal: Refusal, _request: &Request) -> Response {
        error::refusal(refusal)
    }
}

/// A number that a list may have. A longer one is as good as an unknown one.
fn known(number: WholeNumber) -> Result<i64, Failure> {
    number.0.ok_or(Failure::PricingNotFound)
}

fn json(status: StatusCode, body: Vec<u8>) -> Response {
    Response::new(status, JSON, body)
}

#[cfg(test)]
mod tests;
