//! How the formulas of each model follow from its exchange, in five lines of HTML.

use protocol::Transport;

pub fn of(transport: Transport) -> [&'static str; 5] {
    match transport {
        Transport::ShortPoll => SHORT_POLL,
        Transport::LongPoll => LONG_POLL,
        Transport::Sse => SSE,
        Transport::WebSocket => WEBSOCKET,
    }
}

const SHORT_POLL: [&str; 5] = [
    "A request reaches the server every C = T + 2d: the pause T, and d each way.",
    "A message is stored at a random instant of this cycle. It waits between 0 and C for the next request, C/2 on \
     average, and its response takes d.",
    "Mean: d + C/2 = 2d + T/2. Quantile q: d + q·C, since every wait is equally likely. Longest: d + C = T + 3d.",
    "Requests a second: 1/C, whatever λ is.",
    "No message comes in a cycle with probability e<sup>−λC</sup>: that share of the polls is empty. A response \
     that has any message has λC/(1 − e<sup>−λC</sup>) on average.",
];

const LONG_POLL: [&str; 5] = [
    "After a response no request is parked for the gap G = 2d: d for the response, d for the next request.",
    "No message comes in the gap with probability p₀ = e<sup>−λG</sup>. Then the request is parked, and the next \
     message leaves at once. Otherwise the messages of the gap leave when the request arrives.",
    "A cycle carries λG + p₀ messages on average. The share π₀ = p₀/(λG + p₀) of them finds a parked request and \
     takes d; each of the others first waits between 0 and G.",
    "Mean: d + (1 − π₀)·G/2. Quantile q: d up to π₀, then d + G·(q − π₀)/(1 − π₀). Longest: d + G = 3d.",
    "Requests a second: λ/(λG + p₀). In a quiet room that is λ, one for each message; it is never above 1/G.",
];

const SSE: [&str; 5] = [
    "The client asks once, and the response stays open.",
    "The server writes a message to it when the message is stored. No message waits for a request.",
    "Mean, every quantile and longest: d.",
    "Requests a second: 0 after the first.",
    "With N readers in a room the server writes to one after the other. With c for each, the mean is longer by \
     (N + 1)c/2, and by ρNc/(2(1 − ρ)) for the messages before, where ρ = λNc.",
];

const WEBSOCKET: [&str; 5] = [
    "The client asks once to change the protocol. Then each side sends frames when it wants to.",
    "The server sends a message when it is stored. No message waits for a request.",
    "Mean, every quantile and longest: d, as with server-sent events; so is the wait with N readers.",
    "Requests a second: 0 after the first.",
    "A client posts its own messages as frames too. They have no header section; here a receiver posts nothing, so \
     this saves nothing in the figures.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_derivation_has_mean_quantile_and_requests() {
        for transport in Transport::ALL {
            let text = of(transport).join(" ");
            for word in ["Mean", "uantile", "Longest", "Requests a second:"] {
                let found = text.contains(word) || text.contains(&word.to_lowercase());
                assert!(found, "{transport:?}: {word}");
            }
        }
    }
}
