//! The words of the protocol (`restigo.md` 1, 2 and 5).

/// All paths are below this one.
pub(crate) const BASE: &str = "/api/departments/thirdParty";

/// Longest body in bytes that is read.
pub(crate) const MAX_BODY: usize = 1 << 20;

/// Longest name of a price list in characters.
pub(crate) const MAX_NAME: usize = 255;

/// Highest price in millionths.
pub(crate) const MAX_PRICE: i64 = 1_000_000_000_000 * kontor_wire::decimal::ONE;

/// Header with the key of a supplier.
pub(crate) const TOKEN: &str = "token";

pub(crate) const JSON: &str = "application/json";
pub(crate) const XML: &str = "application/xml; charset=utf-8";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data";

/// Names of parameters.
pub(crate) mod parameter {
    pub(crate) const NAME: &str = "name";
    pub(crate) const PRICING_NAME: &str = "pricing_name";
    pub(crate) const PRICING_ID: &str = "pricing_id";
    pub(crate) const CUSTOMER_NUMBER: &str = "customer_number";
    pub(crate) const ITEM_NAME: &str = "item_name";
    pub(crate) const ITEMS: &str = "items";
    pub(crate) const CATALOG_NUMBER: &str = "catalog_number";
    pub(crate) const PRICE: &str = "price_after_discount";
    pub(crate) const DATE: &str = "date";

    /// Parameters that may stand in headers.
    pub(crate) const IN_HEADERS: [&str; 5] =
        [NAME, PRICING_ID, CUSTOMER_NUMBER, ITEM_NAME, PRICING_NAME];
}

/// What answers say in words.
pub(crate) mod message {
    pub(crate) const TOKEN_NOT_FOUND: &str = "token not found";
    pub(crate) const NOT_FOUND: &str = "not found";
    pub(crate) const PRICING_NOT_FOUND: &str = "pricing not found";
    pub(crate) const CLIENT_NOT_FOUND: &str = "client not found";
    pub(crate) const METHOD_NOT_ALLOWED: &str = "method not allowed";
    pub(crate) const TOO_LARGE: &str = "payload too large";
    pub(crate) const MALFORMED: &str = "malformed json";
    pub(crate) const TOO_MANY: &str = "Too Many Attempts.";
    pub(crate) const UNAVAILABLE: &str = "Service Unavailable";
    pub(crate) const FAULT: &str = "Server Error";
    pub(crate) const SUCCESS: &str = "success";
    pub(crate) const CLIENT_REMOVED: &str = "Client has been successfully removed from the pricing";
}
