//! The data dictionary: every column of every CSV file beside the page, with its unit and meaning. The
//! columns are those of the files themselves; what they mean is looked up by their names.

mod columns;

use std::{
    fmt::Write,
    fs,
    io::{self, BufRead, BufReader},
    path::Path,
};

use analysis::metric::{Metric, Quantity};

use crate::{figures::text::quoted, level};
use columns::FIXED;

pub const FILE: &str = "data-dictionary.csv";
const HEADER: &str = "file,column,unit,meaning";

/// A CSV file by its name and its first line.
pub struct CsvFile {
    pub name: String,
    pub header: String,
}

impl CsvFile {
    pub fn new(name: String, text: &str) -> Self {
        CsvFile {
            name,
            header: text.lines().next().unwrap_or_default().into(),
        }
    }

    /// The CSV file of this name in a folder; `None` where there is none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn beside(folder: &Path, name: &str) -> io::Result<Option<Self>> {
        match fs::File::open(folder.join(name)) {
            Ok(file) => {
                let mut header = String::new();
                BufReader::new(file).read_line(&mut header)?;
                Ok(Some(CsvFile::new(name.into(), &header)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The dictionary of these files, and of itself.
pub fn dictionary(files: &[CsvFile]) -> String {
    let own = CsvFile::new(FILE.into(), HEADER);
    let mut out = format!("{HEADER}\n");
    for file in files.iter().chain([&own]) {
        for column in file.header.split(',') {
            let (unit, meaning) = meaning(column).unwrap_or_default();
            let meaning = quoted(&meaning);
            let _ = writeln!(out, "{},{column},{unit},{meaning}", file.name);
        }
    }
    out
}

/// The unit and the meaning of a column; `None` of an unknown one.
fn meaning(column: &str) -> Option<(&'static str, String)> {
    if let Ok(metric) = column.parse::<Metric>() {
        return Some((unit(metric.quantity(), 1.0), metric.words()));
    }
    let fixed = FIXED.iter().find(|(name, ..)| *name == column);
    if let Some((_, unit, meaning)) = fixed {
        return Some((*unit, (*meaning).into()));
    }
    let (words, quantity, factor) = level::parameter(column);
    (words != column).then(|| (unit(quantity, factor), words.into()))
}

/// The unit of a column that has the quantity in `factor` times its own unit.
fn unit(quantity: Quantity, factor: f64) -> &'static str {
    match quantity {
        Quantity::Time if factor == 1e3 => "ms",
        Quantity::Time if factor == 1e6 => "s",
        Quantity::Time => "µs",
        Quantity::Bytes | Quantity::WholeBytes => "B",
        Quantity::BytesPerSecond => "B/s",
        Quantity::PerSecond => "1/s",
        Quantity::Share | Quantity::Count => "1",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Cover, render, sample};

    #[test]
    fn every_column_of_every_written_file_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        render(&sample::everything(), &Cover::default(), folder.path()).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        let dictionary = read(FILE);
        let rows = dictionary.lines().skip(1);
        let known: BTreeSet<_> = rows
            .map(|row| {
                let parts: Vec<_> = row.splitn(4, ',').collect();
                assert!(!parts[3].is_empty(), "no meaning: {row}");
                (parts[0].to_owned(), parts[1].to_owned())
            })
            .collect();
        let mut files = 0;
        for entry in fs::read_dir(folder.path()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if !name.ends_with(".csv") {
                continue;
            }
            files += 1;
            for column in read(&name).lines().next().unwrap().split(',') {
                let column = (name.clone(), column.to_owned());
                assert!(known.contains(&column), "{column:?}");
            }
        }
        assert!(files > 20, "{files} files");
    }

    #[test]
    fn what_can_be_swept_and_measured_has_a_unit_and_a_meaning() {
        let expected = [
            ("one_way_ms", "ms", "one-way delay d"),
            ("outage.seconds", "s", "length of the outage"),
            ("rate", "1/s", "messages a second in a room, λ"),
            ("delivery_p99_us", "µs", "p99 delivery latency"),
            ("empty_share", "1", "Share of empty polls"),
        ];
        for (column, unit, words) in expected {
            assert_eq!(meaning(column), Some((unit, words.into())));
        }
        assert_eq!(meaning("colour"), None);
        for metric in Metric::all() {
            assert!(meaning(metric.name()).is_some(), "{metric}");
        }
    }

    #[test]
    fn files_that_were_there_before_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("criterion.csv"),
            "benchmark,unit,mean\nx,us,1\n",
        )
        .unwrap();
        let found = CsvFile::beside(folder.path(), "criterion.csv")
            .unwrap()
            .unwrap();
        assert_eq!(found.header, "benchmark,unit,mean");
        assert!(
            CsvFile::beside(folder.path(), "samples.csv")
                .unwrap()
                .is_none()
        );
        assert!(dictionary(&[found]).contains("criterion.csv,benchmark,,"));
    }
}
