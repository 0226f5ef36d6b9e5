//! The shop of one request: which store is asked, by whom, and what its words mean there.

use kontor_model::currency::Currency;
use kontor_model::identifier::Scheme;
use kontor_model::instant::{Instant, Zone};
use kontor_model::quantity::Quantity;
use kontor_model::supplier::Strategy;
use kontor_pricing::{Book, Found, Lookup, ProductRef, StoreFacts, Tenant};

use crate::asked::{AskedContract, AskedCurrency, AskedQuantity, NumberKind};
use crate::config::{Switches, UnsupportedCurrency};
use crate::error::{Error, Place};
use crate::from_wire::date;

/// Everything the words of a request are looked up in.
#[derive(Clone, Copy)]
pub(crate) struct Shop<'a> {
    pub(crate) book: &'a Book,
    pub(crate) tenant: &'a Tenant,
    pub(crate) store: &'a StoreFacts,
    /// Who asks; `None`: a guest.
    pub(crate) customer: Option<&'a str>,
    pub(crate) now: Instant,
    pub(crate) switches: Switches,
}

impl<'a> Shop<'a> {
    /// A contract that the caller may use now, whatever date is asked. It never tells why not.
    pub(crate) fn contract(&self, code: &str) -> Result<AskedContract<'a>, Error> {
        let facts = self.tenant.contract(code).filter(|facts| {
            let is_default = self.store.store.contract.as_str() == code;
            let is_own = self.customer.is_some_and(|customer| facts.is_for(customer));
            (is_default || is_own) && facts.contract.validity.contains(self.now, self.zone())
        });
        match facts {
            Some(facts) => {
                Ok(AskedContract { code: facts.contract.code.as_str(), facts: Some(facts) })
            }
            None => Err(Error::Contract(code.to_owned())),
        }
    }

    /// Zone of civil days: that of the store.
    pub(crate) fn zone(&self) -> &'a Zone {
        &self.store.store.time_zone
    }

    /// The contract of requests that name none.
    pub(crate) fn default_contract(&self) -> AskedContract<'a> {
        let code = self.store.store.contract.as_str();
        AskedContract { code, facts: self.tenant.contract(code) }
    }

    /// A currency: three capital letters, and one the store supports.
    pub(crate) fn currency(&self, code: &str, place: Place) -> Result<AskedCurrency, Error> {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Error::Invalid(place, "a currency is three capital letters"));
        }
        let known = code.parse::<Currency>().ok();
        let supported = known.and_then(|currency| {
            let decimals = self.store.decimals(currency)?;
            Some(AskedCurrency { currency, decimals })
        });
        match (supported, self.switches.unsupported_currency) {
            (Some(supported), _) => Ok(supported),
            (None, UnsupportedCurrency::Default) => Ok(self.default_currency()),
            (None, UnsupportedCurrency::Error) => Err(Error::Currency {
                currency: code.to_owned(),
                store: self.store.store.code.as_str().to_owned(),
            }),
        }
    }

    pub(crate) fn default_currency(&self) -> AskedCurrency {
        let currency = self.store.store.currency;
        let decimals = self.store.decimals(currency);
        AskedCurrency { currency, decimals: decimals.unwrap_or_else(|| currency.minor_units()) }
    }

    /// A date as xsd:dateTime; without offset in the zone of the store.
    pub(crate) fn date(&self, text: &str, place: Place) -> Result<Instant, Error> {
        date::parse(text, &self.store.store.time_zone)
            .ok_or(Error::Invalid(place, "a date is YYYY-MM-DDThh:mm:ssZ"))
    }

    /// One of the store's default unit.
    pub(crate) fn default_quantity(&self) -> AskedQuantity {
        AskedQuantity { quantity: Quantity::ONE, uom: Some(self.store.store.uom) }
    }

    /// The product with a number. One that several products have is answered like an unknown one.
    pub(crate) fn product(&self, by: NumberKind, number: &str) -> Option<ProductRef<'a>> {
        match self.find(by, number) {
            Found::One(id) => self.book.product(id),
            Found::Nothing | Found::Several => None,
        }
    }

    /// Whether some product has the number.
    pub(crate) fn is_known(&self, by: NumberKind, number: &str) -> bool {
        self.find(by, number) != Found::Nothing
    }

    /// How several lists of a contract are combined.
    pub(crate) fn strategy(&self) -> Strategy {
        self.tenant.supplier().map_or(Strategy::default(), |supplier| supplier.strategy)
    }

    fn find(&self, by: NumberKind, number: &str) -> Found {
        let lookup = match by {
            NumberKind::PartNumber => Lookup::Mpn(number),
            NumberKind::ProductId => Lookup::Other { scheme: Scheme::ProductNumber, value: number },
        };
        self.book.find(self.tenant.id(), lookup)
    }
}
