//! The lecture as the document has it: a table for each act, and in each row what to do, to ask and to see. What is done
//! is marked up: **pressed** (or a key, if it is one letter), *a slider, moved to its left end*, `/opened`, `written`.

/// A row of a table.
pub struct Row {
    /// The heading above the table.
    pub act: String,
    pub steps: Vec<Step>,
    pub seen: String,
}

#[derive(Debug)]
pub struct Step {
    pub place: Place,
    pub act: Act,
}

/// Where something is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Projector,
    SecondTab,
    Phone,
}

#[derive(Debug, PartialEq)]
pub enum Act {
    Open(String),
    Press(String),
    Key(char),
    Slide(String),
    Write(String),
}

/// The rows of the lecture, in order.
pub fn lecture(document: &str) -> Vec<Row> {
    let (_, lecture) = document.split_once("\n## The lecture").unwrap();
    let (lecture, _) = lecture.split_once("\n## ").unwrap();
    let acts = lecture.split("\n### ").skip(1);
    let rows: Vec<_> = acts.flat_map(rows).collect();
    assert!(rows.len() > 20, "only {} rows were found", rows.len());
    rows
}

fn rows(act: &str) -> impl Iterator<Item = Row> {
    let (heading, table) = act.split_once('\n').unwrap();
    let lines = table.lines().filter(|line| line.starts_with('|')).skip(2);
    lines.map(move |line| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [todo, _, seen] = cells[..] else {
            panic!("{heading}: three cells, not {line}");
        };
        Row {
            act: heading.into(),
            steps: steps(todo),
            seen: seen.into(),
        }
    })
}

/// The marks around what is done, the longer one first.
const MARKS: [&str; 3] = ["**", "*", "`"];

fn steps(mut todo: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut place = Place::Projector;
    while let Some(at) = todo.find(['*', '`']) {
        let (before, marked) = todo.split_at(at);
        place = place_after(before, place);
        let mark = MARKS.into_iter().find(|mark| marked.starts_with(mark));
        let mark = mark.unwrap();
        let (text, rest) = marked[mark.len()..].split_once(mark).unwrap();
        let act = act(mark, text);
        steps.push(Step { place, act });
        todo = rest;
    }
    steps
}

/// A sentence begins at the projector, if it does not say otherwise.
fn place_after(words: &str, before: Place) -> Place {
    let sentence = words.rsplit_once(". ").map(|(_, sentence)| sentence);
    let said = sentence.unwrap_or(words);
    match () {
        () if said.contains("second tab") => Place::SecondTab,
        () if said.contains("phone") => Place::Phone,
        () if sentence.is_some() => Place::Projector,
        () => before,
    }
}

fn act(mark: &str, text: &str) -> Act {
    let mut letters = text.chars();
    match (mark, letters.next(), letters.next()) {
        ("**", Some(key), None) => Act::Key(key.to_ascii_lowercase()),
        ("**", ..) => Act::Press(text.into()),
        ("*", ..) => Act::Slide(text.into()),
        (_, Some('/'), _) => Act::Open(text.into()),
        _ => Act::Write(text.into()),
    }
}
