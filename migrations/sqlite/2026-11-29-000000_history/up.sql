-- One row. It is renewed when numbers of messages may be given again: after a restore.
CREATE TABLE history (epoch TEXT PRIMARY KEY NOT NULL);
INSERT INTO history VALUES (lower(hex(randomblob(16))));
