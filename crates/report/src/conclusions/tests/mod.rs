//! Each sentence with data that support it, and with data that do not.

mod cost;
mod delay;
mod load;
mod loss;
mod other;
mod support;
