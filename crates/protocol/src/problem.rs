//! Errors as problem documents (RFC 9457).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An `application/problem+json` document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Always `about:blank`: the status alone tells the kind of the problem (RFC 9457, 4.2.1).
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// What went wrong with this request, and what to do about it.
    pub detail: String,
    /// The reason for each invalid field, so that a form can show it beside the field.
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
