//! Random requests, held equal to a naive model of the protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{delete, remove, set};
use crate::scene::{Call, Scene};

const SEED: u64 = 20_160_128;
const REQUESTS: usize = 600;

/// Clients by customer number; the last does not exist.
const CLIENTS: [(&str, u64, &str); 4] = [
    ("556781", 1, "קפה נמרוד"),
    ("123", 2, "מסעדת הים"),
    ("23101", 3, "מפעל אוריאל"),
    ("0123", 0, ""),
];
/// Items by catalogue number; the last two are not for sale and unknown.
const ITEMS: [(&str, u64, &str); 7] = [
    ("100106", 435, "כבל HDMI 2 מ'"),
    ("0101", 436, "כבל HDMI 5 מ'"),
    ("100105", 437, "רכזת USB 4 יציאות"),
    ("TW1", 441, "תאום א"),
    ("הבלקן8386", 8386, "לחם בלקן"),
    ("999999", 0, ""),
    ("nope", 0, ""),
];

/// A small generator of our own: the same sequence for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

#[derive(Default)]
struct List {
    name: String,
    clients: BTreeSet<usize>,
    /// Hundredths by place in `ITEMS`.
    prices: BTreeMap<usize, usize>,
}

struct Model {
    lists: BTreeMap<i64, List>,
    next: i64,
}

impl Model {
    fn new() -> Self {
        let list = |name: &str, clients: &[usize], prices: &[(usize, usize)]| List {
            name: name.to_owned(),
            clients: clients.iter().copied().collect(),
            prices: prices.iter().copied().collect(),
        };
        let lists = [
            (123, list("שם מחירון", &[], &[(0, 11_200), (1, 15_900)])),
            (4515, list("בתי קפה", &[0], &[(1, 5_000), (2, 2_000)])),
            (5544, list("מסעדות", &[1, 2], &[(0, 3_000), (1, 4_800), (2, 1_950)])),
        ];
        Self { lists: lists.into(), next: 5545 }
    }

    /// A list that exists, or one that does not.
    fn list_number(&self, dice: &mut Dice) -> i64 {
        let place = dice.roll(self.lists.len() + 1);
        self.lists.keys().copied().nth(place).unwrap_or(9_999)
    }

