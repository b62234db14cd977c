//! The conditions of a campaign: a table, and what they limit.

use analysis::{metric::Quantity, results::Environment};

use super::units::show;

/// The rows of the table: a name and a value.
pub fn environment(found: &Environment) -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_owned();
    let known = |value: &Option<String>| value.clone().unwrap_or_else(unknown);
    let core = |core: Option<u32>| core.map_or("not pinned".into(), |core| format!("core {core}"));
    let yes = |has: bool| if has { "yes" } else { "no" }.to_owned();
    let memory = found
        .memory_bytes
        .map_or_else(unknown, |bytes| show(Quantity::Bytes, bytes as f64));
    vec![
        ("Processor", known(&found.cpu)),
        ("Cores", found.cores.to_string()),
        ("Memory", memory),
        ("Disk", known(&found.disk)),
        ("File system", known(&found.file_system)),
        ("Power", known(&found.power)),
        ("Kernel", known(&found.kernel)),
        ("pushlab", found.version.clone()),
        ("Commit", known(&found.commit)),
        ("Build", found.build_profile.clone()),
        ("Server", core(found.server_core)),
        ("Generator", core(found.generator_core)),
        ("Cores kept awake", yes(found.kept_awake)),
        ("Server arguments", found.server_arguments.join(" ")),
        ("TCP_INFO", yes(found.tcp_info)),
        ("/proc", yes(found.proc_fs)),
    ]
}

/// What the figures do not tell, whatever was measured: one sentence or two for each limit.
pub fn limitations(found: &Environment) -> Vec<String> {
    let cores: String = match (found.server_core, found.generator_core) {
        (Some(_), Some(_)) => {
            "Server and generator have one core each. A server with more cores holds more \
                               load, and shares it in ways that are not measured here."
                .into()
        }
        _ => format!(
            "Server and generator are not pinned: they share {} cores, and one may delay the other.",
            found.cores
        ),
    };
    [
        "One machine runs both sides of every connection. On another machine the times differ; compare ratios \
         between machines, not milliseconds.",
        &cores,
        "Every connection is HTTP/1.1 in the clear. TLS adds a handshake and bytes to each connection and \
         record, and HTTP/2 compresses headers and shares connections; neither is measured.",
        "One implementation is measured, this server with these clients. A transport that is slow here may be \
         fast in another.",
        "The loopback carries segments of up to 64 KiB, Ethernet of up to 1,500 B. So large messages take fewer \
         segments here than on a network.",
    ]
    .map(str::to_owned)
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_unknown() {
        let mut found = Environment::default();
        let value = |found: &Environment, name| {
            let rows = environment(found);
            rows.into_iter().find(|row| row.0 == name).unwrap().1
        };
        for name in ["Disk", "File system", "Power"] {
            assert_eq!(value(&found, name), "unknown");
        }
        found.disk = Some("vda".into());
        found.file_system = Some("ext4".into());
        found.power = Some("mains".into());
        let known = ["Disk", "File system", "Power"].map(|name| value(&found, name));
        assert_eq!(known, ["vda", "ext4", "mains"]);
    }

    #[test]
    fn cores_are_claimed_only_where_they_are_pinned() {
        let mut found = Environment {
            cores: 2,
            server_core: Some(0),
            ..Environment::default()
        };
        assert!(limitations(&found)[1].contains("share 2 cores"));
        found.generator_core = Some(1);
        assert!(limitations(&found)[1].contains("one core each"));
        let all = limitations(&found).join(" ");
        for limit in [
            "One machine",
            "HTTP/1.1",
            "TLS",
            "HTTP/2",
            "One implementation",
            "64 KiB",
        ] {
            assert!(all.contains(limit), "{limit}");
        }
    }
}
