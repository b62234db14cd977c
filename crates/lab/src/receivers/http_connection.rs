//! HTTP/1.1 over one connection: a request, an answer, and how many bytes their heads took.

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
    counted_stream::CountedStream,
    failure::Failure,
};

type Driver = Pin<Box<Connection<TokioIo<CountedStream>, Empty<Bytes>>>>;

/// A connection for one request after the other.
pub struct HttpConnection {
    sender: SendRequest<Empty<Bytes>>,
    driver: Driver,
    connection: OpenConnection,
}

/// A whole answer.
pub struct HttpResponse {
    pub status: u16,
    pub body: Bytes,
    /// When its last byte came.
    pub at: u64,
    /// Bytes of the request, and of the answer's head.
    pub request: u64,
    pub head: u64,
}

impl HttpConnection {
    /// # Errors
    /// No connection.
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

    /// Asks, and takes the whole answer.
    ///
    /// # Errors
    /// The connection ended before the answer did.
    pub async fn ask(&mut self, request: Request<Empty<Bytes>>) -> Result<HttpResponse, Failure> {
        let before = self.connection.stream.heads();
        self.connection.stream.expect_head();
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
        let after = connection.stream.heads();
        Ok(HttpResponse {
            status,
            body,
            at: connection.stream.heard(),
            request: after.0 - before.0,
            head: after.1 - before.1,
        })
    }

    /// Asks for an answer that never ends.
    ///
    /// # Errors
    /// The connection ended.
    pub async fn begin(
        &mut self,
        request: Request<Empty<Bytes>>,
    ) -> Result<Response<Incoming>, Failure> {
        self.connection.stream.expect_head();
        let HttpConnection { sender, driver, .. } = self;
        driven(driver, async { Ok(sender.send_request(request).await?) }).await
    }

    /// The next piece of an answer that was begun, and when it came.
    ///
    /// # Errors
    /// The end of the answer, or of the connection.
    pub async fn next(&mut self, body: &mut Incoming) -> Result<(Bytes, u64), Failure> {
        let HttpConnection {
            driver, connection, ..
        } = self;
        let piece = driven(driver, async {
            let frame = body.frame().await.ok_or(Failure::Closed)??;
            frame.into_data().map_err(|_| Failure::Closed)
        });
        Ok((piece.await?, connection.stream.heard()))
    }

    /// Waits with an ear on the connection; false if the server closed it meanwhile.
    pub async fn is_kept_for(&mut self, wait: impl Future<Output = ()>) -> bool {
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

/// Does the work while the connection is looked after.
async fn driven<T>(
    driver: &mut Driver,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::pin!(work);
    tokio::select! {
        biased;
        done = &mut work => done,
        ended = driver => {
            // What it had read before its end may be all that there was to wait for.
            ended?;
            work.await
        }
    }
}
