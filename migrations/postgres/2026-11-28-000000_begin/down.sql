DROP VIEW history;
DROP TABLE shared, messages, rooms, sessions, accounts;
