-- Times are microseconds since 1970, UTC.

CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY NOT NULL,
    username      TEXT    NOT NULL UNIQUE,
    display_name  TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL
);

-- The id is the digest of the token that the browser holds.
CREATE TABLE sessions (
    id         TEXT   PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY NOT NULL,
    name       TEXT    NOT NULL UNIQUE,
    title      TEXT    NOT NULL,
    created_by TEXT,
    head       BIGINT  NOT NULL
);

-- The author's names are kept as they were, so that a message is the same bytes for ever.
CREATE TABLE messages (
    room_id      BIGINT NOT NULL REFERENCES rooms (id),
    seq          BIGINT NOT NULL,
    author       TEXT   NOT NULL,
    display_name TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    key          TEXT,
    sent_at      BIGINT NOT NULL,
    PRIMARY KEY (room_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX messages_by_key ON messages (room_id, author, key) WHERE key IS NOT NULL;

INSERT INTO rooms (name, title, created_by, head) VALUES ('lobby', 'Lobby', NULL, 0);
