-- A large import of prices is written in slices, and seen at once: see docs/decisions/0019-prices-in-slices.md.
-- The rows of `price_pending` mean nothing until `change` is the change that switched them on. From then
-- on they stand over those of `price`, until they were moved there. There is at most one such import.
CREATE TABLE price_import (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    -- Tells whoever prepares it that it is still theirs, and names what it touches in `change_listed`.
    token INTEGER NOT NULL,
    change INTEGER,
    -- The time of that change: that of prices without a time of their own.
    at INTEGER
) STRICT;

-- A price without amount is one that is removed.
CREATE TABLE price_pending (
    product_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL,
    shape_id INTEGER NOT NULL,
    amount INTEGER,
    changed_at INTEGER,
    PRIMARY KEY (product_id, list_id, shape_id)
) STRICT, WITHOUT ROWID;

-- What a change touches that was written before it had its number: `change.listing` names these entries
-- in the place of those in `change_touched`.
CREATE TABLE change_listed (
    listing INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    touched BLOB NOT NULL,
    PRIMARY KEY (listing, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE change ADD COLUMN listing INTEGER;

CREATE INDEX change_listing ON change (number) WHERE listing IS NOT NULL;

-- The prices that are in force, whether they were moved or not: those that stay, and those that wait.
-- Columns of both have the same affinity: otherwise conditions of who asks do not reach the tables.
CREATE VIEW price_kept AS
SELECT p.product_id, p.list_id, p.shape_id, p.amount, p.changed_at, p.since_change
FROM price p
WHERE (SELECT change FROM price_import) IS NULL OR NOT EXISTS (
    SELECT 1 FROM price_pending n
    WHERE n.product_id = p.product_id AND n.list_id = p.list_id AND n.shape_id = p.shape_id
);

CREATE VIEW price_put AS
SELECT n.product_id, n.list_id, n.shape_id, n.amount,
    CAST(ifnull(n.changed_at, (SELECT at FROM price_import)) AS INTEGER) AS changed_at,
    CAST((SELECT change FROM price_import) AS INTEGER) AS since_change
FROM price_pending n
WHERE (SELECT change FROM price_import) IS NOT NULL AND n.amount IS NOT NULL;

CREATE VIEW price_now AS
SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM price_kept
UNION ALL
SELECT product_id, list_id, shape_id, amount, changed_at, since_change FROM price_put;

-- The prices that were in force.
CREATE VIEW price_past AS
SELECT product_id, list_id, shape_id, amount, changed_at, from_change, to_change
FROM price_history
UNION ALL
SELECT n.product_id, n.list_id, n.shape_id, p.amount, p.changed_at, p.since_change,
    CAST((SELECT change FROM price_import) AS INTEGER)
FROM price_pending n CROSS JOIN price p
WHERE (SELECT change FROM price_import) IS NOT NULL AND p.product_id = n.product_id
    AND p.list_id = n.list_id AND p.shape_id = n.shape_id
    AND p.since_change <> (SELECT change FROM price_import);

-- The digest of a price is another one since then (docs/decisions/0017-state-digest.md): sums are computed anew.
DELETE FROM state_sum;

UPDATE state_proof SET since = iif(EXISTS (SELECT 1 FROM change), NULL, 0);

-- Prices as people read them.
DROP VIEW prices;

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
    iif(price_shape.valid_from < 2305843009213693952,
        strftime('%Y-%m-%dT%H:%M:%SZ', price_shape.valid_from / 1000000, 'unixepoch'),
        date((price_shape.valid_from - 4611686018427387904) * 86400, 'unixepoch')) AS valid_from,
    iif(price_shape.valid_to < 2305843009213693952,
        strftime('%Y-%m-%dT%H:%M:%SZ', price_shape.valid_to / 1000000, 'unixepoch'),
        date((price_shape.valid_to - 4611686018427387905) * 86400, 'unixepoch')) AS valid_to,
    price_shape.kind,
    price_shape.payment_term,
    iif(price_shape.kind = 'listing', NULL,
        rtrim(rtrim((price.amount / 1000000) || '.'
            || substr('00000' || (price.amount % 1000000), -6), '0'), '.')) AS amount,
    price_shape.decimals,
    strftime('%Y-%m-%dT%H:%M:%SZ', price.changed_at / 1000000, 'unixepoch') AS changed_at,
    price.since_change
FROM price_now AS price
JOIN price_shape ON price_shape.id = price.shape_id
JOIN products ON products.id = price.product_id
JOIN price_lists ON price_lists.id = price.list_id
JOIN supplier ON supplier.supplier_id = products.supplier_id;
