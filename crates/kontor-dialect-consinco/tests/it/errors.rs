//! What is refused, in which order, with which status, text and form.

use http::Method;
use kontor_model::account::Account;
use kontor_model::catalogue::{Kind, Record};
use kontor_model::record::Cell;
use kontor_wire::http::Refusal;
use std::time::Duration;

use crate::support::{Answer, Call, LOGIN, PRICES, REFRESH, Rows, Shop, prices};

const DENIED: &str = r#"{"Message":"Authorization has been denied for this request."}"#;

fn is_json(answer: &Answer) -> bool {
    answer.header("Content-Type") == "application/json; charset=utf-8"
}

#[test]
fn a_token_is_needed_and_nothing_says_why_it_does_not_count() {
    let shop = Shop::open();
    let call = |authorization: &str| {
        let call = Call::get(&format!("{PRICES}?number_company=1"));
        shop.send(&if authorization.is_empty() {
            call
        } else {
            call.header("Authorization", authorization)
        })
    };
    for authorization in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer t-consinco-demo",
        "Basic T-CONSINCO-DEMO",
        "T-CONSINCO-DEMO",
        "Bearer T-CONSINCO-DEMO x",
        // Tokens of other protocols, and a digest as it is stored.
        "Bearer tok-restigo-demo",
        "Bearer 8001,demo42-a",
        "Bearer sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ] {
        let answer = call(authorization);
        assert_eq!((answer.status, answer.text.as_str()), (401, DENIED), "{authorization}");
        assert_eq!(answer.header("WWW-Authenticate"), "Bearer");
        assert!(is_json(&answer));
    }
    for authorization in ["Bearer T-CONSINCO-DEMO", "bEARER    T-CONSINCO-DEMO"] {
        assert_eq!(call(authorization).status, 200, "{authorization}");
    }
    let query = Call::get(&format!("{PRICES}?number_company=1&token=T-CONSINCO-DEMO"));
    assert_eq!(shop.send(&query).status, 401, "a credential counts in its place only");
}

#[test]
fn a_disabled_account_is_like_one_that_does_not_exist() {
    let shop = Shop::open();
    shop.write("demo42", |tx| {
        let key = [Cell::text("consinco"), Cell::text("integra")];
        let Some(Record::Account(account)) = tx.get(Kind::Account, &key)? else {
            panic!("the demo has the account")
        };
        let state = kontor_model::customer::State::Disabled;
        tx.put(&Record::Account(Account { state, ..account }))?;
        Ok(())
    });
    let answer = shop.get("number_company=1");
    assert_eq!((answer.status, answer.text.as_str()), (401, DENIED));
    let body = r#"{"company":"demo","username":"integra","password":"integra#1"}"#;
    let wrong = r#"{"company":"demo","username":"nobody","password":"integra#1"}"#;
    assert_eq!(shop.send(&Call::post(LOGIN, body)), shop.send(&Call::post(LOGIN, wrong)));
}

#[test]
fn the_order_is_route_method_size_token_values_company() {
    let shop = Shop::open();
    let status = |call: &Call| shop.send(call).status;
    let bad = format!("{PRICES}?number_company=x");
    assert_eq!(status(&Call::new(Method::POST, "/api/v2/sm_products/x", b"").too_large()), 404);
    assert_eq!(status(&Call::new(Method::POST, &bad, b"").too_large()), 405);
    assert_eq!(status(&Call::get(&bad).too_large()), 413);
    assert_eq!(status(&Call::get(&bad)), 401);
    assert_eq!(status(&prices("number_company=99&_pageNo=x")), 400);
    assert_eq!(status(&prices("number_company=99&number_segment=7")), 404);
    assert_eq!(status(&Call::new(Method::HEAD, &bad, b"").bearer("T-CONSINCO-DEMO")), 400);
}

