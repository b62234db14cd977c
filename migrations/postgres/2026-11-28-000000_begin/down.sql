DROP TABLE shared, messages, rooms, sessions, accounts;
