//! One catalogue, one question, every protocol: one price. And a price that a partner changes is
//! the new one everywhere at once.

use std::path::PathBuf;

use serde_json::Value;

use crate::http::Client;
use crate::process::{self, Server, kontor};

const RESTIGO: &str = "token: tok-restigo-demo\r\n";
const CONSINCO: &str = "Authorization: Bearer T-CONSINCO-DEMO\r\n";
const ITEMS: &str = "/api/departments/thirdParty/pricings/items";

/// A folder that lets a customer of the ordering system ask in the other protocols: an account
/// for `ProductQuery`, a contract and a company whose prices are those of its list. The list has
/// tiers and promotions as well, which partners do not maintain.
const FOLDER: [(&str, &str); 9] = [
    (
        "accounts.csv",
        "protocol,login,customer,state,password\nsecomp,_RQ556781,556781,active,99same99\n",
    ),
    ("contracts.csv", "contract\n4515\n"),
    ("contract_lists.csv", "contract,price_list\n4515,LIST-4515\n"),
    ("customers.csv", "customer,name,currency,branch_number\n556781,קפה נמרוד,ILS,1\n"),
    (
        "stores.csv",
        "store,currency,contract,uom,time_zone,guests\n10299,ILS,4515,C62,Asia/Jerusalem,yes\n",
    ),
    ("store_currencies.csv", "store,currency,decimals\n10299,ILS,2\n"),
    ("selling_entities.csv", "entity,currency,time_zone,main_segment\n99,ILS,Asia/Jerusalem,1\n"),
    ("segments.csv", "entity,segment,price_list\n99,1,LIST-4515\n"),
    (
        "prices.csv",
        "price_list,sku,minimum_quantity,valid_from,valid_to,kind,amount\n\
         LIST-4515,11045682,10,,,regular,45\n\
         LIST-4515,11045682,,2016-01-01,2016-02-29,promotion,55.5\n\
         LIST-4515,11045682,,2016-03-01,2016-03-31,promotion,0.1\n",
    ),
];

/// The numbers of a product in each protocol.
struct Article {
    sku: &'static str,
    catalogue: &'static str,
    item: i64,
    part: &'static str,
    sequence: i64,
}

const CABLE: Article =
    Article { sku: "11045682", catalogue: "0101", item: 436, part: "11.04.5682", sequence: 5682 };
const HUB: Article = Article {
    sku: "21991234",
    catalogue: "100105",
    item: 437,
    part: "RL-HUB%2F4%26P",
    sequence: 1234,
};

/// What one of a product costs in each protocol, as it is printed there but for zeros at the end.
#[derive(Debug, PartialEq, Eq)]
struct Prices {
    /// What partners maintain: the regular price.
    restigo: Option<String>,
    secomp: Option<String>,
    websphere: Option<String>,
    command: Option<String>,
    consinco: Option<Package>,
}

/// A row of the protocol that lists packages.
#[derive(Debug, PartialEq, Eq)]
struct Package {
    packing: String,
    regular: String,
    lowest: String,
}

/// A server with all protocols, and its data.
struct Market {
    client: Client,
    data: PathBuf,
    _server: Server,
    _directory: tempfile::TempDir,
}

