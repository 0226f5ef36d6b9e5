-- The row of a file that an account was imported from last, as a keyed digest.
CREATE TABLE imported_accounts (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id),
    protocol TEXT NOT NULL,
    login TEXT NOT NULL,
    digest TEXT NOT NULL,
    since_change INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, protocol, login)
) STRICT, WITHOUT ROWID;
