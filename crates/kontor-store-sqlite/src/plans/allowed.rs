//! The statements that go through a table, or through all rows of a supplier, with the reason.

use crate::table::{kinds, table};

/// How a statement begins, and why it may read more than the rows of one key.
const ALLOWED: [(&str, &str); 57] = [
    ("SELECT number, hash FROM change ORDER BY", "the newest only"),
    (
        "SELECT number, at, actor FROM change WHERE supplier_id",
        "for people: the newest changes, until there are enough of the supplier",
    ),
    ("SELECT kind, rows, sums FROM state_sum", "one row for each kind"),
    ("SELECT key, unsigned_until FROM token_key", "it has one row"),
    ("UPDATE token_key SET key", "it has one row"),
    ("SELECT name FROM sqlite_schema WHERE tbl_name", "the tables and indexes that there are"),
    ("SELECT pageno FROM dbstat WHERE name", "the pages of one of them"),
    ("SELECT data FROM sqlite_dbpage WHERE pgno", "a page by its number"),
    ("UPDATE sqlite_dbpage SET data", "a page by its number"),
    ("SELECT seq FROM sqlite_sequence", "one row for each table"),
    ("SELECT name FROM pragma_", "the indexes of a table"),
    ("SELECT ifnull(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat", "how large everything is"),
    ("SELECT count(*) FROM price", "reads all prices; asked once, before they are loaded"),
    (
        "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM price  ORDER",
        "loads the book",
    ),
    (
        "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM price ORDER",
        "proves all prices",
    ),
    (
        "SELECT h.product_id, h.list_id, h.shape_id, c.at, max(h.to_change) FROM price_history",
        "loads the book",
    ),
    (
        "SELECT h.product_id, h.list_id, h.shape_id, h.amount, h.changed_at, h.from_change, c.at \
      FROM price_history h JOIN change c ON c.number = h.to_change ORDER",
        "proves the history",
    ),
    (
        "SELECT h.product_id, h.list_id, h.shape_id, c.at FROM (SELECT * FROM price_history",
        "goes through the one row that its inner part found",
    ),
    (
        "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM price_now  ORDER",
        "loads the book",
    ),
    (
        "SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM price_now ORDER",
        "proves all prices",
    ),
    (
        "SELECT h.product_id, h.list_id, h.shape_id, c.at, max(h.to_change) FROM price_past",
        "loads the book",
    ),
    (
        "SELECT h.product_id, h.list_id, h.shape_id, h.amount, h.changed_at, h.from_change, c.at \
      FROM price_past h JOIN change c ON c.number = h.to_change ORDER",
        "proves the history",
    ),
    (
        "SELECT h.product_id, h.list_id, h.shape_id, c.at FROM (SELECT * FROM price_past",
        "goes through the one row that its inner part found",
    ),
    (
        "SELECT list_id, shape_id FROM price_past WHERE product_id",
        "the history of one product, while an import is moved to the table",
    ),
    (
        "SELECT product_id, list_id, shape_id FROM price_pending ORDER",
        "the first of what waits to be moved to the table",
    ),
    (
        "SELECT product_id, packing, packing_quantity, changed_at FROM product_change_time ORDER",
        "loads the book",
    ),
    (
        "SELECT supplier_id, kind, entity, segment, code, changed_at FROM row_change_time ORDER",
        "loads the book",
    ),
    (
        "SELECT supplier_id, kind, entity, segment, code, changed_at FROM row_change_time WHERE",
        "a supplier is removed",
    ),
    ("SELECT id FROM products WHERE supplier_id = ?1 UNION", "a supplier is removed"),
    ("DELETE FROM row_change_time WHERE supplier_id", "a supplier is removed"),
    ("DELETE FROM supplier WHERE supplier_id", "a supplier is removed, with what goes with it"),
    ("SELECT change FROM days_of_before WHERE supplier_id", "a supplier has one row"),
    ("SELECT until_change FROM days_of_before WHERE supplier_id", "a supplier has one row"),
    ("UPDATE days_of_before SET change", "a supplier has one row"),
    (
        "SELECT contract, valid_from, valid_to FROM contracts_history WHERE supplier_id",
        "what one change took the place of, for people",
    ),
    (
        "SELECT d.supplier_id, s.supplier, d.until_change, d.change FROM days_of_before",
        "one row for each supplier",
    ),
    ("SELECT EXISTS (SELECT 1 FROM price)", "the first row"),
    ("SELECT EXISTS (SELECT 1 FROM pragma_module_list", "what SQLite was built with"),
    ("CREATE TEMP TABLE kept AS SELECT * FROM main.", "all rows are written anew"),
    ("DELETE FROM main.", "all rows are written anew"),
    ("INSERT INTO main.leads SELECT * FROM temp.kept", "all rows are written anew"),
    ("WITH held AS", "all tokens, for who checks the data"),
    (
        "SELECT EXISTS (SELECT 1 FROM price_shape WHERE payment_term",
        "a payment term is removed, which is rare: any price of the supplier may name it",
    ),
    (
        "SELECT EXISTS (SELECT 1 FROM products CROSS JOIN price",
        "prices stand in the order of products: a list is asked for product by product",
    ),
    (
        "SELECT EXISTS (SELECT 1 FROM (SELECT id FROM products",
        "the prices of a list, of so many products at most",
    ),
    (
        "SELECT EXISTS (SELECT 1 FROM products WHERE supplier_id = ?1 LIMIT 1 OFFSET",
        "whether there are more products than that",
    ),
    (
        "SELECT EXISTS (SELECT 1 FROM supplier WHERE supplier_id = ?1 AND time_zone",
        "zones of a supplier, its companies and stores, when a row names another than they had",
    ),
    (
        "SELECT price.product_id, price.list_id, price.shape_id, price.amount, price.changed_at, \
      price.since_change FROM products",
        "all prices of a supplier with days or instants, when a zone is new",
    ),
    (
        "SELECT EXISTS (SELECT 1 FROM price_shape WHERE valid_from",
        "until there is a day and an instant, when a zone is new",
    ),
    ("SELECT count(*) FROM products CROSS JOIN price", "the prices of a list, product by product"),
    (
        "SELECT price.product_id, price.list_id, price.shape_id, price.amount, price.changed_at, \
      price.since_change, price_lists.price_list, products.sku FROM price",
        "the prices of a list, product by product",
    ),
    (
        "SELECT price.product_id, price.list_id, price.shape_id, price.amount, price.changed_at, \
      price.since_change, price_lists.price_list, products.sku FROM products",
        "all prices of a supplier",
    ),
    (
        "SELECT id FROM products WHERE supplier_id = ?1 AND (EXISTS",
        "the products with prices in a list, product by product",
    ),
    (
        "SELECT sku, id, base_uom FROM products WHERE supplier_id = ?1 ORDER BY id",
        "all article numbers of a supplier, for a large file",
    ),
    (
        "SELECT id, base_uom FROM products WHERE supplier_id = ?1 ORDER BY id",
        "all products of a supplier, for an import of prices",
    ),
    ("SELECT price_list, id FROM price_lists WHERE supplier_id = ?1", "all lists of a supplier"),
    (
        "SELECT protocol, login, used_at FROM account_used WHERE supplier_id = ?1",
        "all accounts of a supplier",
    ),
];

