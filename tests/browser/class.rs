//! A class: the lecturer's race, phones that take part with a page, and scripted ones.

use std::sync::Arc;

use harness::{
    Options, Server, User,
    browser::{Browser, Tab, enter, keys, trial},
    class::{Phone, Tally, network_address},
};
use protocol::Transport;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{Test, accessibility, layout, tests};

pub const TESTS: &[Test] = tests![
    the_code_leads_phones_to_the_room,
    a_page_at_a_loopback_address_says_what_to_start,
    the_code_leads_to_the_network_where_the_server_is_reached_there,
    phones_light_when_a_message_reaches_them,
    figures_are_counted_anew,
    guesses_reach_whoever_draws_them,
    a_guest_takes_a_lot_and_keeps_it,
    a_phone_comes_back,
    motion_is_only_for_who_wants_it,
    the_class_is_accessible,
    the_class_fits_phones_and_projectors
];

/// The code as it is drawn, in its own colours, four pixels to a module.
const PIXELS: &str = "const code = document.querySelector('.class-code svg');
    const side = code.viewBox.baseVal.width * 4;
    const context = Object.assign(document.createElement('canvas'), { width: side, height: side }).getContext('2d');
    context.scale(4, 4);
    for (const part of code.querySelectorAll('path')) {
        context.fillStyle = getComputedStyle(part).fill;
        context.fill(new Path2D(part.getAttribute('d')));
    }
    const { data } = context.getImageData(0, 0, side, side);
    return Array.from({ length: side * side }, (_, at) => data[at * 4]);";

/// The quiet zone of four modules, in pixels.
const QUIET: usize = 16;

/// What the code says; its quiet zone is checked.
async fn decoded(tab: &Tab<'_>) -> String {
    let pixels = tab.try_js(PIXELS, Vec::new()).await.unwrap();
    let pixels = pixels.as_array().unwrap().iter();
    let pixels: Vec<u8> = pixels.map(|it| it.as_u64().unwrap() as u8).collect();
    let side = pixels.len().isqrt();
    let is_edge = |at: usize| at < QUIET || at >= side - QUIET;
    for (at, light) in pixels.iter().enumerate() {
        assert!([0, 255].contains(light), "black on white");
        assert!(*light == 255 || !(is_edge(at % side) || is_edge(at / side)));
    }
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1);
    codes[0].decode().unwrap().1
}

/// The race with the panel of the class.
async fn lecture<'b>(browser: &'b Browser, server: &Server, fragment: &str) -> Tab<'b> {
    let tab = browser.race(server, fragment).await;
    open_class(&tab).await;
    tab
}

async fn open_class(tab: &Tab<'_>) {
    tab.click("#open-class").await;
    tab.until_visible(".class-code svg").await;
}

/// A phone that takes part over a transport of its choice, with an account that is signed in in this browser.
async fn phone<'b>(
    browser: &'b Browser,
    server: &Server,
    name: &str,
    transport: Transport,
) -> Tab<'b> {
    let tab = browser.tab().await;
    tab.goto(&server.url(&format!("/class?as={name}"))).await;
    tab.click(&format!("#four [data-transport={}]", transport.slug()))
        .await;
    until_takes_part(&tab).await;
    tab
}

async fn until_takes_part(tab: &Tab<'_>) {
    tab.until_visible("#state[data-state=live]").await;
}

/// Signs Alice, Carol and Dave in in this browser, and returns Bob, who can post to the race's room.
async fn several(browser: &Browser, server: &Server) -> User {
    let bob = enter(browser, server).await;
    let alice = User::nobody(server);
    for name in ["carol", "dave"] {
        assert_eq!(alice.sign_up(name).await.status(), StatusCode::CREATED);
    }
    browser.sign_in_as(server, &alice).await;
    bob
}

async fn set_media(browser: &Browser, name: &str, value: &str) {
    let media = json!({ "features": [{ "name": name, "value": value }] });
    browser.devtools("Emulation.setEmulatedMedia", media).await;
}

