DROP TABLE messages;
DROP TABLE rooms;
DROP TABLE sessions;
DROP TABLE accounts;
