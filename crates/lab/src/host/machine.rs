//! What of this machine affects a commit and the processor's speed: the disk, its file system and the
//! power state; `None` where the system does not say.

use std::{fs, path::Path};

/// The disk that holds a folder: its name and, where it has one, its model.
pub fn disk(folder: &Path) -> Option<String> {
    let device = mount_of(&fs::read_to_string("/proc/self/mounts").ok()?, folder)?.device;
    let name = Path::new(&device).file_name()?.to_str()?.to_owned();
    // A partition has no model of its own; its folder is inside that of its disk.
    let own = fs::canonicalize(format!("/sys/class/block/{name}")).ok();
    let model = own.and_then(|own| {
        let mut folders = own.ancestors().take(2);
        folders.find_map(|folder| fs::read_to_string(folder.join("device/model")).ok())
    });
    Some(match model {
        Some(model) => format!("{name} ({})", model.trim()),
        None => name,
    })
}

/// The type of the file system that holds a folder: `ext4`.
pub fn file_system(folder: &Path) -> Option<String> {
    let mounts = fs::read_to_string("/proc/self/mounts").ok()?;
    Some(mount_of(&mounts, folder)?.file_system)
}

/// Mains or battery, and the governor of the first core's frequency, as far as they are known.
pub fn power() -> Option<String> {
    let governor = fs::read_to_string("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").ok();
    let governor = governor.map(|name| format!("governor {}", name.trim()));
    let known: Vec<_> = source().into_iter().chain(governor).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

fn source() -> Option<String> {
    let supplies = fs::read_dir("/sys/class/power_supply").ok()?;
    let read = |folder: &Path, file| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let mains = supplies.filter_map(|supply| {
        let folder = supply.ok()?.path();
        (read(&folder, "type").trim() == "Mains").then(|| read(&folder, "online"))
    });
    let is_online = mains
        .map(|online| online.trim() == "1")
        .reduce(|a, b| a || b)?;
    Some(if is_online { "mains" } else { "battery" }.into())
}

struct Mount {
    device: String,
    file_system: String,
}

/// The mount whose folder is the longest that contains this one; of two at the same folder the later,
/// which hides the other.
fn mount_of(mounts: &str, folder: &Path) -> Option<Mount> {
    let lines = mounts.lines().filter_map(|line| {
        let mut columns = line.split(' ');
        let (device, at, file_system) = (columns.next()?, columns.next()?, columns.next()?);
        folder.starts_with(at).then_some((device, at, file_system))
    });
    let (device, _, file_system) = lines.max_by_key(|(_, at, _)| at.len())?;
    Some(Mount {
        device: device.to_owned(),
        file_system: file_system.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_holds_a_folder() {
        let mounts = "/dev/vda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n";
        let of = |folder: &str| mount_of(mounts, Path::new(folder)).unwrap();
        assert_eq!(of("/tmp/a").file_system, "tmpfs");
        assert_eq!(of("/tmporary").device, "/dev/vda1");
        assert!(mount_of("", Path::new("/")).is_none());
    }
}
