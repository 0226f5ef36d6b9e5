-- How far the past was forgotten: what changes up to this one touched ('entries'), and the rows that
-- changes up to this one superseded ('history'), need not be there any more.
CREATE TABLE horizon (
    what TEXT PRIMARY KEY,
    change INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO horizon (what, change) VALUES ('entries', 0), ('history', 0);