#[test]
fn a_changed_price_is_the_same_in_every_protocol_at_once() {
    let mut market = Market::open();
    for (sent, expected) in [("61.25", "61.25"), ("7", "7"), ("0.5", "0.5"), ("1e2", "100")] {
        market.set(&HUB, sent);
        assert_eq!(market.ask(&HUB), Prices::of(expected, expected));
    }
    market.call("DELETE", &format!(r#"["{}"]"#, HUB.catalogue), 200);
    assert_eq!(market.ask(&HUB), Prices::none(), "never a zero");
    market.set(&HUB, "19.99");
    assert_eq!(market.ask(&HUB), Prices::of("19.99", "19.99"));
}

#[test]
fn a_changed_price_competes_with_promotions_and_leaves_tiers_alone() {
    let mut market = Market::open();
    // Regular price, and what one costs while the promotion of 55.5 lasts.
    for (sent, lowest) in [("61.25", "55.5"), ("50", "50"), ("55.6", "55.5"), ("0.5", "0.5")] {
        market.set(&CABLE, sent);
        assert_eq!(market.ask(&CABLE), Prices::of(sent, lowest));
        assert_eq!(market.by_command(&CABLE, "9").as_deref(), Some(lowest));
        assert_eq!(market.by_command(&CABLE, "10").as_deref(), Some("45"));
    }
}

impl Prices {
    fn of(regular: &str, lowest: &str) -> Self {
        let package = Package {
            packing: "UN".to_owned(),
            regular: regular.to_owned(),
            lowest: lowest.to_owned(),
        };
        Self {
            restigo: Some(regular.to_owned()),
            secomp: Some(lowest.to_owned()),
            websphere: Some(lowest.to_owned()),
            command: Some(lowest.to_owned()),
            consinco: Some(package),
        }
    }

    fn none() -> Self {
        Self { restigo: None, secomp: None, websphere: None, command: None, consinco: None }
    }
}

impl Market {
    fn open() -> Self {
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (data, folder) = (directory.path().join("data"), directory.path().join("folder"));
        drop(process::demo_on(&data).unwrap());
        std::fs::create_dir(&folder).unwrap();
        for (name, text) in FOLDER {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let mut import = kontor(&["import", "--supplier", "demo42"]);
        let done = import.arg(&folder).arg("--data").arg(&data).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        let server = process::demo_on(&data).unwrap();
        let client = Client::connect(server.address).unwrap();
        Self { client, data, _server: server, _directory: directory }
    }

    /// Sets the price of a product in the list of the customer.
    fn set(&mut self, article: &Article, price: &str) {
        let number = article.catalogue;
        let item = format!(r#"[{{"catalog_number":"{number}","price_after_discount":{price}}}]"#);
        self.call("POST", &item, 201);
    }

    fn call(&mut self, method: &str, items: &str, status: u16) {
        let body = format!(r#"{{"pricing_id":4515,"customer_number":"556781","items":{items}}}"#);
        let answer = self.client.send(method, ITEMS, RESTIGO, &body).unwrap();
        assert_eq!(answer.status, status, "{}", answer.body);
    }

    fn get(&mut self, path: &str, headers: &str) -> String {
        self.client.get(path, headers).unwrap().body
    }

    fn json(&mut self, path: &str, headers: &str) -> Value {
        serde_json::from_str(&self.get(path, headers)).unwrap()
    }

    fn ask(&mut self, article: &Article) -> Prices {
        Prices {
            restigo: self.by_restigo(article),
            secomp: self.by_secomp(article),
            websphere: self.by_websphere(article),
            command: self.by_command(article, "1"),
            consinco: self.by_consinco(article),
        }
    }

    fn by_restigo(&mut self, article: &Article) -> Option<String> {
        let lists = self.json("/api/departments/thirdParty/pricings", RESTIGO);
        let mut lists = lists.as_array().unwrap().iter();
        let list = lists.find(|list| list["pricing_id"] == 4515).unwrap();
        let mut items = list["catalog_items"].as_array().unwrap().iter();
        let item = items.find(|item| item["item_id"] == article.item)?;
        Some(item["price_after_discount"].to_string())
    }

    fn by_secomp(&mut self, article: &Article) -> Option<String> {
        let login = "userid=_RQ556781&password=99same99";
        let answer = self.get(&format!("/ProductQueryEN?{login}&product_id={}", article.sku), "");
        assert!(answer.contains(article.sku), "{answer}");
        between(&answer, "<PRICE>", "</PRICE>").map(str::to_owned)
    }

    fn by_websphere(&mut self, article: &Article) -> Option<String> {
        let query = format!("q=byPartNumbers&partNumber={}", article.part);
        let answer = self.json(&format!("/wcs/resources/store/10299/price?{query}"), "");
        let price = &answer["EntitledPrice"][0]["UnitPrice"][0]["price"]["value"];
        (!price.is_null()).then(|| minimal(&price.to_string()))
    }

    fn by_consinco(&mut self, article: &Article) -> Option<Package> {
        let query = format!("number_company=99&seq_product={}", article.sequence);
        let path = format!("/api/v2/sm_products/product-price?{query}");
        let rows = self.json(&path, CONSINCO);
        let rows = rows.as_array().unwrap();
        assert!(rows.len() <= 1, "the box has no price: {rows:?}");
        rows.first().map(|row| Package {
            packing: row["packing"].as_str().unwrap().to_owned(),
            regular: minimal(&row["normal_base_price"].to_string()),
            lowest: minimal(&row["lower_sale_price"].to_string()),
        })
    }

    /// What another process answers that reads the same data.
    fn by_command(&self, article: &Article, quantity: &str) -> Option<String> {
        let customer = ["price", "--supplier", "demo42", "--customer", "556781", "--json"];
        let mut price = kontor(&customer);
        price.args(["--sku", article.sku, "--quantity", quantity, "--at", process::CLOCK]);
        let answer = price.arg("--data").arg(&self.data).output().unwrap().stdout;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        answer["price"]["amount"].as_str().map(str::to_owned)
    }
}

/// `61.250` as `61.25`: some protocols show decimals that say nothing.
fn minimal(price: &str) -> String {
    let has_decimals = price.contains('.');
    if has_decimals { price.trim_end_matches('0').trim_end_matches('.') } else { price }.to_owned()
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split(start).nth(1)?.split(end).next()
}
