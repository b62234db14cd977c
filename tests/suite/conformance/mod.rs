//! What every transport must do, tested on all of [`Transport::ALL`].
//!
//! [`Transport::ALL`]: protocol::Transport::ALL

mod changing;
mod cursors;
mod ending;
mod frames;
mod history;
mod polling;
mod posting;
mod presence;
mod restart;
mod slow;
