//! The file of a campaign in its folder: `results.json`, or the same packed as `results.json.gz`.

use std::{
    fs,
    io::{self, ErrorKind, Read, Write},
    path::Path,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};

use super::{older, run::Results};

const PLAIN: &str = "results.json";
const PACKED: &str = "results.json.gz";

/// The name of the file with the results in this folder. Where both are there, the plain one counts.
pub fn file_name(folder: &Path) -> &'static str {
    match folder.join(PACKED).exists() && !folder.join(PLAIN).exists() {
        true => PACKED,
        false => PLAIN,
    }
}

/// Packs the `results.json` of a folder and removes it; does nothing where only the packed file is
/// there. The histograms of the trials' latencies, which are most of the file, keep two digits; every
/// figure that was computed from them stays as it is, and what the gates judge is kept whole.
///
/// # Errors
/// The file cannot be read or is damaged, or the folder cannot be written to.
pub fn pack(folder: &Path) -> io::Result<()> {
    if file_name(folder) == PACKED {
        return Ok(());
    }
    let mut results = Results::read(folder)?;
    for trial in &mut results.trials {
        for latencies in [&mut trial.delivery_us, &mut trial.end_to_end_us] {
            *latencies = latencies.with_fewer_digits().map_err(io::Error::other)?;
        }
    }
    let file = fs::File::create(folder.join(PACKED))?;
    let mut packer = GzEncoder::new(file, Compression::best());
    packer.write_all(results.as_text()?.as_bytes())?;
    packer.finish()?.sync_all()?;
    fs::remove_file(folder.join(PLAIN))
}

impl Results {
    /// Reads the results of a folder, packed or plain.
    ///
    /// # Errors
    /// The file is missing, cannot be read or has another format.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut results: Results = serde_json::from_str(&text(folder)?)?;
        older::mark_controls(&mut results.trials, &mut results.comparisons);
        older::add_gate(&mut results);
        Ok(results)
    }

    /// Writes `results.json`, in place of a packed file of an earlier campaign.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(PLAIN), self.as_text()?)?;
        match fs::remove_file(folder.join(PACKED)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Without indentation: the members of many trials would be mostly spaces.
    fn as_text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

fn text(folder: &Path) -> io::Result<String> {
    let name = file_name(folder);
    if name == PLAIN {
        return fs::read_to_string(folder.join(PLAIN));
    }
    let mut text = String::new();
    GzDecoder::new(fs::File::open(folder.join(name))?).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::sample::{results_of, trial};
    use protocol::Transport;

    #[test]
    fn a_packed_file_keeps_every_figure_and_fewer_digits_of_latencies() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let results = results_of(vec![trial(Transport::Sse, 0, 40_000)]);
        results.write(folder).unwrap();
        let results = Results::read(folder).unwrap();
        assert_eq!(file_name(folder), PLAIN);
        pack(folder).unwrap();
        assert!(!folder.join(PLAIN).exists() && file_name(folder) == PACKED);
        let mut kept = Results::read(folder).unwrap();
        let [trial] = &mut kept.trials[..] else {
            panic!("one trial");
        };
        assert_ne!(trial.delivery_us.hdr, results.trials[0].delivery_us.hdr);
        trial.delivery_us.hdr = results.trials[0].delivery_us.hdr.clone();
        trial.end_to_end_us.hdr = results.trials[0].end_to_end_us.hdr.clone();
        assert_eq!(kept.as_text().unwrap(), results.as_text().unwrap());
        let packed = fs::read(folder.join(PACKED)).unwrap();
        pack(folder).unwrap();
        assert_eq!(fs::read(folder.join(PACKED)).unwrap(), packed);
    }

    #[test]
    fn new_results_replace_packed_ones() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let results = results_of(vec![trial(Transport::Sse, 0, 40_000)]);
        results.write(folder).unwrap();
        pack(folder).unwrap();
        results.write(folder).unwrap();
        assert!(!folder.join(PACKED).exists() && file_name(folder) == PLAIN);
    }

    #[test]
    fn what_is_damaged_or_missing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Results::read(folder.path()).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        fs::write(folder.path().join(PACKED), "no gzip").unwrap();
        assert!(Results::read(folder.path()).is_err());
    }
}
