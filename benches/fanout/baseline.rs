//! A room over actix-ws as its documentation uses it: a task and a session for each socket, and for each
//! message and reader a `text`. It keeps nothing, checks nothing and knows no accounts.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use actix_ws::Message;
use futures_util::StreamExt;
use harness::{on_first_core, read_response};
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// The argument with which this program is that server.
pub const ARGUMENT: &str = "actix-ws-server";
/// How many messages a reader may be behind.
const BEHIND: usize = 1_024;

/// The server as a process of its own, and a connection to it.
pub struct ActixWs {
    process: Child,
    pub address: String,
    connection: TcpStream,
}

impl ActixWs {
    pub fn start() -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut process = on_first_core(&program)
            .arg(ARGUMENT)
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let output = process.stdout.take().expect("it is piped");
        let mut address = String::new();
        BufReader::new(output)
            .read_line(&mut address)
            .expect("the server's address");
        let address = address.trim().to_owned();
        let connection = TcpStream::connect(&address).expect("the server accepts");
        connection.set_nodelay(true).expect("a TCP option");
        ActixWs {
            process,
            address,
            connection,
        }
    }

    /// Sends a message to all readers.
    pub fn post(&mut self, body: &str) {
        self.call("POST", "/api/rooms/lobby/messages", body);
    }

    /// Waits until so many readers are served.
    pub fn until_open(&mut self, readers: usize) {
        while self.call("GET", "/readers", "") != readers.to_string() {
            std::thread::yield_now();
        }
    }

    /// Sends a request, and returns the body of its response.
    fn call(&mut self, method: &str, path: &str, body: &str) -> String {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        self.connection
            .write_all(request.as_bytes())
            .expect("the server reads");
        read_response(&mut self.connection).1
    }
}

impl Drop for ActixWs {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves until the process is ended, with one worker.
pub fn serve() {
    let messages = channel::<String>(BEHIND).0;
    let served = actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(messages.clone()))
                .route("/api/rooms/lobby/ws", web::get().to(open))
                .route("/api/rooms/lobby/messages", web::post().to(post))
                .route("/readers", web::get().to(readers))
        });
        let server = server.workers(1).bind("127.0.0.1:0")?;
        println!("{}", server.addrs()[0]);
        server.run().await
    });
    served.expect("the server runs");
}

async fn open(
    request: HttpRequest,
    body: web::Payload,
    messages: web::Data<Sender<String>>,
) -> Result<HttpResponse, actix_web::Error> {
    let (response, session, frames) = actix_ws::handle(&request, body)?;
    actix_web::rt::spawn(read(messages.subscribe(), session, frames));
    Ok(response)
}

/// Serves a reader until its socket closes.
async fn read(
    mut messages: Receiver<String>,
    mut session: actix_ws::Session,
    mut frames: actix_ws::MessageStream,
) {
    loop {
        tokio::select! {
            message = messages.recv() => match message {
                Ok(message) => if session.text(message).await.is_err() {
                    return;
                },
                Err(_) => return,
            },
            frame = frames.next() => match frame {
                Some(Ok(Message::Ping(bytes))) => if session.pong(&bytes).await.is_err() {
                    return;
                },
                Some(Ok(Message::Pong(_) | Message::Text(_))) => {}
                _ => return,
            },
        }
    }
}

/// Sends a message as long as pushlab's.
async fn post(body: String, messages: web::Data<Sender<String>>) -> HttpResponse {
    let message = format!(
        "{{\"message\":{{\"seq\":1,\"room\":\"lobby\",\"author\":\"load\",\"display_name\":\"load\",\
         \"body\":\"{body}\",\"key\":null,\"sent_at\":\"2026-11-28T12:00:00.000000Z\"}}}}"
    );
    // Fails only without readers.
    let _ = messages.send(message);
    HttpResponse::Created().finish()
}

async fn readers(messages: web::Data<Sender<String>>) -> String {
    messages.receiver_count().to_string()
}
