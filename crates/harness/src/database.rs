//! Where a server of the tests stores.

use std::{
    env, fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// The address of a PostgreSQL in which each server of the tests gets a database of its own. Without it, each
/// gets a file of SQLite.
const POSTGRES: &str = "PUSHLAB_TEST_POSTGRES";

/// A database of one server, which is removed when dropped.
pub struct Database {
    folder: TempDir,
    /// `None` for the file in the folder.
    postgres: Option<PostgresDatabase>,
}

struct PostgresDatabase {
    /// Of a database that is always there.
    cluster: String,
    /// `None` if somebody else removes it.
    name: Option<String>,
}

impl Database {
    /// An empty one. `url` is a database in PostgreSQL that is somebody else's.
    pub fn new(url: Option<String>) -> Self {
        let given = |cluster| PostgresDatabase {
            cluster,
            name: None,
        };
        let postgres = url.map(given).or_else(|| {
            let cluster = env::var(POSTGRES).ok()?;
            Some(PostgresDatabase::create(cluster))
        });
        Database {
            folder: tempfile::tempdir().unwrap(),
            postgres,
        }
    }

    /// The file, where it is one of SQLite.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("lab.db")
    }

    /// What `--database` takes.
    pub fn location(&self) -> String {
        let of_file = || self.file().to_str().unwrap().to_owned();
        self.postgres
            .as_ref()
            .map_or_else(of_file, PostgresDatabase::url)
    }
}

impl PostgresDatabase {
    fn create(cluster: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let unique = folder.path().file_name().and_then(|name| name.to_str());
        let name = format!(
            "pushlab{}",
            unique.unwrap().to_lowercase().replace('.', "_")
        );
        query(&cluster, &format!("CREATE DATABASE {name}"));
        PostgresDatabase {
            cluster,
            name: Some(name),
        }
    }

    fn url(&self) -> String {
        match &self.name {
            Some(name) => {
                let (server, _) = self.cluster.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
            None => self.cluster.clone(),
        }
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            query(&self.cluster, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Runs a statement in a database of PostgreSQL, and returns its rows, a line each.
pub fn query(url: &str, sql: &str) -> String {
    let output = Command::new("psql")
        .args([url, "--no-psqlrc", "--quiet", "--no-align", "--tuples-only"])
        .args(["--command", sql])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{sql}: {told}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A PostgreSQL of its own, which is ended when dropped.
pub struct Cluster {
    folder: TempDir,
    pub url: String,
}

impl Cluster {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = call(&folder, &["up"]).trim().to_owned();
        Cluster { folder, url }
    }

    /// Ends it at once, as a crash would.
    pub fn stop(&self) {
        call(&self.folder, &["stop"]);
    }

    /// Lets it recover.
    pub fn recover(&self) {
        call(&self.folder, &["start"]);
    }

    /// A replica of this one.
    pub fn replica(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let of = self.folder.path().join("cluster");
        let url = call(&folder, &["follow", of.to_str().unwrap()]);
        Cluster {
            url: url.trim().to_owned(),
            folder,
        }
    }

    /// Makes a replica the one that is written to.
    pub fn promote(&self) {
        call(&self.folder, &["promote"]);
    }

    /// A file that its server can read, and nobody else but root.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let data = self.folder.path().join("cluster/data");
        let file = data.join(name);
        fs::write(&file, text).unwrap();
        let owner = fs::metadata(data).unwrap();
        std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file
    }

    /// Lets none of its files grow beyond 16 MiB, as a full disk would.
    pub fn let_no_file_grow(&self) {
        call(&self.folder, &["limit", "16777216:"]);
    }

    /// Lets files grow again.
    pub fn let_files_grow(&self) {
        call(&self.folder, &["limit", "unlimited:"]);
    }

    pub fn query(&self, sql: &str) -> String {
        query(&self.url, sql)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        call(&self.folder, &["down"]);
    }
}

fn call(folder: &TempDir, command: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres");
    let output = Command::new(script)
        .args(command)
        .env("PUSHLAB_POSTGRES", folder.path().join("cluster"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}
