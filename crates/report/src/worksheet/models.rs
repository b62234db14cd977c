//! The signs and the models, as the sheet lists them.

/// A sign and its meaning.
pub const SIGNS: [(&str, &str); 8] = [
    (
        "d",
        "one-way delay of the network, from server to client or back",
    ),
    (
        "T",
        "pause of a short poll, from the response to the next request",
    ),
    (
        "C = T + 2d",
        "cycle of a short poll: the pause, the request's way, the response's way",
    ),
    (
        "G = 2d",
        "gap of a long poll: from sending a response until the next request arrives",
    ),
    ("M", "longest wait of a long poll"),
    (
        "λ",
        "messages a second in the room, at random instants (a Poisson stream)",
    ),
    ("p₀ = e^(−λG)", "chance that no message falls into one gap"),
    (
        "π₀ = p₀ / (λG + p₀)",
        "share of the messages that find a long poll parked",
    ),
];

/// A quantity by short polling, long polling, and push.
pub const MODELS: [[&str; 4]; 6] = [
    ["mean latency", "d + C/2", "d + (1 − π₀)·G/2", "d"],
    [
        "quantile q (0.95 for p95)",
        "d + q·C",
        "d if q ≤ π₀, else d + G·(q − π₀)/(1 − π₀)",
        "d",
    ],
    ["longest latency", "d + C", "d + G", "d"],
    ["requests a second", "1/C", "λ / (λG + p₀)", "0"],
    ["share of empty responses", "e^(−λC)", "0", "–"],
    [
        "messages in a response that has any",
        "λC / (1 − e^(−λC))",
        "λG + p₀",
        "1",
    ],
];

/// The columns of [`MODELS`].
pub const COLUMNS: [&str; 4] = [
    "",
    "short polling",
    "long polling",
    "server-sent events, WebSocket",
];
