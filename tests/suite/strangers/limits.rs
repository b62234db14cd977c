//! What an address, an account and all together may take. These clients come through a proxy that is
//! trusted, since what comes from the machine itself has no limit of its own.

use harness::{
    Frame, Options, Server, Socket, User,
    raw::{self, UPGRADE},
    server::problem,
    soon, until,
    user::PASSWORD,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn behind_proxy(settings: &[&str]) -> Server {
    let trusted = ["--trusted-proxy", "127.0.0.0/8"];
    Server::start_with(Options::with(&[&trusted[..], settings].concat())).await
}

/// Sends a request from this address, and returns the connection and the beginning of the response.
async fn from(
    address: &str,
    (server, user): (&Server, &User),
    head: &str,
    body: &str,
) -> (TcpStream, String) {
    let head =
        format!("{head}\r\nx-forwarded-for: {address}\r\ncontent-type: application/json\r\n");
    let mut stream = raw::request(server, user, &head, body).await;
    let mut response = vec![0; 4096];
    let read = soon("a response", stream.read(&mut response))
        .await
        .unwrap();
    response.truncate(read);
    (stream, String::from_utf8(response).unwrap())
}

fn status(response: &str) -> u16 {
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

async fn refused(server: &Server, limit: &str) -> f64 {
    let name = format!("pushlab_refused_total{{limit=\"{limit}\"}}");
    server.metric(&name).await
}

#[tokio::test]
async fn with_as_many_connections_as_there_may_be_old_ones_are_served_and_new_ones_told() {
    let server = Server::start_with(Options::with(&["--connections", "12"])).await;
    let alice = server.user("alice").await;
    let mut socket = Socket::open(&alice, "lobby", "after=0").await.unwrap();
    let mut idle = Vec::new();
    let told = loop {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        let request = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = vec![0; 4096];
        let read = soon("a response", stream.read(&mut response))
            .await
            .unwrap();
        let response = String::from_utf8_lossy(&response[..read]).into_owned();
        idle.push(stream);
        if status(&response) != 200 {
            break response;
        }
        assert!(idle.len() <= 12, "more connections than there may be");
    };
    assert_eq!(status(&told), 503);
    assert!(
        told.contains("retry-after: ") && told.contains("problem+json"),
        "{told}"
    );
    socket.send_message("k", "still served").await;
    assert_eq!(socket.member("ack").await["seq"], 1);
    drop(idle);
    until("there is room again", async || {
        server
            .http
            .get(server.url("/healthz"))
            .send()
            .await
            .unwrap()
            .status()
            == 200
    })
    .await;
    assert!(refused(&server, "connections").await >= 1.0);
}

#[tokio::test]
async fn an_account_reads_over_so_many_connections() {
    let server = behind_proxy(&["--connections-per-account", "2"]).await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let events = "GET /api/rooms/lobby/events?after=0";
    let first = from("1.1.1.1", (&server, &alice), events, "").await;
    let upgrade = format!("GET /api/rooms/lobby/ws?after=0\r\n{}", UPGRADE.trim_end());
    let second = from("2.2.2.2", (&server, &alice), &upgrade, "").await;
    assert_eq!((status(&first.1), status(&second.1)), (200, 101));
    for head in [
        events,
        &upgrade,
        "GET /api/rooms/lobby/messages?after=0&wait=60",
    ] {
        let (_, response) = from("3.3.3.3", (&server, &alice), head, "").await;
        assert_eq!(status(&response), 429, "{response}");
        assert!(response.contains("retry-after: "), "{response}");
    }
    let (_, others) = from("1.1.1.1", (&server, &bob), events, "").await;
    assert_eq!(status(&others), 200);
    // From this machine there is no limit.
    Socket::open(&alice, "lobby", "after=0").await.unwrap();
    drop(first);
    until("the connection is given back", async || {
        status(&from("3.3.3.3", (&server, &alice), events, "").await.1) == 200
    })
    .await;
    assert!(refused(&server, "connections_per_account").await >= 3.0);
}

#[tokio::test]
async fn an_account_posts_so_fast() {
    let server = behind_proxy(&["--messages-per-second", "1"]).await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let post = async |user: &User| {
        let head = "POST /api/rooms/lobby/messages";
        from("1.1.1.1", (&server, user), head, r#"{"body":"hello"}"#)
            .await
            .1
    };
    let mut responses = Vec::new();
    while responses
        .last()
        .is_none_or(|response: &String| status(response) == 201)
    {
        responses.push(post(&alice).await);
        assert!(responses.len() < 100, "ten seconds' messages and few more");
    }
    let last = responses.last().unwrap();
    assert_eq!(status(last), 429);
    assert!(last.contains("retry-after: "), "{last}");
    assert!(responses.len() > 10);
    assert_eq!(status(&post(&bob).await), 201);
    // The operator's own.
    let own = alice.post_message("lobby", json!({"body": "hello"})).await;
    assert_eq!(own.status(), 201);
}

#[tokio::test]
async fn a_socket_that_posts_too_fast_is_told_and_stays_open() {
    let server = behind_proxy(&["--messages-per-second", "1"]).await;
    let alice = server.user("alice").await;
    let url = format!("ws://{}/api/rooms/lobby/ws?after=0", server.address);
    let mut socket = Socket::open_from(&url, &alice.cookie(), "1.1.1.1")
        .await
        .unwrap();
    for number in 0..12 {
        socket.send_message(&number.to_string(), "hello").await;
    }
    let error = socket.member("error").await;
    assert_eq!(
        (&error["status"], &error["key"]),
        (&json!(429), &json!("10"))
    );
    socket.send(json!({"typing": {}})).await;
    socket.send(json!({"nonsense": {}})).await;
    while let Frame::Json(value) = socket.frame().await {
        if value["error"]["status"] == json!(422) {
            return;
        }
    }
    panic!("the socket was closed");
}

#[tokio::test]
async fn registration_may_be_closed_or_need_a_code() {
    let account = |name: &str, code: Option<&str>| json!({"username": name, "password": "correct horse", "code": code});
    let closed = Server::start_with(Options::with(&["--registration", "closed"])).await;
    problem(
        closed.post("/api/accounts", account("alice", None)).await,
        403,
    )
    .await;
    let server = Server::start_with(Options::with(&["--registration", "sesame"])).await;
    for wrong in [None, Some(""), Some("sesam")] {
        let refused = server.post("/api/accounts", account("alice", wrong)).await;
        let problem = problem(refused, 422).await;
        assert!(problem["errors"]["code"].is_string(), "{problem}");
    }
    let created = server
        .post("/api/accounts", account("alice", Some("sesame")))
        .await;
    assert_eq!(created.status(), 201);
    let info: Value = server.get("/server.json").await.json().await.unwrap();
    assert_eq!(info["registration"], "code");
}

#[tokio::test]
async fn an_address_creates_so_many_accounts_and_guests() {
    let limits = [
        "--accounts-per-address",
        "2",
        "--guests-per-address",
        "2",
        "--guests",
        "on",
    ];
    let server = behind_proxy(&limits).await;
    let alice = server.user("alice").await;
    let create = async |number: u32, address: &str| {
        let body = json!({"username": format!("user-{number}"), "password": "correct horse"});
        let head = "POST /api/accounts";
        status(
            &from(address, (&server, &alice), head, &body.to_string())
                .await
                .1,
        )
    };
    let become_guest = async |address: &str| {
        status(
            &from(address, (&server, &alice), "POST /api/guests", "")
                .await
                .1,
        )
    };
    // One /64 is one address.
    assert_eq!(create(1, "2001:db8::1").await, 201);
    assert_eq!(create(2, "2001:db8::ffff").await, 201);
    assert_eq!(create(3, "2001:db8::2").await, 429);
    assert_eq!(create(4, "2001:db8:0:1::2").await, 201);
    for _ in 0..2 {
        assert_eq!(become_guest("1.1.1.1").await, 201);
    }
    assert_eq!(become_guest("1.1.1.1").await, 429);
    assert_eq!(become_guest("2.2.2.2").await, 201);
    assert_eq!(refused(&server, "accounts").await, 1.0);
    assert_eq!(refused(&server, "guests").await, 1.0);
}

#[tokio::test]
async fn guests_are_as_the_operator_says_and_do_not_last() {
    let off = Server::start_with(Options::with(&["--guests", "off"])).await;
    problem(off.post("/api/guests", json!({})).await, 403).await;
    let server = Server::start_with(Options::with(&["--guests", "on", "--guest-ttl", "1s"])).await;
    let guest = server.post("/api/guests", json!({})).await;
    assert_eq!(guest.status(), 201);
    let cookie = guest.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    until("the guest's session has expired", async || {
        let request = server
            .http
            .get(server.url("/api/rooms"))
            .header("cookie", &cookie);
        request.send().await.unwrap().status() == 401
    })
    .await;
}

#[tokio::test]
async fn a_forged_header_moves_no_limit() {
    let server = Server::start_with(Options::with(&["--guesses", "2"])).await;
    let alice = server.user("alice").await;
    let guess = async |address: &str| {
        let body = json!({"username": "alice", "password": "wrong horse"}).to_string();
        status(
            &from(address, (&server, &alice), "POST /api/sessions", &body)
                .await
                .1,
        )
    };
    assert_eq!(guess("1.1.1.1").await, 401);
    assert_eq!(guess("2.2.2.2").await, 401);
    assert_eq!(guess("3.3.3.3").await, 429);
    assert_eq!(refused(&server, "guesses").await, 1.0);
}

/// nginx adds the address to what the client has sent, in the same field.
#[tokio::test]
async fn what_a_client_writes_into_the_field_moves_no_limit() {
    let server = behind_proxy(&["--guests", "on", "--guests-per-address", "1"]).await;
    let alice = server.user("alice").await;
    let become_guest = async |forwarded: &str| {
        let response = from(forwarded, (&server, &alice), "POST /api/guests", "").await;
        status(&response.1)
    };
    assert_eq!(become_guest("1.1.1.1").await, 201);
    for forged in [
        "é, 1.1.1.1",
        "9.9.9.9, 1.1.1.1",
        "1.1.1.1:80",
        "127.0.0.1, 1.1.1.1",
    ] {
        assert_eq!(become_guest(forged).await, 429, "{forged}");
    }
}

#[tokio::test]
async fn the_metrics_may_have_an_address_of_their_own() {
    let free = std::net::TcpListener::bind("127.0.0.9:0").unwrap();
    let only = free.local_addr().unwrap().to_string();
    drop(free);
    let server = Server::start_with(Options::with(&["--metrics-bind", &only])).await;
    for spelling in ["/metrics", "/%6Detrics"] {
        problem(server.get(spelling).await, 404).await;
    }
    let metrics = server
        .http
        .get(format!("http://{only}/metrics"))
        .send()
        .await
        .unwrap();
    assert!(
        metrics
            .text()
            .await
            .unwrap()
            .contains("pushlab_connections")
    );
    let chat = server.http.get(format!("http://{only}/"));
    problem(chat.send().await.unwrap(), 404).await;
    // A collector calls it by any name.
    let named = server.http.get(format!("http://{only}/metrics"));
    let named = named.header("host", "metrics.example").send();
    assert_eq!(named.await.unwrap().status(), 200);
}

/// Guesses the password of an account from an address, with these cookies.
async fn sign_in(
    server: &Server,
    address: &str,
    cookies: &str,
    account: (&str, &str),
) -> (u16, Vec<String>) {
    let (username, password) = account;
    let request = server.http.post(server.url("/api/sessions"));
    let request = request
        .header("x-forwarded-for", address)
        .header("cookie", cookies);
    let response = request
        .json(&json!({"username": username, "password": password}))
        .send();
    let response = response.await.unwrap();
    let set = response.headers().get_all("set-cookie").iter();
    let set = set.map(|cookie| {
        cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    });
    (response.status().as_u16(), set.collect())
}

#[tokio::test]
async fn one_account_guessed_from_many_addresses_is_slowed_and_its_owner_gets_in() {
    let server = behind_proxy(&["--guesses", "2"]).await;
    server.user("alice").await;
    let owner = ("alice", PASSWORD);
    let (signed_in, cookies) = sign_in(&server, "9.9.9.9", "", owner).await;
    assert_eq!((signed_in, cookies.len()), (200, 2), "{cookies:?}");
    let mut wrong = 0;
    for address in 1..=30 {
        let address = format!("1.1.1.{address}");
        let (status, _) = sign_in(&server, &address, "", ("alice", "wrong horse")).await;
        assert!(status == 401 || status == 429, "{status}");
        wrong += u32::from(status == 401);
    }
    assert!((10..=12).contains(&wrong), "{wrong}");
    let elsewhere = sign_in(&server, "2.2.2.2", "", owner).await;
    assert_eq!(elsewhere.0, 429, "from a browser that nobody knows");
    // The session's own cookie is gone, as after a sign-out.
    let known = cookies
        .iter()
        .find(|cookie| cookie.contains("known"))
        .unwrap();
    assert_eq!(sign_in(&server, "2.2.2.2", known, owner).await.0, 200);
    let for_another = sign_in(&server, "1.1.1.1", known, ("bob", "wrong horse")).await;
    assert_eq!(for_another.0, 401);
}

#[tokio::test]
async fn many_accounts_guessed_from_one_address_are_slowed_and_an_owner_behind_it_gets_in() {
    let server = behind_proxy(&["--guesses", "2"]).await;
    server.user("alice").await;
    let owner = ("alice", PASSWORD);
    let (_, cookies) = sign_in(&server, "1.1.1.1", "", owner).await;
    let mut wrong = 0;
    for number in 0..40 {
        let account = format!("user-{number}");
        let (status, _) = sign_in(&server, "1.1.1.1", "", (&account, "wrong horse")).await;
        wrong += u32::from(status == 401);
    }
    // One more is allowed in each second that the test takes.
    assert!((20..40).contains(&wrong), "{wrong}");
    assert_eq!(sign_in(&server, "1.1.1.1", &cookies[1], owner).await.0, 200);
    assert_eq!(sign_in(&server, "1.1.1.2", "", owner).await.0, 200);
}
