//! Figures, one kind in each file. A figure has an SVG, a text alternative and its data as CSV.

mod axis;
pub mod by_parameter;
mod canvas;
mod chart;
pub mod costs;
pub mod distribution;
pub mod dots;
mod figure;
pub mod layers;
mod legend;
pub mod rows;
mod series;
pub mod steps;
pub mod text;
pub mod trade_off;

pub use figure::Figure;
