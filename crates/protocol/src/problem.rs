//! Errors as RFC 9457 has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An `application/problem+json` document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is (RFC 9457, 4.2.1).
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What went wrong this time, and what to do about it.
    pub detail: String,
    /// The field at fault and why, where a form can show it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, String>,
}

impl Problem {
    /// The media type of the document.
    pub const CONTENT_TYPE: &'static str = "application/problem+json";

    pub fn new(status: u16, title: &str, detail: impl Into<String>) -> Self {
        Problem {
            kind: "about:blank".into(),
            title: title.into(),
            status,
            detail: detail.into(),
            errors: BTreeMap::new(),
        }
    }
}
