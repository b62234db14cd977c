//! Forwards bytes until none was sent in either direction for too long.

use std::{cell::Cell, io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep_until},
};

const BUFFER_BYTES: usize = 16 * 1024;

pub async fn forward(client: TcpStream, server: SocketAddr, timeout: Duration) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let last_read_at = Cell::new(Instant::now());
    let both = async {
        tokio::try_join!(
            forward_one_way(client_read, server_write, &last_read_at),
            forward_one_way(server_read, client_write, &last_read_at)
        )
    };
    tokio::select! {
        ended = both => ended.map(drop),
        () = wait_until_idle(&last_read_at, timeout) => Ok(()),
    }
}

/// Forwards one direction until it ends.
async fn forward_one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    last_read_at: &Cell<Instant>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let length = from.read(&mut buffer).await?;
        last_read_at.set(Instant::now());
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..length]).await?;
    }
}

async fn wait_until_idle(last_read_at: &Cell<Instant>, timeout: Duration) {
    while last_read_at.get().elapsed() < timeout {
        sleep_until(last_read_at.get() + timeout).await;
    }
}
