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

/// A number in a CSV file: six significant digits, more than any figure shows and fewer than a
/// double's sixteen.
pub fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    let before_point = value.abs().log10().floor() as i32 + 1;
    let decimals = usize::try_from(6 - before_point).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
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
    fn a_number_has_six_significant_digits() {
        let found = [
            144_133.364_8,
            10.193_734_86,
            0.000_123_456_78,
            20.0,
            0.0,
            -1.5,
            1_234_567.8,
        ];
        let texts = [
            "144133",
            "10.1937",
            "0.000123457",
            "20",
            "0",
            "-1.5",
            "1234568",
        ];
        assert_eq!(found.map(number), texts);
    }

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
