//! One catalogue, one question, every protocol: one price. And a price that a partner changes is
//! the new one everywhere at once.

use std::process::Command;

use crate::http::Client;
use crate::process::{self, kontor};

const RESTIGO: &str = "token: tok-restigo-demo\r\n";
const CONSINCO: &str = "Authorization: Bearer T-CONSINCO-DEMO\r\n";

/// A folder that lets a customer of the ordering system ask in the other protocols: an account
/// for `ProductQuery`, a contract and a company whose prices are those of its list.
const FOLDER: [(&str, &str); 8] = [
    (
        "accounts.csv",
        "protocol,login,customer,state,password\nsecomp,_RQ556781,556781,active,99same99\n",
    ),
    ("contracts.csv", "contract\n4515\n"),
    ("contract_lists.csv", "contract,price_list\n4515,LIST\n"),
    ("customers.csv", "customer,name,currency,branch_number\n556781,NAME,ILS,1\n"),
    (
        "stores.csv",
        "store,currency,contract,uom,time_zone,guests\n10299,ILS,4515,C62,Asia/Jerusalem,yes\n",
    ),
    ("store_currencies.csv", "store,currency,decimals\n10299,ILS,2\n"),
    ("selling_entities.csv", "entity,currency,time_zone,main_segment\n99,ILS,Asia/Jerusalem,1\n"),
    ("segments.csv", "entity,segment,price_list\n99,1,LIST\n"),
];

/// The price of CABLE5 (catalogue number 0101) in each protocol, as it is printed there.
struct Prices {
    restigo: String,
    secomp: String,
    websphere: String,
    command: String,
}

#[test]
fn a_changed_price_is_the_same_in_every_protocol_at_once() {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (data, folder) = (directory.path().join("data"), directory.path().join("folder"));
    let server = process::demo_on(&data).unwrap();
    std::fs::create_dir(&folder).unwrap();
    let list = list_of_customer(&mut export(&data, directory.path()));
    for (name, text) in FOLDER {
        let text = text.replace("LIST", &list).replace("NAME", "קפה נמרוד");
        std::fs::write(folder.join(name), text).unwrap();
    }
    // Another process writes; the server follows.
    let mut import = kontor(&["import", "--supplier", "demo42"]);
    let done = import.arg(&folder).arg("--data").arg(&data).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    drop(server);
    let server = process::demo_on(&data).unwrap();
    let mut client = Client::connect(server.address).unwrap();
    for (sent, expected) in [("61.25", "61.25"), ("7", "7"), ("0.5", "0.5")] {
        let body = format!(
            r#"{{"pricing_id":4515,"customer_number":"556781","items":[{{"catalog_number":"0101","price_after_discount":{sent}}}]}}"#
        );
        let path = "/api/departments/thirdParty/pricings/items";
        assert_eq!(client.send("POST", path, RESTIGO, &body).unwrap().status, 201);
        let prices = ask(&mut client, &data);
        assert_eq!(prices.restigo, expected);
        assert_eq!(prices.secomp, expected);
        assert_eq!(prices.websphere, expected);
        assert_eq!(prices.command, expected);
        // The company has no package with a price of its own, so it has no row: never a zero.
        let rows = client.get("/api/v2/sm_products/product-price?number_company=99", CONSINCO);
        assert_eq!(rows.unwrap().body, "[]");
    }
}

fn export(data: &std::path::Path, directory: &std::path::Path) -> Command {
    let mut export = kontor(&["export", "--supplier", "demo42"]);
    export.arg(directory.join("export")).arg("--data").arg(data).current_dir(directory);
    export
}

/// The code of the list that the customer is priced from.
fn list_of_customer(export: &mut Command) -> String {
    assert!(export.output().unwrap().status.success());
    let directory = export.get_current_dir().unwrap().join("export/price_lists.csv");
    let lists = std::fs::read_to_string(directory).unwrap();
    let line = lists.lines().find(|line| line.contains(",4515,")).unwrap();
    line.split(',').next().unwrap().to_owned()
}

fn ask(client: &mut Client, data: &std::path::Path) -> Prices {
    let mut get = |path: &str, headers| client.get(path, headers).unwrap().body;
    let restigo = get("/api/departments/thirdParty/pricings", RESTIGO);
    let lists: serde_json::Value = serde_json::from_str(&restigo).unwrap();
    let list = lists.as_array().unwrap().iter().find(|list| list["pricing_id"] == 4515).unwrap();
    let items = list["catalog_items"].as_array().unwrap();
    let item = items.iter().find(|item| item["item_id"] == 436).unwrap();
    let secomp = get("/ProductQueryEN?userid=_RQ556781&password=99same99&product_id=11045682", "");
    let websphere =
        get("/wcs/resources/store/10299/price?q=byPartNumbers&partNumber=11.04.5682", "");
    let websphere: serde_json::Value = serde_json::from_str(&websphere).unwrap();
    let unit_price = &websphere["EntitledPrice"][0]["UnitPrice"][0]["price"]["value"];
    Prices {
        restigo: item["price_after_discount"].to_string(),
        secomp: between(&secomp, "<PRICE>", "</PRICE>").to_owned(),
        websphere: minimal(&unit_price.to_string()),
        command: by_command(data),
    }
}

fn by_command(data: &std::path::Path) -> String {
    let mut price = kontor(&["price", "--supplier", "demo42", "--customer", "556781"]);
    price.args(["--sku", "11045682", "--json"]).arg("--data").arg(data);
    let answer: serde_json::Value =
        serde_json::from_slice(&price.output().unwrap().stdout).unwrap();
    answer["price"]["amount"].as_str().unwrap().to_owned()
}

/// `61.250` as `61.25`: one protocol shows all decimals of the currency.
fn minimal(price: &str) -> String {
    price.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    text.split(start).nth(1).and_then(|rest| rest.split(end).next()).unwrap_or(text)
}
