//! Passes HTTP requests on, each to the next server; and answers, perhaps not before they are whole.

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

/// More kinds of requests than this are not told apart.
const MOST_KINDS: usize = 1_000;

type Body = UnsyncBoxBody<Bytes, hyper::Error>;
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Where requests go, and what becomes of answers.
pub struct Forward {
    servers: Vec<SocketAddr>,
    /// Whose turn is next, for each kind of request: what is asked in step with something else would
    /// meet the same server every time.
    turns: RefCell<HashMap<String, usize>>,
    /// How long a body may be held back, if it is.
    holds_back: Option<Duration>,
}

impl Forward {
    pub fn new(servers: Vec<SocketAddr>, holds_back: Option<Duration>) -> Self {
        Forward {
            servers,
            turns: RefCell::default(),
            holds_back,
        }
    }

    fn next(&self, request: &Request<Incoming>) -> SocketAddr {
        let mut turns = self.turns.borrow_mut();
        if turns.len() >= MOST_KINDS {
            turns.clear();
        }
        let turn = turns.entry(kind(request)).or_default();
        *turn = (*turn + 1) % self.servers.len();
        self.servers[*turn]
    }
}

/// What is asked, and with which parameters.
fn kind(request: &Request<Incoming>) -> String {
    let query = request.uri().query().unwrap_or_default().split('&');
    let names: Vec<_> = query.filter_map(|given| given.split('=').next()).collect();
    let (method, path) = (request.method(), request.uri().path());
    format!("{method} {path} {}", names.join(" "))
}

/// The connections to the servers on behalf of one client, who asks one thing at a time.
type Upstream = Rc<RefCell<HashMap<SocketAddr, SendRequest<Incoming>>>>;

pub async fn carry(client: TcpStream, forward: Rc<Forward>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let upstream = Upstream::default();
    let service = service_fn(|request| {
        let (forward, upstream) = (forward.clone(), upstream.clone());
        async move { Ok::<_, Infallible>(answer(request, &forward, &upstream).await) }
    });
    server::Builder::new()
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(client), service)
        .with_upgrades()
        .await
        .map_err(io::Error::other)
}

async fn answer(
    request: Request<Incoming>,
    forward: &Forward,
    upstream: &Upstream,
) -> Response<Body> {
    match pass_on(request, forward, upstream).await {
        Ok(response) => response,
        Err(error) => {
            tracing::debug!(%error, "a proxy got no answer");
            let body = Full::from("the proxy got no answer from the server\n");
            let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        }
    }
}

async fn pass_on(
    mut request: Request<Incoming>,
    forward: &Forward,
    upstream: &Upstream,
) -> Result<Response<Body>, Failure> {
    if forward.holds_back.is_some() {
        request.headers_mut().remove(header::UPGRADE);
        request.headers_mut().remove(header::CONNECTION);
    }
    let address = forward.next(&request);
    let upgraded = hyper::upgrade::on(&mut request);
    let mut sender = connected(address, upstream).await?;
    let mut response = sender.send_request(request).await?;
    upstream.borrow_mut().insert(address, sender);
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        let there = hyper::upgrade::on(&mut response);
        drop(tokio::task::spawn_local(join(upgraded, there)));
    }
    match forward.holds_back {
        Some(time) => held_back(response, Instant::now() + time).await,
        None => Ok(response.map(BodyExt::boxed_unsync)),
    }
}

/// A connection to this server: the one that is there, or a new one.
async fn connected(
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

/// Carries a socket after its handshake.
async fn join(client: hyper::upgrade::OnUpgrade, server: hyper::upgrade::OnUpgrade) {
    if let Ok((client, server)) = tokio::try_join!(client, server) {
        let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
        // Whichever end fails, the other is told by the end of its connection.
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}

/// The answer with as much of its body as has come when it is complete, or at `deadline`.
async fn held_back(
    response: Response<Incoming>,
    deadline: Instant,
) -> Result<Response<Body>, Failure> {
    let (mut head, mut body) = response.into_parts();
    let mut held = Vec::new();
    while let Ok(Some(frame)) = timeout_at(deadline, body.frame()).await {
        if let Ok(data) = frame?.into_data() {
            held.extend_from_slice(&data);
        }
    }
    head.headers.remove(header::TRANSFER_ENCODING);
    let body = Full::from(held).map_err(|never| match never {});
    Ok(Response::from_parts(head, body.boxed_unsync()))
}