async fn the_code_leads_phones_to_the_room() {
    trial("class-code", async |browser, server| {
        enter(browser, server).await;
        let tab = lecture(browser, server, "").await;
        for scheme in ["light", "dark"] {
            set_media(browser, "prefers-color-scheme", scheme).await;
            assert_eq!(decoded(&tab).await, server.url("/class"));
        }
        tab.until_text(".class-address", &server.url("/class"))
            .await;
        tab.click(".class-code").await;
        tab.until_visible(".class-large svg").await;
        tab.keys_anywhere(keys::ESCAPE).await;
        tab.until_hidden(".class-large").await;
        tab.until_visible("#class").await;
        tab.keys_anywhere(keys::ESCAPE).await;
        tab.until_hidden("#class").await;
        // Only one race runs in a browser.
        tab.goto("about:blank").await;
        tab.goto(&server.url("/race#room=race-two")).await;
        open_class(&tab).await;
        assert_eq!(decoded(&tab).await, server.url("/class?room=race-two"));
    })
    .await;
}

async fn a_page_at_a_loopback_address_says_what_to_start() {
    trial("class-loopback", async |browser, server| {
        enter(browser, server).await;
        let tab = lecture(browser, server, "").await;
        tab.until_text(".class-notice", "Phones can’t reach this")
            .await;
        let command = "pushlab serve --bind 0.0.0.0:8080 --guests on";
        tab.until_text(".class-notice", command).await;
    })
    .await;
}

/// Where this machine has an address in a network.
async fn the_code_leads_to_the_network_where_the_server_is_reached_there() {
    let Some(ip) = network_address() else { return };
    trial("class-network", async |browser, server| {
        let options = Options::with(&["--guests", "on"]).bound_to("0.0.0.0:0");
        *server = Server::start_with(options).await;
        let port = server.address.rsplit(':').next().unwrap().to_owned();
        server.address = format!("127.0.0.1:{port}");
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = lecture(browser, server, "").await;
        let expected = format!("http://{ip}:{port}/class");
        assert_eq!(decoded(&tab).await, expected);
        let other = format!("{ip}:{port}/race");
        tab.until_text(".class-notice", &other).await;
        server.address = format!("{ip}:{port}");
        browser.sign_in_as(server, &alice).await;
        tab.goto(&server.url("/race#rate=1")).await;
        open_class(&tab).await;
        assert_eq!(decoded(&tab).await, expected);
        assert!(!tab.is_visible(".class-notice").await.unwrap());
    })
    .await;
}

fn row(transport: Transport) -> String {
    format!(".class-phones [data-transport={}]", transport.slug())
}

async fn phones_light_when_a_message_reaches_them() {
    trial("class-dots", async |browser, server| {
        let bob = several(browser, server).await;
        let lecturer = lecture(browser, server, "").await;
        lecturer
            .until_text(".class-summary", "Nobody takes part yet")
            .await;
        let carol = phone(browser, server, "carol", Transport::Sse).await;
        let dave = phone(browser, server, "dave", Transport::ShortPoll).await;
        let mut scripted = Vec::new();
        for _ in 0..8 {
            scripted.push(Phone::join(server, "race", Arc::<Tally>::default()).await);
        }
        lecturer.until_text(".class-summary", "of 10 phones").await;
        // Lots are drawn where the fewest are: two, three of each, and no more.
        for transport in Transport::ALL {
            let count = "[2, 3].includes(document.querySelectorAll(arguments[0]).length)";
            let dots = json!(format!("{} i", row(transport)));
            lecturer
                .until_with("each has its share", count, vec![dots])
                .await;
        }
        bob.say("race", "who has got this?").await;
        carol.until_visible("#dot[data-lit]").await;
        for tab in [&carol, &dave] {
            tab.until_text("#which", "Message 1: who has got this?")
                .await;
            tab.until_text("#took", "ms ±").await;
            tab.until_text("#count", "1 message since").await;
        }
        lecturer
            .until_text(".class-summary", "Message 1 has reached 10 of 10 phones")
            .await;
        lecturer.until_text(".class-summary", "10 deliveries").await;
        let lit = lecturer.value("document.querySelectorAll('.class-phones i[data-lit]').length");
        assert_eq!(lit.await, 10);
        for transport in Transport::ALL {
            let figures = format!("{} tr", row(transport));
            lecturer.until_text(&figures, " of ").await;
            let cells = "[...document.querySelector(arguments[0]).querySelectorAll('td')].slice(1)
                .every((cell) => / m?s$/.test(cell.textContent))";
            lecturer
                .until_with("each has quantiles", cells, vec![json!(figures)])
                .await;
        }
        drop(scripted);
    })
    .await;
}

