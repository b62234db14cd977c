//! The page in a real Chromium, as people use it: typing, clicking, reloading, losing the server.

mod chat;
mod driver;
mod race_page;
mod request_head;
mod tab;
mod trial;

mod accessibility;
mod accounts;
mod agreement;
mod auto;
mod connections;
mod doors;
mod front;
mod history;
mod inspector;
mod keyboard;
mod layout;
mod lines;
mod meters;
mod offline;
mod presence;
mod race;
mod race_place;
mod restart;
mod rooms;
mod talk;
mod toggle;
mod wall;

use chat::Shown;
use driver::Browser;
use tab::{Tab, keys};
use trial::trial;
