//! Whether a text shows anything.

/// Characters that take no ink although Unicode does not count them as white space: fillers of scripts,
/// the empty braille pattern, and what is ignored by default (Unicode's
/// `Default_Ignorable_Code_Point`).
const INVISIBLE: [(char, char); 16] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether all characters of a name are blank or look so.
pub fn looks_blank(text: &str) -> bool {
    let is_invisible = |c: char| {
        INVISIBLE
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
    };
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_ink_are_found() {
        for blank in [
            "",
            " ",
            "\u{200b}",
            "\u{2800}\u{2800}",
            "\u{3164}",
            " \u{feff}\u{2060}\t",
        ] {
            assert!(looks_blank(blank), "{blank:?}");
        }
        for visible in ["a", "\u{200b}a", "é", "👩\u{200d}🔬", "م", "字"] {
            assert!(!looks_blank(visible), "{visible:?}");
        }
    }
}
