//! The machine on which a report was measured, in words.

use serde::Deserialize;

/// The parts of `environment` in `results.json` that are listed. What was not known is missing there.
#[derive(Default, Deserialize)]
pub struct Machine {
    cpu: Option<String>,
    cores: Option<u32>,
    kernel: Option<String>,
    memory_bytes: Option<u64>,
}

impl Machine {
    /// `AMD EPYC, 2 cores, 25 GB of memory, kernel 6.18`; empty if nothing is known.
    pub fn in_words(&self) -> String {
        let cores = self.cores.map(|cores| match cores {
            1 => "1\u{a0}core".to_owned(),
            cores => format!("{cores}\u{a0}cores"),
        });
        let gigabytes = |bytes: u64| format!("{:.0}\u{a0}GB of memory", bytes as f64 / 1e9);
        let memory = self.memory_bytes.map(gigabytes);
        let kernel = self.kernel.as_deref().map(|kernel| {
            // What follows is of who built it.
            let version = kernel.split('-').next().unwrap_or(kernel);
            format!("kernel\u{a0}{version}")
        });
        let parts = [self.cpu.clone(), cores, memory, kernel];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_said() {
        let said = |json| serde_json::from_str::<Machine>(json).unwrap().in_words();
        let whole =
            r#"{"cpu":"AMD EPYC","cores":2,"kernel":"6.18.44-fc-v509","memory_bytes":25276518400}"#;
        let words = "AMD EPYC, 2\u{a0}cores, 25\u{a0}GB of memory, kernel\u{a0}6.18.44";
        assert_eq!(said(whole), words);
        assert_eq!(said(r#"{"cpu":null,"cores":1}"#), "1\u{a0}core");
        assert_eq!(said("{}"), "");
    }
}
