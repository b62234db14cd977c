//! The server under measurement: a fresh process for each trial, on a core of its own where there
//! are two.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    process::Command,
};

use analysis::{
    results::UpDown,
    scenario::{Database, Server as Settings, Sync},
};

use crate::{
    host::{clock, cores::Cores},
    process::Process,
};

/// A running server, ended when dropped.
pub struct Server {
    process: Process,
    pub address: SocketAddr,
    /// The `Cookie` header of the lab's account.
    pub cookie: String,
    line: TcpStream,
    /// What crossed its port to set it up.
    pub set_up: UpDown,
    /// The folder of its database, where that is on the disk; removed with the server.
    folder: Option<PathBuf>,
}

impl Server {
    /// Starts `pushlab serve` in a child process, signs the lab's account in and makes the rooms.
    ///
    /// # Errors
    /// A sentence: what could not be started, or what was refused.
    pub fn start(settings: &Settings, rooms: u32, cores: Cores) -> Result<Self, String> {
        let folder = match settings.database {
            Database::Memory => None,
            Database::Sqlite => Some(own_folder()?),
        };
        let database = folder
            .as_ref()
            .map_or(PathBuf::from(":memory:"), |folder| folder.join("lab.db"));
        let mut command = command(settings)?;
        command.arg("--database").arg(database);
        let process = cores.on_server(|| Process::start(&mut command, "error"))?;
        let address = process
            .address
            .parse()
            .map_err(|_| "the server's address is none")?;
        let line = TcpStream::connect(address).map_err(|error| error.to_string())?;
        line.set_nodelay(true).map_err(|error| error.to_string())?;
        let mut server = Server {
            process,
            address,
            cookie: String::new(),
            line,
            set_up: UpDown::default(),
            folder,
        };
        server.sign_up()?;
        for room in 0..rooms {
            let body = format!("{{\"name\":\"{}\"}}", room_name(room));
            server.call("/api/rooms", &body)?;
        }
        Ok(server)
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    fn sign_up(&mut self) -> Result<(), String> {
        let account = r#"{"username":"lab","password":"correct horse"}"#;
        let head = self.call("/api/accounts", account)?;
        let cookie = head.split("set-cookie: ").nth(1);
        let cookie = cookie.and_then(|rest| rest.split(';').next());
        self.cookie = cookie.ok_or("the server set no cookie")?.into();
        Ok(())
    }

    /// Posts JSON; the head of the answer, which must be 201.
    fn call(&mut self, path: &str, body: &str) -> Result<String, String> {
        let request = post_request(path, &self.address.to_string(), &self.cookie, body);
        let failed = |error: std::io::Error| format!("POST {path}: {error}");
        self.line.write_all(&request).map_err(failed)?;
        let answer = read_answer(&mut self.line).map_err(failed)?;
        self.set_up.up += request.len() as u64;
        self.set_up.down += answer.len() as u64;
        let answer = String::from_utf8_lossy(&answer);
        if !answer.starts_with("HTTP/1.1 201") {
            return Err(format!("POST {path} was answered: {answer}"));
        }
        Ok(answer.split("\r\n\r\n").next().unwrap_or_default().into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server may still be writing into it, and may fail to: nothing of it is kept.
        let _ = self.process.child.kill();
        let _ = self.process.child.wait();
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// The name of a room, which a client and the publisher know by its number.
pub fn room_name(number: u32) -> String {
    format!("r{number}")
}

/// A whole request, in one piece.
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

/// The length of the answer that these bytes begin with, once its head is there.
pub fn answer_length(bytes: &[u8]) -> Option<usize> {
    let head = memchr::memmem::find(bytes, b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..head]).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    Some(head + 4 + length.unwrap_or(0))
}

fn read_answer(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while answer_length(&answer).is_none_or(|length| answer.len() < length) {
        match stream.read(&mut buffer)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => answer.extend_from_slice(&buffer[..read]),
        }
    }
    Ok(answer)
}

/// The arguments that every trial's server has, for the record too.
pub fn arguments(settings: &Settings) -> Vec<String> {
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

/// This program again, with no setting from the environment of who runs the lab.
fn command(settings: &Settings) -> Result<Command, String> {
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
    apart(&mut command);
    Ok(command)
}

/// Ctrl-C is for the lab, which then ends its server itself.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn apart(_command: &mut Command) {}

fn own_folder() -> Result<PathBuf, String> {
    let name = format!("pushlab-lab-{}-{}", std::process::id(), clock::now());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::answer_length;

    #[test]
    fn an_answer_tells_its_length() {
        assert_eq!(answer_length(b"HTTP/1.1 204 No Content\r\n\r\n"), Some(27));
        let full = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(answer_length(full), Some(full.len()));
        assert_eq!(answer_length(b"HTTP/1.1 201 Cre"), None);
    }
}
