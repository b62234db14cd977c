//! The server under test: a new process for each trial, on a core of its own if there are two.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    process::Command,
};

use analysis::{
    results::UpDown,
    scenario::{Database, ServerSettings, Sync},
};
use netlab::child;

use crate::{
    host::{clock, cores::Cores, procfs::ServerProcesses},
    postgres::Postgres,
    process::Process,
};

/// A running server, ended when dropped, and by the system when the lab ends without dropping it.
pub struct Server {
    process: Process,
    pub address: SocketAddr,
    /// The `Cookie` header field of the lab's account.
    pub cookie: String,
    connection: TcpStream,
    /// The bytes on its port before the trial: sign-up and creation of the rooms.
    pub set_up: UpDown,
    storage: Storage,
}

/// Where the server stores; removed with it.
enum Storage {
    Memory,
    /// A folder with a file of SQLite.
    Folder(PathBuf),
    Postgres(Postgres),
}

impl Storage {
    fn new(database: Database, cores: Cores) -> Result<Self, String> {
        Ok(match database {
            Database::Memory => Storage::Memory,
            Database::Sqlite => Storage::Folder(temporary_folder()?),
            Database::Postgres => {
                Storage::Postgres(Postgres::start(temporary_folder()?, cores.server)?)
            }
        })
    }

    /// What `--database` takes.
    fn location(&self) -> String {
        match self {
            Storage::Memory => ":memory:".into(),
            Storage::Folder(folder) => folder.join("lab.db").display().to_string(),
            Storage::Postgres(postgres) => postgres.url.clone(),
        }
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        if let Storage::Folder(folder) = self {
            // It is temporary.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Server {
    /// Starts `pushlab serve` in a child process, creates the lab's account and the rooms.
    ///
    /// # Errors
    /// A sentence: what could not be started, or which request was refused.
    pub fn start(settings: &ServerSettings, rooms: u32, cores: Cores) -> Result<Self, String> {
        let storage = Storage::new(settings.database, cores)?;
        let mut command = command(settings)?;
        command.arg("--database").arg(storage.location());
        if let Some(core) = cores.server {
            child::pin(&mut command, core);
        }
        // The trials run on the main thread, which ends with the lab.
        child::end_with_this_thread(&mut command);
        let process = Process::start(&mut command, "error")?;
        let address = process
            .address
            .parse()
            .map_err(|_| "the server's address is not valid")?;
        let connection = TcpStream::connect(address).map_err(|error| error.to_string())?;
        connection
            .set_nodelay(true)
            .map_err(|error| error.to_string())?;
        let mut server = Server {
            process,
            address,
            cookie: String::new(),
            connection,
            set_up: UpDown::default(),
            storage,
        };
        server.sign_up()?;
        for room in 0..rooms {
            let body = format!("{{\"name\":\"{}\"}}", room_name(room));
            server.post("/api/rooms", &body)?;
        }
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// It, and the first process of its database, if that has processes of its own.
    pub fn processes(&self) -> ServerProcesses {
        ServerProcesses {
            server: self.pid(),
            database: match &self.storage {
                Storage::Postgres(postgres) => Some(postgres.pid()),
                Storage::Memory | Storage::Folder(_) => None,
            },
        }
    }

    fn sign_up(&mut self) -> Result<(), String> {
        let account = r#"{"username":"lab","password":"correct horse"}"#;
        let headers = self.post("/api/accounts", account)?;
        let cookie = headers.split("set-cookie: ").nth(1);
        let cookie = cookie.and_then(|rest| rest.split(';').next());
        self.cookie = cookie.ok_or("the server set no cookie")?.into();
        Ok(())
    }

    /// Posts JSON, and returns the header section of the response, which must be 201.
    fn post(&mut self, path: &str, body: &str) -> Result<String, String> {
        let request = post_request(path, &self.address.to_string(), &self.cookie, body);
        let failed = |error: std::io::Error| format!("POST {path}: {error}");
        self.connection.write_all(&request).map_err(failed)?;
        let response = read_response(&mut self.connection).map_err(failed)?;
        self.set_up.up += request.len() as u64;
        self.set_up.down += response.len() as u64;
        let response = String::from_utf8_lossy(&response);
        if !response.starts_with("HTTP/1.1 201") {
            return Err(format!("POST {path} failed: {response}"));
        }
        Ok(response.split("\r\n\r\n").next().unwrap_or_default().into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended. Its database goes after it.
        let _ = self.process.child.kill();
        let _ = self.process.child.wait();
    }
}

/// The name of the room with this number.
pub fn room_name(number: u32) -> String {
    format!("r{number}")
}

/// A complete POST request.
pub fn post_request(path: &str, host: &str, cookie: &str, body: &str) -> Vec<u8> {
    let cookie = match cookie {
        "" => String::new(),
        cookie => format!("cookie: {cookie}\r\n"),
    };
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\n{cookie}content-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// The length of the response at the start of `bytes`, once its header section is complete.
pub fn response_length(bytes: &[u8]) -> Option<usize> {
    let header_end = memchr::memmem::find(bytes, b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..header_end]).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    Some(header_end + 4 + length.unwrap_or(0))
}

fn read_response(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut response = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while response_length(&response).is_none_or(|length| response.len() < length) {
        match stream.read(&mut buffer)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => response.extend_from_slice(&buffer[..read]),
        }
    }
    Ok(response)
}

/// The arguments of every trial's server, which the environment records too.
pub fn arguments(settings: &ServerSettings) -> Vec<String> {
    let sync = match settings.sync {
        Sync::Normal => "normal",
        Sync::Full => "full",
    };
    [
        "serve",
        "--faults",
        "off",
        "--bind",
        "127.0.0.1:0",
        "--bcrypt-cost",
        "4",
        "--workers",
        "1",
    ]
    .into_iter()
    .chain(["--keep-alive", &settings.keep_alive, "--sync", sync])
    .map(str::to_owned)
    .collect()
}

/// The command that starts this program as the server, without settings from the lab's environment.
fn command(settings: &ServerSettings) -> Result<Command, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(own);
    let set = std::env::vars_os().map(|(name, _)| name);
    for name in set.filter(|name| name.to_string_lossy().starts_with("PUSHLAB_")) {
        command.env_remove(name);
    }
    command
        .args(arguments(settings))
        .env_remove("DATABASE_URL")
        .env_remove("PORT");
    own_process_group(&mut command);
    Ok(command)
}

/// In a process group of its own the server does not receive Ctrl-C; the lab ends it.
#[cfg(unix)]
fn own_process_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_process_group(_command: &mut Command) {}

/// The folder with the databases of the trials.
pub fn databases() -> PathBuf {
    std::env::temp_dir()
}

fn temporary_folder() -> Result<PathBuf, String> {
    let name = format!("pushlab-lab-{}-{}", std::process::id(), clock::now());
    let folder = databases().join(name);
    std::fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::response_length;

    #[test]
    fn the_length_of_a_response() {
        assert_eq!(
            response_length(b"HTTP/1.1 204 No Content\r\n\r\n"),
            Some(27)
        );
        let full = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(response_length(full), Some(full.len()));
        assert_eq!(response_length(b"HTTP/1.1 201 Cre"), None);
    }
}
