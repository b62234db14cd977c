//! What is unread, and to whom a message speaks: counts, the title, names and initials.

use harness::browser::{Requested, Tab, recorded_trial, trial};
use harness::until;
use serde_json::json;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    what_is_unread_in_other_rooms_is_counted_until_it_is_read,
    nobody_asks_for_the_rooms_unless_somebody_looks,
    what_comes_out_of_sight_is_counted_in_the_title,
    ones_own_name_is_marked,
    initials_are_readable_in_each_colour
];

async fn until_title(tab: &Tab<'_>, title: &str) {
    let is_so = "document.title === arguments[0]";
    tab.until_with(title, is_so, vec![json!(title)]).await;
}

async fn what_is_unread_in_other_rooms_is_counted_until_it_is_read() {
    trial("unread", async |browser, server| {
        let alice = server.user("alice").await;
        let bob = server.user("bob").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        bob.post("/api/rooms", json!({ "name": "garden" })).await;
        bob.say_many("garden", 3).await;
        // Whoever comes back to a page wants to know.
        tab.value("dispatchEvent(new Event('focus'))").await;
        tab.until_text("#rooms a[data-room=garden] .unread", "3")
            .await;
        tab.until_visible("#rooms a[data-room=garden] .unread")
            .await;
        until_title(&tab, "(3) Lobby · pushlab").await;

        let garden = browser.enter(server, "garden", "alice").await;
        garden.until_seq(3).await;
        until_title(&garden, "garden · pushlab").await;
        until_title(&tab, "Lobby · pushlab").await;
        tab.until_hidden("#rooms a[data-room=garden] .unread").await;
    })
    .await;
}

/// Whatever the page does every so often, it does here a hundred times as often.
const HURRIED: &str = "{
    const { setInterval } = window;
    window.setInterval = (action, ms, ...rest) => setInterval(action, ms / 100, ...rest);
}";

/// How many of the requests are for this path, without its query.
fn count(requests: &[Requested], path: &str) -> usize {
    let of = |it: &&Requested| it.url.split('?').next().unwrap().ends_with(path);
    requests.iter().filter(of).count()
}

async fn nobody_asks_for_the_rooms_unless_somebody_looks() {
    recorded_trial("unread-quiet", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.tab().await;
        tab.screen(390, 844).await;
        let script = json!({ "source": HURRIED });
        let add = "Page.addScriptToEvaluateOnNewDocument";
        browser.devtools(add, script).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        browser.network().await;
        // The meters' minute has gone by three times, and with it more than ten times a quarter of it.
        let (mut minutes, mut asked) = (0, 0);
        until("three minutes are over", async || {
            let requests = browser.network().await;
            minutes += count(&requests, "/api/connections");
            asked += count(&requests, "/api/rooms");
            minutes >= 3
        })
        .await;
        assert_eq!(asked, 0);
        tab.click("#show-panel").await;
        until("opening the list asks", async || {
            count(&browser.network().await, "/api/rooms") == 1
        })
        .await;
    })
    .await;
}

async fn what_comes_out_of_sight_is_counted_in_the_title() {
    trial("unseen", async |browser, server| {
        let bob = server.user("bob").await;
        bob.say("lobby", "before alice came").await;
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        until_title(&tab, "Lobby · pushlab").await;
        let hide = "Object.defineProperty(document, 'hidden', { configurable: true, value: true })";
        tab.value(hide).await;
        bob.say_many("lobby", 2).await;
        until_title(&tab, "(2) Lobby · pushlab").await;
        tab.reload().await;
        tab.until_live().await;
        until_title(&tab, "Lobby · pushlab").await;

        // A reader who has scrolled up has not seen the newest.
        bob.say_many("lobby", 40).await;
        let is_read = "JSON.parse(localStorage.getItem('pushlab.read.alice')).lobby === 43";
        tab.until("all are read", is_read).await;
        tab.try_js(
            "document.querySelector('#messages').scrollTop = 0",
            Vec::new(),
        )
        .await
        .unwrap();
        tab.until(
            "the end is out of view",
            "(({ scrollTop, clientHeight, scrollHeight }) =>
            scrollTop + clientHeight < scrollHeight - 100)(document.querySelector('#messages'))",
        )
        .await;
        bob.say("lobby", "the newest").await;
        until_title(&tab, "(1) Lobby · pushlab").await;
        tab.click("#new-messages").await;
        until_title(&tab, "Lobby · pushlab").await;
    })
    .await;
}

async fn ones_own_name_is_marked() {
    trial("own-name", async |browser, server| {
        let bob = server.user("bob").await;
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        bob.say("lobby", "@Alice, not @alice2, @bob or x@alice")
            .await;
        tab.until_seq(1).await;
        let marked =
            "[...document.querySelectorAll('#messages mark')].map((mark) => mark.textContent)";
        assert_eq!(tab.value(marked).await, json!(["@Alice"]));
    })
    .await;
}

/// The least contrast of an avatar over all hues (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: &str = "(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    const luminance = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
        const [r, g, b] = parts.map((part) => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4));
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const avatar = document.querySelector('#account-menu .avatar').cloneNode(true);
    document.body.append(avatar);
    const contrasts = Array.from({ length: 360 }, (_, hue) => {
        avatar.style.setProperty('--hue', `${hue}deg`);
        const { color, backgroundColor } = getComputedStyle(avatar);
        const [dark, light] = [color, backgroundColor].map(luminance).sort((a, b) => a - b);
        return (light + .05) / (dark + .05);
    });
    avatar.remove();
    return Math.min(...contrasts);
})()";

async fn initials_are_readable_in_each_colour() {
    trial("initials", async |browser, server| {
        let bob = server.user("bob").await;
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        bob.say("lobby", "hello").await;
        tab.until_seq(1).await;
        for scheme in ["light", "dark"] {
            let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
            let media = json!({ "features": [feature] });
            browser.devtools("Emulation.setEmulatedMedia", media).await;
            let least = tab.value(LEAST_CONTRAST).await.as_f64().unwrap();
            assert!(least >= 4.5, "{least} in {scheme}");
        }
        let colour = |css: &str| {
            format!("getComputedStyle(document.querySelector(`{css} .avatar`)).backgroundColor")
        };
        let hers = tab.value(&colour("#account-menu")).await;
        assert_eq!(
            hers,
            tab.value(&colour("[data-username=alice]")).await,
            "one colour a name"
        );
        assert_ne!(
            hers,
            tab.value(&colour("#messages")).await,
            "bob has another"
        );
        let read = "document.querySelectorAll('.avatar:not([aria-hidden=true])').length";
        assert_eq!(tab.value(read).await, 0);
    })
    .await;
}
