//! The columns of CSV files that are neither a metric nor described by their parameter.

/// The unit of a column that has none.
const NONE: &str = "";
const SAME: &str = "as the value";
/// Columns that are neither a metric nor a swept parameter: name, unit, meaning.
pub const FIXED: [(&str, &str, &str); 38] = [
    // Of figures.
    (
        "kind",
        NONE,
        "measured: a value; theory: a point of the model's curve",
    ),
    ("transport", NONE, "short_poll, long_poll, sse or websocket"),
    (
        "name",
        NONE,
        "the level of a point, where the axes do not show it",
    ),
    (
        "level",
        NONE,
        "the level in words: the values of the swept parameters, or what the row is of",
    ),
    (
        "ci95_low",
        SAME,
        "lower end of the 95 % confidence interval of the value before it",
    ),
    (
        "ci95_high",
        SAME,
        "upper end of the 95 % confidence interval of the value before it",
    ),
    (
        "theory",
        SAME,
        "the model's value; in the file of a fit, that of the fit",
    ),
    ("bound", NONE, "≥ where the value is a lower bound"),
    (
        "predicted_by_cpu",
        "1/s",
        "deliveries a second at which the server's core would be full; no measurement",
    ),
    ("quantile", "1", "share of the deliveries"),
    (
        "delivery_us",
        "µs",
        "delivery latency; beside a quantile, what that share of the deliveries does not exceed",
    ),
    (
        "due_s",
        "s",
        "middle of a slice of the span, from its beginning",
    ),
    (
        "longest_end_to_end_us",
        "µs",
        "longest end-to-end latency of the messages that were due in the slice",
    ),
    (
        "deliveries_per_s",
        "1/s",
        "offered load of a step, in deliveries a second",
    ),
    ("cpu_us", "µs", "processor time of the server"),
    (
        "message_bytes",
        "B",
        "JSON of the messages, per message delivered",
    ),
    (
        "headers_bytes",
        "B",
        "HTTP header sections, per message delivered",
    ),
    (
        "framing_bytes",
        "B",
        "framing, separators and heartbeats, per message delivered",
    ),
    (
        "tcp_ip_bytes",
        "B",
        "headers of TCP and IP, per message delivered",
    ),
    ("bytes", "B", "application bytes per message delivered"),
    // Of criterion.csv.
    ("benchmark", NONE, "name of a benchmark, with its group"),
    (
        "unit",
        NONE,
        "unit of the value: in criterion.csv us or bytes",
    ),
    ("mean", "as the column unit says", "mean of the benchmark"),
    // Of samples.csv: a row for each delivery.
    ("experiment", NONE, "name of the experiment"),
    (
        "label",
        NONE,
        "the transport's name; NAME (again) for the control",
    ),
    (
        "repetition",
        "1",
        "block of the trial within its run, from 0",
    ),
    (
        "order",
        "1",
        "place of the trial among all of the campaign, from 0",
    ),
    ("client", "1", "number of the receiver within its trial"),
    ("number", "1", "number of the message within its trial"),
    (
        "due_ns",
        "ns",
        "instant at which the message was scheduled, by the monotonic clock",
    ),
    (
        "received_ns",
        "ns",
        "instant at which it was received, by the monotonic clock",
    ),
    ("run", "1", "run of the campaign, from 0"),
    // Of this file.
    ("file", NONE, "name of a CSV file in this folder"),
    ("column", NONE, "name of one of its columns"),
    ("meaning", NONE, "what the column has"),
    // Swept parameters.
    (
        "rate_kbps",
        "kbit/s",
        "rate of the emulated link, in each direction",
    ),
    ("clients", "1", "receiving clients in each room"),
    ("rooms", "1", "rooms side by side"),
];
