-- A receiver may want nothing for a while, or nothing more.
CREATE TABLE receivers_before (
    supplier_id INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    since_change INTEGER NOT NULL
) STRICT;

INSERT INTO receivers_before
SELECT supplier_id, receiver, closed_at, since_change FROM closed_receivers;

DROP TABLE closed_receivers;

-- A receiver of leads that said it wants nothing for a while, or nothing more.
CREATE TABLE closed_receivers (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    receiver TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    opens_at INTEGER,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, receiver)
) STRICT, WITHOUT ROWID;

INSERT INTO closed_receivers (supplier_id, receiver, closed_at, since_change)
SELECT supplier_id, receiver, closed_at, since_change FROM receivers_before;

DROP TABLE receivers_before;
