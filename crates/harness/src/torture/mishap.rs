//! What befalls a server under load.

use std::time::Duration;

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use tokio::time::sleep;

use crate::Server;

/// How long it lasts.
const PAUSE: Duration = Duration::from_millis(300);
/// Longer than the server waits for the lock of its database.
const LONG_PAUSE: Duration = Duration::from_millis(5_500);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It is killed, and started again.
    Kill,
    /// It is stopped, and goes on.
    Freeze,
    /// Another process keeps the lock of the database.
    Lock,
    /// The lock is kept for longer than the server waits.
    LongLock,
    /// No file can grow.
    FullDisk,
}

impl Mishap {
    /// All but the kill.
    pub const OTHERS: [Mishap; 4] = [
        Mishap::Freeze,
        Mishap::Lock,
        Mishap::FullDisk,
        Mishap::LongLock,
    ];

    /// Lets it happen, and pass.
    ///
    /// # Panics
    /// It cannot be made to happen on this machine.
    pub async fn befall(self, server: &mut Server) {
        match self {
            Mishap::Kill => {
                server.kill();
                server.restart().await;
            }
            Mishap::Freeze => {
                server.freeze();
                sleep(PAUSE).await;
                server.thaw();
            }
            Mishap::Lock => lock(server, PAUSE).await,
            Mishap::LongLock => lock(server, LONG_PAUSE).await,
            Mishap::FullDisk => {
                server.let_no_file_grow();
                sleep(PAUSE).await;
                server.let_files_grow();
            }
        }
    }
}

async fn lock(server: &Server, pause: Duration) {
    let database = server.database();
    let database = database.to_str().expect("a temporary path is UTF-8");
    let mut other = SqliteConnection::establish(database).expect("the database opens");
    let begun = other.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
    begun.expect("the server leaves others a turn");
    sleep(pause).await;
    other.batch_execute("ROLLBACK").expect("a transaction ends");
}
