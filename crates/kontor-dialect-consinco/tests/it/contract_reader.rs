//! A reader of the XML as a DataContract serializer reads it: members are looked for in their
//! ordinal order, a member out of order is lost, text is strict. It is written from the member list
//! of the protocol and knows nothing of the writer.

use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::support::{Rows, Shop};

const NAMESPACE: &str =
    "http://schemas.datacontract.org/2004/07/Consinco.SM.API.Entities.Entities.v2.Products";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A row with all its members.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    code_ean: Option<String>,
    count: i64,
    date_end_promotion: Option<String>,
    date_price_validation: Option<String>,
    date_start_promotion: Option<String>,
    description_payment_condition: Option<String>,
    description_sales_table: Option<String>,
    lower_sale_price: String,
    normal_base_price: String,
    number_company: i64,
    number_payment_condition: Option<i64>,
    number_sales_table: Option<String>,
    number_segment: i64,
    packing: String,
    packing_quantity: String,
    price: Option<String>,
    promotional_price: Option<String>,
    seq_product: String,
    sales_tables: Vec<Table>,
}

#[derive(Debug, PartialEq, Eq)]
struct Table {
    description: Option<String>,
    number: String,
    conditions: Vec<Condition>,
}

#[derive(Debug, PartialEq, Eq)]
struct Condition {
    description: Option<String>,
    number: i64,
    price: String,
}

/// The members of one object, taken one after the other.
struct Members<'a, 'd> {
    left: std::iter::Peekable<Box<dyn Iterator<Item = Node<'a, 'd>> + 'a>>,
}

impl<'a, 'd: 'a> Members<'a, 'd> {
    fn of(object: Node<'a, 'd>) -> Self {
        assert!(object.children().all(|child| child.is_element()), "no text between members");
        let members: Box<dyn Iterator<Item = Node<'a, 'd>>> = Box::new(object.children());
        Self { left: members.peekable() }
    }

    fn element(&mut self, name: &str) -> Node<'a, 'd> {
        let node = self.left.next().unwrap_or_else(|| panic!("{name} is missing"));
        assert!(node.has_tag_name((NAMESPACE, name)), "{name} expected, got {:?}", node.tag_name());
        node
    }

    fn optional(&mut self, name: &str) -> Option<String> {
        let node = self.element(name);
        if node.attribute((INSTANCE, "nil")) == Some("true") {
            assert!(!node.has_children(), "{name} is nil and has content");
            return None;
        }
        assert_eq!(node.attributes().len(), 0, "{name}");
        Some(node.text().unwrap_or_default().to_owned())
    }

    fn text(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| panic!("{name} is nil"))
    }

    fn integer(&mut self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or_else(|_| panic!("{name} is no integer"))
    }

    fn list<T>(&mut self, name: &str, read: fn(Node<'_, '_>) -> T) -> Vec<T> {
        let list = Members::of(self.element(name)).left;
        list.map(|item| {
            assert!(item.has_tag_name((NAMESPACE, name)), "an item of {name}");
            read(item)
        })
        .collect()
    }

    fn end(mut self) {
        assert!(self.left.next().is_none(), "unknown member");
    }
}

fn rows(document: &str) -> Vec<Row> {
    let document = Document::parse(document).expect("well-formed");
    let root = document.root_element();
    assert!(root.has_tag_name((NAMESPACE, "ArrayOfProductPriceResponseDTO")));
    root.children()
        .map(|item| {
            assert!(item.has_tag_name((NAMESPACE, "ProductPriceResponseDTO")));
            row(item)
        })
        .collect()
}

fn row(object: Node<'_, '_>) -> Row {
    let mut members = Members::of(object);
    let row = Row {
        code_ean: members.optional("CODE_EAN"),
        count: members.integer("COUNT"),
        date_end_promotion: members.optional("DATE_END_PROMOTION"),
        date_price_validation: members.optional("DATE_PRICE_VALIDATITON"),
        date_start_promotion: members.optional("DATE_START_PROMOTION"),
        description_payment_condition: members.optional("DESCRIPTION_PAYMENT_CONDITION"),
        description_sales_table: members.optional("DESCRIPTION_SALES_TABLE"),
        lower_sale_price: members.text("LOWER_SALE_PRICE"),
        normal_base_price: members.text("NORMAL_BASE_PRICE"),
        number_company: members.integer("NUMBER_COMPANY"),
        number_payment_condition: {
            members.optional("NUMBER_PAYMENT_CONDITION").map(|number| number.parse().unwrap())
        },
        number_sales_table: members.optional("NUMBER_SALES_TABLE"),
        number_segment: members.integer("NUMBER_SEGMENT"),
        packing: members.text("PACKING"),
        packing_quantity: members.text("PACKING_QUANTITY"),
        price: members.optional("PRICE"),
        promotional_price: members.optional("PROMOTIONAL_PRICE"),
        seq_product: members.text("SEQ_PRODUCT"),
        sales_tables: members.list("SalesTableResponseDTO", table),
    };
    members.end();
    row
}

fn table(object: Node<'_, '_>) -> Table {
    let mut members = Members::of(object);
    let table = Table {
        description: members.optional("DESCRIPTION_SALES_TABLE"),
        number: members.text("NUMBER_SALES_TABLE"),
        conditions: members.list("PaymentConditionResponseDTO", condition),
    };
    members.end();
    table
}

