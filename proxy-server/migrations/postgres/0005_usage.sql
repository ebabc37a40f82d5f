-- The ledger of the relay: a row for each request, whatever came of it.
CREATE TABLE usage (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The API key that asked; empty: the person.
    key_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
    input_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    is_estimated BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL
);
CREATE INDEX usage_by_user ON usage (user_id, at);

-- Tokens of one person on one day (days since 1970, UTC): spent, and set aside for requests under way.
CREATE TABLE quotas (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    used BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (user_id, day)
);
