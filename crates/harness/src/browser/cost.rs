//! What a browser takes of the processor.

use std::{collections::HashMap, fs};

use super::Browser;
use crate::cpu_ns;

impl Browser {
    /// The processor time of all its processes that run now, in nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        let children = children();
        let mut waiting = vec![self.driver_process()];
        let mut sum = 0;
        while let Some(process) = waiting.pop() {
            let own = children.get(&process).cloned().unwrap_or_default();
            sum += own.iter().copied().map(cpu_ns_while_there).sum::<u64>();
            waiting.extend(own);
        }
        sum
    }
}

/// 0 for one that has ended meanwhile.
fn cpu_ns_while_there(process: u32) -> u64 {
    match fs::exists(format!("/proc/{process}/task")) {
        Ok(true) => cpu_ns(process),
        _ => 0,
    }
}

/// All processes by their parent.
fn children() -> HashMap<u32, Vec<u32>> {
    let mut found: HashMap<u32, Vec<u32>> = HashMap::new();
    let all = fs::read_dir("/proc").expect("/proc");
    let processes = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    for process in processes {
        if let Some(parent) = parent(process) {
            found.entry(parent).or_default().push(process);
        }
    }
    found
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name is in parentheses, and may have spaces.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}
