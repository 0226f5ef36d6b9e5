-- The tables of Kontor. One table per kind of row of the catalogue folder, with its columns and
-- names; docs/catalogue-format.md says what each column means.
--
-- Decimal numbers (amounts, quantities, factors) are integers of 1e-6, instants are integers of
-- microseconds since 1970-01-01T00:00:00Z, flags are 1 and 0. Everything else is text.
-- The view `prices` shows prices as people write them.
--
-- `since_change` is the change that wrote a row. A row that was superseded or removed stands in the
-- table's history, where it was in force from `from_change` until, and not at, `to_change`. Values
-- that are secrets are not kept there.

-- The supplier itself; exactly one row.
CREATE TABLE supplier (
    supplier_id INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier TEXT NOT NULL,
    name TEXT,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    strategy TEXT,
    since_change INTEGER NOT NULL,
    UNIQUE (supplier)
) STRICT;

CREATE TABLE supplier_history (
    supplier_id INTEGER NOT NULL,
    supplier TEXT,
    name TEXT,
    time_zone TEXT,
    currency TEXT,
    strategy TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX supplier_history_by_key ON supplier_history (supplier_id);

-- A sequence of numbers that Kontor gives out, and where it goes on.
CREATE TABLE counters (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    counter TEXT NOT NULL,
    next INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, counter)
) STRICT, WITHOUT ROWID;

-- A product by the supplier's article number.
CREATE TABLE products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    mpn TEXT,
    gtin TEXT,
    name TEXT,
    state TEXT,
    base_uom TEXT NOT NULL,
    quantity_step INTEGER,
    since_change INTEGER NOT NULL,
    UNIQUE (supplier_id, sku)
) STRICT;

-- All products of a supplier in the order of their numbers, which is the order of their prices.
CREATE INDEX products_by_supplier ON products (supplier_id);

