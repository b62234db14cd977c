//! The floor: a server that does nothing but send. One thread, a buffer that is made once, and a `send`
//! for each reader and message. It keeps nothing, checks nothing, and knows one message.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
};

use harness::on_first_core;

use crate::fan_out::BODY_BYTES;

/// The argument with which this program is the bare server.
pub const ARGUMENT: &str = "bare-server";

/// A bare server in a process of its own.
pub struct BareServer {
    process: Child,
    pub address: String,
}

impl BareServer {
    pub fn start() -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut command: Command = on_first_core(&program);
        let mut process = command
            .arg(ARGUMENT)
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let mut address = String::new();
        let mut output = process.stdout.take().expect("it is piped");
        while !address.ends_with('\n') {
            let mut byte = [0];
            output.read_exact(&mut byte).expect("the server's address");
            address.push(char::from(byte[0]));
        }
        BareServer {
            process,
            address: address.trim().into(),
        }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for BareServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Accepts readers until the publisher connects, then sends what it publishes to all, until it closes.
pub fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("{}", listener.local_addr().expect("it is bound"));
    let mut readers = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.set_nodelay(true).expect("a TCP option");
        let request = read_head(&mut stream);
        stream
            .write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
            .expect("the client reads");
        if request.contains("after=") {
            stream.set_nonblocking(true).expect("a socket option");
            readers.push(stream);
        } else {
            return publish(&mut stream, &mut readers);
        }
    }
}

fn publish(publisher: &mut TcpStream, readers: &mut [TcpStream]) {
    let mut message = Message::new();
    let mut frame = vec![0; Message::PUBLISHED];
    while publisher.read_exact(&mut frame).is_ok() {
        let buffer = message.with(&frame);
        for reader in readers.iter_mut() {
            // A reader that takes nothing gets nothing.
            let _ = reader.write(buffer);
        }
    }
}

/// A frame as pushlab sends one, in which the body is exchanged.
struct Message {
    frame: Vec<u8>,
    body: usize,
}

impl Message {
    /// The bytes of a frame from the publisher: see `fan_out::frame`.
    const PUBLISHED: usize = crate::fan_out::FRAME_BYTES;

    fn new() -> Self {
        let before = "{\"message\":{\"seq\":10000,\"room\":\"lobby\",\"author\":\"load\",\
                      \"display_name\":\"load\",\"body\":\"";
        let after = "\",\"key\":\"00000000\",\"sent_at\":\"2026-11-28T12:00:00.000000Z\"}}";
        let length = before.len() + BODY_BYTES + after.len();
        let length = u16::try_from(length).expect("a short message");
        let header = [&[0x81, 126][..], &length.to_be_bytes()].concat();
        let body = header.len() + before.len();
        let frame = [
            &header,
            before.as_bytes(),
            &[b'0'; BODY_BYTES],
            after.as_bytes(),
        ]
        .concat();
        Message { frame, body }
    }

    fn with(&mut self, published: &[u8]) -> &[u8] {
        let end = published.len() - "\"}}".len();
        let body = &published[end - BODY_BYTES..end];
        self.frame[self.body..self.body + BODY_BYTES].copy_from_slice(body);
        &self.frame
    }
}

fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a request");
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}
