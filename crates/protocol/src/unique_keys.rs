//! JSON in which no object has a key twice.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// A JSON value without repeated keys. Of a repeated key, [`Value`] would keep the last without a word,
/// and two programs might read the same text differently.
pub struct UniqueKeys(pub Value);

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(UniqueKeys)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(UniqueKeys(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, UniqueKeys(member))) = members.next_entry::<String, _>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the key {key:?} is there twice")));
            }
            object.insert(key, member);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const JSON: &[&str] = &[
        r#"{"send":{"key":"k","body":"hi"}}"#,
        r#"{"a":1,"b":[{"a":2},null,-1.5e3,"x\u00e9"],"c":{"a":{}}}"#,
        r#"{"a":1,"a":2}"#,
        r#"[[],{},"",0]"#,
    ];

    proptest! {
        /// What is read is what others read, and what is not has a key twice or is no JSON for others either.
        #[test]
        fn it_reads_what_others_read_or_says_why_not(text in corpus::mutated(JSON)) {
            let others = serde_json::from_str::<Value>(&text);
            match serde_json::from_str::<UniqueKeys>(&text) {
                Ok(UniqueKeys(read)) => prop_assert_eq!(read, others.unwrap()),
                Err(error) => prop_assert!(others.is_err() || error.to_string().contains("twice")),
            }
        }
    }

    #[test]
    fn a_repeated_key_is_refused_at_any_depth() {
        let read = |text: &str| serde_json::from_str::<UniqueKeys>(text).map(|read| read.0);
        for twice in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"a":2}}]"#] {
            let error = read(twice).unwrap_err();
            assert!(
                error.is_data() && error.to_string().contains("twice"),
                "{error}"
            );
        }
        let text = r#"{"a":[null,true,-1,2,1.5,"x"],"b":{"a":1}}"#;
        assert_eq!(
            read(text).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
        assert!(!read("{").unwrap_err().is_data());
    }
}
