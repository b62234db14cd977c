//! What may be said. Each function looks for the data that bear its sentence out and returns
//! `None` where they don't: a sentence without its data is not printed.

pub mod cost;
pub mod crossing;
pub mod delay;
pub mod load;
pub mod loss;
pub mod other;
mod said;
#[cfg(test)]
mod tests;

pub use said::most;
