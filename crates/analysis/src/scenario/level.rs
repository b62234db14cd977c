//! Levels: parameters set to values, as trials name them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Parameters set to values, never none: `rate=5`, or `body_bytes=32;headers=browser`. This text is
/// how `results.json` has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Level(Vec<Setting>);

/// A parameter, named with its table or without, and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    pub parameter: String,
    pub value: Value,
}

/// A parameter's name without its table, but for those whose key alone means another one.
pub fn key(parameter: &str) -> &str {
    match parameter {
        "outage.seconds" | "server.keep_alive" => parameter,
        _ => parameter.rsplit('.').next().unwrap_or(parameter),
    }
}

impl Setting {
    pub fn key(&self) -> &str {
        key(&self.parameter)
    }

    pub fn number(&self) -> Option<f64> {
        self.value.as_f64()
    }

    /// The value as a level has it.
    pub fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        }
    }
}

impl Level {
    /// `None` of no settings.
    pub fn of(settings: Vec<Setting>) -> Option<Self> {
        (!settings.is_empty()).then_some(Level(settings))
    }

    /// A number under this parameter, written as a whole one where it is: some take nothing else.
    pub fn of_number(parameter: &str, number: f64) -> Self {
        Level(vec![Setting {
            parameter: parameter.into(),
            value: value(&number.to_string()),
        }])
    }

    pub fn settings(&self) -> &[Setting] {
        &self.0
    }

    /// The setting of a parameter by its key.
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.key() == key)
    }

    /// This level, and that one.
    pub fn and(mut self, other: Level) -> Self {
        self.0.extend(other.0);
        self
    }

    fn without(&self, key: &str) -> Option<Self> {
        let others = self.0.iter().filter(|setting| setting.key() != key);
        Level::of(others.cloned().collect())
    }

    /// Of this parameter alone.
    pub fn only(&self, key: &str) -> Option<Self> {
        let own = self.setting(key)?;
        Level::of(vec![own.clone()])
    }

    /// The number that the parameter of this key has at a level, if at any.
    pub fn number(level: Option<&Level>, key: &str) -> Option<f64> {
        level?.setting(key)?.number()
    }

    /// What is left of a level without the parameter of this key: that tells apart the figures of a
    /// sweep over several.
    pub fn facet(level: Option<&Level>, key: &str) -> Option<Level> {
        level?.without(key)
    }

    /// Whether it sets all that `other` sets, and to the same.
    pub fn holds(&self, other: Option<&Level>) -> bool {
        let mut asked = other.into_iter().flat_map(Level::settings);
        asked.all(|setting| self.0.contains(setting))
    }
}

fn value(text: &str) -> Value {
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
            Ok(Setting {
                parameter: parameter.into(),
                value: value(text),
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
    fn it_says_what_was_read() {
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
    fn it_comes_apart_by_key() {
        let both = level("body_bytes=32;transport.headers=browser");
        assert_eq!(Level::number(Some(&both), "body_bytes"), Some(32.0));
        assert_eq!(Level::number(Some(&both), "headers"), None);
        assert_eq!(
            both.without("body_bytes"),
            Some(level("transport.headers=browser"))
        );
        assert_eq!(both.only("body_bytes"), Some(level("body_bytes=32")));
        assert_eq!(level("rate=5").without("rate"), None);
        assert!(both.holds(Some(&level("body_bytes=32"))) && both.holds(None));
        assert!(!level("body_bytes=32").holds(Some(&both)));
        let cut = level("outage.seconds=5");
        assert_eq!(Level::number(Some(&cut), "outage.seconds"), Some(5.0));
        assert_eq!(Level::of_number("clients", 10.0), level("clients=10"));
    }
}
