-- A token that was given out to an account. Logins are no changes of the data: they have no number in
-- the change log.
CREATE TABLE account_sessions (
    digest TEXT PRIMARY KEY,
    supplier_id INTEGER NOT NULL REFERENCES supplier (supplier_id) ON DELETE CASCADE,
    protocol TEXT NOT NULL,
    login TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Digest of what must stand beside the token.
    beside TEXT,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_sessions_by_account
ON account_sessions (supplier_id, protocol, login, kind, expires);

CREATE INDEX account_sessions_by_expiry ON account_sessions (expires);

-- The two tokens of a WebSphere login were two rows of one change; the second one, which was called a
-- refresh token, is what must stand beside the first. Sessions of guests are not kept: a guest asks
-- for another one.
CREATE INDEX sessions_by_change ON sessions (supplier_id, since_change, protocol, kind);

INSERT OR IGNORE INTO account_sessions
SELECT s.digest, s.supplier_id, s.protocol, s.login, s.kind,
    iif(s.protocol = 'websphere', (
        SELECT p.digest FROM sessions p
        WHERE p.supplier_id = s.supplier_id AND p.since_change = s.since_change
        AND p.protocol = s.protocol AND p.kind = 'refresh'
    ), NULL),
    s.expires
FROM sessions s
WHERE s.login IS NOT NULL AND NOT (s.protocol = 'websphere' AND s.kind = 'refresh');

DROP TABLE sessions;

-- The key with which tokens are signed; it is made when the data is first served.
CREATE TABLE token_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB,
    -- Until then sessions may count that were opened before there was a key.
    unsigned_until INTEGER NOT NULL
) STRICT;

INSERT INTO token_key (id, unsigned_until)
SELECT 1, ifnull(max(expires), 0) FROM account_sessions;
