//! `GET {prefix}/api/v2/sm_products/product-price`: prices of a company and segment, page by page.

use std::sync::Arc;

use http::StatusCode;
use kontor_app::App;
use kontor_app::scan::market::{self, Market};
use kontor_app::scan::{PageRequest, PriceScans, Selection};
use kontor_model::selling_entity::SellingEntity;
use kontor_pricing::Tenant;
use kontor_wire::accept::Choice;
use kontor_wire::http::{Request, Response};

use crate::auth;
use crate::config::{Config, Empty};
use crate::error::Refused;
use crate::from_wire::{self, Company, Parameters, Sent};
use crate::paging::{self, Answered};
use crate::to_wire::{Style, Writing};
use crate::wire::Body;

/// The dialect, ready to answer.
pub(crate) struct Consinco {
    pub(crate) app: Arc<App>,
    pub(crate) config: Config,
    pub(crate) scans: Arc<PriceScans>,
}

impl Consinco {
    pub(crate) async fn product_price(
        &self,
        request: &Request,
        choice: Choice<Body>,
    ) -> Result<Response, Refused> {
        let asker = auth::asker(&self.app, request)?;
        let book = Arc::clone(&self.app.book());
        let tenant = asker.tenant(&book).ok_or(Refused::Denied)?;
        let settings = self.config.of_supplier(code(tenant));
        let raw_query = request.raw_query.as_deref().unwrap_or_default();
        let parameters = from_wire::parameters(raw_query, settings.default_page_size);
        let parameters = parameters.map_err(Refused::Invalid)?;

        let market = market(tenant, &parameters)?;
        let selection = selection(&market, &parameters);
        let page = PageRequest {
            reader: asker.account.login.as_str().into(),
            peer: request.peer,
            number: parameters.page,
            size: parameters.page_size,
        };
        let style = Style { body: choice.format, no_promotion: settings.no_promotion };
        let wanted = Wanted { market, selection, page, style, media_type: choice.media_type };
        let mut answered = if wanted.selection.is_narrow() {
            wanted.answer(&self.app, &self.scans)
        } else {
            // A large page takes milliseconds, and building an index longer: on a thread where
            // no other request waits.
            let scans = Arc::clone(&self.scans);
            let work = move |app: &App| wanted.answer(app, &scans);
            self.app.read_aside(work).await.map_err(|_| Refused::Internal)?
        };
        if answered.total == 0 && settings.empty == Empty::NotFound {
            return Err(Refused::NothingFound);
        }
        let rest = answered.rest.take();
        let response = paging::response(request, &parameters, choice, answered);
        let rest = rest.filter(|_| response.status == StatusCode::OK);
        Ok(response.with_rest(rest.map(|rest| paging::pieces(&self.app, rest))))
    }
}

/// The page that is asked for, and how it is written.
struct Wanted {
    market: Market,
    selection: Selection,
    page: PageRequest,
    style: Style,
    media_type: &'static str,
}

impl Wanted {
    /// A page and its bytes, as one state of the world has them.
    fn answer(self, app: &App, scans: &PriceScans) -> Answered {
        let page = scans.page(app, &self.market, &self.selection, &self.page);
        let table = self.selection.table.as_deref();
        Answered::of(Writing::new(page, self.market, table, self.style), self.media_type)
    }
}

/// The market that is asked for. Companies of other suppliers do not exist here.
fn market(tenant: &Tenant, parameters: &Parameters) -> Result<Market, Refused> {
    let (entity, sent) = company(tenant, &parameters.company)?;
    let segment = parameters.segment.as_ref();
    let number = segment.map_or(entity.main_segment, |segment| i64::from(segment.value));
    Market::of(tenant, entity, number).ok_or_else(|| Refused::UnknownSegment {
        segment: segment.map_or_else(|| number.to_string(), |segment| segment.text.clone()),
        company: sent.to_owned(),
    })
}

/// The company that is named, and the text that names it.
fn company<'t, 'p>(
    tenant: &'t Tenant,
    company: &'p Company,
) -> Result<(&'t SellingEntity, &'p str), Refused> {
    let by_number = |sent: &'p Sent<i32>| {
        let found = market::entity(tenant, i64::from(sent.value));
        found.ok_or_else(|| Refused::UnknownCompany { sent: sent.text.clone() })
    };
    let by_tax_id = |sent: &'p Sent<String>| {
        let found = market::entity_by_cnpj(tenant, &sent.value);
        found.ok_or_else(|| Refused::UnknownCompany { sent: sent.text.clone() })
    };
    match company {
        Company::Number(number) => Ok((by_number(number)?, &number.text)),
        Company::TaxId(tax_id) => Ok((by_tax_id(tax_id)?, &tax_id.text)),
        Company::Both(number, tax_id) => {
            let entity = by_tax_id(tax_id)?;
            if entity.number != i64::from(number.value) {
                return Err(Refused::Invalid(vec![from_wire::disagreement()]));
            }
            Ok((entity, &number.text))
        }
    }
}

fn selection(market: &Market, parameters: &Parameters) -> Selection {
    Selection {
        supplier: market.supplier,
        entity: market.entity,
        segment: market.segment,
        gtin: parameters.gtin.as_deref().map(Into::into),
        sequence: parameters.sequence,
        table: parameters.table.as_deref().map(Into::into),
        changed_since: parameters.changed_since.map(|day| market.zone.start_of_day(day)),
    }
}

/// Code of a supplier.
fn code(tenant: &Tenant) -> &str {
    tenant.supplier().map_or("", |supplier| supplier.code.as_str())
}
