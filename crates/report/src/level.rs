//! Levels in words.

use analysis::{
    metric::Quantity,
    scenario::level::{Level, ParameterValue, key},
};

use super::units::{number, show};

/// A parameter in words, the quantity of its axis, and the factor from the parameter's unit to the
/// quantity's.
pub fn parameter(name: &str) -> (&str, Quantity, f64) {
    match key(name) {
        "one_way_ms" => ("one-way delay d", Quantity::Time, 1e3),
        "jitter_ms" => ("jitter", Quantity::Time, 1e3),
        "interval_ms" => ("pause T of a short poll", Quantity::Time, 1e3),
        "target_ms" => ("target latency", Quantity::Time, 1e3),
        "wait_s" => ("longest wait M", Quantity::Time, 1e6),
        "seconds" => ("measured span", Quantity::Time, 1e6),
        "outage.seconds" => ("length of the outage", Quantity::Time, 1e6),
        "rate" => ("messages a second in a room, λ", Quantity::PerSecond, 1.0),
        "body_bytes" => ("message body", Quantity::WholeBytes, 1.0),
        "clients" => ("clients", Quantity::Count, 1.0),
        "rooms" => ("rooms", Quantity::Count, 1.0),
        "rate_kbps" => ("link rate in kbit/s", Quantity::Count, 1.0),
        "headers" => ("headers", Quantity::Count, 1.0),
        "keep_alive" => ("connection kept between polls", Quantity::Count, 1.0),
        "server.keep_alive" => ("server's keep-alive", Quantity::Count, 1.0),
        "database" => ("database", Quantity::Count, 1.0),
        "sync" => ("sync", Quantity::Count, 1.0),
        other => (other, Quantity::Count, 1.0),
    }
}

/// A level in words: `d = 40 ms`, `body 32 B, browser headers`.
pub fn words(level: Option<&Level>) -> String {
    let settings = level.into_iter().flat_map(Level::values);
    let parts: Vec<_> = settings.map(value_in_words).collect();
    parts.join(", ")
}

fn value_in_words(one: &ParameterValue) -> String {
    let (name, quantity, unit) = parameter(&one.parameter);
    let text = one.text();
    let shown = match (one.number(), quantity) {
        (None, _) => text.clone(),
        (Some(amount), Quantity::Count) => number(amount),
        (Some(amount), quantity) => show(quantity, amount * unit),
    };
    match one.key() {
        "one_way_ms" => format!("d\u{a0}=\u{a0}{shown}"),
        "interval_ms" => format!("T\u{a0}=\u{a0}{shown}"),
        "rate" => format!("λ\u{a0}=\u{a0}{shown}"),
        "wait_s" => format!("M\u{a0}=\u{a0}{shown}"),
        "target_ms" => format!("target {shown}"),
        "outage.seconds" => format!("outage of {shown}"),
        "body_bytes" => format!("body {shown}"),
        "clients" if text == "1" => "1 client".into(),
        "clients" => format!("{shown} clients"),
        "rooms" => format!("{shown} rooms"),
        "headers" => format!("{shown} headers"),
        "database" => format!("database {shown}"),
        "rate_kbps" => format!("link rate {shown}\u{a0}kbit/s"),
        "keep_alive" if text == "true" => "connection kept".into(),
        "keep_alive" if text == "false" => "new connection each poll".into(),
        _ => format!("{name} {shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_in_words() {
        let shown = |text: &str| words(Some(&text.parse().unwrap()));
        assert_eq!(
            shown("body_bytes=32;transport.headers=browser"),
            "body 32\u{a0}B, browser headers"
        );
        assert_eq!(shown("one_way_ms=0"), "d\u{a0}=\u{a0}0\u{a0}ms");
        assert_eq!(
            shown("transport.keep_alive=false"),
            "new connection each poll"
        );
        assert_eq!(shown("server.keep_alive=75s"), "server's keep-alive 75s");
        assert_eq!(shown("jitter_ms=10"), "jitter 10\u{a0}ms");
        assert_eq!(words(None), "");
    }
}
