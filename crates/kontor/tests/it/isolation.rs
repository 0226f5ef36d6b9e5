//! S-13: what belongs to another supplier is answered, byte for byte, like what does not exist.

use crate::http::Client;
use crate::process::{self, CLOCK};

/// Requests in which `ID` is once something foreign and once something that nobody has.
const REQUESTS: [(&str, &str, &str, &str, &str, &str); 16] = [
    // method, path, headers, body, foreign, unknown
    (
        "GET",
        "/ProductQueryEN?userid=_RQ200001&password=20pass01&product_id=ID",
        "",
        "",
        "21991234",
        "21991999",
    ),
    (
        "GET",
        "/ProductQueryEN?userid=_RQ200001&password=20pass01&sku=ID",
        "",
        "",
        "B-8386",
        "B-9999",
    ),
    (
        "GET",
        "/ProductQueryEN?userid=_RQ200001&password=20pass01&ean=ID",
        "",
        "",
        "4000000000006",
        "4000000000007",
    ),
    (
        "GET",
        "/ProductQueryEN?userid=_RQ123456&password=12abcd34&product_id=ID",
        "",
        "",
        "CHAIR",
        "CHOIR",
    ),
    (
        "GET",
        "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=ID",
        "",
        "",
        "A2135",
        "A9999",
    ),
    (
        "GET",
        "/wcs/resources/store/10201/price?q=byCatalogEntryIds&catalogEntryId=ID",
        "",
        "",
        "2135",
        "9999",
    ),
    (
        "GET",
        "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=x&contractId=ID",
        "",
        "",
        "10001",
        "19999",
    ),
    (
        "GET",
        "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=x&contractId=ID",
        "",
        "",
        "20002",
        "29999",
    ),
    (
        "GET",
        "/wcs/resources/store/10201/price?q=byPartNumbers&partNumber=x",
        "WCToken: ID\r\n",
        "",
        "7001%2Cacme-secret",
        "7001%2Cacme-secrex",
    ),
    (
        "POST",
        "/wcs/resources/store/10201/loginidentity",
        "",
        r#"{"logonId":"ID","logonPassword":"acme-pass-1"}"#,
        "acme.buyer",
        "acme.bayer",
    ),
    (
        "POST",
        "/api/departments/thirdParty/pricings/items",
        "token: tok-restigo-demo\r\n",
        r#"{"pricing_id":ID,"customer_number":"123","items":[{"catalog_number":"0101","price_after_discount":1}]}"#,
        "700",
        "799",
    ),
    (
        "DELETE",
        "/api/departments/thirdParty/pricings/items",
        "token: tok-restigo-demo\r\n",
        r#"{"pricing_id":ID,"customer_number":"123","items":["0101"]}"#,
        "700",
        "799",
    ),
    (
        "DELETE",
        "/api/departments/thirdParty/pricings/removeClient",
        "token: tok-restigo-demo\r\n",
        r#"{"pricing_id":ID,"customer_number":"123"}"#,
        "700",
        "799",
    ),
    (
        "GET",
        "/api/departments/thirdParty/clients?customer_number=ID",
        "token: tok-restigo-mini\r\n",
        "",
        "556781",
        "556999",
    ),
    (
        "GET",
        "/api/departments/thirdParty/documents?date=2016-01-27&customer_number=ID",
        "token: tok-restigo-mini\r\n",
        "",
        "556781",
        "556999",
    ),
    (
        "GET",
        "/api/departments/thirdParty/items",
        "token: ID\r\n",
        "",
        "T-CONSINCO-DEMO",
        "T-CONSINCO-NONE",
    ),
];

#[test]
fn foreign_is_like_unknown() {
    let server = process::demo(CLOCK).unwrap();
    let mut client = Client::connect(server.address).unwrap();
    for (method, path, headers, body, foreign, unknown) in REQUESTS {
        let mut ask = |id: &str| {
            let with =
                |text: &str| text.replace("ID", id).replace(&format!("logon{id}"), "logonId");
            let body =
                body.replace("\"ID\"", &format!("\"{id}\"")).replace(":ID,", &format!(":{id},"));
            let path = path.replace("=ID", &format!("={id}"));
            let answer = client.send(method, &path, &with(headers), &body).unwrap();
            (answer.status, answer.body.replace(id, "ID"))
        };
        let (of_foreign, of_unknown) = (ask(foreign), ask(unknown));
        assert_eq!(of_foreign, of_unknown, "{method} {path}");
    }
}

#[test]
fn credentials_of_one_protocol_open_no_other() {
    let server = process::demo(CLOCK).unwrap();
    let mut client = Client::connect(server.address).unwrap();
    for token in ["tok-restigo-demo", "8001%2Cdemo42-a", "8001,demo42-a"] {
        let path = "/api/v2/sm_products/product-price?number_company=1";
        let answer = client.get(path, &format!("Authorization: Bearer {token}\r\n")).unwrap();
        assert_eq!(answer.status, 401, "{token}");
    }
    for token in ["T-CONSINCO-DEMO", "8001,demo42-a"] {
        let path = "/api/departments/thirdParty/items";
        assert_eq!(
            client.get(path, &format!("token: {token}\r\n")).unwrap().status,
            401,
            "{token}"
        );
    }
}
