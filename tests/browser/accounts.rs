//! Accounts: signing up, staying signed in, signing out and in again.

use harness::browser::{Tab, stored, trial};
use harness::{Options, Server, User, user::PASSWORD};
use protocol::Transport;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    errors_of_the_sign_up_form_are_beside_their_fields,
    a_reload_keeps_the_session_and_signing_out_ends_it,
    signing_out_everywhere_ends_every_open_page,
    the_operator_says_who_gets_an_account,
    a_guest_chats_after_one_click,
    a_guest_keeps_the_account_and_its_messages
];

async fn the_operator_says_who_gets_an_account() {
    trial("registration", async |browser, _| {
        browser.expect_errors(&["status of 422"]);
        let with = async |registration: &str| {
            Server::start_with(Options::with(&["--registration", registration])).await
        };
        let (server, closed) = (with("sesame").await, with("closed").await);
        let tab = browser.tab().await;
        tab.goto(&closed.url("/rooms/lobby")).await;
        tab.until_visible("#sign-in").await;
        tab.until_hidden("#gate .switch").await;
        tab.goto(&server.url("/rooms/lobby")).await;
        tab.until_visible("#sign-up-code").await;
        let account = |code: &'static str| {
            let (name, password) = (("username", "zoe"), ("password", PASSWORD));
            [name, password, ("code", code)]
        };
        tab.submit("#sign-up", &account("wrong")).await;
        until_beside(&tab, "#sign-up", "code").await;
        tab.submit("#sign-up", &account("sesame")).await;
        until_in_lobby(&tab, "zoe").await;
    })
    .await;
}

async fn a_guest_keeps_the_account_and_its_messages() {
    trial("guest", async |browser, server| {
        let tab = browser.tab().await;
        browser.expect_errors(&["status of 422"]);
        tab.goto(&server.url("/rooms/lobby")).await;
        tab.click("#guest [type=submit]").await;
        tab.until_live().await;
        tab.say("just looking").await;
        tab.until_shown("just looking").await;
        let name = "document.querySelector('#account-menu').dataset.username";
        let name = tab.value(name).await.as_str().unwrap().to_owned();
        tab.click("#account-menu").await;
        tab.click("#keep-account").await;
        tab.until_visible("#keep").await;
        tab.submit("#keep", &[("password", "short")]).await;
        until_beside(&tab, "#keep", "password").await;
        tab.submit("#keep", &[("display_name", "Zoe"), ("password", PASSWORD)])
            .await;
        tab.until_live().await;
        tab.until_text("#account-menu .name", "Zoe").await;
        tab.until_shown("just looking").await;
        let own = "document.querySelectorAll('#messages [data-own]').length === 1";
        tab.until("the message is one's own", own).await;
        tab.click("#account-menu").await;
        tab.until_visible("#add-account").await;
        tab.until_hidden("#keep-account").await;
        let elsewhere = harness::User::nobody(server);
        assert_eq!(elsewhere.sign_in(&name, PASSWORD).await.status(), 200);
    })
    .await;
}

async fn a_guest_chats_after_one_click() {
    trial("guest", async |browser, server| {
        let alice = server.user("alice").await;
        let tab = browser.tab().await;
        tab.goto(&server.url("/")).await;
        tab.until_text("#chat-as-guest", "As a guest").await;
        tab.click("#to-chat").await;
        tab.click("#guest [type=submit]").await;
        tab.until_live().await;
        tab.say("just looking").await;
        tab.until_shown("just looking").await;
        let stored = stored(&alice, "lobby").await;
        assert_eq!(stored, [(1, "just looking".to_owned())]);
        let name = "document.querySelector('#account-menu').dataset.username";
        let name = tab.value(name).await;
        assert!(name.as_str().unwrap().starts_with("guest-"), "{name}");
        tab.reload().await;
        tab.until_shown("just looking").await;
        assert_eq!(tab.account_in_address().await, name);

        // Where nobody is admitted as a guest, nothing offers it.
        browser.expect_outage(); // the first server ends before its page
        let closed = Server::start_with(Options::with(&["--guests", "off"])).await;
        tab.goto(&closed.url("/")).await;
        tab.until_text("#chat-as-member", "One form").await;
        tab.goto(&closed.url("/rooms/lobby?as=nobody")).await;
        tab.until_visible("#gate").await;
        tab.until_hidden("#guest").await;
    })
    .await;
}

