//! The conditions that affect the figures, recorded with them.

use std::{fs, process::Command, thread};

use analysis::{results::Environment, scenario::ServerSettings};
use netlab::{Awake, HAS_TCP_INFO};

use super::{cores::Cores, machine, procfs};
use crate::server;

/// The environment of this machine and this build.
pub fn here(settings: &ServerSettings, cores: Cores, awake: &Awake) -> Environment {
    let number = |core: Option<usize>| core.and_then(|core| u32::try_from(core).ok());
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    Environment {
        cpu: cpu_name(&cpus),
        cores: online_cores(&cpus),
        kernel: first_line("/proc/sys/kernel/osrelease"),
        memory_bytes: procfs::kib(&memory, "MemTotal:"),
        disk: machine::disk(&server::databases()),
        file_system: machine::file_system(&server::databases()),
        power: machine::power(),
        version: env!("CARGO_PKG_VERSION").into(),
        commit: commit(),
        build_profile: if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        }
        .into(),
        server_arguments: server::arguments(settings),
        server_core: number(cores.server),
        generator_core: number(cores.generator),
        kept_awake: awake.works(),
        tcp_info: HAS_TCP_INFO,
        proc_fs: procfs::ticks(&[]).is_some(),
        planted: None,
    }
}

fn cpu_name(cpus: &str) -> Option<String> {
    let line = cpus.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(": ")?.1.trim().into())
}

/// All cores of the machine, even those that this process may not use.
fn online_cores(cpus: &str) -> u32 {
    let listed = cpus
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    match listed {
        0 => thread::available_parallelism().map_or(1, |cores| cores.get() as u32),
        listed => listed as u32,
    }
}

fn first_line(file: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    text.lines().next().map(str::to_owned)
}

/// The commit of the working tree, with `-dirty` if it has changes; `None` outside of a repository.
fn commit() -> Option<String> {
    let git = Command::new("git")
        .args([
            "describe",
            "--always",
            "--dirty",
            "--abbrev=12",
            "--exclude=*",
        ])
        .output()
        .ok()?;
    let output = String::from_utf8(git.stdout).ok()?;
    (git.status.success() && !output.trim().is_empty()).then(|| output.trim().to_owned())
}
