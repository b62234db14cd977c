//! A real nginx, for tests and measurements: one process, on the first core if pinning is possible.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::on_first_core;

/// Where Debian has it.
const PROGRAM: &str = "/usr/sbin/nginx";
const PATIENCE: Duration = Duration::from_secs(5);

/// A running nginx, which ends when it is dropped.
pub struct Nginx {
    process: Child,
    pub address: String,
    /// For its files, and for those of whoever uses it.
    pub folder: TempDir,
}

impl Nginx {
    /// Starts it with what `site` gives for its address and folder: directives of `http`. `None` where it
    /// is not installed or does not start.
    pub fn start(site: impl FnOnce(&str, &Path) -> String) -> Option<Self> {
        let program = Path::new(PROGRAM);
        if !program.is_file() {
            return None;
        }
        let folder = tempfile::tempdir().ok()?;
        let free = TcpListener::bind("127.0.0.1:0").ok()?;
        let address = free.local_addr().ok()?.to_string();
        drop(free);
        let at = folder.path().display();
        let configuration = format!(
            "daemon off; master_process off; worker_processes 1; pid {at}/pid; error_log {at}/log;\n\
             events {{ worker_connections 4096; }}\n\
             http {{ access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p;\n\
             fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;\n{} }}",
            site(&address, folder.path())
        );
        let file = folder.path().join("nginx.conf");
        fs::write(&file, configuration).ok()?;
        let process = on_first_core(program)
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let nginx = Nginx {
            process,
            address,
            folder,
        };
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if TcpStream::connect(&nginx.address).is_ok() {
                return Some(nginx);
            }
            thread::sleep(Duration::from_millis(10));
        }
        None
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
