//! The requests of a connection, one after the other, around the codec of actix-http.
//!
//! A connection that waits for a request owns its socket and a small state, no buffer. The codec parses
//! and encodes header sections; the application answers.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_http::{
    ConnectionType, HttpMessage, Method, Payload, Request, Response, ServiceConfig, StatusCode,
    Version,
    body::{BodySize, BoxBody, MessageBody},
    error::{ParseError, PayloadError},
    h1::{Codec, Message, MessageType},
    header::{HeaderName, HeaderValue},
};
use actix_service::Service;
use actix_web::{
    ResponseError,
    web::{BytesMut, Data},
};
use tokio::time::{Instant, timeout};
use tokio_util::codec::{Decoder, Encoder};

use super::request_body::{self, BodySender};
use crate::{
    connection::Wire,
    http::{Error, KnownCookies, State, check_request, content_length, name_session_cookie},
    limits::Refusal,
    transport::{ReadRequest, poll},
};

/// How long a client has for the header section of a request: the first from the beginning of the
/// connection, each other from its first byte.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection goes on to receive after its last response, so that the peer gets it: closing a
/// socket with unread bytes resets the connection.
const LINGER: Duration = Duration::from_secs(2);
/// The most that is received then.
const MOST_LINGERING: usize = 16 << 20;
/// How much of a response is collected before it is sent.
const MOST_QUEUED: usize = 32 << 10;
/// How much of later requests is received while one is answered.
const MOST_AHEAD: usize = 16 << 10;
/// Names the server that sent the response, if several serve the same log.
const SERVER_NAME: HeaderName = HeaderName::from_static("x-pushlab-server");
/// How often a stream whose peer takes nothing looks whether it must end.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// What the connections of a thread share.
pub struct Shared<S> {
    /// Answers requests.
    pub app: S,
    pub config: ServiceConfig,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    pub state: Data<State>,
    pub known_cookies: Rc<KnownCookies>,
}

/// Serves the requests of a connection until it ends.
pub async fn serve<S, B>(wire: Rc<Wire>, shared: Rc<Shared<S>>)
where
    S: Service<Request>,
    S::Error: Into<Response<BoxBody>>,
    S::Response: Into<Response<B>>,
    B: MessageBody + 'static,
{
    let mut connection = Connection::new(wire, shared);
    if let Err(error) = connection.run().await {
        tracing::debug!(%error, "a connection failed");
    }
}

/// Tells a connection that it may not be served, before it asks for anything.
pub async fn refuse<S>(wire: Rc<Wire>, shared: Rc<Shared<S>>, refusal: Box<Refusal>) {
    let Some(_counted) = refusal.told else {
        return;
    };
    let mut connection = Connection::new(wire, shared);
    connection.is_unreadable = true;
    let told = async {
        connection.begin_response(refusal.error.error_response().into())?;
        poll_fn(|cx| connection.wire.poll_flush(cx)).await?;
        connection.close().await
    };
    if let Err(error) = told.await {
        tracing::debug!(%error, "a connection that was refused failed");
    }
}

/// By when a request is due.
struct Due {
    /// Its first byte.
    beginning: Instant,
    is_first: bool,
}

impl Due {
    fn first() -> Self {
        Due {
            beginning: Instant::now() + HEADER_TIMEOUT,
            is_first: true,
        }
    }

    /// Another request, of a connection that is kept for so long.
    fn next(keep_alive: Duration) -> Self {
        Due {
            beginning: Instant::now() + keep_alive,
            is_first: false,
        }
    }

    /// By when the rest of its header section is due, once it has begun.
    fn header(&self) -> Instant {
        match self.is_first {
            true => self.beginning,
            false => Instant::now() + HEADER_TIMEOUT,
        }
    }
}

struct Connection<S> {
    wire: Rc<Wire>,
    shared: Rc<Shared<S>>,
    codec: Codec,
    /// What has been received and not been decoded.
    input: BytesMut,
    /// The peer sends nothing more.
    input_ended: bool,
    /// Whether the client of the current request knows chunks (RFC 9112, 7.1).
    takes_chunks: bool,
    /// What follows in the input cannot be decoded.
    is_unreadable: bool,
    /// Where the rest of the current request's body goes.
    body: Option<BodySender>,
}

