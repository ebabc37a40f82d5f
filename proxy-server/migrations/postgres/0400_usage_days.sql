-- The ledger summed up by day (days since 1970, UTC), so that sums over months do not read every line. Written in the
-- transaction that writes the lines.
CREATE TABLE usage_days (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    project_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    requests BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    cache_read_tokens BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    reasoning_tokens BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    PRIMARY KEY (user_id, day, provider, model, project_id, key_id)
);

INSERT INTO usage_days
SELECT user_id, at / 86400000, provider, model, project_id, key_id, COUNT(*), SUM(input_tokens),
    SUM(cache_read_tokens), SUM(cache_write_tokens), SUM(output_tokens), SUM(reasoning_tokens), SUM(cost)
FROM usage
GROUP BY user_id, at / 86400000, provider, model, project_id, key_id;
