//! All dependencies have permissive licences. Only the packages of this platform are checked, since
//! a build fetches no others.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;
use spdx::{Expression, LicenseReq};

/// Licences that require attribution at most.
const PERMISSIVE: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

fn permissive(licence: &LicenseReq) -> bool {
    licence
        .license
        .id()
        .is_some_and(|id| PERMISSIVE.contains(&id.name))
}

#[test]
fn every_dependency_is_permissive() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", &host()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "the list of packages is incomplete");
    let refused: BTreeSet<_> = packages.iter().filter_map(refusal).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// The platform that this toolchain builds for: `x86_64-unknown-linux-gnu`.
fn host() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    let output = Command::new(rustc).arg("-vV").output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let host = output.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

/// Why a package may not be used; `None` if it may.
fn refusal(package: &Value) -> Option<String> {
    let named = format!("{} {}", package["name"], package["version"]);
    let Some(licence) = package["license"].as_str() else {
        return Some(format!("{named}: no licence is given"));
    };
    // Old manifests write `/` for `OR`.
    let expression = Expression::parse(&licence.replace('/', " OR "));
    match expression.map(|expression| expression.evaluate(permissive)) {
        Ok(true) => None,
        Ok(false) => Some(format!("{named}: {licence}")),
        Err(error) => Some(format!("{named}: {licence} can't be read: {error}")),
    }
}
