//! A user: an account and an HTTP client with its cookies.

use std::sync::{Arc, Mutex};

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use super::Server;

pub const PASSWORD: &str = "correct horse battery";

/// A user's HTTP client, which is signed in to one account or more.
#[derive(Clone)]
pub struct User {
    pub name: String,
    /// The host and port of its requests: the server's, or those of the link.
    pub address: String,
    cookie: Arc<Mutex<String>>,
    http: Client,
}

impl User {
    /// A client that is not signed in.
    pub fn nobody(server: &Server) -> Self {
        User {
            name: String::new(),
            address: server.address.clone(),
            cookie: Arc::default(),
            http: server.http.clone(),
        }
    }

    /// A client that is not signed in and has connections of its own. Other clients share a pool.
    pub fn apart(server: &Server) -> Self {
        User {
            http: super::server::client(),
            ..User::nobody(server)
        }
    }

    /// Another client that is not signed in and shares the connections of this one.
    pub fn other_browser(&self) -> Self {
        User {
            cookie: Arc::default(),
            ..self.clone()
        }
    }

    /// Another browser with this cookie, which shares the connections of this one.
    pub fn other_browser_with(&self, cookie: &str) -> Self {
        User {
            cookie: Arc::new(Mutex::new(cookie.into())),
            ..self.clone()
        }
    }

    pub async fn register(server: &Server, name: &str) -> Self {
        let user = User {
            name: name.into(),
            ..User::nobody(server)
        };
        let response = user.sign_up(name).await;
        assert_eq!(response.status(), 201, "{}", response.text().await.unwrap());
        user
    }

    /// The same client with another address.
    pub fn by_way_of(&self, address: &str) -> Self {
        User {
            address: address.into(),
            ..self.clone()
        }
    }

    /// Creates another account in the same session.
    pub async fn sign_up(&self, name: &str) -> Response {
        let display_name = format!("{} ✓", name.to_uppercase());
        let account =
            json!({ "username": name, "display_name": display_name, "password": PASSWORD });
        self.call(Method::POST, "/api/accounts", Some(account))
            .await
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Response {
        let credentials = json!({ "username": name, "password": password });
        self.call(Method::POST, "/api/sessions", Some(credentials))
            .await
    }

    /// The value of the `Cookie` header field.
    pub fn cookie(&self) -> String {
        self.cookie.lock().unwrap().clone()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.call(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.call(Method::DELETE, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Response {
        self.call(Method::POST, path, Some(body)).await
    }

    /// A request with the cookie, which is updated from the response.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let url = format!("http://{}{path}", self.address);
        let mut request = self.http.request(method, url);
        let cookie = self.cookie();
        if !cookie.is_empty() {
            request = request.header("cookie", cookie);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        if let Some(set) = response.headers().get("set-cookie") {
            let set = set.to_str().unwrap().split(';').next().unwrap();
            *self.cookie.lock().unwrap() = set.into();
        }
        response
    }

    /// Posts to a room, and returns the JSON of the message.
    pub async fn say(&self, room: &str, body: &str) -> String {
        let response = self.post_message(room, json!({ "body": body })).await;
        assert_eq!(response.status(), 201);
        response.text().await.unwrap()
    }

    pub async fn post_message(&self, room: &str, message: Value) -> Response {
        self.post(&format!("/api/rooms/{room}/messages"), message)
            .await
    }

    /// Posts `count` messages one after the other; their bodies are numbered from 1.
    pub async fn say_many(&self, room: &str, count: usize) -> Vec<String> {
        let mut messages = Vec::with_capacity(count);
        for number in 1..=count {
            messages.push(self.say(room, &format!("{}: {number}", self.name)).await);
        }
        messages
    }
}
