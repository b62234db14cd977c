//! Rooms: a room that does not exist, a new one, and a link to it.

use harness::Server;
use harness::browser::{Browser, Tab, trial};
use serde_json::json;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_room_that_does_not_exist_is_explained,
    a_new_room_can_be_shared_by_its_link,
    rooms_of_the_race_are_folded_under_a_heading
];

async fn a_room_that_does_not_exist_is_explained() {
    trial("missing-room", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.tab().await;
        tab.goto(&server.url("/rooms/no-such-room?as=alice")).await;
        tab.until_visible("#missing").await;
        tab.until_text("#missing", "no-such-room").await;
        tab.until_hidden("#composer").await;
        tab.click("#missing-lobby").await;
        tab.until_live().await;
        assert_eq!(tab.value("location.pathname").await, "/rooms/lobby");
        assert_eq!(tab.account_in_address().await, "alice");
    })
    .await;
}

async fn a_new_room_can_be_shared_by_its_link() {
    trial("new-room", async |browser, server| {
        browser.expect_errors(&["status of 422", "status of 409"]);
        let user = server.user("alice").await;
        user.sign_up("bob").await;
        browser.sign_in_as(server, &user).await;
        let alice = browser.enter(server, "lobby", "alice").await;
        make_room(&alice).await;
        alice.say("the first here").await;
        alice.until_shown("the first here").await;

        let link = copied_link(browser, server, &alice).await;
        assert_eq!(
            link,
            server.url("/rooms/garden"),
            "for anybody, not as alice"
        );
        // Bob has signed in last, so the link opens as Bob.
        let bob = browser.tab().await;
        bob.goto(&link).await;
        bob.until_visible("#account-menu[data-username=bob]").await;
        bob.until_live().await;
        assert!(!bob.until_shown("the first here").await.own);
        bob.say("the second").await;
        alice.until_shown("the second").await;
        bob.click("#rooms a[data-room=lobby]").await;
        bob.until("back in the lobby", "location.pathname === '/rooms/lobby'")
            .await;
        bob.until_live().await;
        assert_eq!(bob.account_in_address().await, "bob");
        assert!(
            bob.shown().await.is_empty(),
            "what is said in a room stays there"
        );
    })
    .await;
}

/// Creates a room on the page, after two attempts that fail.
async fn make_room(tab: &Tab<'_>) {
    tab.submit("#create-room", &[("name", "No Spaces!"), ("title", "")])
        .await;
    tab.until_visible("#create-room [data-error-for=name]")
        .await;
    tab.submit("#create-room", &[("name", "lobby"), ("title", "")])
        .await;
    tab.until_text("#create-room", "taken").await;
    tab.submit(
        "#create-room",
        &[("name", "garden"), ("title", "The Garden")],
    )
    .await;
    tab.until("it leads there", "location.pathname === '/rooms/garden'")
        .await;
    tab.until_live().await;
    tab.until_text("#room-title", "The Garden").await;
    tab.until_visible("#rooms a[data-room=garden][aria-current=page]")
        .await;
}

/// Clicks "Copy link", and reads the clipboard.
async fn copied_link(browser: &Browser, server: &Server, tab: &Tab<'_>) -> String {
    let permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"];
    let allowed = json!({ "origin": server.url(""), "permissions": permissions });
    browser.devtools("Browser.grantPermissions", allowed).await;
    // Only the focused page may use the clipboard.
    browser.devtools("Page.bringToFront", json!({})).await;
    tab.click("#copy-link").await;
    tab.until_text("#copy-link", "Copied").await;
    let link = tab.value("navigator.clipboard.readText()").await;
    link.as_str().unwrap().to_owned()
}

async fn rooms_of_the_race_are_folded_under_a_heading() {
    trial("race-rooms", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_hidden("#race-rooms-part").await;
        for name in ["race", "race-2", "racecar"] {
            alice.post("/api/rooms", json!({ "name": name })).await;
        }
        tab.reload().await;
        tab.until_text("#race-rooms-part summary", "Race rooms")
            .await;
        tab.until_text("#race-rooms-count", "2").await;
        tab.until_visible("#rooms a[data-room=racecar]").await;
        tab.until_hidden("#race-rooms a[data-room=race]").await;
        tab.click("#race-rooms-part summary").await;
        tab.until_visible("#race-rooms a[data-room=race-2]").await;
        tab.click("#race-rooms a[data-room=race]").await;
        tab.until_live().await;
        // Where one is, is not hidden.
        tab.until_visible("#race-rooms a[data-room=race][aria-current=page]")
            .await;
    })
    .await;
}
