//! Stores accounts and sessions.

use diesel::prelude::*;
use domain::{
    accounts::{
        Account, AccountStore, DisplayName, NO_PASSWORD, NewAccount, SessionId, SessionRow,
        Username,
    },
    store::StoreFuture,
};

use super::{AnyConnection, Sqlite};
use crate::storage::{
    rows::{ACCOUNT, account, now_us},
    schema::{accounts, sessions},
};

impl AccountStore for Sqlite {
    fn create(&self, new: NewAccount) -> StoreFuture<Option<Account>> {
        self.run(move |connection| connection.write(|connection| create(connection, &new)))
    }

    fn keep(
        &self,
        account: i64,
        display_name: DisplayName,
        password_hash: String,
    ) -> StoreFuture<bool> {
        self.run(move |connection| {
            connection.write(|connection| {
                let guest = accounts::table
                    .find(account)
                    .filter(accounts::password_hash.eq(NO_PASSWORD));
                let kept = diesel::update(guest)
                    .set((
                        accounts::display_name.eq(display_name.as_str()),
                        accounts::password_hash.eq(&password_hash),
                    ))
                    .execute(connection)?;
                Ok(kept == 1)
            })
        })
    }

    fn find(&self, username: Username) -> StoreFuture<Option<(Account, String)>> {
        self.run(move |connection| {
            accounts::table
                .filter(accounts::username.eq(username.as_str()))
                .select((ACCOUNT, accounts::password_hash))
                .first(connection)
                .optional()
                .map(|found| found.map(|(row, hash)| (account(row), hash)))
        })
    }

    fn open_session(&self, session: SessionRow) -> StoreFuture<()> {
        self.run(move |connection| {
            connection.write(|connection| {
                diesel::delete(sessions::table.filter(sessions::expires_at.le(now_us())))
                    .execute(connection)?;
                insert(connection, &session)
            })
        })
    }

    fn replace_session(&self, old: SessionId, session: SessionRow) -> StoreFuture<bool> {
        self.run(move |connection| {
            connection.write(|connection| {
                let old = sessions::table.filter(sessions::id.eq(&old.0));
                let is_there = diesel::delete(old).execute(connection)? == 1;
                if is_there {
                    insert(connection, &session)?;
                }
                Ok(is_there)
            })
        })
    }

    fn session(&self, id: SessionId) -> StoreFuture<Option<SessionRow>> {
        self.run(move |connection| {
            let found = sessions::table
                .inner_join(accounts::table)
                .filter(sessions::id.eq(&id.0))
                .select((ACCOUNT, sessions::expires_at))
                .first(connection)
                .optional()?;
            Ok(found.map(|(row, expires_at)| SessionRow {
                id,
                account: account(row),
                expires_at,
            }))
        })
    }

    fn end_session(&self, id: SessionId) -> StoreFuture<()> {
        self.run(move |connection| {
            connection.write(|connection| {
                diesel::delete(sessions::table.filter(sessions::id.eq(&id.0)))
                    .execute(connection)
                    .map(drop)
            })
        })
    }

    fn end_all_sessions(&self, account: i64) -> StoreFuture<()> {
        self.run(move |connection| {
            connection.write(|connection| {
                diesel::delete(sessions::table.filter(sessions::account_id.eq(account)))
                    .execute(connection)
                    .map(drop)
            })
        })
    }
}

fn insert(connection: &mut AnyConnection, session: &SessionRow) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(&session.id.0),
            sessions::account_id.eq(session.account.id),
            sessions::expires_at.eq(session.expires_at),
        ))
        .execute(connection)
        .map(drop)
}

fn create(connection: &mut AnyConnection, new: &NewAccount) -> QueryResult<Option<Account>> {
    let matching = accounts::table.filter(accounts::username.eq(new.username.as_str()));
    let taken: i64 = matching.count().get_result(connection)?;
    if taken > 0 {
        return Ok(None);
    }
    diesel::insert_into(accounts::table)
        .values((
            accounts::username.eq(new.username.as_str()),
            accounts::display_name.eq(new.display_name.as_str()),
            accounts::password_hash.eq(&new.password_hash),
            accounts::created_at.eq(now_us()),
        ))
        .execute(connection)?;
    matching
        .select(ACCOUNT)
        .first(connection)
        .map(account)
        .map(Some)
}
