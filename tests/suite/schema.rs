//! `docs/results.schema.json` describes what is written: no member is missing there, and none is made up.

use std::{fs, path::Path};

use analysis::{metric::Metric, results::Results};
use flate2::read::GzDecoder;
use jsonschema::Validator;
use serde_json::{Value, json};

fn read(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The results of the committed campaign, which are packed.
fn committed() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/coursework/results.json.gz");
    serde_json::from_reader(GzDecoder::new(fs::File::open(path).unwrap())).unwrap()
}

fn schema() -> Value {
    read("docs/results.schema.json")
}

/// What contradicts the schema, one sentence each.
pub fn errors(results: &Value) -> Vec<String> {
    let validator: Validator = jsonschema::draft202012::new(&schema()).unwrap();
    let errors = validator.iter_errors(results);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(20)
        .collect()
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::draft202012::meta::is_valid(&schema()));
}

/// The committed campaign, as its version wrote it and as this one does.
#[test]
fn the_committed_results_are_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/coursework");
    assert_eq!(errors(&committed()), [""; 0]);
    let written = serde_json::to_value(Results::read(&folder).unwrap()).unwrap();
    assert_eq!(errors(&written), [""; 0]);
}

#[test]
fn a_member_that_is_not_described_is_an_error() {
    let mut results = committed();
    for place in [
        "",
        "/scenario",
        "/trials/0",
        "/trials/0/server",
        "/estimates/0",
    ] {
        results.pointer_mut(place).unwrap()["colour"] = json!("blue");
        let found = errors(&results);
        assert!(
            found.iter().any(|error| error.contains("colour")),
            "{place}: {found:?}"
        );
        let members = results.pointer_mut(place).unwrap().as_object_mut();
        members.unwrap().remove("colour");
    }
}

#[test]
fn the_metrics_are_those_of_the_program() {
    let schema = schema();
    let described = schema
        .pointer("/$defs/metric/enum")
        .unwrap()
        .as_array()
        .unwrap();
    let names: Vec<_> = Metric::all().map(Metric::name).collect();
    assert_eq!(described.len(), names.len());
    for name in names {
        assert!(described.contains(&json!(name)), "{name}");
    }
}
