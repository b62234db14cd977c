//! The front page.

use harness::browser::{Tab, trial};
use harness::user::PASSWORD;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_new_user_is_in_a_room_after_two_clicks_and_one_form,
    the_front_page_leads_to_the_race_and_the_reports
];

async fn a_new_user_is_in_a_room_after_two_clicks_and_one_form() {
    trial("front", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/")).await;
        tab.until_text("h1", "keep asking the server").await;
        tab.until_text("#four", "Long polling").await;
        tab.click("#to-chat").await;
        // The button of the form is the second click.
        tab.submit(
            "#sign-up",
            &[("username", "newcomer"), ("password", PASSWORD)],
        )
        .await;
        tab.until_live().await;
        tab.say("here I am").await;
        tab.until_shown("here I am").await;
    })
    .await;
}

async fn the_front_page_leads_to_the_race_and_the_reports() {
    trial("front-links", async |browser, server| {
        let tab = browser.tab().await;
        for (link, path) in [("#to-race", "/race"), ("#to-reports", "/reports/")] {
            tab.goto(&server.url("/")).await;
            tab.until_text("#as-guest", "throw-away account").await;
            tab.click(link).await;
            until_at(&tab, path).await;
        }
    })
    .await;
}

async fn until_at(tab: &Tab<'_>, path: &str) {
    let there = format!("location.pathname === '{path}' && document.readyState === 'complete'");
    tab.until(path, &there).await;
}
