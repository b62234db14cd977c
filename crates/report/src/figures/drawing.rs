//! A drawing as SVG: inside the page, with the page's colours and fonts, or as a file with its own.

use protocol::Transport;

use super::canvas::SCALE;

/// The background and the ink of a file, and its fonts.
const FILE_STYLE: &str = "font-family=\"system-ui, sans-serif\" color=\"#1b1d26\"";

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
            .replace("#000000", "currentColor")
            .replace("\n</text>", "</text>");
        for (_, mark, pattern) in DASHES {
            let opacity = format!(" opacity=\"{mark}\"");
            body = body.replace(&opacity, &format!(" stroke-dasharray=\"{pattern}\""));
        }
        Drawing {
            size,
            alt: escaped(alt),
            body,
        }
    }

    /// For the page, which replaces black and white by its own colours in dark mode.
    pub fn inline(&self) -> String {
        let Drawing { size, alt, body } = self;
        let (width, height) = size;
        format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{alt}\">\n{body}")
    }

    /// A file that needs nothing else: dark on white.
    pub fn file(&self) -> String {
        let Drawing { size, alt, body } = self;
        let (width, height) = size;
        let [wide, high] = [*width, *height].map(|units| f64::from(units) / SCALE);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{wide}\" height=\"{high}\" {FILE_STYLE}>\n<title>{alt}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{body}"
        )
    }
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
                           stroke=\"#000000\" points=\"0,0 4,4 \"/>\n</svg>\n";

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
                svg.contains("stroke=\"currentColor\" points=\"0,0 4,4\"/>"),
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
