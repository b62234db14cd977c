//! The page in a real Chromium, as people use it: typing, clicking, reloading, losing the server.

mod chat;
mod driver;
mod tab;
mod trial;

mod accessibility;
mod accounts;
mod connections;
mod front;
mod history;
mod keyboard;
mod layout;
mod offline;
mod presence;
mod restart;
mod rooms;
mod talk;
mod toggle;

use chat::Shown;
use driver::Browser;
use tab::{Tab, keys};
use trial::trial;