async fn figures_are_counted_anew() {
    trial("class-anew", async |browser, server| {
        let bob = several(browser, server).await;
        let lecturer = lecture(browser, server, "").await;
        let _carol = phone(browser, server, "carol", Transport::Sse).await;
        bob.say("race", "one").await;
        lecturer
            .until_text(".class-summary", "1 delivery counted")
            .await;
        lecturer.click(".class-anew").await;
        lecturer.until_text(".class-summary", "0 deliveries").await;
        lecturer
            .until_text(".class-summary", "reached 1 of 1 phone")
            .await;
        bob.say("race", "two").await;
        lecturer
            .until_text(".class-summary", "Message 2 has reached 1 of 1")
            .await;
        lecturer
            .until_text(".class-summary", "1 delivery counted")
            .await;
    })
    .await;
}

/// A panel beside that of the page, which tells what it is told.
const LISTEN: &str =
    "const [root, button] = ['section', 'button'].map((name) => document.createElement(name));
    root.hidden = true;
    document.querySelector('main').prepend(button, root);
    window.guesses = [];
    const { startClass } = await import('/static/race/class/index.js');
    startClass({ room: 'race', root, button, on: { guesses: (all) => window.guesses.push(all) } });
    button.click();";

async fn guesses_reach_whoever_draws_them() {
    trial("class-guesses", async |browser, server| {
        several(browser, server).await;
        let lecturer = lecture(browser, server, "").await;
        let script = format!("return (async () => {{ {LISTEN} }})()");
        lecturer.try_js(&script, Vec::new()).await.unwrap();
        let carol = phone(browser, server, "carol", Transport::Sse).await;
        carol.keys("#guess-delay", keys::HOME).await;
        carol.click("#guess [type=submit]").await;
        carol
            .until_text("#guessed", "Server-sent events: 1 ms, 500 B")
            .await;
        let told = "JSON.stringify(guesses.at(-1)) === arguments[0]";
        let one = r#"{"transport":"sse","delayMs":1,"bytes":500}"#;
        lecturer
            .until_with("the guess is told", told, vec![json!(format!("[{one}]"))])
            .await;
        lecturer
            .until_text(".class-summary", "1 phone has guessed")
            .await;
        let choose = "document.querySelector('#guess-transport').value = 'short_poll'";
        carol.try_js(choose, Vec::new()).await.unwrap();
        carol.keys("#guess-bytes", keys::HOME).await;
        carol.click("#guess [type=submit]").await;
        let both = format!(r#"[{one},{{"transport":"short_poll","delayMs":1,"bytes":10}}]"#);
        lecturer
            .until_with("both are told", told, vec![json!(both)])
            .await;
    })
    .await;
}

async fn a_guest_takes_a_lot_and_keeps_it() {
    trial("class-guest", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/class")).await;
        tab.click("#guest button").await;
        tab.until_text("#boot", "There is no room race yet").await;
        let bob = server.user("bob").await;
        let room = bob.post("/api/rooms", json!({ "name": "race" })).await;
        assert_eq!(room.status(), StatusCode::CREATED);
        tab.click("#lot").await;
        until_takes_part(&tab).await;
        let slug = "document.querySelector('#light').dataset.transport";
        let drawn = tab.value(slug).await;
        tab.reload().await;
        until_takes_part(&tab).await;
        assert_eq!(tab.value(slug).await, drawn);
        let class: Value = bob.get("/api/rooms/race/class").await.json().await.unwrap();
        assert_eq!(class["phones"].as_array().unwrap().len(), 1);
        assert_eq!(class["phones"][0]["transport"], drawn);
        tab.click("#change").await;
        tab.click("#four [data-transport=long_poll]").await;
        tab.until_text("#transport", "Long polling").await;
    })
    .await;
}

