-- A change lists all that it touched, however much that is: several entries for much. `touched` has the
-- keys of rows, or for rows of products the numbers of the products, or for prices those of products
-- and lists; see touched_codec.rs. Entries of before stay in change_entry: they named only a kind when
-- there was much of it.
CREATE TABLE change_touched (
    change INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    touched BLOB NOT NULL,
    PRIMARY KEY (change, position)
) STRICT, WITHOUT ROWID;
