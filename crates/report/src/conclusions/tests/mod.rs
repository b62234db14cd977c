//! Each sentence with data that support it, and with data that do not.

mod claims;
mod cost;
mod delay;
mod load;
mod loss;
mod numbers;
mod other;
mod processor;
mod support;
mod vanishing;
