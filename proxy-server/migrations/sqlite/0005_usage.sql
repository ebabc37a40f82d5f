-- The ledger of the relay: a row for each request, whatever came of it.
CREATE TABLE usage (
    id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The API key that asked; empty: the person.
    key_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    is_estimated INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL
);
CREATE INDEX usage_by_user ON usage (user_id, at);

-- Tokens of one person on one day (days since 1970, UTC): spent, and set aside for requests under way.
CREATE TABLE quotas (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    used INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    PRIMARY KEY (user_id, day)
);
