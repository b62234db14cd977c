//! Texts for axes, for CSV files and for file names.

/// The most characters of an axis's title.
const AXIS: usize = 45;

/// A name for an axis: a long one without what follows its comma, which the figure's title has.
pub fn axis_title(name: &str) -> String {
    match name.split_once(',') {
        Some((first, _)) if name.chars().count() > AXIS => first.to_owned(),
        _ => name.to_owned(),
    }
}

/// A CSV field, quoted if necessary.
pub fn quoted(text: &str) -> String {
    let text = &text.replace('\u{a0}', " ");
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A file name: every character that is neither a letter nor a digit becomes a hyphen.
pub fn slug(parts: &[&str]) -> String {
    let joined = parts
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join("-");
    let clean = joined.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    clean
        .collect::<String>()
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_name_is_cut_at_its_comma() {
        let long = "Server CPU time per delivery, posts and requests included";
        assert_eq!(axis_title(long), "Server CPU time per delivery");
        assert_eq!(
            axis_title("IP bytes a second, per client"),
            "IP bytes a second, per client"
        );
    }
}
