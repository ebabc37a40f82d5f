-- Long requests that go on without their client, and what they told.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    -- running, done, failed or cancelled
    status TEXT NOT NULL,
    -- The last event's data once it has ended: the answer, or the error.
    outcome TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Its server says so often that it lives; later than this it has died.
    alive_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX jobs_by_user ON jobs (user_id, status);
CREATE INDEX jobs_by_expiry ON jobs (expires_at);

CREATE TABLE job_events (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);
