//! A real Chromium, as people use it: typing, clicking, reloading, losing the server.

mod chat;
mod driver;
mod race_page;
mod recording;
mod relay;
mod tab;
mod trial;

pub use chat::{Shown, check_against, check_whole, keep_writing, stored};
pub use driver::{Browser, is_installed};
pub use race_page::{enter, pane};
pub use recording::record;
pub use tab::{Tab, keys};
pub use trial::trial;
