//! A WebSocket client.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::CloseFrame},
};

use super::User;

/// A WebSocket in a room.
pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// A received frame.
#[derive(Debug)]
pub enum Frame {
    Json(Value),
    Ping,
    Closed(Option<u16>),
}

impl Socket {
    /// # Errors
    /// The handshake was refused with this status.
    pub async fn open(user: &User, room: &str, query: &str) -> Result<Self, u16> {
        let url = format!("ws://{}/api/rooms/{room}/ws?{query}", user.address);
        Self::open_url(&url, &user.cookie(), None).await
    }

    /// # Errors
    /// The handshake was refused with this status.
    pub async fn open_url(url: &str, cookie: &str, origin: Option<&str>) -> Result<Self, u16> {
        let origin = origin.map(|origin| ("origin", origin));
        Self::connect(url, cookie, origin).await
    }

    /// Through a proxy, from this address.
    ///
    /// # Errors
    /// The handshake was refused with this status.
    pub async fn open_from(url: &str, cookie: &str, address: &str) -> Result<Self, u16> {
        Self::connect(url, cookie, Some(("x-forwarded-for", address))).await
    }

    async fn connect(
        url: &str,
        cookie: &str,
        extra: Option<(&'static str, &str)>,
    ) -> Result<Self, u16> {
        let mut request = url.into_client_request().unwrap();
        for (name, value) in [("cookie", cookie)].into_iter().chain(extra) {
            let headers = request.headers_mut();
            headers.insert(name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Socket { stream }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("the handshake failed: {error}"),
        }
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_raw(Message::text(frame.to_string())).await;
    }

    pub async fn send_message(&mut self, key: &str, body: &str) {
        self.send(json!({ "send": { "key": key, "body": body } }))
            .await;
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// The next frame of any kind.
    pub async fn frame(&mut self) -> Frame {
        loop {
            let next = super::soon("a frame", self.stream.next()).await;
            match next {
                Some(Ok(Message::Text(text))) => {
                    return Frame::Json(serde_json::from_str(&text).unwrap());
                }
                Some(Ok(Message::Ping(_))) => return Frame::Ping,
                Some(Ok(Message::Close(reason))) => {
                    return Frame::Closed(reason.map(|CloseFrame { code, .. }| code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Frame::Closed(None),
            }
        }
    }

    /// The next JSON frame; panics if the socket closes.
    pub async fn json(&mut self) -> Value {
        loop {
            match self.frame().await {
                Frame::Json(value) => return value,
                Frame::Ping => {}
                Frame::Closed(code) => panic!("the socket closed with {code:?}"),
            }
        }
    }

    /// The value of this member in the next JSON frame that has it; others are ignored.
    pub async fn member(&mut self, name: &str) -> Value {
        loop {
            if let Some(value) = self.json().await.get(name) {
                return value.clone();
            }
        }
    }

    /// Waits for the close frame, and returns its code; other frames are ignored.
    pub async fn closed(&mut self) -> Option<u16> {
        loop {
            if let Frame::Closed(code) = self.frame().await {
                return code;
            }
        }
    }
}
