//! The browser that the tests of the pages drive.

#![allow(dead_code, unused_imports, reason = "the tests use the rest")]

#[path = "../../tests/suite/browser/driver.rs"]
mod driver;
#[path = "../../tests/suite/browser/tab.rs"]
mod tab;

pub use driver::Browser;
