-- People as other issuers know them. One person may have several; only what an issuer has vouched for is kept.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- Leave to choose a new password, sent by mail: single use, for half an hour; only hashes are kept.
CREATE TABLE password_resets (
    hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);

-- Switches of the service that an admin has set otherwise for one person.
CREATE TABLE flag_overrides (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    flag TEXT NOT NULL,
    is_on INTEGER NOT NULL,
    PRIMARY KEY (user_id, flag)
);