fn condition(object: Node<'_, '_>) -> Condition {
    let mut members = Members::of(object);
    let condition = Condition {
        description: members.optional("DESCRIPTION_PAYMENT_CONDITION"),
        number: members.integer("NUMBER_PAYMENT_CONDITION"),
        price: members.text("PRICE"),
    };
    members.end();
    condition
}

/// A decimal as JSON writes it: never without a fraction.
fn decimal(xml: &str) -> Value {
    assert!(xml.strip_suffix('0').is_none_or(|rest| !xml.contains('.') && !rest.contains('.')));
    let text = if xml.contains('.') { xml.to_owned() } else { format!("{xml}.0") };
    serde_json::from_str(&text).expect("a number")
}

/// The members that JSON has, of a row that was read from XML.
fn as_json(row: &Row) -> Value {
    let condition = |condition: &Condition| {
        json!({
            "description_payment_condition": condition.description,
            "number_payment_condition": condition.number,
            "price": decimal(&condition.price),
        })
    };
    let table = |table: &Table| {
        json!({
            "description_sales_table": table.description,
            "number_sales_table": table.number,
            "payment_condition": table.conditions.iter().map(condition).collect::<Vec<_>>(),
        })
    };
    json!({
        "code_ean": row.code_ean,
        "date_end_promotion": row.date_end_promotion,
        "date_start_promotion": row.date_start_promotion,
        "lower_sale_price": decimal(&row.lower_sale_price),
        "normal_base_price": decimal(&row.normal_base_price),
        "number_company": row.number_company,
        "number_segment": row.number_segment,
        "packing": row.packing,
        "packing_quantity": decimal(&row.packing_quantity),
        "promotional_price": row.promotional_price.as_deref().map(decimal),
        "seq_product": decimal(&row.seq_product),
        "sales_table": row.sales_tables.iter().map(table).collect::<Vec<_>>(),
    })
}

#[test]
fn the_xml_read_back_says_what_the_json_says() {
    let shop = Shop::open();
    let mut seen = 0;
    for query in [
        "number_company=1",
        "number_company=1&number_segment=2",
        "number_company=2",
        "number_company=3",
        "number_company=4",
        "number_company=4&sales_table_number=a1",
        "number_company=1&_pageNo=2&_pageSize=2",
        "number_company=1&seq_product=424242",
    ] {
        let (xml, json) = (shop.xml(query), shop.get(query));
        let rows = rows(&xml.text);
        seen += rows.len();
        // Compared as text: the order of members counts, and so do the digits of numbers.
        let from_xml: Vec<String> = rows.iter().map(|row| as_json(row).to_string()).collect();
        let from_json: Vec<String> = json.rows().iter().map(Value::to_string).collect();
        assert_eq!(from_xml, from_json, "{query}");
        for name in ["X-Total-Count", "X-Page-No", "X-Page-Size", "Link"] {
            assert_eq!(xml.header(name), json.header(name), "{query}: {name}");
        }
        let total: i64 = xml.header("X-Total-Count").parse().unwrap();
        assert!(rows.iter().all(|row| row.count == total), "{query}");
        rows.iter().for_each(check_flat_members);
    }
    assert_eq!(seen, 17);
}

/// The flat members repeat the first table and its first condition.
fn check_flat_members(row: &Row) {
    let table = row.sales_tables.first();
    let condition = table.and_then(|table| table.conditions.first());
    assert_eq!(row.number_sales_table.as_ref(), table.map(|table| &table.number));
    assert_eq!(
        row.description_sales_table.as_ref(),
        table.and_then(|table| table.description.as_ref())
    );
    assert_eq!(row.number_payment_condition, condition.map(|condition| condition.number));
    assert_eq!(row.price.as_ref(), condition.map(|condition| &condition.price));
    assert_eq!(
        row.description_payment_condition.as_ref(),
        condition.and_then(|condition| condition.description.as_ref())
    );
}

#[test]
fn members_that_only_xml_has() {
    let shop = Shop::open();
    let rows = rows(&shop.xml("number_company=4").text);
    let dates: Vec<_> = rows.iter().map(|row| row.date_price_validation.as_deref()).collect();
    assert_eq!(dates, [Some("2016-01-26T00:00:00-04:00"), Some("2016-01-25T23:59:59.5-04:00")]);
    let [hub, cable] = rows.as_slice() else { panic!("two rows") };
    assert_eq!(hub.description_sales_table.as_deref(), Some("PROMOÇÃO & CIA"));
    assert_eq!(hub.sales_tables[1].number, "a1");
    assert!(hub.sales_tables[1].conditions.is_empty());
    assert!(cable.sales_tables.is_empty());
    // The table without a condition alone: its name is there, a condition is not.
    let alone = shop.xml("number_company=4&sales_table_number=a1").text;
    let alone = super::contract_reader::rows(&alone);
    assert_eq!(alone[0].number_sales_table.as_deref(), Some("a1"));
    assert_eq!(alone[0].price, None);
}

#[test]
fn nothing_stands_between_elements_and_no_declaration_before() {
    let shop = Shop::open();
    let xml = shop.xml("number_company=1").text;
    assert!(xml.starts_with(r#"<ArrayOfProductPriceResponseDTO xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http"#));
    let document = Document::parse(&xml).unwrap();
    let texts = document.descendants().filter(Node::is_text);
    assert!(texts.into_iter().all(|text| !text.text().unwrap().trim().is_empty()));
    let empty = shop.xml("number_company=1&seq_product=-7").text;
    assert!(empty.ends_with(r#"v2.Products" />"#), "{empty}");
}
