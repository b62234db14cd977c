//! The worksheet from the command line: sheet, predictions, answers and marks.

use std::fs;

use tempfile::TempDir;

use super::running::{run, text};

#[test]
fn a_sheet_is_written_and_its_predictions_are_kept() {
    let folder = TempDir::new().unwrap();
    let sheet = ["worksheet", "--student", "Ada", "--sheet", "--out", "mine"];
    let output = run(folder.path(), &sheet);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let predictions = folder.path().join("mine/predictions.toml");
    let blank = fs::read_to_string(&predictions).unwrap();
    let filled = blank.replacen("\"?\"", "640", 1);
    fs::write(&predictions, &filled).unwrap();
    assert!(run(folder.path(), &sheet).status.success());
    assert_eq!(fs::read_to_string(&predictions).unwrap(), filled);
    let page = fs::read_to_string(folder.path().join("mine/sheet.html")).unwrap();
    assert!(page.contains("For ada"));
    let plan = run(
        folder.path(),
        &[
            "worksheet",
            "--student",
            "ada",
            "--predictions",
            "mine/predictions.toml",
            "--dry-run",
        ],
    );
    let plan = text(&plan.stdout);
    let minutes = plan
        .split("in about ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    assert!(minutes.parse::<f64>().unwrap() < 45.0, "{plan}");
}

#[test]
fn answers_are_printed_for_a_student() {
    let folder = TempDir::new().unwrap();
    let answers = |student| text(&run(folder.path(), &["answers", "--student", student]).stdout);
    assert!(answers("ada").contains("Usual mistakes"));
    assert_ne!(answers("ada"), answers("bob"));
}

#[test]
fn bad_arguments_are_refused_with_the_remedy() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("bobs.toml"), "student = \"bob\"\n").unwrap();
    for (arguments, code, words) in [
        (&["worksheet"][..], 1, "give --student ID"),
        (
            &["latency", "--student", "ada"],
            1,
            "pushlab lab worksheet --student ID",
        ),
        (&["worksheet", "--student", "a b"], 2, "1 to 64 letters"),
        (
            &["worksheet", "--student", "ada", "--quick"],
            1,
            "leave it away",
        ),
        (
            &[
                "worksheet",
                "--student",
                "ada",
                "--predictions",
                "bobs.toml",
            ],
            1,
            "of bob, not of ada",
        ),
        (
            &[
                "worksheet",
                "--student",
                "ada",
                "--predictions",
                "none.toml",
            ],
            1,
            "none.toml",
        ),
        (&["mark", "nowhere"], 1, "give a folder"),
    ] {
        let output = run(folder.path(), arguments);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(words), "{arguments:?}: {stderr}");
    }
}
