-- What came of requests with an `Idempotency-Key`, for a day.
CREATE TABLE idempotency (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Both empty while the request runs.
    status BIGINT,
    answer TEXT,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_by_time ON idempotency (created_at);

-- In the version's own transaction: a crash between it and the row above makes no second version.
ALTER TABLE versions ADD COLUMN request_key TEXT;
CREATE UNIQUE INDEX versions_by_request ON versions (project_id, request_key);
