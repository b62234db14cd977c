//! Tests of the pages in Chromium: a server and a browser for each test, and the steps of a user.

mod chat;
mod cost;
mod driver;
mod network;
mod race_page;
mod recording;
mod relay;
mod tab;
mod trial;

pub use chat::{Shown, check_complete, check_shown_as_stored, keep_writing, stored};
pub use driver::{Browser, is_installed};
pub use network::Requested;
pub use race_page::{enter, pane};
pub use recording::record;
pub use tab::{Tab, keys};
pub use trial::{recorded_trial, trial};
