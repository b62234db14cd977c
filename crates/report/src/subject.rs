//! The subject of an experiment: that of a built-in one, or the user's own.

/// The variants are in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Latency,
    Interval,
    Rtt,
    Rate,
    Size,
    EqualLatency,
    Capacity,
    Connections,
    Cost,
    Fanout,
    Idle,
    Outage,
    Durability,
    /// Any experiment that is not built in.
    Own,
}

/// The built-in experiments by their names.
const BUILT_IN: [(&str, Subject); 13] = [
    ("latency", Subject::Latency),
    ("interval", Subject::Interval),
    ("rtt", Subject::Rtt),
    ("rate", Subject::Rate),
    ("size", Subject::Size),
    ("equal-latency", Subject::EqualLatency),
    ("capacity", Subject::Capacity),
    ("connections", Subject::Connections),
    ("cost", Subject::Cost),
    ("fanout", Subject::Fanout),
    ("idle", Subject::Idle),
    ("outage", Subject::Outage),
    ("durability", Subject::Durability),
];

impl Subject {
    /// The subject by an experiment's name: the name of a built-in one, with or without a suffix
    /// after a hyphen.
    pub fn of(experiment: &str) -> Self {
        let is = |(name, _): &&(&str, Subject)| {
            let rest = experiment.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let found = BUILT_IN.iter().find(is);
        found.map_or(Subject::Own, |(_, subject)| *subject)
    }
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn the_name_determines_the_subject() {
        assert_eq!(Subject::of("latency"), Subject::Latency);
        assert_eq!(Subject::of("size-browser"), Subject::Size);
        assert_eq!(Subject::of("equal-latency"), Subject::EqualLatency);
        assert_eq!(Subject::of("ratelimit"), Subject::Own);
        assert!(Subject::of("latency") < Subject::of("idle"));
        assert!(Subject::of("idle") < Subject::of("mine"));
    }
}