impl<S> Connection<S> {
    fn new(wire: Rc<Wire>, shared: Rc<Shared<S>>) -> Self {
        Connection {
            codec: Codec::new(shared.config.clone()),
            input: BytesMut::new(),
            input_ended: false,
            takes_chunks: true,
            is_unreadable: false,
            body: None,
            wire,
            shared,
        }
    }

    /// What is done now and then is in boxes: a connection that waits for a request, or streams, has no
    /// room for it.
    async fn run<B>(&mut self) -> io::Result<()>
    where
        S: Service<Request>,
        S::Error: Into<Response<BoxBody>>,
        S::Response: Into<Response<B>>,
        B: MessageBody + 'static,
    {
        let mut due = Due::first();
        while poll_fn(|cx| self.poll_begin(cx, &due)).await? {
            let stream = match Box::pin(self.response(due.header())).await? {
                Some(response) => self.begin_response(response)?,
                None => None,
            };
            if let Some(mut body) = stream {
                poll_fn(|cx| self.poll_stream(cx, &mut body)).await?;
            }
            poll_fn(|cx| self.wire.poll_flush(cx)).await?;
            self.body = None;
            if self.input_ended || !self.codec.keep_alive() {
                return Box::pin(self.close()).await;
            }
            due = Due::next(self.shared.keep_alive);
        }
        Ok(())
    }

    /// Waits for the beginning of a request. False if the connection is to be closed without a response.
    fn poll_begin(&mut self, cx: &mut Context<'_>, due: &Due) -> Poll<io::Result<bool>> {
        if !self.input.is_empty() {
            return Poll::Ready(Ok(true));
        }
        self.input = BytesMut::new();
        if let Poll::Ready(received) = self.wire.poll_read(cx, &mut self.input)? {
            return Poll::Ready(Ok(received > 0));
        }
        if self.shared.state.drain.has_begun() {
            return Poll::Ready(Ok(false));
        }
        // The first request is due, and is told so.
        ready!(self.wire.alarm().poll_until(cx, due.beginning));
        Poll::Ready(Ok(due.is_first))
    }

    /// Receives the header section of a request.
    fn poll_request(
        &mut self,
        cx: &mut Context<'_>,
        deadline: Instant,
    ) -> Poll<io::Result<Result<Request, Error>>> {
        loop {
            match self.codec.decode(&mut self.input) {
                Ok(Some(Message::Item(request))) => return Poll::Ready(Ok(Ok(request))),
                Ok(_) => {}
                Err(error) => return Poll::Ready(Ok(Err(self.unreadable(&error)))),
            }
            match self.wire.poll_read(cx, &mut self.input)? {
                Poll::Ready(0) => {
                    return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
                }
                Poll::Ready(_) => {}
                Poll::Pending => {
                    if self.shared.state.drain.has_begun() {
                        return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
                    }
                    ready!(self.wire.alarm().poll_until(cx, deadline));
                    self.give_up_reading();
                    return Poll::Ready(Ok(Err(Error::request_timeout())));
                }
            }
        }
    }

    fn give_up_reading(&mut self) {
        // A codec that has decoded nothing: the refusal is not that of the request before.
        self.codec = Codec::new(self.shared.config.clone());
        self.is_unreadable = true;
    }

    fn unreadable(&mut self, error: &ParseError) -> Error {
        self.give_up_reading();
        match error {
            ParseError::TooLarge => Error::header_too_large(),
            error => Error::bad_request(format!("the request could not be read: {error}")),
        }
    }

    /// The response to the next request; `None` if it is queued or has been sent.
    async fn response<B>(&mut self, deadline: Instant) -> io::Result<Option<Response<BoxBody>>>
    where
        S: Service<Request>,
        S::Error: Into<Response<BoxBody>>,
        S::Response: Into<Response<B>>,
        B: MessageBody + 'static,
    {
        let mut request = match poll_fn(|cx| self.poll_request(cx, deadline)).await? {
            Ok(request) => request,
            Err(refusal) => return Ok(Some(refusal.error_response().into())),
        };
        tracing::debug!(method = %request.method(), uri = %request.uri(), "request");
        self.wire.meter().begin_request();
        self.takes_chunks = request.version() >= Version::HTTP_11;
        request.head_mut().peer_addr = self.wire.peer();
        name_session_cookie(request.head_mut());
        self.begin_body(&mut request);
        if let Err(refusal) = check_request(request.head(), &self.shared.state, &self.wire) {
            return Ok(Some(refusal.error_response().into()));
        }
        if request.head().expect() && self.body.is_some() {
            self.wire.queue(|out| out.extend_from_slice(CONTINUE));
            poll_fn(|cx| self.wire.poll_flush(cx)).await?;
        }
        let (state, known) = (&self.shared.state, &self.shared.known_cookies);
        if self.body.is_none()
            && let Some(read) = ReadRequest::of_known(request.head(), known, state, &self.wire)
        {
            drop(request);
            return self.answer_poll(read).await;
        }
        request.extensions_mut().insert(self.wire.clone());
        let shared = self.shared.clone();
        let response = Box::pin(shared.app.call(request));
        Ok(Some(match self.receive_while(response).await? {
            Ok(response) => response.into().map_into_boxed_body(),
            Err(error) => error.into(),
        }))
    }

