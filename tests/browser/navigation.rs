//! Navigation between the pages, and the redirect after signing in.

use harness::browser::{Tab, trial};
use harness::user::PASSWORD;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_bar_leads_to_the_other_pages,
    signing_in_for_the_race_leads_back_to_it_and_nowhere_else
];

async fn the_bar_leads_to_the_other_pages() {
    trial("doors", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        for path in ["/", "/race", "/reports/"] {
            let tab = browser.enter(server, "lobby", "alice").await;
            tab.click(&format!("#pages a[href='{path}']")).await;
            until_at(&tab, path).await;
        }
    })
    .await;
}

async fn signing_in_for_the_race_leads_back_to_it_and_nowhere_else() {
    trial("next", async |browser, server| {
        let tab = browser.tab().await;
        for (next, name, path) in [
            ("/race", "racer", "/race"),
            ("//example.org/race", "stayer", "/rooms/lobby"),
        ] {
            browser
                .devtools("Network.clearBrowserCookies", serde_json::json!({}))
                .await;
            let url = server.url(&format!("/rooms/lobby?next={next}"));
            tab.goto(&url).await;
            tab.click("#show-sign-up").await;
            tab.submit("#sign-up", &[("username", name), ("password", PASSWORD)])
                .await;
            tab.until_hidden("#gate").await;
            until_at(&tab, path).await;
        }
    })
    .await;
}

async fn until_at(tab: &Tab<'_>, path: &str) {
    let there = "location.pathname === arguments[0] && document.readyState === 'complete'";
    tab.until_with(path, there, vec![path.into()]).await;
}
