//! Resolves paths in a folder that is served: nothing above the folder and nothing hidden.

use std::path::{Component, Path, PathBuf};

/// The path of `parts` under `root`. `None` unless every part is a plain name and the file, with
/// links resolved, is still under `root` and not hidden.
pub fn resolve(root: &Path, parts: &[&str]) -> Option<PathBuf> {
    if !parts.iter().all(|part| is_plain(part)) {
        return None;
    }
    let root = root.canonicalize().ok()?;
    let found = root.join(parts.iter().collect::<PathBuf>());
    let found = found.canonicalize().ok()?;
    let below = found.strip_prefix(&root).ok()?;
    let visible = |part: Component| part.as_os_str().to_str().is_some_and(is_plain);
    below.components().all(visible).then_some(found)
}

/// Whether `name` is one file name, not hidden and not `..`. On Windows a colon selects a drive or
/// a stream, so it is refused.
fn is_plain(name: &str) -> bool {
    let separates = |c: char| matches!(c, '/' | '\\' | ':') || c.is_control();
    !name.is_empty() && !name.starts_with('.') && !name.contains(separates)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("reports/one")).unwrap();
        for file in ["reports/one/index.html", "reports/one/.hidden", "secret"] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        folder
    }

    #[test]
    fn only_plain_names_are_resolved() {
        let folder = folder();
        let root = folder.path().join("reports");
        assert!(resolve(&root, &["one", "index.html"]).is_some());
        for parts in [
            ["one", ".hidden"],
            ["one", "../../secret"],
            ["..", "secret"],
            ["one", ".."],
            ["one", ""],
            ["one\\..", "index.html"],
            ["one", "index.html\0"],
            ["C:", "index.html"],
            ["one", "missing"],
        ] {
            assert_eq!(resolve(&root, &parts), None, "{parts:?}");
        }
        assert_eq!(resolve(&folder.path().join("none"), &["one"]), None);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_within_the_folder() {
        let folder = folder();
        let root = folder.path().join("reports");
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, root.join(name)).unwrap();
        link("one", "latest");
        link("..", "out");
        link("../secret", "one/stolen.csv");
        link(".hidden", "one/seen.csv");
        assert!(resolve(&root, &["latest", "index.html"]).is_some());
        assert_eq!(resolve(&root, &["out", "secret"]), None);
        assert_eq!(resolve(&root, &["one", "stolen.csv"]), None);
        assert_eq!(resolve(&root, &["one", "seen.csv"]), None);
    }
}
