//! `cargo bench -p kontor-dialect-websphere`: how long the dialect takes for requests with many
//! products, from the bytes of the request to those of the answer, beside producing a constant
//! body of the same size. Medians; sockets are not part of it.

#![expect(clippy::expect_used, reason = "a measurement that cannot be set up is none")]

use std::hint::black_box;
use std::io::{self, Read, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use kontor_app::{App, AppConfig, LoginLimits};
use kontor_dialect_websphere::{Config, dialect};
use kontor_exchange::{FolderSource, ImportOptions, SourceFile, import_folder};
use kontor_model::FixedClock;
use kontor_store::Store;
use kontor_store_sqlite::{OpenOptions, SqliteStore};
use kontor_wire::http::{Body, Dialect, Request, Response};

/// Products of the catalogue; requests name some of them, far apart.
const PRODUCTS: usize = 20_000;
const ROUNDS: usize = 301;

fn main() {
    let (_directory, dialect) = shop();
    for (name, products) in [("websphere_100_products", 100), ("websphere_1000_products", 1000)] {
        let request = request(products);
        let answer = answer(&*dialect, &request);
        assert_eq!(answer.status, StatusCode::OK);
        let asked = times(|| black_box(self::answer(&*dialect, &request)));
        let constant = times(|| {
            let body = answer.body.to_vec();
            black_box(Response::new(StatusCode::OK, "application/json", body))
        });
        report(name, products, answer.body.len(), asked, constant);
    }
}

fn report(
    name: &str,
    products: usize,
    bytes: usize,
    asked: [Duration; 2],
    constant: [Duration; 2],
) {
    let mut out = io::stdout();
    for (place, (asked, constant)) in
        ["median", "fastest"].into_iter().zip(asked.into_iter().zip(constant))
    {
        let per_product = asked.as_nanos() / products as u128;
        let per_second = products as u128 * 1_000_000_000 / asked.as_nanos().max(1);
        writeln!(
            out,
            "{name} {place}: {} ns, {per_product} ns a product, {per_second} prices/s; \
             constant body of {bytes} bytes: {} ns",
            asked.as_nanos(),
            constant.as_nanos()
        )
        .expect("standard output");
    }
}

/// The median and the fastest: what lies between them is the noise of the machine.
fn times<T>(mut run: impl FnMut() -> T) -> [Duration; 2] {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let result = run();
            let time = start.elapsed();
            drop(result);
            time
        })
        .collect();
    times.sort_unstable();
    [ROUNDS / 2, 0].map(|place| times.get(place).copied().unwrap_or_default())
}

/// Price questions wait for nothing: the first poll has the answer.
fn answer(dialect: &dyn Dialect, request: &Request) -> Response {
    let mut future = pin!(dialect.answer(request));
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(response) => response,
        Poll::Pending => unreachable!("price questions wait for nothing"),
    }
}

fn request(products: usize) -> Request {
    let mut body = r#"{"query":{"name":"byPartNumber","products":["#.to_owned();
    for index in 0..products {
        let comma = if index == 0 { "" } else { "," };
        let number = index * 7919 % PRODUCTS;
        let quantity = index % 20 + 1;
        let product = format!(
            r#"{comma}{{"partNumber":"P-{number}","quantities":[{{"quantity":{quantity},"uom":"C62"}}]}}"#
        );
        body.push_str(&product);
    }
    body.push_str("]}}");
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("shop.test"));
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    Request {
        method: Method::POST,
        path: "/wcs/resources/store/1/price".to_owned(),
        raw_path: "/wcs/resources/store/1/price".to_owned(),
        raw_query: Some("currency=EUR".to_owned()),
        version: Version::HTTP_11,
        headers,
        body: Body::Read(body.into()),
        peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        tls: false,
        deadline: kontor_wire::deadline::Deadline::default(),
    }
}

fn shop() -> (tempfile::TempDir, Arc<dyn Dialect>) {
    let directory = tempfile::tempdir().expect("a directory");
    let store = SqliteStore::open(directory.path(), &OpenOptions::default()).expect("a store");
    let store: Arc<dyn Store> = Arc::new(store);
    let now = "2016-01-28T11:24:28.874Z".parse().expect("an instant");
    let report = import_folder(&*store, Arc::new(Catalogue), ImportOptions::new(now));
    let report = report.expect("an import");
    assert!(report.faults.shown().is_empty(), "{:?}", report.faults.shown().first());
    let clock = Arc::new(FixedClock(now));
    let config = AppConfig { store, clock, login_limits: LoginLimits::default() };
    let app = App::open(config).expect("a book");
    (directory, dialect(app, Config::default()).expect("settings that can be used"))
}

/// A catalogue with three tiers for every product.
struct Catalogue;

impl FolderSource for Catalogue {
    fn files(&self) -> io::Result<Vec<SourceFile>> {
        let names = [
            "supplier.csv",
            "products.csv",
            "price_lists.csv",
            "contracts.csv",
            "contract_lists.csv",
            "stores.csv",
            "store_currencies.csv",
            "identifiers.csv",
            "prices.csv",
        ];
        let file = |name: &str| {
            let bytes = text(name).len() as u64;
            SourceFile { name: name.to_owned(), bytes }
        };
        Ok(names.into_iter().map(file).collect())
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(io::Cursor::new(text(name))))
    }
}

fn text(name: &str) -> String {
    let rows = |header: &str, row: &dyn Fn(usize) -> String| {
        let rows: String = (0..PRODUCTS).map(row).collect();
        format!("{header}\n{rows}")
    };
    match name {
        "supplier.csv" => "supplier,time_zone,currency\nbench,UTC,EUR\n".to_owned(),
        "price_lists.csv" => "price_list\nL\n".to_owned(),
        "contracts.csv" => "contract\n1\n".to_owned(),
        "contract_lists.csv" => "contract,price_list\n1,L\n".to_owned(),
        "stores.csv" => "store,currency,contract,uom,time_zone\n1,EUR,1,C62,UTC\n".to_owned(),
        "store_currencies.csv" => "store,currency\n1,EUR\n".to_owned(),
        "products.csv" => rows("sku,mpn,base_uom", &|index| format!("{index},P-{index},C62\n")),
        "identifiers.csv" => rows("sku,scheme,value", &|index| {
            format!("{index},product_number,{}\n", 1_000_000 + index)
        }),
        _ => rows("price_list,sku,currency,minimum_quantity,amount,decimals", &|index| {
            let cents = 100 + index % 9000;
            let amount =
                |part: usize| format!("{}.{:02}", cents * part / 1000, cents * part / 10 % 100);
            [("1", 10), ("5", 9), ("20", 8)]
                .map(|(minimum, part)| format!("L,{index},EUR,{minimum},{},2\n", amount(part)))
                .concat()
        }),
    }
}
