-- What a request cost, for which project, in millionths of the price table's currency; and money set aside.
ALTER TABLE usage ADD COLUMN project_id TEXT NOT NULL DEFAULT '';
ALTER TABLE usage ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
ALTER TABLE usage ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quotas ADD COLUMN cost_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quotas ADD COLUMN cost_reserved INTEGER NOT NULL DEFAULT 0;

-- What an admin lets a person spend in all. Without a row there is no such bound.
CREATE TABLE credits (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    granted INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    reserved INTEGER NOT NULL DEFAULT 0
);

-- What is set aside for requests under way; a server that died leaves its own behind until they expire.
CREATE TABLE reservations (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX reservations_by_expiry ON reservations (expires_at);