    /// The response to a poll, as [`Connection::response`] returns it.
    async fn answer_poll(
        &mut self,
        read: Result<ReadRequest, Error>,
    ) -> io::Result<Option<Response<BoxBody>>> {
        let answer = match read.and_then(poll::open) {
            Ok(poll) => self.receive_while(poll).await?,
            Err(refusal) => Err(refusal),
        };
        Ok(match answer {
            Ok(poll::Answer::Response(response)) => Some(response.into()),
            Ok(poll::Answer::Encoded(bytes)) => {
                self.wire.queue(|out| out.extend_from_slice(&bytes));
                None
            }
            Ok(poll::Answer::Sent) => None,
            Err(refusal) => Some(refusal.error_response().into()),
        })
    }

    fn begin_body(&mut self, request: &mut Request) {
        if self.codec.message_type() == MessageType::Stream && !is_handshake(request) {
            self.decode_as_length(request);
        }
        if self.codec.message_type() == MessageType::None {
            return;
        }
        let (sender, receiver) = request_body::channel();
        *request.payload() = Payload::Stream {
            payload: Box::pin(receiver),
        };
        self.body = Some(sender);
        self.feed_body();
    }

    /// The codec takes all that follows a request with `Upgrade: websocket` for its body. Where it is no
    /// handshake, the field is ignored (RFC 9110, 7.8), and the body is as long as it says.
    fn decode_as_length(&mut self, request: &Request) {
        let method = if request.method() == Method::HEAD {
            "HEAD"
        } else {
            "POST"
        };
        let connection = if self.codec.upgrade() && self.takes_chunks {
            "keep-alive"
        } else {
            "close"
        };
        let header = format!(
            "{method} / {:?}\r\nhost: -\r\nconnection: {connection}\r\ncontent-length: {}\r\n\r\n",
            request.version(),
            content_length(request.head()).unwrap_or_default()
        );
        self.codec = Codec::new(self.shared.config.clone());
        let decoded = self.codec.decode(&mut BytesMut::from(header.as_bytes()));
        debug_assert!(matches!(decoded, Ok(Some(Message::Item(_)))));
    }

    /// Decodes what has been received of the current request's body.
    fn feed_body(&mut self) {
        while let Some(body) = self.body.take() {
            match self.codec.decode(&mut self.input) {
                Ok(Some(Message::Chunk(Some(part)))) => {
                    body.send(part);
                    self.body = Some(body);
                }
                Ok(Some(_)) => body.end(Ok(())),
                Ok(None) => {
                    self.body = Some(body);
                    return;
                }
                Err(_) => {
                    self.is_unreadable = true;
                    body.end(Err(PayloadError::EncodingCorrupted));
                }
            }
        }
    }

