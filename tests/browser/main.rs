//! The pages in a real Chromium. Where there is none, every test is left out by name.

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
mod race_stream;
mod restart;
mod rooms;
mod talk;
mod toggle;
mod wall;

use std::{future::Future, pin::Pin};

use libtest_mimic::{Arguments, Trial};

/// A test by its name, and what it does.
pub type Test = (&'static str, fn() -> Pin<Box<dyn Future<Output = ()>>>);

/// A list of tests from async functions of one module.
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        &[$((concat!(module_path!(), "::", stringify!($name)), || Box::pin($name()))),*]
    };
}
pub(crate) use tests;

/// One list a module.
const ALL: &[&[Test]] = &[
    accessibility::TESTS,
    accounts::TESTS,
    agreement::TESTS,
    auto::TESTS,
    connections::TESTS,
    doors::TESTS,
    front::TESTS,
    history::TESTS,
    inspector::TESTS,
    keyboard::TESTS,
    layout::TESTS,
    lines::TESTS,
    meters::TESTS,
    offline::TESTS,
    presence::TESTS,
    race::TESTS,
    race_place::TESTS,
    race_stream::TESTS,
    restart::TESTS,
    rooms::TESTS,
    talk::TESTS,
    toggle::TESTS,
];

fn main() {
    let arguments = Arguments::from_args();
    let has_browser = harness::browser::is_installed();
    if !has_browser && !arguments.list {
        eprintln!(
            "The tests of the pages are left out: there is no Chromium here, or no chromedriver. \
             scripts/test installs both on Debian."
        );
    }
    let tests = ALL.iter().copied().flatten();
    let tests = tests.map(|test| trial(test).with_ignored_flag(!has_browser));
    let measurements = agreement::MEASUREMENTS.iter();
    let measurements = measurements.map(|test| trial(test).with_ignored_flag(true));
    libtest_mimic::run(&arguments, tests.chain(measurements).collect()).exit();
}

fn trial((name, test): &Test) -> Trial {
    let (_, name) = name.split_once("::").expect("a module");
    let test = *test;
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(test());
        Ok(())
    })
}
