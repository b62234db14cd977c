//! Compares the header section of a browser's request with the recorded one. Fields that belong to
//! the transport must be equal. Fields that identify the browser (name, version, system, languages)
//! change with each update, so only their total size is compared.

use std::collections::BTreeMap;

/// The fields of the transport.
const TRANSPORT_FIELDS: [&str; 16] = [
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
/// Fields whose values differ in each session.
const SESSION_FIELDS: [&str; 2] = ["Cookie", "Sec-WebSocket-Key"];
/// The accepted difference of the size of the other fields, as a share of the recorded size.
const ACCEPTED_DRIFT: f64 = 0.25;

/// The header section of a request, without its request line.
struct HeaderSection<'a> {
    transport_fields: BTreeMap<&'a str, &'a str>,
    /// The bytes of all other lines without their ends.
    other: usize,
}

impl<'a> HeaderSection<'a> {
    fn of(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut section = HeaderSection {
            transport_fields: BTreeMap::new(),
            other: 0,
        };
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").expect("a name and a value");
            if SESSION_FIELDS.contains(&name) {
                section.transport_fields.insert(name, "any");
            } else if TRANSPORT_FIELDS.contains(&name) {
                section.transport_fields.insert(name, value);
            } else {
                section.other += line.len();
            }
        }
        section
    }
}

/// Panics unless `sent`, a complete header section with the request line `request_line`, is like
/// `recorded`. `values` replace those of the recorded run.
pub fn check(request_line: &str, sent: &str, recorded: &str, values: &[(&'static str, &str)]) {
    let mut lines = sent.trim_end().split("\r\n");
    assert_eq!(lines.next(), Some(request_line));
    let sent = HeaderSection::of(lines);
    let mut expected = HeaderSection::of(recorded.lines().skip(1));
    for (name, value) in values {
        expected
            .transport_fields
            .entry(name)
            .and_modify(|expected| *expected = value);
    }
    assert_eq!(sent.transport_fields, expected.transport_fields);
    let drift = (sent.other as f64 / expected.other as f64 - 1.0).abs();
    assert!(
        drift <= ACCEPTED_DRIFT,
        "this browser sends {} bytes of other fields, the recorded one {}: record it again \
         (scripts/record-headers)",
        sent.other,
        expected.other
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = "GET /recorded HTTP/1.1\nHost: -\nConnection: keep-alive\n\
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36\n\
        sec-ch-ua: \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"\nAccept: */*\nCookie: -\n";
    /// Another version, another placeholder brand, another order.
    const OLDER: &str = "GET /here HTTP/1.1\r\nHost: here\r\nConnection: keep-alive\r\n\
        sec-ch-ua: \"Chromium\";v=\"99\", \"Not/A)Brand\";v=\"24\"\r\nAccept: */*\r\n\
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/99.0.0.0 Safari/537.36\r\n\
        Cookie: id=1\r\n\r\n";

    fn check_older(sent: &str) {
        check("GET /here HTTP/1.1", sent, RECORDED, &[("Host", "here")]);
    }

    #[test]
    fn another_version_of_the_browser_is_accepted() {
        check_older(OLDER);
    }

    #[test]
    #[should_panic(expected = "keep-alive")]
    fn another_connection_field_is_not_accepted() {
        check_older(&OLDER.replace("keep-alive", "close"));
    }

    #[test]
    #[should_panic(expected = "Cookie")]
    fn a_request_without_its_session_is_not_accepted() {
        check_older(&OLDER.replace("Cookie: id=1\r\n", ""));
    }

    #[test]
    #[should_panic(expected = "record it again")]
    fn a_browser_with_much_longer_fields_must_be_recorded_again() {
        check_older(&OLDER.replace("Mozilla/5.0", &"Mozilla/5.0 ".repeat(9)));
    }
}
