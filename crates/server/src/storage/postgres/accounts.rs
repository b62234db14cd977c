//! Stores accounts and sessions.

use diesel::{dsl::exists, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{
    accounts::{
        Account, AccountStore, DisplayName, NO_PASSWORD, NewAccount, SessionId, SessionRow,
        Username,
    },
    store::StoreFuture,
};

use super::{
    Postgres,
    statement::{Statement, Value},
};
use crate::storage::{
    rows::{ACCOUNT, account, now_us},
    schema::{accounts, sessions},
};

const REPLACE: &str = "WITH ended AS (DELETE FROM sessions WHERE id = ? RETURNING id) \
     INSERT INTO sessions (id, account_id, expires_at) SELECT ?, ?, ? FROM ended";

impl AccountStore for Postgres {
    fn create(&self, new: NewAccount) -> StoreFuture<Option<Account>> {
        self.run(move |connection| {
            let new = new.clone();
            Box::pin(async move {
                diesel::insert_into(accounts::table)
                    .values((
                        accounts::username.eq(new.username.as_str()),
                        accounts::display_name.eq(new.display_name.as_str()),
                        accounts::password_hash.eq(&new.password_hash),
                        accounts::created_at.eq(now_us()),
                    ))
                    .on_conflict(accounts::username)
                    .do_nothing()
                    .execute(connection)
                    .await?;
                // It is there by this attempt or by one whose answer was lost; or the name is taken.
                accounts::table
                    .filter(accounts::username.eq(new.username.as_str()))
                    .filter(accounts::password_hash.eq(&new.password_hash))
                    .select(ACCOUNT)
                    .first(connection)
                    .await
                    .optional()
                    .map(|found| found.map(account))
            })
        })
    }

    fn keep(
        &self,
        account: i64,
        display_name: DisplayName,
        password_hash: String,
    ) -> StoreFuture<bool> {
        self.run(move |connection| {
            let (display_name, hash) = (display_name.clone(), password_hash.clone());
            Box::pin(async move {
                let guest = accounts::table
                    .find(account)
                    .filter(accounts::password_hash.eq(NO_PASSWORD));
                diesel::update(guest)
                    .set((
                        accounts::display_name.eq(display_name.as_str()),
                        accounts::password_hash.eq(&hash),
                    ))
                    .execute(connection)
                    .await?;
                // By this attempt, or by one whose answer was lost.
                let own = accounts::table
                    .find(account)
                    .filter(accounts::password_hash.eq(&hash));
                diesel::select(exists(own)).get_result(connection).await
            })
        })
    }

    fn find(&self, username: Username) -> StoreFuture<Option<(Account, String)>> {
        self.run(move |connection| {
            let username = username.clone();
            Box::pin(async move {
                accounts::table
                    .filter(accounts::username.eq(username.as_str()))
                    .select((ACCOUNT, accounts::password_hash))
                    .first(connection)
                    .await
                    .optional()
                    .map(|found| found.map(|(row, hash)| (account(row), hash)))
            })
        })
    }

    fn open_session(&self, session: SessionRow) -> StoreFuture<()> {
        self.run(move |connection| {
            let session = session.clone();
            Box::pin(async move {
                diesel::delete(sessions::table.filter(sessions::expires_at.le(now_us())))
                    .execute(connection)
                    .await?;
                insert(connection, &session).await
            })
        })
    }

    fn replace_session(&self, old: SessionId, session: SessionRow) -> StoreFuture<bool> {
        self.run(move |connection| {
            let (old, session) = (old.clone(), session.clone());
            Box::pin(async move {
                let values = vec![
                    Value::Text(&old.0),
                    Value::Text(&session.id.0),
                    Value::Number(session.account.id),
                    Value::Number(session.expires_at),
                ];
                let replaced = Statement::new(REPLACE, values).execute(connection);
                if replaced.await? == 1 {
                    return Ok(true);
                }
                // By an attempt whose answer was lost?
                let own = sessions::table.filter(sessions::id.eq(&session.id.0));
                diesel::select(exists(own)).get_result(connection).await
            })
        })
    }

    fn session(&self, id: SessionId) -> StoreFuture<Option<SessionRow>> {
        self.run(move |connection| {
            let id = id.clone();
            Box::pin(async move {
                let found = sessions::table
                    .inner_join(accounts::table)
                    .filter(sessions::id.eq(&id.0))
                    .select((ACCOUNT, sessions::expires_at))
                    .first(connection)
                    .await
                    .optional()?;
                Ok(found.map(|(row, expires_at)| SessionRow {
                    id,
                    account: account(row),
                    expires_at,
                }))
            })
        })
    }

    fn end_session(&self, id: SessionId) -> StoreFuture<()> {
        self.run(move |connection| {
            let id = id.clone();
            Box::pin(async move {
                diesel::delete(sessions::table.filter(sessions::id.eq(&id.0)))
                    .execute(connection)
                    .await
                    .map(drop)
            })
        })
    }

    fn end_all_sessions(&self, account: i64) -> StoreFuture<()> {
        self.run(move |connection| {
            Box::pin(async move {
                diesel::delete(sessions::table.filter(sessions::account_id.eq(account)))
                    .execute(connection)
                    .await
                    .map(drop)
            })
        })
    }
}

async fn insert(connection: &mut AsyncPgConnection, session: &SessionRow) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(&session.id.0),
            sessions::account_id.eq(session.account.id),
            sessions::expires_at.eq(session.expires_at),
        ))
        // An attempt whose answer was lost may have stored it.
        .on_conflict_do_nothing()
        .execute(connection)
        .await
        .map(drop)
}
