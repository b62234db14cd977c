//! The numbers of the figures, in the order of the page.

use super::figures::Figure;

pub struct NumberedFigure {
    pub number: usize,
    pub figure: Figure,
}

/// Gives each figure the next number, from 1.
#[derive(Default)]
pub struct Numbers(usize);

impl Numbers {
    pub fn number(&mut self, figure: Figure) -> NumberedFigure {
        self.0 += 1;
        NumberedFigure {
            number: self.0,
            figure,
        }
    }

    pub fn all(&mut self, figures: Vec<Figure>) -> Vec<NumberedFigure> {
        figures
            .into_iter()
            .map(|figure| self.number(figure))
            .collect()
    }
}
