//! Why a trial does not count.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Between two reasons in `results.json`.
const AND: &str = "; ";

/// Everything that speaks against a trial: never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalidity {
    reasons: Vec<Reason>,
}

/// One thing that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub kind: InvalidKind,
    /// To people.
    pub told: String,
}

/// What was wrong, as the gates of the report tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvalidKind {
    /// A message was lost, repeated or out of order.
    Account,
    /// The publisher was late.
    ScheduleDelay,
    /// The generator had too little of its core left.
    Generator,
    /// The host gave time to others.
    Steal,
    /// The wall clock was stepped.
    Clock,
    /// The kernel counted other bytes than a client did: an error of the lab, not noise.
    Bytes,
    /// Something failed; or a kind that this version does not know.
    #[serde(other)]
    Fault,
}

impl InvalidKind {
    /// Of a reason that an older file gives in words alone; those that a gate asks for.
    fn of_words(told: &str) -> Self {
        match told {
            delay if delay.starts_with("the publisher's delay was") => InvalidKind::ScheduleDelay,
            bytes if bytes.starts_with("a client counted") => InvalidKind::Bytes,
            _ => InvalidKind::Fault,
        }
    }
}

impl Reason {
    pub fn new(kind: InvalidKind, told: impl Into<String>) -> Self {
        Reason {
            kind,
            told: told.into(),
        }
    }
}

impl Invalidity {
    /// `None` where nothing speaks against the trial.
    pub fn of(reasons: Vec<Reason>) -> Option<Self> {
        (!reasons.is_empty()).then_some(Invalidity { reasons })
    }

    /// The reason of this kind, if it is one.
    pub fn reason(&self, kind: InvalidKind) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.kind == kind)
    }

    /// All reasons, as a sentence.
    pub fn told(&self) -> String {
        let each: Vec<_> = self.reasons.iter().map(|one| one.told.as_str()).collect();
        each.join(AND)
    }

    fn read(told: &str, kinds: &[InvalidKind]) -> Self {
        let parts: Vec<_> = told.split(AND).collect();
        let kind = |place: usize, part: &str| match kinds.len() == parts.len() {
            true => kinds[place],
            false => InvalidKind::of_words(part),
        };
        let reasons = parts.iter().enumerate();
        Invalidity {
            reasons: reasons
                .map(|(place, part)| Reason::new(kind(place, part), *part))
                .collect(),
        }
    }
}

/// In `results.json` a trial has the sentence, or `null`, and beside it the kinds of its parts.
#[derive(Serialize, Deserialize)]
struct Fields {
    void: Option<String>,
    #[serde(default)]
    void_kinds: Vec<InvalidKind>,
}

pub fn serialize<S: Serializer>(
    void: &Option<Invalidity>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let reasons = void.iter().flat_map(|void| &void.reasons);
    let fields = Fields {
        void: void.as_ref().map(Invalidity::told),
        void_kinds: reasons.map(|reason| reason.kind).collect(),
    };
    fields.serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Invalidity>, D::Error> {
    let Fields { void, void_kinds } = Fields::deserialize(deserializer)?;
    Ok(void.map(|told| Invalidity::read(&told, &void_kinds)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Holder {
        #[serde(flatten, with = "super")]
        void: Option<Invalidity>,
    }

    fn read(json: Value) -> Option<Invalidity> {
        serde_json::from_value::<Holder>(json).unwrap().void
    }

    #[test]
    fn the_sentence_stays_and_its_kinds_stand_beside_it() {
        let reasons = vec![
            Reason::new(InvalidKind::Steal, "3 % of the time was stolen"),
            Reason::new(InvalidKind::Bytes, "a client counted 3 bytes up"),
        ];
        let void = Invalidity::of(reasons);
        let written = serde_json::to_value(Holder { void: void.clone() }).unwrap();
        let told = "3 % of the time was stolen; a client counted 3 bytes up";
        assert_eq!(
            written,
            json!({ "void": told, "void_kinds": ["steal", "bytes"] })
        );
        assert_eq!(read(written), void);
        let fine = serde_json::to_value(Holder { void: None }).unwrap();
        assert_eq!(fine, json!({ "void": null, "void_kinds": [] }));
        assert_eq!(read(fine), None);
    }

    #[test]
    fn an_older_file_has_the_sentence_alone() {
        let told =
            "the publisher's delay was 4.1 ms at p99, over 1.0 ms; a client counted 9 bytes up";
        let void = read(json!({ "void": told })).unwrap();
        assert!(
            void.reason(InvalidKind::ScheduleDelay).is_some()
                && void.reason(InvalidKind::Bytes).is_some()
        );
        assert_eq!(void.told(), told);
        assert_eq!(read(json!({ "void": null })), None);
    }

    #[test]
    fn a_kind_that_is_not_known_is_a_fault() {
        let void = read(json!({ "void": "it rained", "void_kinds": ["weather"] })).unwrap();
        assert!(void.reason(InvalidKind::Fault).is_some());
    }
}
