-- When the credentials of an account were renewed, what was given out before ends by this time, and so
-- does what is given out for it.
ALTER TABLE account_sessions ADD COLUMN ends_by INTEGER;

-- When accounts were used last, as the servers noted it now and then. It is no change of the data.
CREATE TABLE account_used (
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id) ON DELETE CASCADE,
    protocol TEXT NOT NULL,
    login TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (supplier_id, protocol, login)
) STRICT, WITHOUT ROWID;
