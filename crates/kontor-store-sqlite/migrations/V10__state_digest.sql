-- What stands is proven: for each kind the sum of the digests of all its rows, modulo 2^256, and a
-- second sum that helps to find a row that differs. See docs/decisions/0017-state-digest.md.
-- A migration that changes what stands in rows empties this table and sets `since` to NULL.
CREATE TABLE state_sum (
    kind TEXT NOT NULL PRIMARY KEY,
    rows INTEGER NOT NULL,
    sums BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The change since which the sums are those of all rows. As long as it is NULL they are those of what
-- was written since they are kept; the rows of before are added once.
CREATE TABLE state_proof (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    since INTEGER
) STRICT;

INSERT INTO state_proof (id, since)
SELECT 1, iif(EXISTS (SELECT 1 FROM change), NULL, 0);

-- How `hash` is made: 1 is the SHA-256 of the hash before and of the other columns, 2 also of
-- `state`, the digest of all sums after the change.
ALTER TABLE change ADD COLUMN formula INTEGER NOT NULL DEFAULT 1;

ALTER TABLE change ADD COLUMN state BLOB;
