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
    kind: Kind,
}

enum Kind {
    /// In the folder.
    File,
    Postgres(PostgresDatabase),
    /// Somebody else removes it.
    Given(String),
}

struct PostgresDatabase {
    /// A database that is always there.
    cluster: String,
    name: String,
}

impl Database {
    /// An empty one, or one that is given.
    pub fn new(given: Option<String>) -> Self {
        let kind = match (given, env::var(POSTGRES)) {
            (Some(location), _) => Kind::Given(location),
            (None, Ok(cluster)) => Kind::Postgres(PostgresDatabase::create(cluster)),
            (None, Err(_)) => Kind::File,
        };
        Database {
            folder: tempfile::tempdir().unwrap(),
            kind,
        }
    }

    /// The file, where it is one of SQLite.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("lab.db")
    }

    /// What `--database` takes.
    pub fn location(&self) -> String {
        match &self.kind {
            Kind::File => self.file().to_str().unwrap().to_owned(),
            Kind::Postgres(database) => database.url(),
            Kind::Given(location) => location.clone(),
        }
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
        PostgresDatabase { cluster, name }
    }

    fn url(&self) -> String {
        let (server, _) = self.cluster.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        query(&self.cluster, &drop);
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
        Self::begin("off")
    }

    /// One whose commits survive a power failure.
    pub fn start_durable() -> Self {
        Self::begin("on")
    }

    fn begin(fsync: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(&folder);
        let url = told(command.arg("up").env("PUSHLAB_FSYNC", fsync));
        Cluster {
            url: url.trim().to_owned(),
            folder,
        }
    }

    /// The processor time of all its processes so far, in nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        let file = self.folder.path().join("cluster/data/postmaster.pid");
        let text = fs::read_to_string(file).unwrap();
        let first: u32 = text.lines().next().unwrap().parse().unwrap();
        let own = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let pid: u32 = entry.unwrap().file_name().to_str()?.parse().ok()?;
            ProcessTime::of(pid)
        });
        let of_cluster = own.filter(|process| process.pid == first || process.parent == first);
        let ticks: u64 = of_cluster.map(|process| process.ticks).sum();
        ticks * 1_000_000_000 / TICKS_A_SECOND
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

    /// Stops all its processes with SIGSTOP: connections stay open, and nothing is answered.
    pub fn freeze(&self) {
        call(&self.folder, &["signal", "STOP"]);
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        call(&self.folder, &["signal", "CONT"]);
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

/// What Linux counts processor time in, in /proc.
const TICKS_A_SECOND: u64 = 100;

/// A process, and what it and its children that have ended have used.
struct ProcessTime {
    pid: u32,
    parent: u32,
    ticks: u64,
}

impl ProcessTime {
    fn of(pid: u32) -> Option<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name of the program, in parentheses, may have blanks.
        let (_, fields) = text.rsplit_once(") ")?;
        let fields: Vec<_> = fields.split(' ').collect();
        let times = fields[11..15]
            .iter()
            .filter_map(|field| field.parse::<u64>().ok());
        Some(ProcessTime {
            pid,
            parent: fields[1].parse().ok()?,
            ticks: times.sum(),
        })
    }
}

fn call(folder: &TempDir, arguments: &[&str]) -> String {
    told(command(folder).args(arguments))
}

fn command(folder: &TempDir) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres");
    let mut command = Command::new(script);
    command.env("PUSHLAB_POSTGRES", folder.path().join("cluster"));
    command
}

fn told(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}
