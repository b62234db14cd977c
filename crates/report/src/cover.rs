//! The line of a report that is handed in: who, for which course, measured when.

use analysis::results::Results;
use jiff::Timestamp;

/// What the results do not have. Where it is missing, the printed page has a blank to fill in.
#[derive(Default)]
pub struct Cover {
    pub author: Option<String>,
    pub course: Option<String>,
}

impl Cover {
    /// The names of the fields and what is in them.
    pub fn fields(&self, results: &Results) -> [(&'static str, Option<String>); 3] {
        self.dated(Some(date(&results.started_at)))
    }

    /// The same before anything was measured.
    pub fn blank(&self) -> [(&'static str, Option<String>); 3] {
        self.dated(None)
    }

    fn dated(&self, date: Option<String>) -> [(&'static str, Option<String>); 3] {
        [
            ("Name", self.author.clone()),
            ("Course", self.course.clone()),
            ("Measured on", date),
        ]
    }
}

/// "22 November 2026" of a time stamp; another text as it is.
fn date(started_at: &str) -> String {
    let time: Result<Timestamp, _> = started_at.parse();
    time.map_or_else(
        |_| started_at.to_owned(),
        |time| time.strftime("%-d %B %Y").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_out() {
        assert_eq!(date("2026-11-02T18:00:00Z"), "2 November 2026");
        assert_eq!(date("yesterday"), "yesterday");
    }
}
