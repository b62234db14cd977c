//! Whether a browser asks as the recorded one did. What makes a request the transport's is compared
//! to the letter. What tells one browser from another (its name, version, system, languages) changes
//! with each of its updates: of that only the weight is compared.

use std::collections::BTreeMap;

/// What the transport asks for. A key has a length, not a value, in common with another.
const OF_THE_TRANSPORT: [&str; 16] = [
    "Host",
    "Connection",
    "Pragma",
    "Cache-Control",
    "Accept",
    "Sec-Fetch-Site",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Dest",
    "Origin",
    "Referer",
    "Cookie",
    "Upgrade",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Extensions",
    "Last-Event-ID",
];
/// Their values belong to one session.
const OF_THE_SESSION: [&str; 2] = ["Cookie", "Sec-WebSocket-Key"];
/// How far what tells the browser may be from the recorded weight, as a share of it.
const DRIFT: f64 = 0.25;

/// The header section of a request, without its request line.
struct Head<'a> {
    of_the_transport: BTreeMap<&'a str, &'a str>,
    /// The bytes of all other lines, their ends left out.
    other: usize,
}

impl<'a> Head<'a> {
    fn of(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut head = Head {
            of_the_transport: BTreeMap::new(),
            other: 0,
        };
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").expect("a name and a value");
            if OF_THE_SESSION.contains(&name) {
                head.of_the_transport.insert(name, "one of its own");
            } else if OF_THE_TRANSPORT.contains(&name) {
                head.of_the_transport.insert(name, value);
            } else {
                head.other += line.len();
            }
        }
        head
    }
}

/// Fails where `sent`, a whole head, does not ask for `request_line` as `recorded` does, in which
/// `values` stand for those of the recorded run.
pub fn check(request_line: &str, sent: &str, recorded: &str, values: &[(&'static str, &str)]) {
    let mut lines = sent.trim_end().split("\r\n");
    assert_eq!(lines.next(), Some(request_line));
    let sent = Head::of(lines);
    let mut due = Head::of(recorded.lines().skip(1));
    for (name, value) in values {
        due.of_the_transport
            .entry(name)
            .and_modify(|due| *due = value);
    }
    assert_eq!(sent.of_the_transport, due.of_the_transport);
    let drift = (sent.other as f64 / due.other as f64 - 1.0).abs();
    assert!(
        drift <= DRIFT,
        "this browser tells {} bytes of itself, the recorded one {}: record it again \
         (scripts/record-headers)",
        sent.other,
        due.other
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = "GET /recorded HTTP/1.1\nHost: -\nConnection: keep-alive\n\
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36\n\
        sec-ch-ua: \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"\nAccept: */*\nCookie: -\n";
    /// Another version, another brand that stands for none, another order.
    const OLDER: &str = "GET /here HTTP/1.1\r\nHost: here\r\nConnection: keep-alive\r\n\
        sec-ch-ua: \"Chromium\";v=\"99\", \"Not/A)Brand\";v=\"24\"\r\nAccept: */*\r\n\
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/99.0.0.0 Safari/537.36\r\n\
        Cookie: id=1\r\n\r\n";

    fn check_older(sent: &str) {
        check("GET /here HTTP/1.1", sent, RECORDED, &[("Host", "here")]);
    }

    #[test]
    fn another_version_of_the_browser_is_the_same_transport() {
        check_older(OLDER);
    }

    #[test]
    #[should_panic(expected = "keep-alive")]
    fn another_connection_is_not() {
        check_older(&OLDER.replace("keep-alive", "close"));
    }

    #[test]
    #[should_panic(expected = "Cookie")]
    fn a_request_without_its_session_is_not() {
        check_older(&OLDER.replace("Cookie: id=1\r\n", ""));
    }

    #[test]
    #[should_panic(expected = "record it again")]
    fn a_browser_that_tells_much_more_of_itself_is_to_be_recorded() {
        check_older(&OLDER.replace("Mozilla/5.0", &"Mozilla/5.0 ".repeat(9)));
    }
}
