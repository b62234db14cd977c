//! All dependencies have permissive licences. Only the packages of this platform are checked, since
//! a build fetches no others.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;
use spdx::{Expression, LicenseReq};

/// The licences that `deny.toml` allows.
fn allowed() -> BTreeSet<String> {
    let text = include_str!("../../deny.toml");
    let settings: toml::Table = toml::from_str(text).unwrap();
    let allow = settings["licenses"]["allow"].as_array().unwrap();
    allow
        .iter()
        .map(|licence| licence.as_str().unwrap().to_owned())
        .collect()
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
    let allowed = allowed();
    let refused: BTreeSet<_> = packages
        .iter()
        .filter_map(|package| refusal(package, &allowed))
        .collect();
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

/// Why a package may not be used, if so.
fn refusal(package: &Value, allowed: &BTreeSet<String>) -> Option<String> {
    let named = format!("{} {}", package["name"], package["version"]);
    let Some(licence) = package["license"].as_str() else {
        return Some(format!("{named}: no licence is given"));
    };
    // Old manifests write `/` for `OR`.
    let expression = Expression::parse(&licence.replace('/', " OR "));
    let permissive = |licence: &LicenseReq| {
        let id = licence.license.id();
        id.is_some_and(|id| allowed.contains(id.name))
    };
    match expression.map(|expression| expression.evaluate(permissive)) {
        Ok(true) => None,
        Ok(false) => Some(format!("{named}: {licence}")),
        Err(error) => Some(format!("{named}: {licence} can't be read: {error}")),
    }
}
