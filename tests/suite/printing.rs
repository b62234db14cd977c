//! `pushlab report --pdf`: where there is a browser, and where there is none.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

/// A folder with the committed results alone, as `a`.
fn report() -> TempDir {
    let folder = TempDir::new().unwrap();
    let committed = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/reports/coursework/results.json.gz"
    );
    fs::create_dir(folder.path().join("a")).unwrap();
    fs::copy(committed, folder.path().join("a/results.json.gz")).unwrap();
    folder
}

/// Renders `a` with these arguments; programs are looked for in `path` alone.
fn render(folder: &Path, arguments: &[&str], browser: Option<&Path>, path: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command.arg("report").args(arguments).current_dir(folder);
    command.env("PATH", path).env_remove("PUSHLAB_CHROMIUM");
    if let Some(browser) = browser {
        command.env("PUSHLAB_CHROMIUM", browser);
    }
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn without_a_browser_the_page_is_rendered_and_the_remedy_is_told() {
    let folder = report();
    let output = render(folder.path(), &["a", "--pdf"], None, folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains("PUSHLAB_CHROMIUM"),
        "{}",
        told(&output)
    );
    assert!(folder.path().join("a/index.html").is_file());
}

#[test]
fn a_browser_that_does_not_start_or_prints_nothing_is_told() {
    let folder = report();
    let nowhere = folder.path().join("none");
    let output = render(
        folder.path(),
        &["a", "--pdf"],
        Some(&nowhere),
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("did not print"), "{}", told(&output));
    let idle = Path::new("/bin/true");
    let output = render(folder.path(), &["a", "--pdf"], Some(idle), folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("did not print"), "{}", told(&output));
}

/// A browser that prints its arguments.
#[cfg(unix)]
#[test]
fn the_first_browser_in_path_prints_the_page() {
    use std::os::unix::fs::PermissionsExt;

    let folder = report();
    let browser = folder.path().join("chromium-browser");
    let script = "#!/bin/sh\nfor one; do case $one in --print-to-pdf=*) echo \"$@\" > \"${one#*=}\";; esac; done\n";
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = [
        "a",
        "--pdf",
        "--author",
        "A Student",
        "--course",
        "Networks",
    ];
    let output = render(folder.path(), &arguments, None, folder.path());
    assert!(output.status.success(), "{}", told(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.ends_with("a/report.pdf\n"), "{printed}");
    let received = fs::read_to_string(folder.path().join("a/report.pdf")).unwrap();
    assert!(
        received.contains("--headless") && received.contains("a/index.html"),
        "{received}"
    );
    let page = fs::read_to_string(folder.path().join("a/index.html")).unwrap();
    assert!(page.contains("A Student") && page.contains("Networks"));
}

#[test]
fn a_comparison_has_no_cover_and_no_pdf() {
    let folder = report();
    let output = render(folder.path(), &["a", "a", "--pdf"], None, folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("single report"), "{}", told(&output));
}