    /// Receives what the peer sends while it waits for a response. Ready once the peer sends nothing
    /// more.
    fn poll_input(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            self.feed_body();
            self.wire
                .set_ahead(self.body.is_none() && !self.input.is_empty());
            let wants_more = match &self.body {
                Some(body) => body.poll_ready(cx),
                None => self.input.len() < MOST_AHEAD,
            };
            if !wants_more {
                return Poll::Pending;
            }
            if ready!(self.wire.poll_read(cx, &mut self.input))? == 0 {
                self.input_ended = true;
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Waits for a response. Fails if the peer is gone before.
    async fn receive_while<F: Future + ?Sized>(
        &mut self,
        mut response: Pin<Box<F>>,
    ) -> io::Result<F::Output> {
        poll_fn(|cx| {
            loop {
                if let Poll::Ready(response) = response.as_mut().poll(cx) {
                    return Poll::Ready(Ok(response));
                }
                if self.input_ended {
                    return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
                }
                ready!(self.poll_input(cx))?;
            }
        })
        .await
    }

    /// Queues a response, or the header section of one that streams, whose body it returns.
    fn begin_response(&mut self, response: Response<BoxBody>) -> io::Result<Option<BoxBody>> {
        self.feed_body();
        let (mut header, body) = response.into_parts();
        if let Some(name) = self.wire.meter().server() {
            let value = HeaderValue::from_static(name);
            header.headers_mut().insert(SERVER_NAME, value);
        }
        let is_upgraded = header.status() == StatusCode::SWITCHING_PROTOCOLS;
        let ends_with_connection = body.size() == BodySize::Stream && !self.takes_chunks;
        if ends_with_connection || is_upgraded {
            header.head_mut().no_chunking(true);
        }
        if !is_upgraded && (ends_with_connection || self.must_close()) {
            header.head_mut().set_connection_type(ConnectionType::Close);
        }
        self.encode(Message::Item((header, body.size())))?;
        match body.try_into_bytes() {
            Ok(bytes) if bytes.is_empty() => Ok(None),
            Ok(bytes) => self.encode(Message::Chunk(Some(bytes))).map(|()| None),
            Err(body) => Ok(Some(body)),
        }
    }

    /// Whether the connection cannot be used after the current response.
    fn must_close(&self) -> bool {
        self.body.is_some()
            || self.is_unreadable
            || self.codec.upgrade()
            || self.shared.state.drain.has_begun()
    }

    fn encode(&mut self, message: Message<(Response<()>, BodySize)>) -> io::Result<()> {
        self.wire.queue(|out| self.codec.encode(message, out))
    }

    /// Sends the parts of a body as they come, and receives meanwhile. Ready once all are queued.
    fn poll_stream(&mut self, cx: &mut Context<'_>, body: &mut BoxBody) -> Poll<io::Result<()>> {
        // A body of a known length is sent to its end, as one that was queued whole would be.
        let is_endless = body.size() == BodySize::Stream;
        loop {
            if self.poll_parts(cx, body)?.is_ready() {
                return Poll::Ready(Ok(()));
            }
            let is_full = self.wire.queued() >= MOST_QUEUED;
            if self.wire.poll_flush(cx)?.is_ready() && is_full {
                continue;
            }
            let has_left = self.input_ended || self.is_too_far_ahead();
            if is_endless && (has_left || (is_full && self.must_end(cx))) {
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
            if self.input_ended {
                return Poll::Pending;
            }
            ready!(self.poll_input(cx))?;
        }
    }

    /// Whether a stream must end that is not asked for more, since its peer takes nothing. It is looked at
    /// again when the alarm rings.
    fn must_end(&self, cx: &mut Context<'_>) -> bool {
        let alarm = self.wire.alarm();
        let _ = alarm.poll_until(cx, Instant::now() + LOOK_AGAIN);
        alarm.has_ended_session() || self.shared.state.drain.has_begun()
    }

    /// Whether the peer of a stream has sent so much behind it that nothing more is received, not even that
    /// it is gone.
    fn is_too_far_ahead(&self) -> bool {
        self.body.is_none() && self.input.len() >= MOST_AHEAD
    }

    /// Queues the parts of a body that there are. Ready at its end.
    fn poll_parts(&mut self, cx: &mut Context<'_>, body: &mut BoxBody) -> Poll<io::Result<()>> {
        while self.wire.queued() < MOST_QUEUED {
            match ready!(Pin::new(&mut *body).poll_next(cx)) {
                Some(part) => {
                    let part = part.map_err(|error| io::Error::other(error.to_string()))?;
                    self.encode(Message::Chunk(Some(part)))?;
                }
                None => return Poll::Ready(self.encode(Message::Chunk(None))),
            }
        }
        Poll::Pending
    }

    async fn close(&mut self) -> io::Result<()> {
        poll_fn(|cx| self.wire.poll_shutdown(cx)).await?;
        let linger = async {
            let mut received = 0;
            while received < MOST_LINGERING {
                self.input.clear();
                match poll_fn(|cx| self.wire.poll_read(cx, &mut self.input)).await {
                    Ok(bytes @ 1..) => received += bytes,
                    _ => return,
                }
            }
        };
        // The connection is closed in either case.
        let _ = timeout(LINGER, linger).await;
        Ok(())
    }
}

fn is_handshake(request: &Request) -> bool {
    request.method() == Method::GET && request.path().ends_with("/ws")
}
