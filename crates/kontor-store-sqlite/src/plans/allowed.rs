//! The statements that go through a table, or through all rows of a supplier, with the reason.

use crate::table::{kinds, table};

/// How a statement begins, and why it may read more than the rows of one key.
const ALLOWED: [(&str, &str); 31] = [
    ("SELECT number, hash FROM change ORDER BY", "the newest only"),
    ("SELECT state FROM change ORDER BY", "the newest only"),
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
    ("WITH held AS", "all tokens, for who checks the data"),
    (
        "SELECT EXISTS (SELECT 1 FROM price_shape WHERE payment_term",
        "a payment term is removed, which is rare: any price of the supplier may name it",
    ),
    (
        "SELECT EXISTS (SELECT 1 FROM products CROSS JOIN price ON",
        "prices stand in the order of products: a list is asked for product by product",
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
    ("SELECT id FROM price_lists WHERE supplier_id = ?1 ORDER BY id", "all lists of a supplier"),
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

/// Whether a statement may read more than the rows of a key.
pub(super) fn is_allowed(sql: &str) -> bool {
    is_of_whole_kind(sql) || sql.contains(STAGED) || sql.ends_with(OLDEST) || place(sql).is_some()
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
    kinds().map(table).any(|table| {
        table.all == sql || table.find(0) == Some(sql) || table.past.as_deref() == Some(sql)
    })
}
