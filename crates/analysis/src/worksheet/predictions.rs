//! The file with a student's predictions.

use std::{collections::BTreeMap, fmt::Write};

use toml::{Table, Value};

use super::{
    parameters::{Parameters, Student},
    question::{Question, plain},
    questions::questions,
};

/// Predictions by `question1.KEY`, in the units of the keys.
pub type Predictions = BTreeMap<String, f64>;

/// What stands where nothing is predicted yet.
const OPEN: &str = "?";

/// The file without predictions, for a student to fill in.
pub fn blank_file(parameters: &Parameters) -> String {
    let mut text = format!(
        "# Replace each \"{OPEN}\" by your prediction, a number in the unit at the end of its name.\n\
         # d = {} ms, T = {} ms, λ = {} messages a second.\n\
         student = \"{}\"\n",
        plain(parameters.one_way_ms),
        plain(parameters.interval_ms),
        plain(parameters.rate),
        parameters.student
    );
    for question in questions(parameters) {
        let _ = write!(text, "\n# {}\n[{}]\n", question.title, section(&question));
        for asked in &question.asked {
            let _ = writeln!(text, "{} = \"{OPEN}\"  # {}", asked.key, asked.words);
        }
    }
    text
}

/// The key of a prediction among all.
pub fn full_key(question: &Question, key: &str) -> String {
    format!("{}.{key}", section(question))
}

fn section(question: &Question) -> String {
    format!("question{}", question.number)
}

/// Reads the file of a student.
///
/// # Errors
/// No TOML, another student's file, an unknown name, or a value that is no number: a sentence with the
/// remedy.
pub fn parse(text: &str, parameters: &Parameters) -> Result<Predictions, String> {
    let mut table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| error.to_string())?;
    check_student(table.remove("student"), parameters)?;
    let mut predictions = Predictions::new();
    for question in questions(parameters) {
        let Some(own) = table.remove(&section(&question)) else {
            continue;
        };
        let Value::Table(own) = own else {
            return Err(format!("{0} must be a section, [{0}]", section(&question)));
        };
        for (key, value) in own {
            if question.asked.iter().all(|asked| asked.key != key) {
                let known: Vec<_> = question
                    .asked
                    .iter()
                    .map(|asked| asked.key.as_str())
                    .collect();
                return Err(format!(
                    "{key} is not asked in question {}; asked are: {}",
                    question.number,
                    known.join(", ")
                ));
            }
            if let Some(predicted) = number(&key, &value)? {
                predictions.insert(full_key(&question, &key), predicted);
            }
        }
    }
    match table.keys().next() {
        Some(unknown) => Err(format!(
            "there is no {unknown}: sections are question1 to question8"
        )),
        None => Ok(predictions),
    }
}

fn check_student(found: Option<Value>, parameters: &Parameters) -> Result<(), String> {
    let found = found.as_ref().and_then(Value::as_str).unwrap_or_default();
    let student: Student = found
        .parse()
        .map_err(|error| format!("the first line must be student = \"…\": {error}"))?;
    if student == parameters.student {
        return Ok(());
    }
    Err(format!(
        "these are the predictions of {student}, not of {}: give the same --student",
        parameters.student
    ))
}

/// `None` where nothing is predicted yet.
fn number(key: &str, value: &Value) -> Result<Option<f64>, String> {
    let predicted = match value {
        Value::Integer(whole) => *whole as f64,
        Value::Float(number) => *number,
        Value::String(text) if text == OPEN => return Ok(None),
        other => {
            return Err(format!(
                "{key} = {other} is no number: write it without quotes, as 41.5"
            ));
        }
    };
    match predicted.is_finite() && predicted >= 0.0 {
        true => Ok(Some(predicted)),
        false => Err(format!("{key} = {value}: give a number from 0 on")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Parameters {
        Parameters::of(&"ada".parse().unwrap())
    }

    #[test]
    fn the_blank_file_is_read_and_predicts_nothing() {
        let text = blank_file(&ada());
        assert_eq!(parse(&text, &ada()), Ok(Predictions::new()));
        let asked: usize = questions(&ada()).iter().map(|one| one.asked.len()).sum();
        assert_eq!(text.matches("\"?\"  #").count(), asked);
    }

    #[test]
    fn a_number_is_kept_by_its_key() {
        let text =
            blank_file(&ada()).replacen("websocket_mean_ms = \"?\"", "websocket_mean_ms = 40", 1);
        let found = parse(&text, &ada()).unwrap();
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            [("question1.websocket_mean_ms".to_owned(), 40.0)]
        );
    }

    #[test]
    fn a_bad_file_is_refused_with_the_remedy() {
        let refused = |text: &str| parse(text, &ada()).unwrap_err();
        let of_ada = |rest: &str| refused(&format!("student = \"ada\"\n{rest}"));
        assert!(refused("student = \"bob\"").contains("not of ada"));
        assert!(refused("").contains("first line"));
        assert!(of_ada("[question1]\nmean = 4").contains("websocket_mean_ms"));
        assert!(of_ada("[question1]\nwebsocket_mean_ms = \"40\"").contains("without quotes"));
        assert!(of_ada("[question1]\nwebsocket_mean_ms = -1").contains("from 0 on"));
        assert!(of_ada("[question9]\n").contains("question1 to question8"));
        assert!(of_ada("[question1\n").contains("question1"));
    }
}
