//! Changing the network path, and switching faults on.

use harness::browser::{Tab, enter, keys, pane, trial};
use harness::{Options, Server};
use protocol::Transport;

use crate::{Test, race_lines::go_over, tests};

pub const TESTS: &[Test] = tests![
    another_path_shows_the_same_page_with_the_same_session,
    the_chat_takes_its_settings_to_another_path_and_back,
    an_address_that_says_nonsense_changes_nothing,
    polls_bound_to_one_of_two_servers_fail_and_show_why,
    every_page_has_the_switches,
    with_one_path_there_is_no_choice
];

const POLLS: [Transport; 2] = [Transport::ShortPoll, Transport::LongPoll];

/// Opens the page that comes by another network path, as its link does in a tab of its own; in this tab the race
/// changes its path without being left (`race_lines`).
async fn go_by(tab: &Tab<'_>, line: &str) {
    let aimed = "const link = document.querySelector(arguments[0]);
        link.dispatchEvent(new Event('focus')); // the address may have changed since
        return link.href;";
    let link = format!("[data-line={line}]");
    let address = tab.try_js(aimed, vec![link.into()]).await.unwrap();
    tab.goto(address.as_str().unwrap()).await;
}

async fn another_path_shows_the_same_page_with_the_same_session() {
    trial("lines", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        let port = server.address.rsplit(':').next().unwrap();
        tab.click("#line summary").await;
        let here = format!("You are on: Direct (port {port})");
        tab.until_text("#lines", &here).await;
        tab.until_visible("[data-line=plain][aria-current]").await;
        // The address has changed since the links were created.
        tab.keys("#wait", keys::HOME).await;
        tab.until("the address says so", "location.hash.includes('wait=1')")
            .await;
        go_by(&tab, "two_servers").await;
        tab.until_racing().await;
        tab.click("#line summary").await;
        tab.until_text("#lines", "You are on: Two servers, no sticky sessions")
            .await;
        tab.until_visible("[data-line=two_servers][aria-current]")
            .await;
        let address = "location.pathname + location.search + location.hash";
        let same = "/race#room=race&interval=0.2&wait=1&rate=1&pace=poisson";
        assert_eq!(tab.value(address).await, same);
        bob.say("race", "over both").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "over both").await;
        }
    })
    .await;
}

async fn the_chat_takes_its_settings_to_another_path_and_back() {
    trial("lines-settings", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.poll_often().await;
        tab.click("input[name=transport][value=auto]").await;
        tab.until_live().await;
        tab.click("#show-meters").await;
        tab.until_visible("#meters").await;
        for line in ["two_servers", "plain"] {
            let link = format!("[data-line={line}]");
            tab.click(&link).await;
            tab.until_visible(&format!("{link}[aria-current]")).await;
            tab.until_live().await;
            tab.until_visible("#meters").await;
            let chosen = "document.querySelector('[name=transport]:checked').value";
            assert_eq!(tab.value(chosen).await, "auto", "{line}");
            let pause = "document.querySelector('[name=interval]').value";
            assert_eq!(tab.value(pause).await, "0.2", "{line}");
            assert_eq!(tab.value("location.hash").await, "", "{line}");
        }
        // What is changed there comes back too.
        tab.choose(Transport::LongPoll).await;
        tab.reload().await;
        let used = "#status[data-transport=long_poll][data-state=live]";
        tab.until_visible(used).await;
    })
    .await;
}

async fn an_address_that_says_nonsense_changes_nothing() {
    trial("lines-nonsense", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.tab().await;
        let said = "transport=pigeon&interval=-5&wait=none&meters=%00";
        let address = format!("/rooms/lobby?as=alice#{said}");
        tab.goto(&server.url(&address)).await;
        tab.until_visible("#status[data-transport=websocket][data-state=live]")
            .await;
        let pause = "Number(document.querySelector('[name=interval]').value) >= 0.2";
        assert_eq!(tab.value(pause).await, true);
        assert!(!tab.is_visible("#meters").await.unwrap());
    })
    .await;
}

async fn polls_bound_to_one_of_two_servers_fail_and_show_why() {
    trial("lines-bound", async |browser, server| {
        browser.expect_errors(&["400 (Bad Request)"]);
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2&wait=1").await;
        tab.click("#line summary").await;
        tab.until_text("#lines", "You are on").await;
        assert!(
            !tab.is_visible("[name=bound]").await.unwrap(),
            "only with two servers"
        );
        tab.click("#line summary").await;
        go_over(&tab, "two_servers").await;
        tab.click("#line summary").await;
        tab.until_text(".faults-why", "requests alternate between two")
            .await;
        tab.click("[name=bound]").await;
        for transport in POLLS {
            tab.until_text(&pane(transport, ".pane-state"), "Session ID unknown")
                .await;
        }
        bob.say("race", "meanwhile").await;
        for transport in [Transport::Sse, Transport::WebSocket] {
            tab.until_arrived(transport, "meanwhile").await;
        }
        tab.click("[name=bound]").await;
        for transport in POLLS {
            tab.until_arrived(transport, "meanwhile").await;
        }
        // Another path has no such session: it is left behind.
        tab.click("[name=bound]").await;
        tab.click("#line summary").await;
        go_over(&tab, "plain").await;
        tab.until_racing().await;
        tab.click("#line summary").await;
        assert!(!tab.is_visible("[name=bound]").await.unwrap());
        bob.say("race", "over one").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "over one").await;
        }
        let queries = "performance.getEntriesByType('resource').at(-1).name";
        let last = tab.value(queries).await;
        assert!(!last.as_str().unwrap().contains("session="), "{last}");
    })
    .await;
}

async fn every_page_has_the_switches() {
    trial("lines-mounted", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "").await;
        let mount = "return Promise.all(['network-paths', 'faults'].map((name) => import(`/static/network-paths/${name}.js`)))
            .then(([{ mountNetworkPaths }, { mountFaults }]) => {
                const root = document.createElement('section');
                root.id = 'mounted';
                document.body.prepend(root);
                mountFaults(root, { reader: () => ({ room: 'race', tab: null, transport: 'websocket' }) });
                return mountNetworkPaths(root);
            })";
        tab.try_js(mount, Vec::new()).await.unwrap();
        tab.click("#mounted [data-fault=drop]").await;
        tab.until_text("#mounted", "One connection was dropped.").await;
        tab.until_text(&pane(Transport::WebSocket, ".pane-state"), "the connection was lost")
            .await;
        bob.say("race", "after the cut").await;
        tab.until_arrived(Transport::WebSocket, "after the cut").await;
    })
    .await;
}

async fn with_one_path_there_is_no_choice() {
    trial("lines-one", async |browser, _| {
        browser.expect_outage(); // the server ends before the page
        let alone = Server::start_with(Options::with(&["--faults", "off"])).await;
        enter(browser, &alone).await;
        let tab = browser.race(&alone, "").await;
        tab.click("#line summary").await;
        tab.until_text("#lines", "You are on: Direct").await;
        assert!(!tab.is_visible("#lines ul").await.unwrap());
    })
    .await;
}
