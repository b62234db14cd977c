//! Where a database is, and how a connection to it is made.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio::time::timeout;
use tokio_postgres::{
    Config, NoTls,
    config::{Host, SslMode, TargetSessionAttrs},
};

use super::tls::{self, Verify};
use crate::storage::Durability;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the database may acknowledge nothing before a connection counts as lost.
const SILENCE: Duration = Duration::from_secs(5);
/// How long a statement may take, and how long it may wait for a lock. A server that is paused in its transaction,
/// or whose machine has gone, keeps others from its rooms no longer than this.
const LIMITS: &str = "SET statement_timeout = '6s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '5s'; SET tcp_user_timeout = '10s'; \
     SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3";
/// Held by each connection of a server, so that nobody copies what changes meanwhile.
const USE: &str = "SELECT pg_advisory_lock_shared(7311000702)";
/// For who wants no server to use it.
pub const USE_ALONE: &str = "SET lock_timeout = '3s'; SELECT pg_advisory_lock(7311000702)";
/// For what takes as long as it takes: a migration, a copy.
pub const WITHOUT_LIMITS: &str = "SET statement_timeout = 0; SET lock_timeout = 0; \
     SET idle_in_transaction_session_timeout = 0";
/// After which silence, and in what steps, it is asked whether the database is still there.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(5), Duration::from_secs(2), 3);

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
        let limit = self.config.get_connect_timeout().copied();
        let limit = limit.unwrap_or(CONNECT_TIMEOUT);
        // The driver's own limit is for the handshake of TCP alone.
        timeout(limit, self.open(sync)).await.unwrap_or_else(|_| {
            let why = format!("no connection within {} s", limit.as_secs_f32());
            Err(ConnectionError::BadConnection(why))
        })
    }

    async fn open(&self, sync: Durability) -> ConnectionResult<AsyncPgConnection> {
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
        let settings = format!("{LIMITS}; SET synchronous_commit = {synchronous}; {USE}");
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
        let (mut mode, mut roots, mut of_system) = ("prefer".to_owned(), None, false);
        let mut others = form_urlencoded::Serializer::new(String::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sslmode" => mode = value.into_owned(),
                "sslrootcert" if value == "system" => of_system = true,
                "sslrootcert" => roots = Some(PathBuf::from(value.into_owned())),
                _ => drop(others.append_pair(&name, &value)),
            }
        }
        let url = format!("{address}?{}", others.finish());
        let mut config: Config = url.parse().map_err(|error| {
            format!("{error}: give postgres://USER:PASSWORD@HOST:PORT/DATABASE")
        })?;
        if of_system && mode != "verify-full" {
            return Err("sslrootcert=system needs sslmode=verify-full".into());
        }
        let (ssl, verify) = ssl(&mode, roots)?;
        config.ssl_mode(ssl);
        set_defaults(&mut config);
        Ok(Endpoint {
            config: Box::new(config),
            verify,
        })
    }
}

/// What the URL leaves open.
fn set_defaults(config: &mut Config) {
    let (idle, interval, retries) = KEEPALIVE;
    config
        .keepalives_idle(idle)
        .keepalives_interval(interval)
        .keepalives_retries(retries);
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    if config.get_application_name().is_none() {
        config.application_name("pushlab");
    }
    if config.get_target_session_attrs() == TargetSessionAttrs::Any {
        // A replica would refuse each post.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
}

/// What libpq's `sslmode` means. With a root certificate, `require` verifies as `verify-ca` does. Where libpq looks
/// for a file in the home, the authorities of the system count; they vouch for a name only.
fn ssl(mode: &str, roots: Option<PathBuf>) -> Result<(SslMode, Verify), String> {
    Ok(match (mode, roots) {
        ("disable", _) => (SslMode::Disable, Verify::Nothing),
        ("allow" | "prefer", _) => (SslMode::Prefer, Verify::Nothing),
        ("require", None) => (SslMode::Require, Verify::Nothing),
        ("require" | "verify-ca", Some(roots)) => (SslMode::Require, Verify::Chain(roots)),
        ("verify-full", roots) => (SslMode::Require, Verify::ChainAndName(roots)),
        ("verify-ca", None) => {
            return Err("sslmode=verify-ca needs sslrootcert=FILE; verify-full does not".into());
        }
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
        let hosts = self.config.get_hosts().iter().map(host);
        let ports = self.config.get_ports().iter().map(ToString::to_string);
        // One port may be for all hosts.
        let ports = ports.chain(std::iter::repeat(String::new()));
        let both = |(host, port): (String, String)| match &*port {
            "" => host,
            port => format!("{host}:{port}"),
        };
        let hosts: Vec<_> = hosts.zip(ports).map(both).collect();
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
        assert_eq!(endpoint.to_string(), "postgres://db.example:6543/chat");
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
            Ok(Verify::Chain("/ca.pem".into()))
        );
        assert_eq!(
            verify("sslrootcert=/ca.pem&sslmode=verify-full"),
            Ok(Verify::ChainAndName(roots))
        );
        assert!(verify("sslmode=maybe").unwrap_err().contains("verify-full"));
        assert!(endpoint("postgres://a:b:c/d").is_err());
    }
}
