//! The lecture of docs/TEACHING.md, from beginning to end: what it says to do is done, and what it says is seen is
//! looked for. A button with another name, or an address that leads nowhere, fails here.

mod hall;
mod script;
mod seen;

use harness::{
    Options, Server,
    browser::{Browser, trial},
};

use crate::{Test, accessibility, layout, tests};
use hall::Hall;
use script::lecture;

pub const TESTS: &[Test] = tests![
    the_lecture_goes_as_it_is_written,
    the_page_for_lecturers_is_reached_and_fits
];

const DOCUMENT: &str = include_str!("../../docs/TEACHING.md");

async fn the_lecture_goes_as_it_is_written() {
    trial("teaching", async |browser, server| {
        // The proxies refuse what they are there to refuse, and everything fails where one is offline.
        browser.expect_errors(&["400 (Bad Request)"]);
        browser.expect_outage();
        *server = Server::start_with(Options::with(&["--link", "40ms"])).await;
        let phone = Browser::open().await;
        let mut hall = Hall::new(browser, &phone, server).await;
        for row in lecture(DOCUMENT) {
            for step in &row.steps {
                hall.take(step).await;
            }
            seen::check(&hall, &row).await;
        }
        phone.close().await;
    })
    .await;
}

async fn the_page_for_lecturers_is_reached_and_fits() {
    trial("teaching-page", async |browser, server| {
        let tab = browser.tab().await;
        for from in ["/", "/race#step=1"] {
            tab.goto(&server.url(from)).await;
            tab.click("a[href='/teaching']").await;
            tab.until_text("h1", "Teaching with pushlab").await;
        }
        for width in [320, 390, 1280] {
            tab.screen(width, 800).await;
            for page in ["/teaching", "/teaching/worksheet", "/teaching/glossary"] {
                tab.goto(&server.url(page)).await;
                tab.until_visible("#document h1").await;
                layout::check_width(&tab).await;
                accessibility::check(&tab, page).await;
            }
        }
        tab.goto(&server.url("/teaching")).await;
        tab.click("a[href='/race#step=1']").await;
        tab.until_text("#guide-place", "1 of 8").await;
    })
    .await;
}
