//! What an experiment is about: one of the built-in ones, or a question of somebody's own.

/// In the order of the page.
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
    Fanout,
    Idle,
    Outage,
    Durability,
    /// An experiment of one's own.
    Own,
}

/// The built-in experiments by their names.
const BUILT_IN: [(&str, Subject); 12] = [
    ("latency", Subject::Latency),
    ("interval", Subject::Interval),
    ("rtt", Subject::Rtt),
    ("rate", Subject::Rate),
    ("size", Subject::Size),
    ("equal-latency", Subject::EqualLatency),
    ("capacity", Subject::Capacity),
    ("connections", Subject::Connections),
    ("fanout", Subject::Fanout),
    ("idle", Subject::Idle),
    ("outage", Subject::Outage),
    ("durability", Subject::Durability),
];

impl Subject {
    /// Of an experiment by its name: a built-in one's, or that with a suffix after a hyphen.
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
    fn names_lead_to_their_subject() {
        assert_eq!(Subject::of("latency"), Subject::Latency);
        assert_eq!(Subject::of("size-browser"), Subject::Size);
        assert_eq!(Subject::of("equal-latency"), Subject::EqualLatency);
        assert_eq!(Subject::of("ratelimit"), Subject::Own);
        assert!(Subject::of("latency") < Subject::of("idle"));
        assert!(Subject::of("idle") < Subject::of("mine"));
    }
}