    fn create(&mut self, name: &str) -> (u16, String) {
        if self.lists.values().any(|list| list.name == name) {
            let text = "The name has already been taken.";
            return (422, format!(r#"{{"message":"{text}","errors":{{"name":["{text}"]}}}}"#));
        }
        let number = self.next;
        self.next += 1;
        self.lists.insert(number, List { name: name.to_owned(), ..List::default() });
        (201, format!(r#"{{"pricing_id":{number},"pricing_name":"{name}"}}"#))
    }

    fn set(&mut self, list: i64, client: usize, lines: &[(usize, usize)]) -> (u16, String) {
        let list = match self.list_for(list, client) {
            Ok(list) => list,
            Err(refused) => return refused,
        };
        let (mut added, mut updated, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        let before: BTreeSet<usize> = list.prices.keys().copied().collect();
        for (item, price) in lines {
            let place = match (ITEMS[*item].1, before.contains(item)) {
                (0, _) => &mut missing,
                (_, true) => &mut updated,
                (_, false) => &mut added,
            };
            if !place.contains(item) {
                place.push(*item);
            }
            if ITEMS[*item].1 != 0 {
                list.prices.insert(*item, *price);
                list.clients.insert(client);
            }
        }
        let (added, updated) = (numbers(&added), numbers(&updated));
        let mut body =
            format!(r#"{{"message":"success","items_added":[{added}],"items_updated":[{updated}]"#);
        if !missing.is_empty() {
            write!(body, r#","items_not_found":[{}]"#, numbers(&missing)).expect("a string");
        }
        body.push('}');
        (201, body)
    }

    fn delete(&mut self, list: i64, client: usize, items: &[usize]) -> (u16, String) {
        let list = match self.list_for(list, client) {
            Ok(list) if list.clients.contains(&client) => list,
            Ok(_) => return no_client(),
            Err(refused) => return refused,
        };
        let gone = items.iter().copied().filter(|item| list.prices.remove(item).is_some());
        let gone: Vec<usize> = gone.collect();
        (200, format!(r#"{{"message":"success","items_deleted":[{}]}}"#, numbers(&gone)))
    }

    fn remove(&mut self, list: i64, client: usize) -> (u16, String) {
        let list = match self.list_for(list, client) {
            Ok(list) => list,
            Err(refused) => return refused,
        };
        if !list.clients.remove(&client) {
            return no_client();
        }
        let text = "Client has been successfully removed from the pricing";
        (200, format!(r#"{{"message":"{text}"}}"#))
    }

    fn list_for(&mut self, list: i64, client: usize) -> Result<&mut List, (u16, String)> {
        let list = self.lists.get_mut(&list);
        let list = list.ok_or((404, r#"{"message":"pricing not found"}"#.to_owned()))?;
        if CLIENTS[client].1 == 0 { Err(no_client()) } else { Ok(list) }
    }

    fn shown(&self) -> String {
        let lists = self.lists.iter().map(|(number, list)| {
            let clients = list.clients.iter().map(|place| {
                let (_, number, name) = CLIENTS[*place];
                format!(r#"{{"client_id":{number},"client_name":"{name}"}}"#)
            });
            let items = list.prices.iter().map(|(place, price)| {
                let (_, number, name) = ITEMS[*place];
                let price = shortest(*price);
                format!(r#"{{"item_name":"{name}","item_id":{number},"price_after_discount":{price}}}"#)
            });
            let clients = clients.collect::<Vec<_>>().join(",");
            let items = items.collect::<Vec<_>>().join(",");
            let name = &list.name;
            format!(
                r#"{{"pricing_id":{number},"pricing_name":"{name}","clients":[{clients}],"catalog_items":[{items}]}}"#
            )
        });
        format!("[{}]", lists.collect::<Vec<_>>().join(","))
    }
}

fn no_client() -> (u16, String) {
    (404, r#"{"message":"client not found"}"#.to_owned())
}

fn numbers(items: &[usize]) -> String {
    let numbers = items.iter().map(|item| format!("\"{}\"", ITEMS[*item].0));
    numbers.collect::<Vec<_>>().join(",")
}

/// Hundredths with as few digits as possible.
fn shortest(hundredths: usize) -> String {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[test]
fn random_requests_do_what_a_naive_model_does() {
    let scene = Scene::new();
    let (mut model, mut dice) = (Model::new(), Dice(SEED));
    for _ in 0..REQUESTS {
        let list = model.list_number(&mut dice);
        let client = dice.roll(CLIENTS.len());
        let number = CLIENTS[client].0;
        let items: Vec<usize> = (0..=dice.roll(4)).map(|_| dice.roll(ITEMS.len())).collect();
        let (call, (status, body)) = match dice.roll(8) {
            0 => {
                let name = format!("list {}", dice.roll(6));
                let call = Call::new("POST", "/pricings").json(&format!("{{\"name\":\"{name}\"}}"));
                (call, model.create(&name))
            }
            1 => (remove(list, number), model.remove(list, client)),
            2 | 3 => {
                let given: Vec<&str> = items.iter().map(|item| ITEMS[*item].0).collect();
                (delete(list, number, &given), model.delete(list, client, &items))
            }
            _ => {
                let lines: Vec<(usize, usize)> =
                    items.iter().map(|item| (*item, dice.roll(500))).collect();
                let prices: Vec<String> = lines.iter().map(|(_, price)| shortest(*price)).collect();
                let given: Vec<(&str, &str)> = lines
                    .iter()
                    .zip(&prices)
                    .map(|((item, _), price)| (ITEMS[*item].0, price.as_str()))
                    .collect();
                (set(list, number, &given), model.set(list, client, &lines))
            }
        };
        scene.check(&call, status, &body);
        scene.check(&Call::new("GET", "/pricings"), 200, &model.shown());
    }
    assert!(model.lists.len() > 5, "the dice made too few lists");
}
