//! Values from /proc, of a process and of the system; `None` where there is no /proc.

use std::fs;

/// The processor time of all threads of a process so far, in nanoseconds. It is read from
/// schedstat, because the ticks of `stat` are too coarse.
pub fn processor_ns(pid: u32) -> Option<u64> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let spent =
        tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("schedstat")).ok());
    let times = spent.filter_map(|line| line.split(' ').next()?.parse::<u64>().ok());
    Some(times.sum())
}

/// How long the threads of a process, except some, have been ready to run and waited for a
/// processor, added up, in nanoseconds.
pub fn run_delay_ns(pid: u32, except: &[u32]) -> Option<u64> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let counted = tasks.filter_map(Result::ok).filter(|task| {
        let thread = task.file_name().to_string_lossy().parse();
        !thread.is_ok_and(|thread| except.contains(&thread))
    });
    let lines = counted.filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok());
    let delays = lines.filter_map(|line| line.split(' ').nth(1)?.parse::<u64>().ok());
    Some(delays.sum())
}

/// The server under test, and its database where that has processes of its own.
#[derive(Clone, Copy, Debug)]
pub struct ServerProcesses {
    pub server: u32,
    /// The first; its children are the others.
    pub database: Option<u32>,
}

impl ServerProcesses {
    /// Their processor time so far, in nanoseconds.
    pub fn processor_ns(self) -> Option<u64> {
        let database = self.of_database().into_iter().filter_map(processor_ns);
        Some(processor_ns(self.server)? + database.sum::<u64>())
    }

    /// How long the server has waited for a processor, in nanoseconds. `None` beside a database of processes of its
    /// own: on one core they wait for each other, which is no disturbance, and what others take of the core is
    /// known besides.
    pub fn run_delay_ns(self) -> Option<u64> {
        match self.database {
            Some(_) => None,
            None => run_delay_ns(self.server, &[]),
        }
    }

    /// Of these, some may end while they are read.
    fn of_database(self) -> Vec<u32> {
        let first = self.database.into_iter();
        first.clone().chain(first.flat_map(children)).collect()
    }
}

fn children(pid: u32) -> Vec<u32> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// The proportional set size of a process in bytes.
pub fn pss_bytes(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    kib(&text, "Pss:")
}

/// The kernel's memory for all TCP sockets of this machine, in bytes.
pub fn socket_bytes() -> Option<u64> {
    const PAGE: u64 = 4096;
    let text = fs::read_to_string("/proc/net/sockstat").ok()?;
    let line = text.lines().find(|line| line.starts_with("TCP:"))?;
    let pages = line.split(" mem ").nth(1)?.split(' ').next()?;
    Some(pages.trim().parse::<u64>().ok()? * PAGE)
}

/// Time of some processors together, and the part that the hypervisor gave to other guests, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticks {
    pub all: u64,
    pub stolen: u64,
}

/// Since the system started, of these cores; of all where none are named.
pub fn ticks(cores: &[usize]) -> Option<Ticks> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let names: Vec<_> = match cores {
        [] => vec!["cpu ".to_owned()],
        cores => cores.iter().map(|core| format!("cpu{core} ")).collect(),
    };
    let lines = text.lines();
    let own = lines.filter_map(|line| {
        names
            .iter()
            .find_map(|name| line.strip_prefix(name.as_str()))
    });
    let each: Option<Vec<_>> = own.map(ticks_of).collect();
    each?.into_iter().reduce(|a, b| Ticks {
        all: a.all + b.all,
        stolen: a.stolen + b.stolen,
    })
}

fn ticks_of(line: &str) -> Option<Ticks> {
    let columns: Vec<u64> = line
        .split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect();
    Some(Ticks {
        // Guest time, from the ninth column on, is part of user time.
        all: columns.iter().take(8).sum(),
        stolen: *columns.get(7)?,
    })
}

/// The share of stolen time between two readings.
pub fn steal_share(before: Option<Ticks>, after: Option<Ticks>) -> Option<f64> {
    let (before, after) = (before?, after?);
    let all = after.all.checked_sub(before.all).filter(|all| *all > 0)?;
    // Some hypervisors let it fall.
    let stolen = after.stolen.saturating_sub(before.stolen);
    Some(stolen as f64 / all as f64)
}

/// A value in KiB, as bytes, from lines such as `Pss: 12 kB`.
pub fn kib(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn values_of_this_process_are_read() {
        let own = std::process::id();
        assert!(processor_ns(own).unwrap() > 0);
        assert!(run_delay_ns(own, &[]).unwrap() >= run_delay_ns(own, &[own]).unwrap());
        assert!(pss_bytes(own).unwrap() > 1 << 20);
        assert!(socket_bytes().is_some());
        assert_eq!(processor_ns(u32::MAX), None);
        let (all, first) = (ticks(&[]).unwrap(), ticks(&[0]).unwrap());
        assert!(first.all > 0 && first.all <= all.all);
    }

    #[test]
    fn steal_is_a_share_of_the_time_between_two_readings() {
        let at = |all, stolen| Some(Ticks { all, stolen });
        assert_eq!(steal_share(at(100, 2), at(200, 5)), Some(0.03));
        assert_eq!(steal_share(at(100, 2), at(100, 2)), None);
        assert_eq!(steal_share(at(100, 2), at(200, 1)), Some(0.0));
    }
}
