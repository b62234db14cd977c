//! A drawing as SVG: inside the page, with the page's colours and fonts, or as a file with its own.

use std::fmt::Write;

use protocol::Transport;

use super::canvas::SCALE;

/// The background and the ink of a file, and its fonts.
const FILE_STYLE: &str = "font-family=\"system-ui, sans-serif\" color=\"#1b1d26\"";

/// The rim of a marker in a file; the page's style sheet has the same.
const RIM: &str =
    "<style>circle,polygon{stroke:#FFFFFF;stroke-width:12;paint-order:stroke}</style>";

/// What every text has; the document says it once.
const TEXT_STYLE: &str = "font-size=\"52\" fill=\"currentColor\"";

/// Plotters draws no dashes in SVG, only many short lines. So the lines of a transport are drawn with
/// an opacity that nothing else has, and the pattern takes its place. A pattern is in units of the view
/// box.
const DASHES: [(Transport, f64, &str); 3] = [
    (Transport::LongPoll, 0.991, "56 20"),
    (Transport::Sse, 0.992, "28 20"),
    (Transport::WebSocket, 0.993, "8 16"),
];

/// The opacity that stands for a transport's dashes; that of short polling is 1, a solid line.
pub fn dash_mark(transport: Transport) -> f64 {
    let of = |(other, mark, _): &(Transport, f64, &str)| (*other == transport).then_some(*mark);
    DASHES.iter().find_map(of).unwrap_or(1.0)
}

/// What was drawn, and its text alternative.
pub struct Drawing {
    /// In units of the view box.
    size: (u32, u32),
    alt: String,
    /// The elements, up to the end of the document.
    body: String,
}

impl Drawing {
    /// Of the document that plotters wrote.
    pub fn new(size: (u32, u32), alt: &str, plotted: &str) -> Self {
        let body = plotted.split_once(">\n").map_or("", |(_, body)| body);
        let mut body = body
            .replace(" font-family=\"sans-serif\"", "")
            .replace(" opacity=\"1\"", "")
            .replace(" stroke=\"none\"", "")
            .replace(" \"/>", "\"/>")
            .replace(" stroke-width=\"1\"/>", "/>")
            .replace("#000000", "currentColor")
            .replace(" text-anchor=\"start\"", "")
            .replace(" font-size=\"52.00000000000001\" fill=\"currentColor\"", "")
            .replace("\n</text>", "</text>");
        for (_, mark, pattern) in DASHES {
            let opacity = format!(" opacity=\"{mark}\"");
            body = body.replace(&opacity, &format!(" stroke-dasharray=\"{pattern}\""));
        }
        Drawing {
            size,
            alt: escaped(alt),
            body: with_paths(&body),
        }
    }

    /// For the page, which replaces black and white by its own colours in dark mode.
    pub fn inline(&self) -> String {
        let Drawing { size, alt, body } = self;
        let (width, height) = size;
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{alt}\" {TEXT_STYLE}>\n{body}"
        )
    }

    /// A file that needs nothing else: dark on white.
    pub fn file(&self) -> String {
        let Drawing { size, alt, body } = self;
        let (width, height) = size;
        let [wide, high] = [*width, *height].map(|units| f64::from(units) / SCALE);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{wide}\" height=\"{high}\" {FILE_STYLE} {TEXT_STYLE}>\n<title>{alt}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{RIM}\n{body}"
        )
    }
}

/// Lines of one style that follow each other, such as a grid's or a bar's with its caps, as one path,
/// and of equal elements that follow each other the first.
fn with_paths(body: &str) -> String {
    let mut out = String::new();
    let (mut open, mut last) = (None, "");
    for element in body.lines() {
        // Markers at one place hide each other.
        if std::mem::replace(&mut last, element) == element && element.ends_with("/>") {
            continue;
        }
        let line = element
            .strip_prefix("<polyline ")
            .and_then(|line| line.split_once(" points=\""));
        let style = line.map(|(style, _)| style);
        if open.is_some() && open != style {
            out.push_str("\"/>\n");
        }
        match line {
            Some((style, points)) => {
                if open != Some(style) {
                    let _ = write!(out, "<path {style} d=\"");
                }
                out.push_str(&path(points.trim_end_matches("\"/>")));
            }
            None => {
                let _ = writeln!(out, "{element}");
            }
        }
        open = style;
    }
    out
}

/// The commands of a path through the points of a polyline.
fn path(points: &str) -> String {
    let ends = points.split_once(' ').and_then(|(from, to)| {
        let (from_x, from_y) = from.split_once(',')?;
        let (x, y) = to.split_once(',').filter(|_| !to.contains(' '))?;
        match (x == from_x, y == from_y) {
            (_, true) => Some(format!("M{from}H{x}")),
            (true, _) => Some(format!("M{from}V{y}")),
            _ => None,
        }
    });
    ends.unwrap_or_else(|| format!("M{points}"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLOTTED: &str = "<svg width=\"8\" height=\"8\">\n<polyline fill=\"none\" opacity=\"0.991\" \
                           stroke=\"#000000\" points=\"0,0 4,4 \"/>\n<polyline fill=\"none\" \
                           opacity=\"0.991\" stroke=\"#000000\" points=\"0,4 0,0 \"/>\n</svg>\n";

    #[test]
    fn a_file_has_a_background_and_fonts_and_the_page_gives_its_own() {
        let drawing = Drawing::new((8, 8), "less < \"more\"", PLOTTED);
        let (inline, file) = (drawing.inline(), drawing.file());
        assert!(!inline.contains("font-family") && !inline.contains("<rect"));
        assert!(file.contains("font-family") && file.contains("<rect width=\"8\""));
        assert!(file.contains("xmlns=") && file.contains("width=\"2\""));
        for svg in [inline, file] {
            assert!(svg.contains("less &lt; &quot;more&quot;") && svg.ends_with("</svg>\n"));
            assert!(
                svg.contains("stroke=\"currentColor\" d=\"M0,0 4,4M0,4V0\"/>\n</svg>"),
                "{svg}"
            );
        }
    }

    #[test]
    fn each_transport_has_dashes_of_its_own() {
        let svg = Drawing::new((8, 8), "", PLOTTED).inline();
        assert!(
            svg.contains("stroke-dasharray=\"56 20\"") && !svg.contains("opacity"),
            "{svg}"
        );
        let mut marks = Transport::ALL.map(dash_mark);
        marks.sort_by(f64::total_cmp);
        assert!(marks.windows(2).all(|pair| pair[0] < pair[1]), "{marks:?}");
    }
}
