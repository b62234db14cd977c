//! nginx with one worker that answers every request with a constant 204, where it is installed.

use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use harness::on_first_core;
use tempfile::TempDir;

pub struct Nginx {
    process: Child,
    pub address: String,
    _folder: TempDir,
}

impl Nginx {
    /// `None` where it is not installed or does not start.
    pub fn start() -> Option<Self> {
        let program = Path::new("/usr/sbin/nginx");
        if !program.is_file() {
            return None;
        }
        let folder = tempfile::tempdir().ok()?;
        let port = TcpListener::bind("127.0.0.1:0")
            .ok()?
            .local_addr()
            .ok()?
            .port();
        let address = format!("127.0.0.1:{port}");
        let at = folder.path().display();
        let configuration = format!(
            "daemon off; master_process off; worker_processes 1; pid {at}/pid; error_log {at}/log;\n\
             events {{ worker_connections 4096; }}\n\
             http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {at}/b;\n\
             proxy_temp_path {at}/p; fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;\n\
             server {{ listen {address}; return 204; }} }}"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration).ok()?;
        let process = on_first_core(program)
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let nginx = Nginx {
            process,
            address,
            _folder: folder,
        };
        let until = Instant::now() + Duration::from_secs(5);
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
