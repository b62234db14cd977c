//! A layer uses the layers below it only: read from the imports.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The modules and their layers, as `src/lib.rs` draws them. Within a layer, a module may use
/// only those named with it.
const LAYERS: [(&str, u8, &[&str]); 17] = [
    ("duration", 0, &[]),
    ("wire", 0, &[]),
    ("store", 0, &[]),
    ("metrics", 0, &["wire"]),
    ("net", 0, &["metrics", "wire"]),
    ("chat", 1, &[]),
    ("accounts", 1, &[]),
    ("db", 2, &[]),
    ("web", 3, &[]),
    ("transport", 3, &["web"]),
    ("config", 4, &[]),
    ("app", 4, &["config"]),
    ("analysis", 1, &[]),
    ("lab", 1, &["analysis"]),
    ("report", 1, &["analysis"]),
    ("output", 5, &[]),
    ("main", 5, &["output"]),
];

/// What a module must not see although it is below.
const NOT_FOR: [(&str, &[&str]); 2] = [
    (
        "actix",
        &[
            "wire", "store", "metrics", "chat", "accounts", "db", "analysis", "lab", "report",
        ],
    ),
    (
        "diesel",
        &[
            "wire",
            "store",
            "metrics",
            "net",
            "chat",
            "accounts",
            "web",
            "transport",
            "analysis",
            "lab",
            "report",
        ],
    ),
];

fn layer(module: &str) -> Option<(u8, &'static [&'static str])> {
    let known = LAYERS.iter().find(|(name, ..)| *name == module);
    known.map(|(_, layer, beside)| (*layer, *beside))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The module that a file belongs to: the first part of its path below `src`.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root()).unwrap();
    let first = Path::new(inside.iter().next().unwrap());
    first.file_stem().unwrap().to_string_lossy().into_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The modules named after `crate::`, also in groups (`use crate::{a::B, c}`), tests left out.
fn uses(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut found = BTreeSet::new();
    for after in source.split("crate::").skip(1) {
        let names = match after.strip_prefix('{') {
            Some(group) => top_level(group),
            None => vec![after],
        };
        for name in names {
            let name: String = name
                .trim()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.insert(name);
        }
    }
    found.remove("");
    found
}

/// The parts of a group, split at the commas that are not in a group of their own.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (place, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..place]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn every_import_goes_down() {
    for file in sources(&root()) {
        let module = module_of(&file);
        if module == "lib" {
            continue;
        }
        let (own, beside) = layer(&module)
            .unwrap_or_else(|| panic!("{module} has no layer: give it one here and in lib.rs"));
        for used in uses(&fs::read_to_string(&file).unwrap()) {
            let allowed = used == module
                || beside.contains(&used.as_str())
                || layer(&used).is_some_and(|(below, _)| below < own);
            assert!(
                allowed,
                "{} uses {used}, which is not below {module}",
                file.display()
            );
        }
    }
}

#[test]
fn frameworks_stay_where_they_belong() {
    for file in sources(&root()) {
        let module = module_of(&file);
        let text = fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for (framework, barred) in NOT_FOR {
            let used = text.contains(&format!("use {framework}"))
                || text.contains(&format!("{framework}::"));
            let barred = barred.contains(&module.as_str());
            assert!(!(used && barred), "{} uses {framework}", file.display());
        }
    }
}

#[test]
fn the_reader_of_imports_reads_groups() {
    let source =
        "use crate::{\n a::{B, C},\n d,\n e::F,\n};\nuse crate::g::H;\nlet x = crate::i::j();";
    let found: Vec<_> = uses(source).into_iter().collect();
    assert_eq!(found, ["a", "d", "e", "g", "i"]);
}
