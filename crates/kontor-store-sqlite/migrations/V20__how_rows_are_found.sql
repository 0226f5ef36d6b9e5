-- How selective the indexes are, for SQLite's planner, as fixed figures: nothing here gathers any, so
-- that a statement is carried out in the same way for every size of the data. Left alone, SQLite takes a
-- primary key that begins with the supplier for about as selective as an index over all the columns
-- that are asked for, and goes through all rows of the supplier; also for what refers to a row that
-- is removed, where no index can be named. An index of a later migration comes with its figures.
ANALYZE sqlite_schema;

-- A supplier has one row of a hundred, and each further column of an index leaves a part of them: one
-- row for a whole unique key, ten for all columns of another index, more where the last may be empty,
-- as it mostly is.
INSERT INTO sqlite_stat1 (tbl, idx, stat)
SELECT
    of_index.tbl,
    of_index.idx,
    '10000000 ' || group_concat(CASE
        WHEN of_index.place = 0 THEN 100000
        WHEN of_index.place < of_index.last THEN max(1000 / of_index.place, 20)
        WHEN of_index.is_unique THEN 1
        WHEN of_index.may_be_empty THEN 1000
        ELSE 10
    END, ' ')
FROM (
    SELECT
        t.name AS tbl,
        -- The primary key of a table without row numbers is the table itself.
        iif(t.wr AND i.origin = 'pk', t.name, i.name) AS idx,
        i."unique" AS is_unique,
        c.seqno AS place,
        EXISTS (
            SELECT 1 FROM pragma_table_info(t.name) AS of_table
            WHERE of_table.name = c.name AND NOT of_table."notnull"
        ) AS may_be_empty,
        (SELECT max(seqno) FROM pragma_index_info(i.name)) AS last
    FROM pragma_table_list AS t
    JOIN pragma_index_list(t.name) AS i
    JOIN pragma_index_info(i.name) AS c
    WHERE t.schema = 'main' AND t.type = 'table' AND EXISTS (
        SELECT 1 FROM pragma_index_info(i.name) WHERE seqno = 0 AND name = 'supplier_id'
    )
    ORDER BY tbl, idx, place
) AS of_index
GROUP BY of_index.tbl, of_index.idx;

-- Read at once by the connection that is open.
ANALYZE sqlite_schema;
