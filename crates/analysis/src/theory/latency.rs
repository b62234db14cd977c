//! The distribution of delivery latency that all models share.

/// A share of the messages arrives after exactly `least` seconds. The others arrive up to `spread`
/// seconds later, uniformly distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// d, in seconds.
    pub least: f64,
    /// The share of messages that take no longer than `least`.
    pub prompt: f64,
    /// The longest additional wait of the others, in seconds.
    pub spread: f64,
}

impl Latency {
    /// In seconds.
    pub fn mean(&self) -> f64 {
        self.least + (1.0 - self.prompt) * self.spread / 2.0
    }

    /// The quantile `q` of 0..1, in seconds.
    pub fn quantile(&self, q: f64) -> f64 {
        if q <= self.prompt {
            return self.least;
        }
        self.least + self.spread * (q - self.prompt) / (1.0 - self.prompt)
    }

    /// In seconds.
    pub fn most(&self) -> f64 {
        self.least + self.spread
    }
}
