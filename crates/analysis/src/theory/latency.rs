//! The one shape that every delivery latency here has.

/// Some messages arrive after `least` seconds, the others up to `spread` later, evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// d, in seconds.
    pub least: f64,
    /// The share of messages that take no longer than that.
    pub prompt: f64,
    /// What the others wait at most, in seconds: uniform from 0 to this.
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
