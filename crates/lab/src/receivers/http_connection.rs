//! HTTP/1.1 over one connection, with the sizes of the header sections.

use std::pin::Pin;

use http_body_util::{BodyExt, Empty};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    client::conn::http1::{self, Connection, SendRequest},
};
use hyper_util::rt::TokioIo;

use super::{
    client::{Client, OpenConnection},
    counted_stream::{CountedStream, Reading},
    failure::Failure,
};

type Driver = Pin<Box<Connection<TokioIo<CountedStream>, Empty<Bytes>>>>;

/// A connection for one exchange after the other.
pub struct HttpConnection {
    sender: SendRequest<Empty<Bytes>>,
    driver: Driver,
    connection: OpenConnection,
}

/// A complete response.
pub struct HttpResponse {
    pub status: u16,
    pub body: Bytes,
    /// The reading of its last byte.
    pub reading: Reading,
    /// Bytes of the header sections of the request and of the response.
    pub request_headers: u64,
    pub response_headers: u64,
}

impl HttpConnection {
    /// # Errors
    /// The connection could not be opened.
    pub async fn open(client: &Client) -> Result<Self, Failure> {
        let connection = client.connect().await?;
        let io = TokioIo::new(connection.stream.clone());
        let (sender, driver) = http1::handshake(io).await?;
        Ok(HttpConnection {
            sender,
            driver: Box::pin(driver),
            connection,
        })
    }

    pub fn stream(&self) -> &CountedStream {
        &self.connection.stream
    }

    /// Sends a request, and reads the complete response.
    ///
    /// # Errors
    /// The connection ended before the response was complete.
    pub async fn request(
        &mut self,
        request: Request<Empty<Bytes>>,
    ) -> Result<HttpResponse, Failure> {
        let before = self.connection.stream.header_bytes();
        self.connection.stream.expect_header_section();
        let HttpConnection {
            sender,
            driver,
            connection,
        } = self;
        let work = async {
            let response = sender.send_request(request).await?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await?.to_bytes();
            Ok((status, body))
        };
        let (status, body) = driven(driver, work).await?;
        let after = connection.stream.header_bytes();
        Ok(HttpResponse {
            status,
            body,
            reading: connection.stream.last_reading(),
            request_headers: after.0 - before.0,
            response_headers: after.1 - before.1,
        })
    }

    /// Sends a request whose response does not end.
    ///
    /// # Errors
    /// The connection ended.
    pub async fn open_stream(
        &mut self,
        request: Request<Empty<Bytes>>,
    ) -> Result<Response<Incoming>, Failure> {
        self.connection.stream.expect_header_section();
        let HttpConnection { sender, driver, .. } = self;
        driven(driver, async { Ok(sender.send_request(request).await?) }).await
    }

    /// The next piece of such a response, and its reading.
    ///
    /// # Errors
    /// The response or the connection ended.
    pub async fn next_piece(&mut self, body: &mut Incoming) -> Result<(Bytes, Reading), Failure> {
        let HttpConnection {
            driver, connection, ..
        } = self;
        let piece = driven(driver, async {
            let frame = body.frame().await.ok_or(Failure::Closed)??;
            frame.into_data().map_err(|_| Failure::Closed)
        });
        Ok((piece.await?, connection.stream.last_reading()))
    }

    /// Waits while it watches the connection; false if the server closed it meanwhile.
    pub async fn stays_open_during(&mut self, wait: impl Future<Output = ()>) -> bool {
        tokio::pin!(wait);
        let closed = tokio::select! {
            biased;
            () = &mut wait => return true,
            _ = &mut self.driver => true,
        };
        wait.await;
        !closed
    }
}

/// Polls the connection while `work` is in progress.
async fn driven<T>(
    driver: &mut Driver,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => done,
        ended = driver => {
            // The work may be done with what was read before the end.
            ended?;
            work.await
        }
    }
}