#[test]
fn other_methods_name_those_that_are_offered() {
    let shop = Shop::open();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "BREW"] {
        let sent = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = shop.send(&Call::new(sent, PRICES, b""));
        let text = format!("405 The requested resource does not support http method '{method}'.");
        assert_eq!(answer.error(), text);
        assert_eq!(answer.header("Allow"), "GET, HEAD");
    }
    for path in [LOGIN, REFRESH] {
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS] {
            let call = Call::new(method.clone(), path, b"").header("Accept", "application/xml");
            let answer = shop.send(&call);
            let text =
                format!("405 The requested resource does not support http method '{method}'.");
            assert_eq!(answer.error(), text);
            assert_eq!(answer.header("Allow"), "POST");
            assert!(is_json(&answer), "logins know only JSON");
        }
    }
}

#[test]
fn an_unknown_path_is_answered_with_the_uri_as_it_was_sent() {
    let shop = Shop::open();
    let text = |target: &str| {
        format!("404 No HTTP resource was found that matches the request URI '{target}'.")
    };
    for path in [
        "/api/v2/sm_products/product-cost?x=1",
        "/api/v2/SM_products/Product%2DPrices/",
        "/api/v1/auth/logout",
        "/api/v2/sm_products/product-price/1?",
    ] {
        let answer = shop.send(&Call::get(path));
        assert_eq!(answer.error(), text(&format!("http://shop.test{path}")));
    }
    let call = Call::get("/api/v1/auth/x?a=%20'\"<&>");
    let secure = shop.send(&call.clone().tls());
    assert_eq!(secure.error(), text("https://shop.test/api/v1/auth/x?a=%20'\"<&>"));
    let xml = shop.send(&call.clone().header("Accept", "text/xml"));
    let escaped = "http://shop.test/api/v1/auth/x?a=%20'\"&lt;&amp;&gt;";
    assert_eq!(
        xml.text,
        format!(
            "<Error><Message>No HTTP resource was found that matches the request URI '{escaped}'.</Message></Error>"
        )
    );
    let no_host = shop.send(&Call::get("/api/v1/auth/x").without("Host"));
    assert_eq!(no_host.error(), text("http://localhost/api/v1/auth/x"));
}

#[test]
fn a_body_that_is_too_large() {
    let shop = Shop::open();
    assert_eq!(shop.dialect.max_body(), 1_048_576);
    for call in [Call::post(LOGIN, ""), Call::post(REFRESH, ""), prices("number_company=1")] {
        let answer = shop.send(&call.too_large());
        assert_eq!(answer.error(), "413 The request is too large.");
    }
}

#[test]
fn unknown_companies_and_segments_are_named_as_they_were_sent() {
    let shop = Shop::open();
    for (query, message) in [
        ("number_company=9", "Company '9' not found."),
        ("number_company=+0099+", "Company '0099' not found."),
        ("number_company=-1", "Company '-1' not found."),
        ("number_company=%2B7", "Company '+7' not found."),
        ("reg_number=11.222.333/0001-82", "Company '11.222.333/0001-82' not found."),
        ("reg_number=12abc34501DE36", "Company '12abc34501DE36' not found."),
        ("number_company=1&number_segment=7", "Segment '7' not found for company '1'."),
        ("number_company=01&number_segment=+07", "Segment '07' not found for company '01'."),
        ("number_company=1&number_segment=0", "Segment '0' not found for company '1'."),
        ("number_company=2&number_segment=2", "Segment '2' not found for company '2'."),
        (
            "reg_number=12345678000195&number_segment=3",
            "Segment '3' not found for company '12345678000195'.",
        ),
        ("number_company=9&number_segment=9", "Company '9' not found."),
        // The CNPJ must be known before it can disagree.
        ("number_company=1&reg_number=11222333000182", "Company '11222333000182' not found."),
    ] {
        assert_eq!(shop.get(query).error(), format!("404 {message}"), "{query}");
        let xml = shop.xml(query);
        assert_eq!(xml.text, format!("<Error><Message>{message}</Message></Error>"), "{query}");
        assert_eq!(xml.header("Content-Type"), "application/xml; charset=utf-8");
    }
}

