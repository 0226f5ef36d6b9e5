//! Who asks? The JSON web token of a partner.

use std::time::Duration;

use kontor_app::App;
use kontor_app::access::partner_asker::{PartnerAsker, PartnerDenied};
use kontor_wire::http::Request;
use kontor_wire::token::bearer;

use crate::error::RequestError;

/// Why somebody is not let in.
#[derive(Clone, Copy)]
pub(crate) enum Denied {
    Error(RequestError),
    TooMany { retry_after: Duration },
}

/// The partner behind a request.
pub(crate) fn partner(app: &App, request: &Request) -> Result<PartnerAsker, Denied> {
    let denied = match app.by_web_token(bearer(&request.headers), request.peer) {
        Ok(asker) => return Ok(asker),
        Err(denied) => denied,
    };
    Err(match denied {
        PartnerDenied::Unknown => Denied::Error(RequestError::Unauthorized),
        PartnerDenied::Disabled => Denied::Error(RequestError::Disabled),
        PartnerDenied::TooMany { retry_after } => Denied::TooMany { retry_after },
    })
}