async fn errors_of_the_sign_up_form_are_beside_their_fields() {
    trial("newcomer", async |browser, server| {
        browser.expect_errors(&["status of 422", "status of 409"]);
        server.user("taken").await;
        let tab = browser.tab().await;
        tab.goto(&server.url("/rooms/lobby")).await;
        let bad = [
            ("username", "No!"),
            ("display_name", "Zoë"),
            ("password", "short"),
        ];
        tab.submit("#sign-up", &bad).await;
        until_beside(&tab, "#sign-up", "username").await;
        until_beside(&tab, "#sign-up", "password").await;
        tab.until_hidden("#sign-up [data-error-for=display_name]")
            .await;

        let taken = [
            ("username", "taken"),
            ("display_name", ""),
            ("password", PASSWORD),
        ];
        tab.submit("#sign-up", &taken).await;
        tab.until_text("#sign-up [data-error-for=username]", "taken")
            .await;
        tab.until_hidden("#sign-up [data-error-for=password]").await;

        let good = [
            ("username", "zoe"),
            ("display_name", "Zoë ✓"),
            ("password", PASSWORD),
        ];
        tab.submit("#sign-up", &good).await;
        until_in_lobby(&tab, "zoe").await;
        tab.until_text("#account-menu", "Zoë ✓").await;
    })
    .await;
}

async fn a_reload_keeps_the_session_and_signing_out_ends_it() {
    trial("sign-out", async |browser, server| {
        browser.expect_errors(&["status of 401"]);
        let user = server.user("alice").await;
        browser.sign_in_as(server, &user).await;
        let tab = browser.tab().await;
        tab.goto(&server.url("/rooms/lobby")).await;
        until_in_lobby(&tab, "alice").await;
        tab.reload().await;
        until_in_lobby(&tab, "alice").await;

        let other = browser.enter(server, "lobby", "alice").await;
        tab.open_account_menu().await;
        tab.click("#sign-out").await;
        other.until_visible("#sign-in").await;
        tab.until_visible("#sign-in").await;
        tab.until_hidden("#chat").await;
        tab.reload().await;
        sign_in_again(&tab, server).await;
    })
    .await;
}

async fn sign_in_again(tab: &Tab<'_>, server: &Server) {
    let wrong = [("username", "alice"), ("password", "not the password")];
    tab.submit("#sign-in", &wrong).await;
    tab.until_visible("#sign-in [data-error-for=form]").await;
    // Usernames are case-folded, as the server does it.
    let right = [("username", "ALICE"), ("password", PASSWORD)];
    tab.submit("#sign-in", &right).await;
    until_in_lobby(tab, "alice").await;
    server.user("bob").await.say("lobby", "welcome back").await;
    tab.until_shown("welcome back").await;
}

async fn signing_out_everywhere_ends_every_open_page() {
    trial("everywhere", async |browser, server| {
        browser.expect_errors(&[
            "status of 401",
            "status of 403",
            "WebSocket connection to 'ws:",
        ]);
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        for transport in Transport::ALL {
            tab.choose(transport).await;
            let elsewhere = User::nobody(server);
            assert_eq!(elsewhere.sign_in("alice", PASSWORD).await.status(), 200);
            let ended = elsewhere.delete("/api/sessions?everywhere=true").await;
            assert_eq!(ended.status(), 204);
            tab.until_visible("#sign-in").await;
            tab.until_hidden("#chat").await;
            let right = [("username", "alice"), ("password", PASSWORD)];
            tab.submit("#sign-in", &right).await;
            until_in_lobby(&tab, "alice").await;
        }
    })
    .await;
}

async fn until_in_lobby(tab: &Tab<'_>, name: &str) {
    tab.until_live().await;
    tab.until_visible(&format!("#account-menu[data-username={name}]"))
        .await;
    assert_eq!(tab.value("location.pathname").await, "/rooms/lobby");
    assert_eq!(tab.account_in_address().await, name);
}

/// Waits for an error that is shown directly below its field and described to screen readers.
async fn until_beside(tab: &Tab<'_>, form: &str, field: &str) {
    let error = format!("{form} [data-error-for={field}]");
    tab.until_visible(&error).await;
    let input = format!("document.querySelector('{form} [name={field}]')");
    let error = format!("document.querySelector('{error}')");
    let described = format!(
        "{input}.getAttribute('aria-describedby').split(' ').includes({error}.id)
        && {input}.getAttribute('aria-invalid') === 'true' && {error}.textContent !== ''"
    );
    assert_eq!(tab.value(&described).await, true);
    let distance =
        format!("{error}.getBoundingClientRect().top - {input}.getBoundingClientRect().bottom");
    let distance = tab.value(&distance).await.as_f64().unwrap();
    assert!(
        (0.0..60.0).contains(&distance),
        "{distance} px from the field"
    );
}
