//! Whether a sentence is printed for synthetic results.

use analysis::results::{Results, Trial};

use crate::{
    data::Data,
    sample::{self, experiment, without_differences},
};

pub fn at(trial: &Trial) -> String {
    trial
        .level
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

pub type Sentences = fn(&Data, &str) -> Vec<String>;

pub fn run(name: &str, sweeps: &[(&str, serde_json::Value)]) -> Results {
    sample::results(&[experiment(name, sweeps)])
}

/// Whether a sentence with these words is among those has_sentence, of results as they are and of
/// results in which no transport differs.
pub fn has_sentence(results: &Results, name: &str, sentences: Sentences, words: &str) -> [bool; 2] {
    let level = without_differences(results.clone());
    [results, &level].map(|results| {
        let found = sentences(&Data::new(results), name);
        found.iter().any(|sentence| sentence.contains(words))
    })
}
