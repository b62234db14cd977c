//! The query parameters of a request. The error for an invalid value names the parameter.

use std::future::{Ready, ready};
use std::{borrow::Cow, fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::Error;

/// The parameters of a query. If one is given twice, the last one counts.
pub struct Params(Vec<(String, String)>);

/// One parameter of a query, without collecting the others.
pub fn find<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(other, _)| other == name)
        .map(|(_, value)| value)
        .last()
}

impl Params {
    pub fn parse(query: &str) -> Self {
        Params(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        let mut given = self.0.iter().rev();
        given
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// A short name that the client chose.
    ///
    /// # Errors
    /// 422 unless it is 1 to 16 of a–z and 0–9.
    pub fn label(&self, name: &str) -> Result<Option<&str>, Error> {
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        match self.text(name) {
            Some(text) if !(1..=16).contains(&text.len()) || !text.chars().all(is_allowed) => {
                Err(Error::invalid(name, "must be 1 to 16 of a–z and 0–9"))
            }
            label => Ok(label),
        }
    }

    /// # Errors
    /// 422 if the value is not a number of this type, or out of `range`.
    pub fn number<N>(&self, name: &str, range: RangeInclusive<N>) -> Result<Option<N>, Error>
    where
        N: FromStr + PartialOrd + Display,
    {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(Error::invalid(
                name,
                format!("must be a number from {} to {}", range.start(), range.end()),
            )),
        }
    }

    /// A number of seconds, with or without decimals.
    pub fn seconds(
        &self,
        name: &str,
        range: RangeInclusive<f64>,
    ) -> Result<Option<Duration>, Error> {
        Ok(self.number(name, range)?.map(Duration::from_secs_f64))
    }

    /// A `seq`: 0 or any number that a message could have, as the server writes it: a client that sends
    /// `01` or `+1` has not got it from here.
    pub fn seq(&self, name: &str) -> Result<Option<u64>, Error> {
        let seq = self.number(name, 0..=i64::MAX as u64)?;
        match seq {
            Some(number) if self.text(name) != Some(number.to_string().as_str()) => {
                Err(Error::invalid(
                    name,
                    "must be a number without a sign and without leading zeros",
                ))
            }
            seq => Ok(seq),
        }
    }

    /// `true` or `false`; false if it is missing.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Error::invalid(name, "must be true or false")),
        }
    }
}

impl FromRequest for Params {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Params::parse(request.query_string())))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_is_parsed_exactly_or_refused(text in "[0-9+.e-]{0,22}") {
            let params = Params::parse(&format!("after={}", text.replace('+', "%2B")));
            match (params.seq("after"), text.parse::<u64>()) {
                (Ok(Some(read)), Ok(meant)) => prop_assert_eq!(read, meant),
                (Err(error), meant) => {
                    prop_assert_eq!(error.status_code().as_u16(), 422);
                    let is_canonical = |meant: u64| meant.to_string() == text;
                    prop_assert!(meant.map_or(true, |meant| meant > i64::MAX as u64 || !is_canonical(meant)));
                }
                (read, meant) => prop_assert!(false, "{read:?} from {meant:?}"),
            }
        }
    }

    #[test]
    fn find_and_text_agree() {
        for query in ["as=alice", "as=a&x=1&as=b%20c", "bas=x", "", "as"] {
            let all = Params::parse(query);
            assert_eq!(find(query, "as").as_deref(), all.text("as"), "{query}");
        }
    }

    #[test]
    fn seconds_must_be_numbers_in_range() {
        let seconds = |query| Params::parse(query).seconds("wait", 1.0..=60.0);
        assert_eq!(
            seconds("wait=1.5").unwrap(),
            Some(Duration::from_millis(1500))
        );
        for bad in [
            "wait=0", "wait=61", "wait=NaN", "wait=inf", "wait=", "wait=x",
        ] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
