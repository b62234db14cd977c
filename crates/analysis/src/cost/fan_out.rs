//! The time of one send for the theory of fan-out, from the calibration.

use protocol::Transport;

use crate::results::CostFit;

/// The time that the server's thread spends on each client of a room, by transport.
#[derive(Clone, Debug, Default)]
pub struct SendCosts(Vec<(Transport, f64)>);

impl SendCosts {
    /// From the fits of a campaign, the first of each transport: c, and b + c for long polls, whose
    /// clients each send a request for the next message. A cost that is not above 0 was not measured.
    pub fn of(fits: &[CostFit]) -> Self {
        let one = |fit: &CostFit| {
            let c = fit.delivery_us.value;
            let us = match fit.transport {
                Transport::LongPoll => c + fit.request_us?.value,
                Transport::ShortPoll | Transport::Sse | Transport::WebSocket => c,
            };
            (us > 0.0).then_some((fit.transport, us / 1e6))
        };
        SendCosts(fits.iter().filter_map(one).collect())
    }

    /// In seconds; `None` where the campaign has no fit of the transport.
    pub fn seconds(&self, transport: Transport) -> Option<f64> {
        let mut all = self.0.iter();
        all.find(|(of, _)| *of == transport).map(|(_, cost)| *cost)
    }
}
