//! What each built-in experiment shows: its figures, the columns of its table, what its data let
//! one conclude, and what nothing here can tell.

mod shows;
mod table;

use crate::analysis::metric::Metric;

use super::{data::Data, figures::Figure};

use table::SUBJECTS;

pub struct Subject {
    pub name: &'static str,
    pub figures: fn(&Data, &str) -> Vec<Figure>,
    /// Metrics of the table; a column without a value is left out.
    pub columns: &'static [Metric],
    pub conclusions: fn(&Data, &str) -> Vec<String>,
    pub cannot: &'static str,
}

/// The built-in experiment that a name is of: itself, or with a suffix after a hyphen.
pub fn base(name: &str) -> &'static str {
    of(name).name
}

/// The place of an experiment on the page.
pub fn rank(name: &str) -> usize {
    let place = SUBJECTS
        .iter()
        .position(|subject| subject.name == base(name));
    place.unwrap_or(SUBJECTS.len())
}

pub fn of(name: &str) -> &'static Subject {
    let is = |subject: &&Subject| {
        let after = name.strip_prefix(subject.name);
        !subject.name.is_empty()
            && after.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    SUBJECTS
        .iter()
        .find(is)
        .unwrap_or(&SUBJECTS[SUBJECTS.len() - 1])
}

/// The figures of an experiment; the general ones where its own show nothing, as with a scenario
/// that only borrowed the name.
pub fn figures(data: &Data, experiment: &str) -> Vec<Figure> {
    let own = (of(experiment).figures)(data, experiment);
    if own.is_empty() {
        shows::generic(data, experiment)
    } else {
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_their_subject() {
        assert_eq!(base("latency"), "latency");
        assert_eq!(base("size-browser"), "size");
        assert_eq!(base("equal-latency"), "equal-latency");
        assert_eq!(base("ratelimit"), "");
        assert!(rank("latency") < rank("idle") && rank("idle") < rank("mine"));
    }
}
