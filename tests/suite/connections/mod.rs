//! The inspector: what a session sees of its own connections, and how it shuts them down.

mod costs;
mod exchanges;
mod isolation;
mod posts;
mod shut_down;
mod viewing;
