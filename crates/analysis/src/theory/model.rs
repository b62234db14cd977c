//! What a model is asked and what it answers.

use super::latency::Latency;

/// What a client and its room are set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelInputs {
    /// d: delay each way, in seconds.
    pub one_way: f64,
    /// T: pause of a short poll from answer received to next request sent, in seconds.
    pub interval: f64,
    /// λ: messages a second in the room.
    pub rate: f64,
    /// M: longest wait of a long poll, in seconds; infinite where there is none.
    pub wait: f64,
    /// k: round trips that opening a connection takes before each poll. 0 where it is kept, 1 for
    /// TCP, 2 with TLS 1.3.
    pub handshakes: f64,
}

/// What one client sees of a transport.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivery {
    /// From the server's acceptance to the client's receipt.
    pub latency: Latency,
    /// None where nobody has to ask.
    pub polls: Option<PollModel>,
}

/// The requests of one client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollModel {
    pub per_s: f64,
    /// The share that is answered with nothing.
    pub empty_share: f64,
    /// Messages in an answer that has any.
    pub messages_per_answer: f64,
}

impl ModelInputs {
    /// C = T + 2d(1 + k): from one short poll to the next, in seconds.
    pub fn cycle(&self) -> f64 {
        self.interval + self.gap()
    }

    /// G = 2d(1 + k): from a long poll's answer sent to the next request parked, in seconds.
    pub fn gap(&self) -> f64 {
        2.0 * self.one_way * (1.0 + self.handshakes)
    }
}

impl Delivery {
    pub fn requests_per_s(&self) -> f64 {
        self.polls.map_or(0.0, |polls| polls.per_s)
    }

    pub fn empty_share(&self) -> Option<f64> {
        self.polls.map(|polls| polls.empty_share)
    }

    /// Messages in an answer that has any; 1 where each message comes by itself.
    pub fn messages_per_answer(&self) -> f64 {
        self.polls.map_or(1.0, |polls| polls.messages_per_answer)
    }
}
