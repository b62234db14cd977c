//! The values of d, T and λ that a student gets.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

const ONE_WAY_MS: [f64; 9] = [20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0];
const INTERVAL_MS: [f64; 9] = [
    800.0, 900.0, 1_000.0, 1_100.0, 1_200.0, 1_300.0, 1_400.0, 1_500.0, 1_600.0,
];
const RATE: [f64; 7] = [2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0];
/// The longest name of a student.
const MOST_CHARACTERS: usize = 64;

/// How a student is named in a course: a matriculation number or a user name. Upper and lower case
/// are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Student(String);

impl FromStr for Student {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name = text.trim().to_lowercase();
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        if name.is_empty() || name.len() > MOST_CHARACTERS || !name.chars().all(is_allowed) {
            return Err(format!(
                "{text:?} is no student: give 1 to {MOST_CHARACTERS} letters, digits or any of - _ . @"
            ));
        }
        Ok(Student(name))
    }
}

impl TryFrom<String> for Student {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Student> for String {
    fn from(student: Student) -> Self {
        student.0
    }
}

impl fmt::Display for Student {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The values that a student reckons with. They depend on the name alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    pub student: Student,
    /// d
    pub one_way_ms: f64,
    /// T
    pub interval_ms: f64,
    /// λ
    pub rate: f64,
    /// Of the measurement.
    pub seed: u64,
}

impl Parameters {
    pub fn of(student: &Student) -> Self {
        let hash = hash(student.0.as_bytes());
        let mut rest = hash;
        let mut choose = |values: &[f64]| {
            let count = values.len() as u64;
            let value = values[(rest % count) as usize];
            rest /= count;
            value
        };
        Parameters {
            one_way_ms: choose(&ONE_WAY_MS),
            interval_ms: choose(&INTERVAL_MS),
            rate: choose(&RATE),
            // JSON readers keep integers up to 2⁵³.
            seed: hash >> 32,
            student: student.clone(),
        }
    }

    /// d in seconds.
    pub fn one_way_s(&self) -> f64 {
        self.one_way_ms / 1e3
    }

    /// T in seconds.
    pub fn interval_s(&self) -> f64 {
        self.interval_ms / 1e3
    }

    /// λ of the questions for which a room is quiet.
    pub fn quiet_rate(&self) -> f64 {
        self.rate / 5.0
    }

    /// C = T + 2d, in seconds.
    pub fn cycle_s(&self) -> f64 {
        self.interval_s() + 2.0 * self.one_way_s()
    }
}

/// FNV-1a with 64 bits, whose constants are public, then the finisher of `SplitMix64`: names that
/// differ in one character get values that have nothing to do with each other, on every machine the
/// same.
fn hash(bytes: &[u8]) -> u64 {
    let fnv = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (fnv ^ (fnv >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn of(name: &str) -> Parameters {
        Parameters::of(&name.parse().unwrap())
    }

    #[test]
    fn a_name_has_the_same_values_always_and_another_has_others() {
        assert_eq!(of("Ada"), of(" ada "));
        let of_a_course = (0..300).map(|number| of(&format!("s{number}")));
        let different: HashSet<_> = of_a_course
            .map(|p| [p.one_way_ms, p.interval_ms, p.rate].map(f64::to_bits))
            .collect();
        // 300 of 567 combinations by chance: 233 differ on average.
        assert!(different.len() > 200, "{}", different.len());
    }

    #[test]
    fn a_name_has_few_kinds_of_characters() {
        assert!("s1234567@uni.example".parse::<Student>().is_ok());
        for name in ["", " ", "a b", "<b>", "ä", "a\"b", &"x".repeat(65)] {
            let error = name.parse::<Student>().unwrap_err();
            assert!(error.contains("give 1 to 64"), "{error}");
        }
    }
}