#[test]
fn company_and_cnpj_must_be_the_same() {
    let shop = Shop::open();
    let disagree = r#"{"Message":"The request is invalid.","ModelState":{"REG_NUMBER":["REG_NUMBER does not belong to NUMBER_COMPANY."]}}"#;
    for query in [
        "number_company=2&reg_number=12.345.678/0001-95",
        "number_company=99&reg_number=12.345.678/0001-95",
        "number_company=2&reg_number=12345678000195&number_segment=77",
    ] {
        let answer = shop.get(query);
        assert_eq!((answer.status, answer.text.as_str()), (400, disagree), "{query}");
    }
    // Bad values come first.
    let answer = shop.get("number_company=2&reg_number=12345678000195&_pageNo=0");
    assert!(answer.text.contains("_pageNo") && !answer.text.contains("belong"));
    let answer = shop.get("number_company=001&reg_number=12.345.678/0001-95&seq_product=905");
    assert_eq!(answer.keys(), ["905.0 x 1.0"]);
}

#[test]
fn the_number_of_another_country_is_no_cnpj() {
    let shop = Shop::open();
    let company = [
        Cell::Int(5),
        Cell::text("FR:73282932000074"),
        Cell::Null,
        Cell::text("BRL"),
        Cell::text("Europe/Paris"),
        Cell::Int(1),
    ];
    shop.put_row(Kind::SellingEntity, &company);
    shop.put_row(Kind::Segment, &[Cell::Int(5), Cell::Int(1), Cell::text("BR-2-1")]);
    assert_eq!(shop.get("number_company=5").keys(), ["5680.0 x 1.0"]);
    let unknown = shop.get("reg_number=73282932000074");
    assert_eq!(unknown.error(), "404 Company '73282932000074' not found.");
}

#[test]
fn bad_values_are_listed_in_json_and_xml() {
    let shop = Shop::open();
    let query = "_pageSize=10001&number_company=%3Cb%3E%26%22&sales_table_number=0001";
    let answer = shop.get(query);
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.text,
        r#"{"Message":"The request is invalid.","ModelState":{"NUMBER_COMPANY":["The value '<b>&\"' is not valid for NUMBER_COMPANY."],"SALES_TABLE_NUMBER":["The field SALES_TABLE_NUMBER must be a string with a maximum length of 3."],"_pageSize":["The value '10001' is not valid for _pageSize."]}}"#
    );
    let answer = shop.xml(query);
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.text,
        "<Error><Message>The request is invalid.</Message><ModelState><NUMBER_COMPANY>The value '&lt;b&gt;&amp;\"' is not valid for NUMBER_COMPANY.</NUMBER_COMPANY><SALES_TABLE_NUMBER>The field SALES_TABLE_NUMBER must be a string with a maximum length of 3.</SALES_TABLE_NUMBER><_pageSize>The value '10001' is not valid for _pageSize.</_pageSize></ModelState></Error>"
    );
    let answer = shop.send(&Call::get(PRICES).bearer("T-CONSINCO-DEMO"));
    let missing = "NUMBER_COMPANY or REG_NUMBER must be informed.";
    assert!(answer.status == 400 && answer.text.contains(missing), "also without any query");
    // A character that XML cannot hold.
    let answer = shop.xml("number_company=a%01b");
    roxmltree::Document::parse(&answer.text).unwrap();
    assert!(answer.text.contains("'a\u{FFFD}b'"));
}

#[test]
fn errors_are_negotiated_like_answers() {
    let shop = Shop::open();
    for (accept, content_type) in [
        ("text/json", "text/json; charset=utf-8"),
        ("text/xml", "text/xml; charset=utf-8"),
        ("application/pdf", "application/json; charset=utf-8"),
        ("text/*;q=0.5, application/xml;q=0.4", "text/json; charset=utf-8"),
    ] {
        let call = Call::get(PRICES).header("Accept", accept);
        let answer = shop.send(&call);
        assert_eq!((answer.status, answer.header("Content-Type")), (401, content_type));
        let refused = shop.dialect.refuse(Refusal::Internal, &call.0);
        assert_eq!(refused.headers["Content-Type"], content_type);
    }
}