async fn a_phone_comes_back() {
    trial("class-back", async |browser, server| {
        browser.expect_outage();
        let bob = several(browser, server).await;
        let lecturer = lecture(browser, server, "").await;
        let carol = phone(browser, server, "carol", Transport::WebSocket).await;
        bob.say("race", "before").await;
        carol.until_text("#which", "before").await;
        server.kill();
        carol.until_visible("#state[data-state=offline]").await;
        server.restart().await;
        until_takes_part(&carol).await;
        bob.say("race", "after").await;
        carol.until_text("#which", "Message 2: after").await;
        // The server had forgotten it.
        lecturer
            .until_text(".class-summary", "Message 2 has reached 1 of 1 phone")
            .await;
        go_offline(&carol, true).await;
        carol.until_visible("#state[data-state=offline]").await;
        bob.say("race", "meanwhile").await;
        go_offline(&carol, false).await;
        carol.until_text("#which", "Message 3: meanwhile").await;
        lecturer
            .until_text(".class-summary", "Message 3 has reached 1 of 1 phone")
            .await;
    })
    .await;
}

/// As if the phone had lost its network, or had found it again.
async fn go_offline(tab: &Tab<'_>, offline: bool) {
    tab.driver().await.unwrap();
    let conditions = json!({
        "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    let command = "Network.emulateNetworkConditions";
    tab.browser.devtools("Network.enable", json!({})).await;
    tab.browser.devtools(command, conditions).await;
}

async fn motion_is_only_for_who_wants_it() {
    trial("class-motion", async |browser, server| {
        let bob = several(browser, server).await;
        let carol = phone(browser, server, "carol", Transport::Sse).await;
        let moving = "document.querySelector('#dot .ring').getAnimations().length";
        for (number, (preference, moves)) in
            [("no-preference", 1), ("reduce", 0)].iter().enumerate()
        {
            carol.until_hidden("#dot[data-lit]").await;
            set_media(browser, "prefers-reduced-motion", preference).await;
            bob.say("race", "look").await;
            carol.until_visible("#dot[data-lit]").await;
            assert_eq!(carol.value(moving).await, *moves, "{preference}");
            carol
                .until_text("#count", &format!("{} message", number + 1))
                .await;
        }
    })
    .await;
}

async fn the_class_is_accessible() {
    trial("axe-class", async |browser, server| {
        let bob = several(browser, server).await;
        let lecturer = lecture(browser, server, "").await;
        let _phones = [
            Phone::join(server, "race", Arc::<Tally>::default()).await,
            Phone::join(server, "race", Arc::<Tally>::default()).await,
        ];
        bob.say("race", "hello").await;
        lecturer
            .until_text(".class-summary", "reached 2 of 2")
            .await;
        accessibility::check(&lecturer, "race with the class").await;
        let tab = browser.tab().await;
        tab.goto(&server.url("/class?as=carol")).await;
        tab.until_visible("#choice").await;
        accessibility::check(&tab, "class, to choose").await;
        tab.click("#lot").await;
        until_takes_part(&tab).await;
        bob.say("race", "hello").await;
        tab.until_text("#which", "hello").await;
        accessibility::check(&tab, "class").await;
        tab.goto(&server.url("/class?as=nobody")).await;
        tab.until_visible("#guest").await;
        accessibility::check(&tab, "class, for nobody").await;
    })
    .await;
}

async fn the_class_fits_phones_and_projectors() {
    trial("class-layout", async |browser, server| {
        let bob = several(browser, server).await;
        let lecturer = lecture(browser, server, "").await;
        let carol = phone(browser, server, "carol", Transport::Sse).await;
        bob.say("race", &"long".repeat(200)).await;
        carol.until_text("#which", "Message 1").await;
        lecturer
            .until_text(".class-summary", "reached 1 of 1")
            .await;
        for (width, height) in [
            (320, 568),
            (390, 844),
            (1024, 768),
            (1280, 800),
            (1920, 1080),
        ] {
            for tab in [&lecturer, &carol] {
                tab.screen(width, height).await;
                layout::check_width(tab).await;
            }
        }
    })
    .await;
}
