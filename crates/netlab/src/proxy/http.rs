//! Forwards HTTP requests, each to the next server, and their responses, which it may buffer.

use std::{
    cell::RefCell, collections::HashMap, convert::Infallible, io, net::SocketAddr, rc::Rc,
    time::Duration,
};

use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1::{self as client, SendRequest},
    header,
    server::conn::http1 as server,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::copy_bidirectional,
    net::TcpStream,
    time::{Instant, timeout_at},
};

/// With more kinds of requests than this, the round-robin positions are reset.
const MAX_KINDS: usize = 1_000;

type Body = UnsyncBoxBody<Bytes, hyper::Error>;
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Forwards requests and responses for one proxy.
pub struct HttpForwarder {
    servers: Vec<SocketAddr>,
    /// The round-robin position of each kind of request. With a single position, requests that
    /// alternate with others would always reach the same server.
    next_server: RefCell<HashMap<String, usize>>,
    /// How long a response body is held back at most; `None` to forward it as it comes.
    hold_back: Option<Duration>,
}

impl HttpForwarder {
    pub fn new(servers: Vec<SocketAddr>, hold_back: Option<Duration>) -> Self {
        HttpForwarder {
            servers,
            next_server: RefCell::default(),
            hold_back,
        }
    }

    fn next(&self, request: &Request<Incoming>) -> SocketAddr {
        let mut next_server = self.next_server.borrow_mut();
        if next_server.len() >= MAX_KINDS {
            next_server.clear();
        }
        let index = next_server.entry(request_kind(request)).or_default();
        *index = (*index + 1) % self.servers.len();
        self.servers[*index]
    }
}

/// The method, the path and the names of the query parameters.
fn request_kind(request: &Request<Incoming>) -> String {
    let query = request.uri().query().unwrap_or_default().split('&');
    let names: Vec<_> = query
        .filter_map(|parameter| parameter.split('=').next())
        .collect();
    let (method, path) = (request.method(), request.uri().path());
    format!("{method} {path} {}", names.join(" "))
}

/// The connections to the servers for one client, which sends one request at a time.
type Upstream = Rc<RefCell<HashMap<SocketAddr, SendRequest<Incoming>>>>;

pub async fn forward(client: TcpStream, forwarder: Rc<HttpForwarder>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let upstream = Upstream::default();
    let service = service_fn(|request| {
        let (forwarder, upstream) = (forwarder.clone(), upstream.clone());
        async move { Ok::<_, Infallible>(respond(request, &forwarder, &upstream).await) }
    });
    server::Builder::new()
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(client), service)
        .with_upgrades()
        .await
        .map_err(io::Error::other)
}

async fn respond(
    request: Request<Incoming>,
    forwarder: &HttpForwarder,
    upstream: &Upstream,
) -> Response<Body> {
    match send_upstream(request, forwarder, upstream).await {
        Ok(response) => response,
        Err(error) => {
            tracing::debug!(%error, "a proxy got no response");
            let body = Full::from("the proxy got no response from the server\n");
            let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

async fn send_upstream(
    mut request: Request<Incoming>,
    forwarder: &HttpForwarder,
    upstream: &Upstream,
) -> Result<Response<Body>, Failure> {
    if forwarder.hold_back.is_some() {
        request.headers_mut().remove(header::UPGRADE);
        request.headers_mut().remove(header::CONNECTION);
    }
    let address = forwarder.next(&request);
    let client_upgrade = hyper::upgrade::on(&mut request);
    let mut sender = connect(address, upstream).await?;
    let mut response = sender.send_request(request).await?;
    upstream.borrow_mut().insert(address, sender);
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        let server_upgrade = hyper::upgrade::on(&mut response);
        drop(tokio::task::spawn_local(tunnel(
            client_upgrade,
            server_upgrade,
        )));
    }
    match forwarder.hold_back {
        Some(time) => buffered(response, Instant::now() + time).await,
        None => Ok(response.map(BodyExt::boxed_unsync)),
    }
}

/// A connection to this server: an open one, or a new one.
async fn connect(
    address: SocketAddr,
    upstream: &Upstream,
) -> Result<SendRequest<Incoming>, Failure> {
    let known = upstream.borrow_mut().remove(&address);
    if let Some(mut sender) = known
        && sender.ready().await.is_ok()
    {
        return Ok(sender);
    }
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = client::Builder::new()
        .preserve_header_case(true)
        .handshake(TokioIo::new(stream))
        .await?;
    drop(tokio::task::spawn_local(connection.with_upgrades()));
    Ok(sender)
}

/// Forwards a WebSocket connection after its handshake.
async fn tunnel(client: hyper::upgrade::OnUpgrade, server: hyper::upgrade::OnUpgrade) {
    if let Ok((client, server)) = tokio::try_join!(client, server) {
        let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
        // If one end fails, the connection to the other end is closed.
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}

/// The response with its complete body, or with as much of it as has come by `deadline`.
async fn buffered(
    response: Response<Incoming>,
    deadline: Instant,
) -> Result<Response<Body>, Failure> {
    let (mut parts, mut body) = response.into_parts();
    let mut received = Vec::new();
    while let Ok(Some(frame)) = timeout_at(deadline, body.frame()).await {
        if let Ok(data) = frame?.into_data() {
            received.extend_from_slice(&data);
        }
    }
    parts.headers.remove(header::TRANSFER_ENCODING);
    let body = Full::from(received).map_err(|never| match never {});
    Ok(Response::from_parts(parts, body.boxed_unsync()))
}
