-- Whether an account may ask in the name of others: 1, or empty for no. An empty column changes no
-- digest, so what is proven stays so.
ALTER TABLE accounts ADD COLUMN on_behalf INTEGER;

ALTER TABLE accounts_history ADD COLUMN on_behalf INTEGER;
