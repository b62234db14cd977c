//! Each sentence with data that bear it out, and with data that don't.

mod cost;
mod delay;
mod load;
mod loss;
mod other;
mod told;
