//! The words of the protocol: element names (section 4), parameters (section 3) and status codes
//! (section 5).

/// Element names of requests and answers.
pub(crate) mod element {
    pub(crate) const REQUEST: &str = "PRODUCTREQUEST";
    pub(crate) const RESPONSE: &str = "PRODUCTRESPONSE";
    pub(crate) const CUSTOMER: &str = "CUSTOMER";
    pub(crate) const LOGIN: &str = "LOGIN";
    pub(crate) const PASSWORD: &str = "PASSWORD";
    pub(crate) const ITEM_LIST: &str = "ITEM_LIST";
    pub(crate) const ITEM: &str = "ITEM";
    pub(crate) const PRODUCT_ID: &str = "PRODUCT_ID";
    pub(crate) const SKU: &str = "SKU";
    pub(crate) const EAN: &str = "EAN";
    pub(crate) const AVAILQUANTITY: &str = "AVAILQUANTITY";
    pub(crate) const PRICE: &str = "PRICE";
    pub(crate) const SCALE_PRICES: &str = "SCALE_PRICES";
    pub(crate) const SCALE_QUANTITY: &str = "SCALE_QUANTITY";
    pub(crate) const SCALE_PRICE: &str = "SCALE_PRICE";
    pub(crate) const CURRENCY: &str = "CURRENCY";
    pub(crate) const TIMESTAMP: &str = "TIMESTAMP";
    pub(crate) const STATUSCODE: &str = "STATUSCODE";
    pub(crate) const STATUSTEXT: &str = "STATUSTEXT";
    pub(crate) const DELIVERY_INFO: &str = "DELIVERY_INFO";
}

/// Parameters of a query or form; compared without case.
pub(crate) mod parameter {
    pub(crate) const USERID: &str = "userid";
    pub(crate) const PASSWORD: &str = "password";
    pub(crate) const PRODUCT_ID: &str = "product_id";
    pub(crate) const SKU: &str = "sku";
    pub(crate) const EAN: &str = "ean";
}

/// Most numbers of a query or form, and most items of an XML request (section 6).
pub(crate) const MAX_NUMBERS: usize = 500;
pub(crate) const MAX_ITEMS: usize = 2000;

pub(crate) const CONTENT_TYPE: &str = "text/xml; charset=UTF-8";

/// Statuses of the call and of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Successful,
    WrongLogin,
    UnknownProduct,
    EndOfLife,
    InvalidXml,
    NotUnique,
}

impl Status {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Successful => "0",
            Self::WrongLogin => "1",
            Self::UnknownProduct => "2",
            Self::EndOfLife => "3",
            Self::InvalidXml => "4",
            Self::NotUnique => "5",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Successful => "successful",
            Self::WrongLogin => "wrong login or password",
            Self::UnknownProduct => "unknown product",
            Self::EndOfLife => "product is eol",
            Self::InvalidXml => "invalid xml",
            Self::NotUnique => "product number not unique",
        }
    }
}
