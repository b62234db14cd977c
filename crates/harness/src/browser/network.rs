//! What the tabs of a browser have asked for, as the DevTools protocol tells it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use super::Browser;

/// A request of a page.
#[derive(Clone, Debug, Default)]
pub struct Requested {
    pub url: String,
    /// Answered by the browser, without the server.
    pub is_cached: bool,
    /// What came over the wire: the header section of the response, and its body as it was packed. Of a
    /// WebSocket, the header section alone.
    pub bytes: u64,
}

impl Browser {
    /// The requests since the last call, in their order, of a browser that [records](super::recorded_trial).
    pub async fn network(&self) -> Vec<Requested> {
        let body = Some(json!({ "type": "performance" }));
        let entries = self.raw(Method::POST, "/se/log", body).await;
        let mut requests = Requests::default();
        for entry in entries.as_array().unwrap() {
            let text = entry["message"].as_str().unwrap();
            let event: Value = serde_json::from_str(text).unwrap();
            let event = &event["message"];
            requests.take(event["method"].as_str().unwrap(), &event["params"]);
        }
        requests.in_order
    }
}

#[derive(Default)]
struct Requests {
    in_order: Vec<Requested>,
    /// By the browser's name of a request, its place.
    places: BTreeMap<String, usize>,
}

impl Requests {
    fn take(&mut self, method: &str, event: &Value) {
        let Some(id) = event["requestId"].as_str() else {
            return;
        };
        match method {
            "Network.requestWillBeSent" => self.add(id, &event["request"]["url"]),
            "Network.webSocketCreated" => self.add(id, &event["url"]),
            _ => {}
        }
        let Some(request) = self.places.get(id).map(|place| &mut self.in_order[*place]) else {
            return;
        };
        match method {
            "Network.requestServedFromCache" => request.is_cached = true,
            "Network.responseReceived" if event["response"]["fromDiskCache"] == true => {
                request.is_cached = true;
            }
            "Network.loadingFinished" => {
                request.bytes += event["encodedDataLength"].as_f64().unwrap_or_default() as u64;
            }
            "Network.webSocketHandshakeResponseReceived" => {
                let head = event["response"]["headersText"].as_str();
                request.bytes += head.unwrap_or_default().len() as u64;
            }
            _ => {}
        }
    }

    fn add(&mut self, id: &str, url: &Value) {
        self.places.insert(id.into(), self.in_order.len());
        self.in_order.push(Requested {
            url: url.as_str().unwrap_or_default().into(),
            ..Requested::default()
        });
    }
}