/// The rows of one staged write, which is its own to go through.
const STAGED: &str = "FROM temp.staged";

/// So many rows from the beginning of a table, which are the oldest.
const OLDEST: &str = "ORDER BY rowid LIMIT ?2)";

/// The first row of an index that is read backwards.
const NEWEST_LEAD: &str = "ORDER BY lead DESC LIMIT 1";

/// Whether a statement may read more than the rows of a key.
pub(super) fn is_allowed(sql: &str) -> bool {
    let ends = sql.ends_with(OLDEST) || sql.ends_with(NEWEST_LEAD);
    is_of_whole_kind(sql) || sql.contains(STAGED) || ends || place(sql).is_some()
}

/// The entries of the list that none of these statements begins with.
pub(super) fn unused<'a>(statements: impl Iterator<Item = &'a str>) -> Vec<&'static str> {
    let mut unused: Vec<&str> = ALLOWED.iter().map(|(begin, _)| *begin).collect();
    for sql in statements {
        unused.retain(|begin| !sql.starts_with(begin));
    }
    unused
}

fn place(sql: &str) -> Option<usize> {
    ALLOWED.iter().position(|(begin, _)| sql.starts_with(begin))
}

/// All rows of a kind, for the book, or of its history, to be proven, or of a supplier, for who asked for no key.
fn is_of_whole_kind(sql: &str) -> bool {
    kinds().any(|kind| {
        let table = table(kind);
        let of_supplier = [
            format!("SELECT count(*) FROM {} WHERE supplier_id = ?1", kind.name()),
            format!("DELETE FROM {}_history WHERE supplier_id = ?1", kind.name()),
        ];
        table.all == sql
            || table.find(0) == Some(sql)
            || table.past.as_deref() == Some(sql)
            || table.past_of_supplier().as_deref() == Some(sql)
            || of_supplier.iter().any(|of_supplier| of_supplier == sql)
    })
}
