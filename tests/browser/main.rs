//! Tests of the pages in Chromium. Without Chromium all tests are listed as ignored.
//!
//! They use the pages as a user does, through the `harness` crate's `browser` module, and know
//! nothing of the scripts behind them. Each test has a server and a browser of its own. Each module
//! is about one part of the pages; [`ALL`] lists them.

mod accessibility;
mod accounts;
mod agreement;
mod auto;
mod changing_transport;
mod class;
mod class_of_two_hundred;
mod connections;
mod conversation;
mod filtering_proxy;
mod front_page;
mod hints;
mod history;
mod inspector;
mod inspector_exports;
mod inspector_story;
mod keyboard;
mod layout;
mod markup;
mod meters;
mod missing;
mod navigation;
mod network_paths;
mod offline;
mod presence;
mod race;
mod race_costs;
mod race_environment;
mod race_lens;
mod race_lines;
mod race_stage;
mod race_story;
mod race_stream;
mod restart;
mod rooms;
mod screen_reader;
mod teaching;
mod unread;
mod weight;
mod words;
mod zoom;

use std::{future::Future, pin::Pin};

use libtest_mimic::{Arguments, Trial};

/// The name and the function of a test.
pub type Test = (&'static str, fn() -> Pin<Box<dyn Future<Output = ()>>>);

/// Makes the list of tests from the async functions of a module.
macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        &[$((concat!(module_path!(), "::", stringify!($name)), || Box::pin($name()))),*]
    };
}
pub(crate) use tests;

/// One list for each module.
const ALL: &[&[Test]] = &[
    accessibility::TESTS,
    accounts::TESTS,
    agreement::TESTS,
    auto::TESTS,
    class::TESTS,
    connections::TESTS,
    navigation::TESTS,
    front_page::TESTS,
    hints::TESTS,
    history::TESTS,
    inspector::TESTS,
    inspector_exports::TESTS,
    inspector_story::TESTS,
    keyboard::TESTS,
    layout::TESTS,
    markup::TESTS,
    network_paths::TESTS,
    meters::TESTS,
    missing::TESTS,
    offline::TESTS,
    presence::TESTS,
    race::TESTS,
    race_costs::TESTS,
    race_environment::TESTS,
    race_lens::TESTS,
    race_lines::TESTS,
    race_stage::TESTS,
    race_story::TESTS,
    race_stream::TESTS,
    restart::TESTS,
    rooms::TESTS,
    screen_reader::TESTS,
    teaching::TESTS,
    unread::TESTS,
    weight::TESTS,
    words::TESTS,
    zoom::TESTS,
    conversation::TESTS,
    changing_transport::TESTS,
];

fn main() {
    let arguments = Arguments::from_args();
    let has_browser = harness::browser::is_installed();
    if !has_browser && !arguments.list {
        eprintln!(
            "The tests of the pages are ignored: Chromium or chromedriver is not installed. \
             scripts/test installs both on Debian."
        );
    }
    let tests = ALL.iter().copied().flatten();
    let tests = tests.map(|test| trial(test).with_ignored_flag(!has_browser));
    let measurements = [
        agreement::MEASUREMENTS,
        class_of_two_hundred::MEASUREMENTS,
        weight::MEASUREMENTS,
    ];
    let measurements = measurements.into_iter().flatten();
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