#[test]
fn the_server_refuses_in_the_words_of_the_protocol() {
    let shop = Shop::open();
    let refuse = |refusal, target: &str| {
        let call = Call::get(target).header("Accept", "application/xml");
        let response = shop.dialect.refuse(refusal, &call.0);
        (response.status.as_u16(), String::from_utf8(response.body.to_vec()).unwrap())
    };
    let retry_after = Duration::from_secs(3);
    let xml = |text: &str| format!("<Error><Message>{text}</Message></Error>");
    assert_eq!(refuse(Refusal::TooMany { retry_after }, PRICES), (429, xml("Too many requests.")));
    assert_eq!(
        refuse(Refusal::Overloaded { retry_after }, PRICES),
        (503, xml("Service unavailable."))
    );
    assert_eq!(refuse(Refusal::Internal, PRICES), (500, xml("An error has occurred.")));
    let json = r#"{"Message":"Too many requests."}"#.to_owned();
    assert_eq!(refuse(Refusal::TooMany { retry_after }, LOGIN), (429, json));
}

#[test]
fn too_many_wrong_tokens_are_told_to_wait() {
    let shop = Shop::limited(2);
    let wrong = Call::get(&format!("{PRICES}?number_company=1")).bearer("x");
    let statuses: Vec<u16> = (0..3).map(|_| shop.send(&wrong).status).collect();
    assert_eq!(statuses, [401, 401, 429]);
    let answer = shop.send(&wrong);
    assert_eq!(answer.text, r#"{"Message":"Too many requests."}"#);
    assert!(answer.header("Retry-After").parse::<u32>().unwrap() >= 1);
    assert_eq!(shop.get("number_company=1").status, 200, "a good token still counts");
}

/// An account of the other supplier, which has no companies.
fn foreign(shop: &Shop) {
    shop.write("wcs-mini", |tx| {
        let row = [
            Cell::text("consinco"),
            Cell::text("other"),
            Cell::text("demo"),
            Cell::Int(9),
            Cell::text("OTHER"),
        ];
        let account =
            Record::from_row(Kind::Account, &full(Kind::Account, &row)).expect("an account");
        let account = kontor_app::prepare::prepare(account, None).expect("a digest");
        tx.put(&account)?;
        Ok(())
    });
}

/// The first columns of a row, with the last one of an account, its token.
fn full(kind: Kind, cells: &[Cell]) -> Vec<Cell> {
    let names = kind.columns().iter().map(|column| column.name);
    names
        .enumerate()
        .map(|(place, name)| match name {
            "token" => Cell::text("T-OTHER"),
            _ => cells.get(place).cloned().unwrap_or(Cell::Null),
        })
        .collect()
}

#[test]
fn a_company_of_another_supplier_does_not_exist() {
    let shop = Shop::open();
    foreign(&shop);
    let ask = |query: &str| shop.send(&Call::get(&format!("{PRICES}?{query}")).bearer("T-OTHER"));
    assert_eq!(ask("number_company=1").error(), "404 Company '1' not found.");
    let own = ask("reg_number=12345678000195");
    assert_eq!(own.error(), "404 Company '12345678000195' not found.");
    let never = ask("reg_number=12345678000196");
    assert_eq!(never.text.len(), own.text.len());
    // Both given: nothing shows that they belong together at the other supplier.
    let both = ask("number_company=1&reg_number=12345678000195");
    assert_eq!(both.error(), "404 Company '12345678000195' not found.");
}

#[test]
fn the_paths_of_the_protocol() {
    let shop = Shop::open();
    for path in [PRICES, LOGIN, REFRESH, "/API/V2/SM_PRODUCTS/x", "/api/v1/AUTH/x"] {
        assert!(shop.dialect.owns(path), "{path}");
    }
    for path in ["/", "/api/v2/sm_products", "/api/v1/partners/create_rfq", "/api/v2/x", "/wcs"] {
        assert!(!shop.dialect.owns(path), "{path}");
    }
    let odd = format!("{PRICES}/?number_company=1&seq_product=905").replace("price", "PriCE");
    let answer = shop.send(&Call::new(Method::HEAD, &odd, b"").bearer("T-CONSINCO-DEMO"));
    assert_eq!((answer.status, answer.header("X-Total-Count")), (200, "1"));
    let encoded = "/api/v2/sm%5Fproducts/product%2Dprice?number_company=1";
    assert_eq!(shop.send(&Call::get(encoded).bearer("T-CONSINCO-DEMO")).status, 200);
}
