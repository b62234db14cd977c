-- What the first version of pushlab wrote; alice's password is "correct horse battery".
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO "__diesel_schema_migrations" VALUES('20261122000000','2026-11-28 23:27:44');
CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY NOT NULL,
    username      TEXT    NOT NULL UNIQUE,
    display_name  TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL
);
INSERT INTO "accounts" VALUES(1,'alice','Alice ✓','$2b$04$SpuQmcDm2/txK6VqH8k1RO5j/tc4uGqQx7SoRYv5eMjdnXvV8gATW',1795908464842445);
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
INSERT INTO "messages" VALUES(2,1,'alice','Alice ✓','first','k',1795908464868057);
INSERT INTO "messages" VALUES(2,2,'alice','Alice ✓','second ✓',NULL,1795908464879465);
INSERT INTO "messages" VALUES(2,3,'alice','Alice ✓','third',NULL,1795908464894465);
CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY NOT NULL,
    name       TEXT    NOT NULL UNIQUE,
    title      TEXT    NOT NULL,
    created_by TEXT,
    head       BIGINT  NOT NULL
);
INSERT INTO "rooms" VALUES(1,'lobby','Lobby',NULL,0);
INSERT INTO "rooms" VALUES(2,'kept','Kept ✓','alice',3);
CREATE TABLE sessions (
    id         TEXT   PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE UNIQUE INDEX messages_by_key ON messages (room_id, author, key) WHERE key IS NOT NULL;
COMMIT;
