//! Addresses where there is nothing.

use harness::browser::trial;

use crate::{Test, accessibility, tests};

pub const TESTS: &[Test] = tests![
    an_unknown_address_says_so_and_leads_back,
    a_missing_room_leads_to_the_lobby_and_the_front_page
];

async fn an_unknown_address_says_so_and_leads_back() {
    trial("nothing", async |browser, server| {
        browser.expect_errors(&["status of 404"]);
        let tab = browser.tab().await;
        tab.goto(&server.url("/no/such/page")).await;
        tab.until_text("h1", "nothing at this address").await;
        accessibility::check(&tab, "nothing here").await;
        tab.click("#back-to-front").await;
        tab.until_visible("#to-chat").await;
        tab.goto(&server.url("/reports/no-such-report/")).await;
        tab.click("#back-to-lobby").await;
        tab.until_visible("#sign-up").await;
        assert_eq!(tab.value("location.pathname").await, "/rooms/lobby");
    })
    .await;
}

async fn a_missing_room_leads_to_the_lobby_and_the_front_page() {
    trial("nowhere", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.tab().await;
        tab.goto(&server.url("/rooms/nowhere?as=alice")).await;
        tab.until_text("#missing-title", "There is no room “nowhere”")
            .await;
        tab.until_visible("#missing-lobby").await;
        tab.click("#missing a[href='/']").await;
        tab.until_visible("#to-chat").await;
    })
    .await;
}
