//! A PostgreSQL of one trial, on the core of the server under test.

use std::{
    fs,
    io::{self, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use analysis::scenario::Scenario;
use netlab::child;

/// What of PostgreSQL is called.
const NEEDED: [&str; 4] = ["initdb", "postgres", "pg_ctl", "pg_isready"];
const START_LIMIT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

/// A running PostgreSQL, ended when dropped, and by the system when the lab ends without dropping it.
pub struct Postgres {
    process: Child,
    programs: PathBuf,
    folder: PathBuf,
    pub url: String,
}

/// The user under whom it runs where the lab runs as root, which PostgreSQL refuses.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Makes an empty one in `folder`, which it removes. Its commits survive a power failure.
    ///
    /// # Errors
    /// A sentence: PostgreSQL is not installed, or did not start.
    pub fn start(folder: PathBuf, core: Option<usize>) -> Result<Self, String> {
        let programs = programs().ok_or("PostgreSQL is not installed: apt install postgresql")?;
        let owner = Owner::find();
        give(&folder, owner).map_err(|error| format!("{}: {error}", folder.display()))?;
        let data = folder.join("data");
        let mut make = command(&programs, "initdb", owner);
        make.args([
            "--username",
            "pushlab",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
        ])
        .arg("--pgdata")
        .arg(&data);
        run(&mut make)?;
        let port = free_port().map_err(|error| error.to_string())?;
        let settings = format!(
            "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
        );
        add(&data.join("postgresql.conf"), &settings).map_err(|error| error.to_string())?;
        let mut serve = command(&programs, "postgres", owner);
        serve.arg("-D").arg(&data).stderr(Stdio::null());
        if let Some(core) = core {
            child::pin(&mut serve, core);
        }
        child::end_with_this_thread(&mut serve);
        let process = serve
            .spawn()
            .map_err(|error| format!("PostgreSQL: {error}"))?;
        let started = Postgres {
            process,
            programs,
            folder,
            url: format!("postgres://pushlab@127.0.0.1:{port}/postgres?sslmode=disable"),
        };
        started.until_ready(port)?;
        Ok(started)
    }

    /// Its first process, whose children are the others.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    fn until_ready(&self, port: u16) -> Result<(), String> {
        let begun = Instant::now();
        let mut ask = Command::new(self.programs.join("pg_isready"));
        ask.args([
            "--quiet",
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
        ]);
        while !ask.status().is_ok_and(|status| status.success()) {
            if begun.elapsed() > START_LIMIT {
                return Err("PostgreSQL did not start".into());
            }
            thread::sleep(POLL);
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It removes what it shares with its processes; the folder is removed in any case.
        let mut stop = command(&self.programs, "pg_ctl", Owner::find());
        stop.args(["stop", "--mode", "immediate", "--pgdata"])
            .arg(self.folder.join("data"));
        let _ = run(&mut stop);
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Leaves out the levels of `scenario` that need PostgreSQL, where it is not installed. Returns whether there
/// were any.
pub fn leave_out_if_missing(scenario: &mut Scenario) -> bool {
    programs().is_none() && leave_out(scenario)
}

fn leave_out(scenario: &mut Scenario) -> bool {
    let sweeps = scenario
        .experiments
        .iter_mut()
        .flat_map(|experiment| &mut experiment.sweep)
        .filter(|sweep| sweep.parameter == "database");
    let mut found = false;
    for sweep in sweeps {
        let before = sweep.values.len();
        sweep
            .values
            .retain(|value| value.as_str() != Some("postgres"));
        found |= sweep.values.len() < before;
    }
    found
}

/// The folder with the programs of the newest version: in PATH, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<_> = std::env::split_paths(&path).collect();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut debian: Vec<_> = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect();
    debian.sort();
    let mut all = in_path.into_iter().chain(debian.into_iter().rev());
    all.find(|folder| NEEDED.iter().all(|name| folder.join(name).is_file()))
}

impl Owner {
    #[cfg(unix)]
    fn find() -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        // Of this process.
        let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        let users = fs::read_to_string("/etc/passwd").ok().filter(|_| is_root)?;
        let line = users.lines().find(|line| line.starts_with("postgres:"))?;
        let mut fields = line.split(':').skip(2);
        Some(Owner {
            user: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    }

    #[cfg(not(unix))]
    fn find() -> Option<Self> {
        None
    }
}

fn command(programs: &Path, name: &str, owner: Option<Owner>) -> Command {
    let mut command = Command::new(programs.join(name));
    command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    run_as(&mut command, owner);
    command
}

#[cfg(unix)]
fn run_as(command: &mut Command, owner: Option<Owner>) {
    use std::os::unix::process::CommandExt;
    if let Some(Owner { user, group }) = owner {
        command.uid(user).gid(group);
    }
    // Ctrl-C is the lab's, which ends it.
    command.process_group(0);
}

#[cfg(not(unix))]
fn run_as(_command: &mut Command, _owner: Option<Owner>) {}

#[cfg(unix)]
fn give(folder: &Path, owner: Option<Owner>) -> io::Result<()> {
    let (user, group) = owner.map(|owner| (owner.user, owner.group)).unzip();
    std::os::unix::fs::chown(folder, user, group)
}

#[cfg(not(unix))]
fn give(_folder: &Path, _owner: Option<Owner>) -> io::Result<()> {
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("PostgreSQL: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "PostgreSQL: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn add(file: &Path, text: &str) -> io::Result<()> {
    let mut opened = fs::OpenOptions::new().append(true).open(file)?;
    opened.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_postgresql_is_left_out_and_nothing_else() {
        let mut scenario = Scenario::load("durability").unwrap();
        assert!(leave_out(&mut scenario));
        let databases = scenario
            .experiments
            .iter()
            .flat_map(|experiment| &experiment.sweep)
            .find(|sweep| sweep.parameter == "database")
            .unwrap();
        let left: Vec<_> = databases
            .values
            .iter()
            .filter_map(|value| value.as_str())
            .collect();
        assert_eq!(left, ["memory", "sqlite"]);
        assert!(!leave_out(&mut scenario));
    }
}
