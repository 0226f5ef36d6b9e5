//! Which path is what, and what every answer has in common.

use http::Method;
use kontor_wire::accept::{self, Choice};
use kontor_wire::http::{Answer, Body as RequestBody, Dialect, Refusal, Request, Response};

use crate::error::Refused;
use crate::handlers::Consinco;
use crate::wire::{self, Body};

/// Longest request body in bytes.
const MAX_BODY: usize = 1 << 20;

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    ProductPrice,
    Login,
    RefreshToken,
    /// A path of the protocol without anything.
    Nothing,
}

/// What is asked by a call that has a path and a method of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    ProductPrice,
    Login,
    RefreshToken,
}

impl Dialect for Consinco {
    fn name(&self) -> &'static str {
        "consinco"
    }

    fn owns(&self, path: &str) -> bool {
        route(&self.config.prefix, path).is_some()
    }

    fn max_body(&self) -> usize {
        MAX_BODY
    }

    fn answer<'a>(&'a self, request: &'a Request) -> Answer<'a> {
        Box::pin(async move {
            let choice = self.choice(request);
            let answer = match self.call(request) {
                Ok(Call::ProductPrice) => self.product_price(request, choice).await,
                Ok(Call::Login) => self.login(request).await,
                Ok(Call::RefreshToken) => self.refresh_token(request).await,
                Err(refused) => Err(refused),
            };
            answer.unwrap_or_else(|refused| refused.response(choice))
        })
    }

    fn refuse(&self, refusal: Refusal, request: &Request) -> Response {
        let refused = match refusal {
            Refusal::TooMany { retry_after } => Refused::TooMany { retry_after },
            Refusal::Overloaded { .. } => Refused::Overloaded,
            Refusal::Internal => Refused::Internal,
        };
        refused.response(self.choice(request))
    }
}

impl Consinco {
    /// The format of the answer. Logins know only JSON.
    fn choice(&self, request: &Request) -> Choice<Body> {
        match route(&self.config.prefix, &request.path) {
            Some(Route::Login | Route::RefreshToken) => {
                Choice { format: Body::Json, media_type: wire::JSON.first_type }
            }
            _ => accept::choose_by_headers(&request.headers, wire::JSON, &[wire::XML]),
        }
    }

    /// Checks what comes before the token: path, method, size of the body.
    fn call(&self, request: &Request) -> Result<Call, Refused> {
        let is_get = request.method == Method::GET || request.method == Method::HEAD;
        let is_post = request.method == Method::POST;
        let route = route(&self.config.prefix, &request.path).unwrap_or(Route::Nothing);
        let (call, is_offered, allow) = match route {
            Route::ProductPrice => (Call::ProductPrice, is_get, "GET, HEAD"),
            Route::Login => (Call::Login, is_post, "POST"),
            Route::RefreshToken => (Call::RefreshToken, is_post, "POST"),
            Route::Nothing => return Err(Refused::NoRoute { uri: uri(request) }),
        };
        if !is_offered {
            return Err(Refused::Method { method: request.method.to_string(), allow });
        }
        match request.body {
            RequestBody::Read(_) | RequestBody::Undecodable => Ok(call),
            RequestBody::TooLarge => Err(Refused::TooLarge),
        }
    }
}

/// What a percent-decoded path is; `None` when it belongs to somebody else. `prefix` is in lower case.
fn route(prefix: &str, path: &str) -> Option<Route> {
    let path = path.to_ascii_lowercase();
    let path = path.strip_prefix(prefix)?;
    let is_own = wire::OWN_PATHS.iter().any(|own| path.starts_with(own) && path.len() > own.len());
    is_own.then_some(match path {
        wire::PRODUCT_PRICE => Route::ProductPrice,
        wire::LOGIN => Route::Login,
        wire::REFRESH_TOKEN => Route::RefreshToken,
        _ => Route::Nothing,
    })
}

/// The URI that was asked for, as it was sent.
fn uri(request: &Request) -> String {
    let scheme = if request.tls { "https" } else { "http" };
    // HTTP/1.0 knows requests without a host.
    let host = request.header("host").unwrap_or("localhost");
    let query = request.raw_query.as_deref().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{host}{}{query}", request.raw_path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_without_case_after_the_prefix() {
        for (prefix, path, expected) in [
            ("", "/api/v2/sm_products/product-price", Some(Route::ProductPrice)),
            ("", "/API/V2/SM_Products/PRODUCT-PRICE", Some(Route::ProductPrice)),
            ("/smapi", "/SmApi/api/v2/sm_products/product-price", Some(Route::ProductPrice)),
            ("/smapi", "/api/v2/sm_products/product-price", None),
            ("/smapi", "/smapix/api/v2/sm_products/product-price", None),
            ("", "/x/api/v2/sm_products/product-price", None),
            ("", "/api/v1/auth/Login", Some(Route::Login)),
            ("", "/api/v1/auth/refresh-token", Some(Route::RefreshToken)),
            ("", "/api/v1/auth/logout", Some(Route::Nothing)),
            ("", "/api/v2/sm_products/product-price/1", Some(Route::Nothing)),
            ("", "/api/v2/sm_products//product-price", Some(Route::Nothing)),
            ("", "/api/v2/sm_products", None),
            ("", "/api/v2/sm_products/", None),
            ("", "/api/v1/partners/create_rfq", None),
            // A letter that only Unicode takes for a k.
            ("", "/api/v1/auth/refresh-to\u{212A}en", Some(Route::Nothing)),
            ("", "", None),
        ] {
            assert_eq!(route(prefix, path), expected, "{prefix} {path}");
        }
    }
}
