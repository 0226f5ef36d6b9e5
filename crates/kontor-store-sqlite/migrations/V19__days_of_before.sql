-- Which rows may hold instants that an earlier version made of civil days, by supplier: those that
-- changes up to `until_change` wrote, the newest one before days were kept. `change` is the change that
-- made days of them again: NULL as long as that is to be done, 0 when there were none. See
-- docs/decisions/0025-days-of-before-become-days.md.
CREATE TABLE days_of_before (
    supplier_id INTEGER NOT NULL PRIMARY KEY
        REFERENCES supplier (supplier_id) ON DELETE CASCADE,
    until_change INTEGER NOT NULL,
    change INTEGER
) STRICT, WITHOUT ROWID;

-- Data of before V15 gets both now: all of its changes are of before. Other data kept days since then,
-- and the time of that migration says from which change on.
INSERT INTO days_of_before (supplier_id, until_change)
SELECT supplier.supplier_id, before.until_change
FROM supplier,
    (
        SELECT max(number) AS until_change FROM change
        WHERE at < (
            SELECT iif(unixepoch('now') - unixepoch(applied_on) < 3600,
                9223372036854775807, (unixepoch(applied_on) + 1) * 1000000)
            FROM refinery_schema_history WHERE version = 15
        )
    ) AS before
WHERE before.until_change IS NOT NULL;
