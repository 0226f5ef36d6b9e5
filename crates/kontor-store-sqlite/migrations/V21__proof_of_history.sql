-- The sums of `state_sum` cover also the rows of histories that are not those of prices, under the names
-- of their tables. As `since` of `state_proof` for what stands, this says since which change they are
-- those of all rows; the rows of before are added once.
CREATE TABLE history_proof (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    since INTEGER
) STRICT;

INSERT INTO history_proof (id, since)
SELECT 1, iif(EXISTS (SELECT 1 FROM change), NULL, 0);
