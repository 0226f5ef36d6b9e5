//! The protocols this program speaks: one line each.

use std::sync::Arc;

use kontor_app::App;
use kontor_wire::http::Dialect;

use crate::config::Config;
use crate::requests::Tied;

/// A protocol that is offered, with a line to try it on the demo.
pub(crate) struct Offered {
    pub(crate) dialect: Arc<dyn Dialect>,
    /// What follows `curl -s 'http://HOST:PORT` and the closing quote.
    pub(crate) try_path: &'static str,
    pub(crate) try_options: &'static str,
}

/// The token of a partner of the demo, and a lead.
const DEMO_LEAD: &str = "-H 'Authorization: Bearer \
    eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOjIyLCJleHAiOjI1MjQ2MDgwMDAsImlzcyI6IklqSXlYMHhRTnpWZk1Ua2kifQ.\
    hk9lFb6q6q9F9BB4QjHDGidp-9LTuUbFPCROupSo3Lk' \
    --data '[{\"categoryId\":1463,\"data\":{\"30148\":25638,\"25533\":\"75001\",\
    \"email\":\"wayne.hotte@test.fr\",\"companyName\":\"HOTTE INC.\",\"segment\":1,\
    \"firstname\":\"Wayne\",\"lastname\":\"Hotte\",\"phone\":\"0130926784\"}}]' ";

/// All protocols that are switched on.
pub(crate) fn offered(app: &Arc<App>, config: &Config) -> Result<Vec<Offered>, String> {
    let mut offered = Vec::new();
    if config.secomp.enabled {
        offered.push(Offered {
            dialect: kontor_dialect_secomp::dialect(Arc::clone(app), config.secomp.clone())?,
            try_path: "/ProductQueryFR?userid=_RQ123456&password=12abcd34&product_id=11045680",
            try_options: "",
        });
    }
    if config.websphere.enabled {
        let dialect = kontor_dialect_websphere::dialect(Arc::clone(app), config.websphere.clone());
        offered.push(Offered {
            dialect: dialect.map_err(|error| error.to_string())?,
            try_path: "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=11.04.5680",
            try_options: "",
        });
    }
    if config.consinco.enabled {
        let dialect = kontor_dialect_consinco::dialect(Arc::clone(app), config.consinco.clone());
        offered.push(Offered {
            dialect: dialect.map_err(|error| error.to_string())?,
            try_path: "/api/v2/sm_products/product-price?number_company=1",
            try_options: "-H 'Authorization: Bearer T-CONSINCO-DEMO' ",
        });
    }
    if config.restigo.enabled {
        let dialect = kontor_dialect_restigo::dialect(Arc::clone(app), &config.restigo);
        offered.push(Offered {
            dialect: dialect.map_err(|error| error.to_string())?,
            try_path: "/api/departments/thirdParty/pricings",
            try_options: "-H 'token: tok-restigo-demo' ",
        });
    }
    if config.companeo.enabled {
        let dialect = kontor_dialect_companeo::dialect(Arc::clone(app), config.companeo.clone());
        offered.push(Offered {
            dialect: dialect.map_err(|error| error.to_string())?,
            try_path: "/api/v1/partners/create_rfq",
            try_options: DEMO_LEAD,
        });
    }
    for one in &mut offered {
        one.dialect = Arc::new(Tied(Arc::clone(&one.dialect)));
    }
    Ok(offered)
}
