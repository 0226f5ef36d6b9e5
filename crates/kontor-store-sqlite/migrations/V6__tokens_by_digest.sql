-- A token leads to one account, over all suppliers. The indexes are not unique: older data may hold a
-- token twice, and one write may move a token in any order of its steps. Each write checks what it
-- gave out before it commits.
CREATE INDEX accounts_by_token ON accounts (token) WHERE token IS NOT NULL;

CREATE INDEX accounts_by_previous_token ON accounts (previous_token)
WHERE previous_token IS NOT NULL;
