-- When answers about packages last changed for another reason than a price: a GTIN, a number, a
-- segment with another list. It is not noted of what a supplier's first change wrote, nor of what was
-- there before this schema.

-- Answers about a product; about all its packings where the packing is '' and its quantity 0.
CREATE TABLE product_change_time (
    product_id INTEGER NOT NULL,
    packing TEXT NOT NULL,
    packing_quantity INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (product_id, packing, packing_quantity)
) STRICT, WITHOUT ROWID;

-- Answers that depend on a row, by the columns of its key; a column that is not of the key is 0 or ''.
CREATE TABLE row_change_time (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    kind TEXT NOT NULL,
    entity INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    code TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, kind, entity, segment, code)
) STRICT, WITHOUT ROWID;
