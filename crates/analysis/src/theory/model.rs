//! The inputs and the results of a model.

use super::latency::Latency;

/// The settings of a client and of its room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelInputs {
    /// d: delay each way, in seconds.
    pub one_way: f64,
    /// T: pause of a short poll, from the response received to the next request sent, in seconds.
    pub interval: f64,
    /// λ: messages a second in the room.
    pub rate: f64,
    /// M: longest wait of a long poll, in seconds; infinite where there is none.
    pub wait: f64,
    /// k: round trips that opening a connection takes before each poll. 0 where the connection is
    /// kept, 1 for TCP, 2 for TCP with TLS 1.3.
    pub handshakes: f64,
    /// What the server and the client take for a response, in seconds. 0 in theory, which takes both as
    /// infinitely fast; above 0 only to see what explains a measurement that theory misses.
    pub processing: f64,
}

/// What a model predicts for one client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// From the server's stamp (`sent_at`) to the client's receipt.
    pub latency: Latency,
    /// `None` for a transport that does not poll.
    pub polls: Option<PollPrediction>,
}

/// The polls of one client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollPrediction {
    pub per_s: f64,
    /// The share of polls whose response is empty.
    pub empty_share: f64,
    /// The mean number of messages in a response that has any.
    pub messages_per_response: f64,
}

impl ModelInputs {
    /// C = T + G: the time from one short poll to the next, in seconds.
    pub fn cycle(&self) -> f64 {
        self.interval + self.gap()
    }

    /// G = 2d(1 + k), and the processing: the time from a long poll's response sent to the next request
    /// parked, in seconds.
    pub fn gap(&self) -> f64 {
        2.0 * self.one_way * (1.0 + self.handshakes) + self.processing
    }

    /// d, and the processing: from a response that is due at the server to its receipt, in seconds.
    pub fn way_down(&self) -> f64 {
        self.one_way + self.processing
    }
}

impl Prediction {
    pub fn requests_per_s(&self) -> f64 {
        self.polls.map_or(0.0, |polls| polls.per_s)
    }

    pub fn empty_share(&self) -> Option<f64> {
        self.polls.map(|polls| polls.empty_share)
    }

    /// The mean number of messages in a response that has any; 1 for a transport that sends each
    /// message by itself.
    pub fn messages_per_response(&self) -> f64 {
        self.polls.map_or(1.0, |polls| polls.messages_per_response)
    }
}
