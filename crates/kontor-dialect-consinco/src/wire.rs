//! The words of the protocol.

use kontor_wire::accept::Format;

/// The formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    Json,
    Xml,
}

/// The preferred format.
pub(crate) const JSON: Format<Body> =
    Format { format: Body::Json, first_type: "application/json", other_types: &["text/json"] };
pub(crate) const XML: Format<Body> =
    Format { format: Body::Xml, first_type: "application/xml", other_types: &["text/xml"] };

/// Path of the prices, after the prefix.
pub(crate) const PRODUCT_PRICE: &str = "/api/v2/sm_products/product-price";
pub(crate) const LOGIN: &str = "/api/v1/auth/login";
pub(crate) const REFRESH_TOKEN: &str = "/api/v1/auth/refresh-token";
/// What begins with these belongs to the protocol.
pub(crate) const OWN_PATHS: [&str; 2] = ["/api/v2/sm_products/", "/api/v1/auth/"];

/// A parameter, in the order of the URL template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    CodeEan,
    LastUpdateDate,
    NumberCompany,
    NumberSegment,
    RegNumber,
    SalesTableNumber,
    SeqProduct,
    PageNo,
    PageSize,
}

impl Field {
    /// The name in the URL template, which is also the key in errors.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CodeEan => "CODE_EAN",
            Self::LastUpdateDate => "LAST_UPDATE_DATE",
            Self::NumberCompany => "NUMBER_COMPANY",
            Self::NumberSegment => "NUMBER_SEGMENT",
            Self::RegNumber => "REG_NUMBER",
            Self::SalesTableNumber => "SALES_TABLE_NUMBER",
            Self::SeqProduct => "SEQ_PRODUCT",
            Self::PageNo => "_pageNo",
            Self::PageSize => "_pageSize",
        }
    }
}

/// A media type as the answer names it.
pub(crate) fn content_type(media_type: &str) -> &'static str {
    match media_type {
        "text/json" => "text/json; charset=utf-8",
        "application/xml" => "application/xml; charset=utf-8",
        "text/xml" => "text/xml; charset=utf-8",
        _ => "application/json; charset=utf-8",
    }
}
