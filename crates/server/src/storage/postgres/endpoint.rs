//! Where a database is, and how a connection to it is made.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode},
};

use super::tls::{self, Verify};
use crate::storage::Durability;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the database may acknowledge nothing before a connection counts as lost.
const SILENCE: Duration = Duration::from_secs(5);
/// How long a statement may take, and how long it may wait for a lock.
const TIMEOUTS: &str = "SET statement_timeout = '6s'; SET lock_timeout = '5s'";

/// A database server, as `postgres://` names it.
#[derive(Clone)]
pub struct Endpoint {
    // It is large.
    config: Box<Config>,
    verify: Verify,
}

impl Endpoint {
    /// Opens a connection.
    ///
    /// # Errors
    /// It could not be opened.
    pub async fn connect(&self, sync: Durability) -> ConnectionResult<AsyncPgConnection> {
        let opened = if self.config.get_ssl_mode() == SslMode::Disable {
            let (client, connection) = self.config.connect(NoTls).await.map_err(bad)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        } else {
            let tls = tls::connector(&self.verify).map_err(ConnectionError::BadConnection)?;
            let (client, connection) = self.config.connect(tls).await.map_err(bad)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        };
        let mut opened = opened?;
        let synchronous = match sync {
            Durability::Full => "on",
            Durability::Normal => "off",
        };
        let settings = format!("{TIMEOUTS}; SET synchronous_commit = {synchronous}");
        let set = opened.batch_execute(&settings).await;
        set.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(opened)
    }
}

fn bad(error: tokio_postgres::Error) -> ConnectionError {
    // Its own text is only of what kind it is.
    let why = std::error::Error::source(&error).map(ToString::to_string);
    ConnectionError::BadConnection(match why {
        Some(why) => format!("{error}: {why}"),
        None => error.to_string(),
    })
}

impl FromStr for Endpoint {
    type Err = String;

    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?PARAMETER=VALUE`. The parameters are those of libpq;
    /// `sslmode` and `sslrootcert` mean what they mean there.
    fn from_str(url: &str) -> Result<Self, String> {
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots) = ("prefer".to_owned(), None);
        let mut others = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => mode = value.into_owned(),
                "sslrootcert" => roots = Some(PathBuf::from(value.into_owned())),
                _ => drop(others.append_pair(&name, &value)),
            }
        }
        let url = format!("{address}?{}", others.finish());
        let mut config: Config = url.parse().map_err(|error| {
            format!("{error}: give postgres://USER:PASSWORD@HOST:PORT/DATABASE")
        })?;
        let (ssl, verify) = ssl(&mode, roots)?;
        config
            .ssl_mode(ssl)
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(SILENCE)
            .application_name("pushlab");
        Ok(Endpoint {
            config: Box::new(config),
            verify,
        })
    }
}

/// What libpq's `sslmode` means. With a root certificate, `require` verifies as `verify-ca` does.
fn ssl(mode: &str, roots: Option<PathBuf>) -> Result<(SslMode, Verify), String> {
    Ok(match (mode, roots) {
        ("disable", _) => (SslMode::Disable, Verify::Nothing),
        ("allow" | "prefer", _) => (SslMode::Prefer, Verify::Nothing),
        ("require", None) => (SslMode::Require, Verify::Nothing),
        ("require" | "verify-ca", roots) => (SslMode::Require, Verify::Chain(roots)),
        ("verify-full", roots) => (SslMode::Require, Verify::ChainAndName(roots)),
        (other, _) => {
            return Err(format!(
                "sslmode={other} is unknown: give disable, prefer, require, verify-ca or verify-full"
            ));
        }
    })
}

/// Without the password.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = |host: &Host| match host {
            Host::Tcp(host) => host.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        };
        let hosts: Vec<_> = self.config.get_hosts().iter().map(host).collect();
        let database = self.config.get_dbname().or(self.config.get_user());
        let database = database.unwrap_or_default();
        write!(f, "postgres://{}/{database}", hosts.join(","))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.config == other.config
    }
}

impl Eq for Endpoint {}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str) -> Result<Endpoint, String> {
        url.parse()
    }

    #[test]
    fn a_password_is_not_shown() {
        let endpoint =
            endpoint("postgres://me:secret@db.example:6543/chat?sslmode=disable").unwrap();
        assert_eq!(endpoint.to_string(), "postgres://db.example/chat");
        assert!(!format!("{endpoint:?}").contains("secret"));
    }

    #[test]
    fn ssl_modes_are_those_of_libpq() {
        let verify =
            |query: &str| endpoint(&format!("postgres://a/b?{query}")).map(|one| one.verify);
        assert_eq!(verify(""), Ok(Verify::Nothing));
        assert_eq!(verify("sslmode=require"), Ok(Verify::Nothing));
        let roots = Some(PathBuf::from("/ca.pem"));
        assert_eq!(
            verify("sslmode=require&sslrootcert=/ca.pem"),
            Ok(Verify::Chain(roots.clone()))
        );
        assert_eq!(
            verify("sslrootcert=/ca.pem&sslmode=verify-full"),
            Ok(Verify::ChainAndName(roots))
        );
        assert!(verify("sslmode=maybe").unwrap_err().contains("verify-full"));
        assert!(endpoint("postgres://a:b:c/d").is_err());
    }
}
