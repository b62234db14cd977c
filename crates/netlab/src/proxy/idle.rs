//! Passes bytes on, until nothing has moved for too long.

use std::{cell::Cell, io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep_until},
};

const BUFFER_BYTES: usize = 16 * 1024;

pub async fn carry(client: TcpStream, server: SocketAddr, patience: Duration) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let moved = Cell::new(Instant::now());
    let both = async {
        tokio::try_join!(
            pump(client_read, server_write, &moved),
            pump(server_read, client_write, &moved)
        )
    };
    tokio::select! {
        ended = both => ended.map(drop),
        () = idle(&moved, patience) => Ok(()),
    }
}

/// One way, until it ends.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    moved: &Cell<Instant>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let length = from.read(&mut buffer).await?;
        moved.set(Instant::now());
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..length]).await?;
    }
}

async fn idle(moved: &Cell<Instant>, patience: Duration) {
    while moved.get().elapsed() < patience {
        sleep_until(moved.get() + patience).await;
    }
}
