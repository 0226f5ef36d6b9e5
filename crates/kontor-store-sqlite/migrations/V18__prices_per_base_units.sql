-- The amount of a price may be for several base units: `per` says for how many; empty for one.

ALTER TABLE price_shape ADD COLUMN per INTEGER;

DROP INDEX price_shape_key;

-- '' differs from every number and from every text that occurs.
CREATE UNIQUE INDEX price_shape_key ON price_shape (
    currency, minimum_quantity, kind, decimals, ifnull(valid_from, ''), ifnull(valid_to, ''),
    ifnull(uom, ''), ifnull(packing, ''), ifnull(packing_quantity, ''), ifnull(payment_term, ''),
    ifnull(per, '')
);

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
    rtrim(rtrim((price_shape.per / 1000000) || '.'
        || substr('00000' || (price_shape.per % 1000000), -6), '0'), '.') AS per,
    price_shape.decimals,
    strftime('%Y-%m-%dT%H:%M:%SZ', price.changed_at / 1000000, 'unixepoch') AS changed_at,
    price.since_change
FROM price_now AS price
JOIN price_shape ON price_shape.id = price.shape_id
JOIN products ON products.id = price.product_id
JOIN price_lists ON price_lists.id = price.list_id
JOIN supplier ON supplier.supplier_id = products.supplier_id;
