//! The models of the transports: for each a diagram of its exchange, and how its formulas follow.

mod derivations;
mod exchanges;

use protocol::Transport;

use crate::{
    figures::Figure,
    numbers::{NumberedFigure, Numbers},
};

pub struct Model {
    pub figure: NumberedFigure,
    /// In HTML.
    pub derivation: [&'static str; 5],
}

pub fn models(numbers: &mut Numbers) -> Vec<Model> {
    let model = |transport| Model {
        figure: numbers.number(diagram(transport)),
        derivation: derivations::of(transport),
    };
    Transport::ALL.into_iter().map(model).collect()
}

fn diagram(transport: Transport) -> Figure {
    let (exchange, caption) = exchanges::of(transport);
    let title = format!("The exchange of {}", transport.in_a_sentence());
    Figure {
        slug: format!("model-{}", transport.slug().replace('_', "-")),
        drawing: exchange.draw(&format!("{title}. {caption}")),
        title,
        caption: caption.into(),
        inputs: None,
        csv: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_transport_has_its_diagram_and_its_derivation() {
        let all = models(&mut Numbers::default());
        assert_eq!(all.len(), Transport::COUNT);
        for model in &all {
            let figure = &model.figure.figure;
            let svg = figure.drawing.file();
            assert!(
                svg.contains("\nServer</text>") && svg.contains("\nd</text>"),
                "{}",
                figure.title
            );
            assert!(model.derivation.iter().all(|line| line.ends_with('.')));
        }
    }
}
