//! Figures, one kind a file: each is drawn at once with its text alternative and its CSV.

pub mod against;
mod axis;
mod canvas;
mod chart;
pub mod distribution;
pub mod dots;
mod figure;
pub mod layers;
mod legend;
pub mod rows;
mod series;
pub mod steps;
mod text;
pub mod trade_off;

pub use figure::Figure;
