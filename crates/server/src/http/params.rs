//! The query parameters of a request. The error for an invalid value names the parameter.

use std::future::{Ready, ready};
use std::{borrow::Cow, fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::Uri};

use super::Error;

/// The parameters of a query. If one is given twice, the last one counts.
pub struct Params(Uri);

/// One parameter of a query, without collecting the others.
pub fn find<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    // Decoding costs a poll as much as all else that is done with its parameters, and few have anything
    // to decode.
    if memchr::memchr2(b'%', b'+', query.as_bytes()).is_none() {
        let pairs = query.rsplit('&');
        let mut pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let found = pairs.find(|(other, _)| *other == name);
        return found.map(|(_, value)| Cow::Borrowed(value));
    }
    form_urlencoded::parse(query.as_bytes())
        .filter(|(other, _)| other == name)
        .map(|(_, value)| value)
        .last()
}

impl Params {
    /// The parameters of an address, whose bytes are shared.
    pub fn of(uri: &Uri) -> Self {
        Params(uri.clone())
    }

    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        find(self.0.query().unwrap_or_default(), name)
    }

    /// A short name that the client chose.
    ///
    /// # Errors
    /// 422 unless it is 1 to 16 of a–z and 0–9.
    pub fn label(&self, name: &str) -> Result<Option<Cow<'_, str>>, Error> {
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
            Some(number) if self.text(name).as_deref() != Some(&number.to_string()) => {
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
        match self.text(name).as_deref() {
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
        ready(Ok(Params::of(request.uri())))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::ResponseError;
    use proptest::prelude::*;

    use super::*;

    fn params(query: &str) -> Params {
        Params::of(&format!("/?{query}").parse().unwrap())
    }

    proptest! {
        #[test]
        fn what_needs_no_decoding_is_found_as_what_does(query in "[ab=&0-9]{0,20}") {
            let decoded = form_urlencoded::parse(query.as_bytes())
                .filter(|(name, _)| name == "a")
                .map(|(_, value)| value.into_owned())
                .last();
            prop_assert_eq!(find(&query, "a").map(Cow::into_owned), decoded);
        }

        #[test]
        fn a_cursor_is_parsed_exactly_or_refused(text in "[0-9+.e-]{0,22}") {
            let params = params(&format!("after={}", text.replace('+', "%2B")));
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
    fn the_last_of_two_counts() {
        for (query, found) in [
            ("as=alice", Some("alice")),
            ("as=a&x=1&as=b%20c", Some("b c")),
            ("bas=x", None),
            ("", None),
            ("as", Some("")),
        ] {
            assert_eq!(params(query).text("as").as_deref(), found, "{query}");
        }
    }

    #[test]
    fn seconds_must_be_numbers_in_range() {
        let seconds = |query| params(query).seconds("wait", 1.0..=60.0);
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
