//! Figures, one kind in each file. A figure has a drawing, a text alternative and its data as CSV.

mod axis;
pub mod by_parameter;
mod canvas;
mod chart;
pub mod costs;
pub mod distribution;
pub mod dots;
mod drawing;
mod figure;
mod frame;
mod labels;
pub mod layers;
mod legend;
pub mod over_time;
pub mod rows;
mod series;
pub mod steps;
mod straighten;
pub mod text;
mod ticks;
pub mod timing;
pub mod trade_off;

pub use figure::Figure;
