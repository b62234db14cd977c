//! Levels: the values of the swept parameters.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The values of one or more parameters: `rate=5`, or `body_bytes=32;headers=browser`.
/// `results.json` has this text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Level(Vec<ParameterValue>);

/// A parameter, named with its table or without, and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterValue {
    pub parameter: String,
    pub value: Value,
}

/// A parameter's name without its table. `outage.seconds` and `server.keep_alive` keep theirs,
/// since their keys alone mean other parameters.
pub fn key(parameter: &str) -> &str {
    match parameter {
        "outage.seconds" | "server.keep_alive" => parameter,
        _ => parameter.rsplit('.').next().unwrap_or(parameter),
    }
}

impl ParameterValue {
    pub fn key(&self) -> &str {
        key(&self.parameter)
    }

    pub fn number(&self) -> Option<f64> {
        self.value.as_f64()
    }

    /// The value as it is in a level's text.
    pub fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        }
    }
}

impl Level {
    /// `None` of an empty list.
    pub fn of(values: Vec<ParameterValue>) -> Option<Self> {
        (!values.is_empty()).then_some(Level(values))
    }

    /// A level of one parameter with a number. A whole number is written without decimals, since
    /// some parameters accept no others.
    pub fn of_number(parameter: &str, number: f64) -> Self {
        Level(vec![ParameterValue {
            parameter: parameter.into(),
            value: parse_value(&number.to_string()),
        }])
    }

    pub fn values(&self) -> &[ParameterValue] {
        &self.0
    }

    /// The parameter with this key.
    pub fn get(&self, key: &str) -> Option<&ParameterValue> {
        self.0.iter().find(|one| one.key() == key)
    }

    /// The values of both levels.
    pub fn and(mut self, other: Level) -> Self {
        self.0.extend(other.0);
        self
    }

    fn without(&self, key: &str) -> Option<Self> {
        let others = self.0.iter().filter(|one| one.key() != key);
        Level::of(others.cloned().collect())
    }

    /// The level of this parameter alone.
    pub fn only(&self, key: &str) -> Option<Self> {
        let own = self.get(key)?;
        Level::of(vec![own.clone()])
    }

    /// The numeric value of the parameter with this key, if the level has one.
    pub fn number(level: Option<&Level>, key: &str) -> Option<f64> {
        level?.get(key)?.number()
    }

    /// The level without the parameter with this key. A sweep of several parameters has a figure
    /// for each facet.
    pub fn facet(level: Option<&Level>, key: &str) -> Option<Level> {
        level?.without(key)
    }

    /// Whether it has all values of `other`.
    pub fn contains(&self, other: Option<&Level>) -> bool {
        let mut wanted = other.into_iter().flat_map(Level::values);
        wanted.all(|value| self.0.contains(value))
    }
}

fn parse_value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.into()))
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, setting) in self.0.iter().enumerate() {
            let separator = if place > 0 { ";" } else { "" };
            write!(f, "{separator}{}={}", setting.parameter, setting.text())?;
        }
        Ok(())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let setting = |pair: &str| {
            let (parameter, text) = pair
                .split_once('=')
                .ok_or_else(|| format!("{pair} is not PARAMETER=VALUE"))?;
            Ok(ParameterValue {
                parameter: parameter.into(),
                value: parse_value(text),
            })
        };
        text.split(';')
            .map(setting)
            .collect::<Result<_, _>>()
            .map(Level)
    }
}

impl TryFrom<String> for Level {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Level> for String {
    fn from(level: Level) -> Self {
        level.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(text: &str) -> Level {
        text.parse().unwrap()
    }

    #[test]
    fn its_text_is_what_was_parsed() {
        for text in [
            "rate=0.05",
            "rate=5.0",
            "one_way_ms=40",
            "database=sqlite;sync=full",
            "transport.keep_alive=false;server.keep_alive=75s",
        ] {
            assert_eq!(level(text).to_string(), text);
            let json = format!("\"{text}\"");
            let read: Level = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
        assert!("rate".parse::<Level>().is_err() && "".parse::<Level>().is_err());
    }

    #[test]
    fn values_are_found_by_key() {
        let both = level("body_bytes=32;transport.headers=browser");
        assert_eq!(Level::number(Some(&both), "body_bytes"), Some(32.0));
        assert_eq!(Level::number(Some(&both), "headers"), None);
        assert_eq!(
            both.without("body_bytes"),
            Some(level("transport.headers=browser"))
        );
        assert_eq!(both.only("body_bytes"), Some(level("body_bytes=32")));
        assert_eq!(level("rate=5").without("rate"), None);
        assert!(both.contains(Some(&level("body_bytes=32"))) && both.contains(None));
        assert!(!level("body_bytes=32").contains(Some(&both)));
        let outage = level("outage.seconds=5");
        assert_eq!(Level::number(Some(&outage), "outage.seconds"), Some(5.0));
        assert_eq!(Level::of_number("clients", 10.0), level("clients=10"));
    }
}
