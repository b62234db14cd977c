//! Why a trial is invalid.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The separator between two reasons in `results.json`.
const SEPARATOR: &str = "; ";

/// All reasons why a trial is invalid; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalidity {
    reasons: Vec<Reason>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub kind: InvalidKind,
    /// As a message shows it.
    pub text: String,
}

/// The kind of a reason; the report has a gate for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvalidKind {
    /// A message was lost, duplicated or reordered.
    Account,
    /// The publisher sent too late.
    #[serde(rename = "slip")]
    ScheduleDelay,
    /// The receivers read too late.
    ReceiverLag,
    /// Threads of the lab or of its server waited too long for a processor.
    RunDelay,
    /// Other processes used too much of a core.
    OtherLoad,
    /// The emulated link was too inaccurate.
    Link,
    /// The generator used too much of its core.
    Generator,
    /// The hypervisor gave too much processor time to others.
    Steal,
    /// The wall clock was stepped.
    Clock,
    /// A client's byte count differs from the kernel's: an error of the lab, not noise.
    Bytes,
    /// Something failed, or this version does not know the kind.
    #[serde(other)]
    Fault,
}

impl InvalidKind {
    /// The kind of a reason in a file without `void_kinds`: only those that a gate of the report
    /// needs. The first sentence is that of older versions.
    fn of_text(text: &str) -> Self {
        match text {
            delay
                if delay.starts_with("the publisher's slip was")
                    || delay.starts_with("the publisher's schedule delay was") =>
            {
                InvalidKind::ScheduleDelay
            }
            bytes if bytes.starts_with("a client counted") => InvalidKind::Bytes,
            _ => InvalidKind::Fault,
        }
    }
}

impl Reason {
    pub fn new(kind: InvalidKind, text: impl Into<String>) -> Self {
        Reason {
            kind,
            text: text.into(),
        }
    }
}

impl Invalidity {
    /// `None` where there is no reason.
    pub fn of(reasons: Vec<Reason>) -> Option<Self> {
        (!reasons.is_empty()).then_some(Invalidity { reasons })
    }

    /// The reasons, without those of some kinds.
    pub fn without(&self, kinds: &[InvalidKind]) -> Vec<Reason> {
        let kept = self.reasons.iter();
        kept.filter(|reason| !kinds.contains(&reason.kind))
            .cloned()
            .collect()
    }

    /// The first reason of this kind.
    pub fn reason(&self, kind: InvalidKind) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.kind == kind)
    }

    /// All reasons, as one sentence.
    pub fn text(&self) -> String {
        let each: Vec<_> = self.reasons.iter().map(|one| one.text.as_str()).collect();
        each.join(SEPARATOR)
    }

    fn read(text: &str, kinds: &[InvalidKind]) -> Self {
        let parts: Vec<_> = text.split(SEPARATOR).collect();
        let kind = |place: usize, part: &str| match kinds.len() == parts.len() {
            true => kinds[place],
            false => InvalidKind::of_text(part),
        };
        let reasons = parts.iter().enumerate();
        Invalidity {
            reasons: reasons
                .map(|(place, part)| Reason::new(kind(place, part), *part))
                .collect(),
        }
    }
}

/// In `results.json` a trial has the sentence, or `null`, and beside it the kinds of its reasons.
#[derive(Serialize, Deserialize)]
struct Fields {
    void: Option<String>,
    #[serde(default)]
    void_kinds: Vec<InvalidKind>,
}

pub fn serialize<S: Serializer>(
    invalidity: &Option<Invalidity>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let reasons = invalidity.iter().flat_map(|found| &found.reasons);
    let fields = Fields {
        void: invalidity.as_ref().map(Invalidity::text),
        void_kinds: reasons.map(|reason| reason.kind).collect(),
    };
    fields.serialize(serializer)
}

pub fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Invalidity>, D::Error> {
    let Fields { void, void_kinds } = Fields::deserialize(deserializer)?;
    Ok(void.map(|text| Invalidity::read(&text, &void_kinds)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Holder {
        #[serde(flatten, with = "super")]
        invalidity: Option<Invalidity>,
    }

    fn read(json: Value) -> Option<Invalidity> {
        serde_json::from_value::<Holder>(json).unwrap().invalidity
    }

    #[test]
    fn the_sentence_and_the_kinds_are_written_and_read_back() {
        let reasons = vec![
            Reason::new(InvalidKind::ScheduleDelay, "late"),
            Reason::new(InvalidKind::Steal, "3 % of the time was stolen"),
            Reason::new(InvalidKind::Bytes, "a client counted 3 bytes up"),
        ];
        let invalidity = Invalidity::of(reasons);
        let holder = Holder {
            invalidity: invalidity.clone(),
        };
        let written = serde_json::to_value(holder).unwrap();
        let text = "late; 3 % of the time was stolen; a client counted 3 bytes up";
        assert_eq!(
            written,
            json!({ "void": text, "void_kinds": ["slip", "steal", "bytes"] })
        );
        assert_eq!(read(written), invalidity);
        let fine = serde_json::to_value(Holder { invalidity: None }).unwrap();
        assert_eq!(fine, json!({ "void": null, "void_kinds": [] }));
        assert_eq!(read(fine), None);
    }

    #[test]
    fn an_older_file_has_no_kinds() {
        let text =
            "the publisher's slip was 4.1 ms at p99, over 1.0 ms; a client counted 9 bytes up";
        let found = read(json!({ "void": text })).unwrap();
        assert!(
            found.reason(InvalidKind::ScheduleDelay).is_some()
                && found.reason(InvalidKind::Bytes).is_some()
        );
        assert_eq!(found.text(), text);
        assert_eq!(read(json!({ "void": null })), None);
    }

    #[test]
    fn an_unknown_kind_is_a_fault() {
        let found = read(json!({ "void": "it rained", "void_kinds": ["weather"] })).unwrap();
        assert!(found.reason(InvalidKind::Fault).is_some());
    }
}