CREATE TABLE products_history (
    id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    mpn TEXT,
    gtin TEXT,
    name TEXT,
    state TEXT,
    base_uom TEXT,
    quantity_step INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX products_history_by_key ON products_history (supplier_id, sku);

-- Another unit in which a product is sold: one such unit is so many base units.
CREATE TABLE conversions (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    uom TEXT NOT NULL,
    factor INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, sku, uom),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversions_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    uom TEXT,
    factor INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX conversions_history_by_key ON conversions_history (supplier_id, sku, uom);

-- A package of a product that may have its own price and GTIN.
CREATE TABLE packings (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    packing TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    gtin TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, sku, packing, quantity),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE packings_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    packing TEXT,
    quantity INTEGER,
    gtin TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX packings_history_by_key ON packings_history (supplier_id, sku, packing, quantity);

-- Stock of a product and the date of the next arrival.
CREATE TABLE availability (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    next_arrival TEXT,
    as_of INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, sku),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE availability_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    quantity INTEGER,
    next_arrival TEXT,
    as_of INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX availability_history_by_key ON availability_history (supplier_id, sku);

-- A payment term that prices may depend on.
CREATE TABLE payment_terms (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    payment_term TEXT NOT NULL,
    name TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, payment_term)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment_terms_history (
    supplier_id INTEGER NOT NULL,
    payment_term TEXT,
    name TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX payment_terms_history_by_key ON payment_terms_history (supplier_id, payment_term);

-- A price list.
CREATE TABLE price_lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    price_list TEXT NOT NULL,
    number INTEGER,
    name TEXT,
    currency TEXT,
    time_zone TEXT,
    since_change INTEGER NOT NULL,
    UNIQUE (supplier_id, price_list)
) STRICT;

CREATE UNIQUE INDEX price_lists_by_number ON price_lists (supplier_id, number);

CREATE INDEX price_lists_by_name ON price_lists (supplier_id, name);

CREATE TABLE price_lists_history (
    id INTEGER NOT NULL,
    supplier_id INTEGER NOT NULL,
    price_list TEXT,
    number INTEGER,
    name TEXT,
    currency TEXT,
    time_zone TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX price_lists_history_by_key ON price_lists_history (supplier_id, price_list);

-- A customer by the supplier's number.
CREATE TABLE customers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    customer TEXT NOT NULL,
    name TEXT,
    state TEXT,
    currency TEXT,
    branch_number INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE customers_history (
    supplier_id INTEGER NOT NULL,
    customer TEXT,
    name TEXT,
    state TEXT,
    currency TEXT,
    branch_number INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX customers_history_by_key ON customers_history (supplier_id, customer);

-- A person at a customer.
CREATE TABLE contacts (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    customer TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, customer, number),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE contacts_history (
    supplier_id INTEGER NOT NULL,
    customer TEXT,
    number INTEGER,
    name TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX contacts_history_by_key ON contacts_history (supplier_id, customer, number);

-- A price list that a customer may be priced from.
CREATE TABLE entitlements (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    customer TEXT NOT NULL,
    price_list TEXT NOT NULL,
    position INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, customer, price_list),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;

CREATE INDEX entitlements_by_price_list ON entitlements (supplier_id, price_list);

CREATE TABLE entitlements_history (
    supplier_id INTEGER NOT NULL,
    customer TEXT,
    price_list TEXT,
    position INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX entitlements_history_by_key ON entitlements_history (supplier_id, customer, price_list);

-- Another number of a product; a number may belong to several products.
CREATE TABLE identifiers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    sku TEXT NOT NULL,
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    customer TEXT,
    since_change INTEGER NOT NULL,
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT;

CREATE UNIQUE INDEX identifiers_key ON identifiers (supplier_id, sku, scheme, value, ifnull(customer, ''));

CREATE INDEX identifiers_by_customer ON identifiers (supplier_id, customer);

CREATE TABLE identifiers_history (
    supplier_id INTEGER NOT NULL,
    sku TEXT,
    scheme TEXT,
    value TEXT,
    customer TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX identifiers_history_by_key ON identifiers_history (supplier_id, sku, scheme, value, customer);

-- A contract: price lists that count for a while.
CREATE TABLE contracts (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    contract TEXT NOT NULL,
    valid_from INTEGER,
    valid_to INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, contract)
) STRICT, WITHOUT ROWID;

CREATE TABLE contracts_history (
    supplier_id INTEGER NOT NULL,
    contract TEXT,
    valid_from INTEGER,
    valid_to INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX contracts_history_by_key ON contracts_history (supplier_id, contract);

-- A price list of a contract.
CREATE TABLE contract_lists (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    contract TEXT NOT NULL,
    price_list TEXT NOT NULL,
    position INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, contract, price_list),
    FOREIGN KEY (supplier_id, contract) REFERENCES contracts (supplier_id, contract),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;

CREATE INDEX contract_lists_by_price_list ON contract_lists (supplier_id, price_list);

CREATE TABLE contract_lists_history (
    supplier_id INTEGER NOT NULL,
    contract TEXT,
    price_list TEXT,
    position INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX contract_lists_history_by_key ON contract_lists_history (supplier_id, contract, price_list);

-- A customer that may use a contract.
CREATE TABLE contract_customers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    contract TEXT NOT NULL,
    customer TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, contract, customer),
    FOREIGN KEY (supplier_id, contract) REFERENCES contracts (supplier_id, contract),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;

CREATE INDEX contract_customers_by_customer ON contract_customers (supplier_id, customer);

CREATE TABLE contract_customers_history (
    supplier_id INTEGER NOT NULL,
    contract TEXT,
    customer TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX contract_customers_history_by_key ON contract_customers_history (supplier_id, contract, customer);

-- A shop with the defaults of its questions.
CREATE TABLE stores (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    store TEXT NOT NULL,
    currency TEXT NOT NULL,
    contract TEXT NOT NULL,
    uom TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    guests INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, store),
    FOREIGN KEY (supplier_id, contract) REFERENCES contracts (supplier_id, contract)
) STRICT, WITHOUT ROWID;

-- The code tells whose shop it is.
CREATE UNIQUE INDEX stores_of_all_suppliers ON stores (store);

CREATE INDEX stores_by_contract ON stores (supplier_id, contract);

CREATE TABLE stores_history (
    supplier_id INTEGER NOT NULL,
    store TEXT,
    currency TEXT,
    contract TEXT,
    uom TEXT,
    time_zone TEXT,
    guests INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX stores_history_by_key ON stores_history (supplier_id, store);

-- A currency that a store sells in.
CREATE TABLE store_currencies (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    store TEXT NOT NULL,
    currency TEXT NOT NULL,
    decimals INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, store, currency),
    FOREIGN KEY (supplier_id, store) REFERENCES stores (supplier_id, store)
) STRICT, WITHOUT ROWID;

CREATE TABLE store_currencies_history (
    supplier_id INTEGER NOT NULL,
    store TEXT,
    currency TEXT,
    decimals INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX store_currencies_history_by_key ON store_currencies_history (supplier_id, store, currency);

-- A customer whose accounts may use a store.
CREATE TABLE store_customers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    store TEXT NOT NULL,
    customer TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, store, customer),
    FOREIGN KEY (supplier_id, store) REFERENCES stores (supplier_id, store),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;

CREATE INDEX store_customers_by_customer ON store_customers (supplier_id, customer);

CREATE TABLE store_customers_history (
    supplier_id INTEGER NOT NULL,
    store TEXT,
    customer TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX store_customers_history_by_key ON store_customers_history (supplier_id, store, customer);

-- A company of the supplier that sells.
CREATE TABLE selling_entities (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    entity INTEGER NOT NULL,
    tax_id TEXT,
    name TEXT,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    main_segment INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE selling_entities_history (
    supplier_id INTEGER NOT NULL,
    entity INTEGER,
    tax_id TEXT,
    name TEXT,
    currency TEXT,
    time_zone TEXT,
    main_segment INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX selling_entities_history_by_key ON selling_entities_history (supplier_id, entity);

-- A market of a company and the list of its base prices.
CREATE TABLE segments (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    entity INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    price_list TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, entity, segment),
    FOREIGN KEY (supplier_id, entity) REFERENCES selling_entities (supplier_id, entity),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;

CREATE INDEX segments_by_price_list ON segments (supplier_id, price_list);

CREATE TABLE segments_history (
    supplier_id INTEGER NOT NULL,
    entity INTEGER,
    segment INTEGER,
    price_list TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX segments_history_by_key ON segments_history (supplier_id, entity, segment);

-- A price list of a segment whose prices depend on the payment term.
CREATE TABLE sales_tables (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    entity INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    price_list TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, entity, segment, number),
    FOREIGN KEY (supplier_id, entity, segment) REFERENCES segments (supplier_id, entity, segment),
    FOREIGN KEY (supplier_id, price_list) REFERENCES price_lists (supplier_id, price_list)
) STRICT, WITHOUT ROWID;

CREATE INDEX sales_tables_by_price_list ON sales_tables (supplier_id, price_list);

CREATE TABLE sales_tables_history (
    supplier_id INTEGER NOT NULL,
    entity INTEGER,
    segment INTEGER,
    number TEXT,
    name TEXT,
    price_list TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX sales_tables_history_by_key ON sales_tables_history (supplier_id, entity, segment, number);

-- Credentials for one protocol. Passwords and tokens are stored as digests; an export has the digests.
CREATE TABLE accounts (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    protocol TEXT NOT NULL,
    login TEXT NOT NULL,
    realm TEXT,
    number INTEGER,
    name TEXT,
    customer TEXT,
    state TEXT,
    password TEXT,
    token TEXT,
    previous_token TEXT,
    previous_until INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, protocol, login),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;

-- The login tells whose account it is.
CREATE UNIQUE INDEX accounts_of_all_suppliers ON accounts (protocol, login);

CREATE INDEX accounts_by_customer ON accounts (supplier_id, customer);

CREATE TABLE accounts_history (
    supplier_id INTEGER NOT NULL,
    protocol TEXT,
    login TEXT,
    realm TEXT,
    number INTEGER,
    name TEXT,
    customer TEXT,
    state TEXT,
    password TEXT,
    token TEXT,
    previous_token TEXT,
    previous_until INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX accounts_history_by_key ON accounts_history (supplier_id, protocol, login);

-- A category of leads. Its questions stand in `questionnaires/CATEGORY.json`.
CREATE TABLE categories (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    category TEXT NOT NULL,
    name TEXT,
    state TEXT,
    language TEXT,
    questions TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, category)
) STRICT, WITHOUT ROWID;

CREATE TABLE categories_history (
    supplier_id INTEGER NOT NULL,
    category TEXT,
    name TEXT,
    state TEXT,
    language TEXT,
    questions TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX categories_history_by_key ON categories_history (supplier_id, category);

-- A partner that sends leads.
CREATE TABLE partners (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    partner TEXT NOT NULL,
    name TEXT,
    state TEXT,
    language TEXT,
    issuer TEXT,
    secret TEXT,
    previous_secret TEXT,
    previous_until INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, partner)
) STRICT, WITHOUT ROWID;

CREATE TABLE partners_history (
    supplier_id INTEGER NOT NULL,
    partner TEXT,
    name TEXT,
    state TEXT,
    language TEXT,
    issuer TEXT,
    secret TEXT,
    previous_secret TEXT,
    previous_until INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX partners_history_by_key ON partners_history (supplier_id, partner);

-- A category that a partner may send leads of.
CREATE TABLE grants (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    partner TEXT NOT NULL,
    category TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, partner, category),
    FOREIGN KEY (supplier_id, partner) REFERENCES partners (supplier_id, partner),
    FOREIGN KEY (supplier_id, category) REFERENCES categories (supplier_id, category)
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_by_category ON grants (supplier_id, category);

CREATE TABLE grants_history (
    supplier_id INTEGER NOT NULL,
    partner TEXT,
    category TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX grants_history_by_key ON grants_history (supplier_id, partner, category);

-- A lead that was accepted.
CREATE TABLE leads (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    lead INTEGER NOT NULL,
    category TEXT NOT NULL,
    partner TEXT NOT NULL,
    contact_number INTEGER NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    phone_key TEXT,
    created_at INTEGER NOT NULL,
    answers TEXT,
    questionnaire_version INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, lead),
    FOREIGN KEY (supplier_id, category) REFERENCES categories (supplier_id, category),
    FOREIGN KEY (supplier_id, partner) REFERENCES partners (supplier_id, partner)
) STRICT, WITHOUT ROWID;

CREATE INDEX leads_by_email ON leads (supplier_id, email COLLATE NOCASE);

CREATE INDEX leads_by_phone ON leads (supplier_id, phone_key);

CREATE INDEX leads_by_category ON leads (supplier_id, category, created_at);

CREATE INDEX leads_by_partner ON leads (supplier_id, partner);

CREATE TABLE leads_history (
    supplier_id INTEGER NOT NULL,
    lead INTEGER,
    category TEXT,
    partner TEXT,
    contact_number INTEGER,
    email TEXT,
    phone TEXT,
    phone_key TEXT,
    created_at INTEGER,
    answers TEXT,
    questionnaire_version INTEGER,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX leads_history_by_key ON leads_history (supplier_id, lead);

-- An invoice or despatch advice.
CREATE TABLE documents (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    customer TEXT NOT NULL,
    issued TEXT NOT NULL,
    value_date TEXT NOT NULL,
    supply_date TEXT NOT NULL,
    supply_time TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, kind, document),
    FOREIGN KEY (supplier_id, customer) REFERENCES customers (supplier_id, customer)
) STRICT, WITHOUT ROWID;

CREATE INDEX documents_by_day ON documents (supplier_id, issued);

CREATE INDEX documents_by_customer ON documents (supplier_id, customer);

CREATE TABLE documents_history (
    supplier_id INTEGER NOT NULL,
    kind TEXT,
    document TEXT,
    customer TEXT,
    issued TEXT,
    value_date TEXT,
    supply_date TEXT,
    supply_time TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX documents_history_by_key ON documents_history (supplier_id, kind, document);

-- A line of a document.
CREATE TABLE document_lines (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    packages INTEGER NOT NULL,
    units_per_package INTEGER NOT NULL,
    unit_price INTEGER,
    remarks TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, kind, document, position),
    FOREIGN KEY (supplier_id, kind, document) REFERENCES documents (supplier_id, kind, document),
    FOREIGN KEY (supplier_id, sku) REFERENCES products (supplier_id, sku)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_lines_by_sku ON document_lines (supplier_id, sku);

CREATE TABLE document_lines_history (
    supplier_id INTEGER NOT NULL,
    kind TEXT,
    document TEXT,
    position INTEGER,
    sku TEXT,
    packages INTEGER,
    units_per_package INTEGER,
    unit_price INTEGER,
    remarks TEXT,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL
) STRICT;

CREATE INDEX document_lines_history_by_key ON document_lines_history (supplier_id, kind, document, position);

-- A token given out at login.
CREATE TABLE sessions (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    digest TEXT NOT NULL,
    protocol TEXT NOT NULL,
    login TEXT,
    kind TEXT NOT NULL,
    expires INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, digest)
) STRICT, WITHOUT ROWID;

-- What the running server remembers about leads. Nothing here is personal data, and nobody asks for
-- the past of these tables.

-- A key by which a partner may repeat a call that succeeded.
CREATE TABLE submission_keys (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    partner TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    expires INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, partner, key)
) STRICT, WITHOUT ROWID;

-- How far a lead got on its way to its receiver.
CREATE TABLE deliveries (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    lead INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    attempted_at INTEGER,
    due INTEGER,
    failure TEXT,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, lead)
) STRICT, WITHOUT ROWID;

-- A place in the queue of deliveries, the earliest first.
CREATE TABLE delivery_turns (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    due INTEGER NOT NULL,
    lead INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, due, lead)
) STRICT, WITHOUT ROWID;

-- A receiver of leads that said it wants nothing more.
CREATE TABLE closed_receivers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    receiver TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, receiver)
) STRICT, WITHOUT ROWID;

-- Everything about a price but its product, list and amount. Prices share their shapes.
CREATE TABLE price_shape (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uom TEXT,
    packing TEXT,
    packing_quantity INTEGER,
    currency TEXT NOT NULL,
    minimum_quantity INTEGER NOT NULL,
    valid_from INTEGER,
    valid_to INTEGER,
    kind TEXT NOT NULL,
    payment_term TEXT,
    decimals INTEGER NOT NULL
) STRICT;

-- '' differs from every number and from every text that occurs.
CREATE UNIQUE INDEX price_shape_key ON price_shape (
    currency, minimum_quantity, kind, decimals, ifnull(valid_from, ''), ifnull(valid_to, ''),
    ifnull(uom, ''), ifnull(packing, ''), ifnull(packing_quantity, ''), ifnull(payment_term, '')
);

-- A price of a product in a price list. The amount of a listing is 0 and means nothing. Product, list
-- and shape exist; whoever writes sees to it, because a check of every row would halve the speed of
-- an import.
CREATE TABLE price (
    product_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL,
    shape_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (product_id, list_id, shape_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE price_history (
    product_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL,
    shape_id INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    from_change INTEGER NOT NULL,
    to_change INTEGER NOT NULL,
    PRIMARY KEY (product_id, list_id, shape_id, from_change)
) STRICT, WITHOUT ROWID;

-- Prices as people read them.
CREATE VIEW prices AS
SELECT
    supplier.supplier,
    price_lists.price_list,
    products.sku,
    price_shape.uom,
    price_shape.packing,
    rtrim(rtrim((price_shape.packing_quantity / 1000000) || '.'
        || substr('00000' || (price_shape.packing_quantity % 1000000), -6), '0'), '.')
        AS packing_quantity,
    price_shape.currency,
    rtrim(rtrim((price_shape.minimum_quantity / 1000000) || '.'
        || substr('00000' || (price_shape.minimum_quantity % 1000000), -6), '0'), '.')
        AS minimum_quantity,
    strftime('%Y-%m-%dT%H:%M:%SZ', price_shape.valid_from / 1000000, 'unixepoch') AS valid_from,
    strftime('%Y-%m-%dT%H:%M:%SZ', price_shape.valid_to / 1000000, 'unixepoch') AS valid_to,
    price_shape.kind,
    price_shape.payment_term,
    iif(price_shape.kind = 'listing', NULL,
        rtrim(rtrim((price.amount / 1000000) || '.'
            || substr('00000' || (price.amount % 1000000), -6), '0'), '.')) AS amount,
    price_shape.decimals,
    strftime('%Y-%m-%dT%H:%M:%SZ', price.changed_at / 1000000, 'unixepoch') AS changed_at,
    price.since_change
FROM price
JOIN price_shape ON price_shape.id = price.shape_id
JOIN products ON products.id = price.product_id
JOIN price_lists ON price_lists.id = price.list_id
JOIN supplier ON supplier.supplier_id = products.supplier_id;

-- The change log. `hash` is the SHA-256 of the hash before and of the other columns; `digest` is the
-- SHA-256 of all rows that the change wrote and removed.
CREATE TABLE change (
    number INTEGER PRIMARY KEY,
    supplier_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    digest BLOB NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- What a change touched: the key of a row as a JSON array; NULL when there were too many to list.
CREATE TABLE change_entry (
    change INTEGER NOT NULL REFERENCES change (number),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT,
    PRIMARY KEY (change, position)
) STRICT, WITHOUT ROWID;
