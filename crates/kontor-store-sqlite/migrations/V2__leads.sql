-- What the running server remembers about leads. Nothing here is personal data and nobody asks for
-- the past of these tables, so none has a history.

-- Until when the key before a partner's last rotation counts.
ALTER TABLE partners ADD COLUMN previous_until INTEGER;

ALTER TABLE partners_history ADD COLUMN previous_until INTEGER;

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
