//! What the document says is seen, looked for on the pages. Delays are compared with each other, never with a clock.

use harness::browser::{Tab, check_complete, pane};
use protocol::Transport;
use serde_json::{Value, json};

use super::{hall::Hall, script::Row};

/// Looks for what a row says, act by act; a sentence that nothing here looks for fails.
pub async fn check(hall: &Hall<'_>, Row { act, seen, .. }: &Row) {
    let tab = &hall.projector;
    let (_, title) = act.split_once(' ').unwrap();
    let begin = seen.split([':', '.', ';']).next().unwrap();
    let is_known = match title {
        _ if seen.is_empty() => true,
        "One message, four ways" => opening(tab, begin).await,
        "The chat, with the network tab" => chat(tab, begin).await,
        "The class guesses" => class(hall, begin).await,
        "Seven messages a second" => seven_a_second(tab, begin).await,
        "On the stage" => stage(tab, begin).await,
        "A hundred a second" => hundred_a_second(tab, begin).await,
        "What stands between" => faults(tab, begin).await,
        "Offline" => offline(hall, begin).await,
        _ => false,
    };
    assert!(is_known, "{act}: nothing looks for this: {seen}");
}

async fn opening(tab: &Tab<'_>, seen: &str) -> bool {
    match seen {
        "Four lanes, the server above, the browser below" => {
            guide_says(tab, "1 of 8", "the server is above and this browser below").await;
        }
        "WebSocket" => websocket_takes_two_ways(tab).await,
        "Long polling is as fast, but now the browser must ask again" => {
            guide_says(tab, "5 of 8", "But now the browser must ask again").await;
        }
        "Short polling" => guide_says(tab, "6 of 8", " s, most of it waiting").await,
        "Only short polling" => guide_says(tab, "7 of 8", "asks on, and is told nothing").await,
        "The opening is over" => tab.until_visible("body[data-mode=recorded]").await,
        "The race is live" => tab.until_racing().await,
        _ => return false,
    }
    true
}

async fn chat(tab: &Tab<'_>, seen: &str) -> bool {
    match seen {
        "Requests that are answered 204" => until_polled(tab, "all.length > 1").await,
        "Several requests a second, nearly all of them for nothing" => {
            until_polled(tab, "gap < 1000").await;
        }
        "One request, pending" => came_over(tab, "one", Transport::LongPoll).await,
        "The message is there, and no request was made for it" => {
            came_over(tab, "two", Transport::Sse).await;
        }
        "The message is there, without a request either" => {
            came_over(tab, "three", Transport::WebSocket).await;
        }
        "Its way, byte by byte" => {
            let framing = "document.querySelector('dialog[open]').textContent
                .includes('text frame, 16 bytes of framing')";
            tab.until("its framing is shown", framing).await;
        }
        _ => return false,
    }
    true
}

async fn class(hall: &Hall<'_>, seen: &str) -> bool {
    let tab = &hall.projector;
    let summary = ".class-summary";
    match seen {
        "A code for cameras, and the address below it" => {
            tab.until_visible(".class-code svg").await;
            tab.until_text(".class-address", "/class").await;
        }
        "The phone is a dot in the panel" => tab.until_visible(".class-phones i").await,
        "Phones light" => {
            hall.phone.until_visible("#dot[data-lit]").await;
            tab.until_text(summary, "reached 1 of 1 phone").await;
        }
        "The panel counts the guesses" => tab.until_text(summary, "1 phone has guessed").await,
        "Each guess is a point on the cost plane" => {
            tab.until_visible("#costs .class-guesses > *").await;
        }
        _ => return false,
    }
    true
}

async fn seven_a_second(tab: &Tab<'_>, seen: &str) -> bool {
    match seen {
        "The guesses close" => {
            tab.until_hidden("#costs [data-guess]").await;
            until_costs(tab, "theory", SEVEN_A_SECOND).await;
            until_costs(tab, "measured", "delay.websocket < delay.short_poll").await;
        }
        "Bytes a message" => {
            until_costs(tab, "theory", DEAREST).await;
            until_costs(tab, "measured", DEAREST).await;
        }
        "Verdicts" => {
            let gap = "some fall between two polls";
            verdict(tab, Transport::LongPoll, gap).await;
            verdict(tab, Transport::ShortPoll, "they wait for the next poll").await;
        }
        "The lanes go ten times slower than they went" => {
            tab.until_visible("[data-slow='10'][aria-pressed=true]")
                .await;
        }
        "A link with which those who were ill see the same race" => {
            let told = "/^(Copied|Copy it|Too long)/.test(document.querySelector('#keep [role=status]').textContent)";
            tab.until("there is a link, or it is too long", told).await;
        }
        _ => return false,
    }
    true
}

async fn stage(tab: &Tab<'_>, seen: &str) -> bool {
    match seen {
        "Large lanes, three figures a transport, and the keys below" => {
            tab.until_text("#keys", "D drop").await;
            tab.until_visible("[data-stage] .pane").await;
        }
        "Frozen" => tab.until_visible("#freeze[aria-pressed=true]").await,
        "All four come back by themselves, and nothing is lost" => {
            tab.until_racing().await;
            let all_have_some = "[...document.querySelectorAll('.pane')]
                .every((pane) => pane.querySelector('.arrivals [data-seq]'))";
            tab.until("each has got something", all_have_some).await;
        }
        "The newest message is the same in all four panes" => all_have_all(tab).await,
        _ => return false,
    }
    true
}

async fn hundred_a_second(tab: &Tab<'_>, seen: &str) -> bool {
    match seen {
        "Theory" => until_costs(tab, "theory", HUNDRED_A_SECOND).await,
        "Short polling has the fewest bytes" => {
            let fewest = "The fewest bytes: an answer carries";
            verdict(tab, Transport::ShortPoll, fewest).await;
        }
        _ => return false,
    }
    true
}

async fn faults(tab: &Tab<'_>, seen: &str) -> bool {
    match seen {
        "Server-sent events does not get through here" => tab.until_text("#notices", seen).await,
        "It tries WebSocket, server-sent events and long polling, and stays with that" => {
            until_auto_stays(tab).await;
        }
        "Session ID unknown" => tab.until_text("#status", seen).await,
        "Live again" => tab.until_live().await,
        _ => return false,
    }
    true
}

async fn offline(hall: &Hall<'_>, seen: &str) -> bool {
    let tab = &hall.projector;
    match seen {
        "Nothing comes" => {
            hall.second.until_shown("four").await;
            tab.until_not_live().await;
            let shown = tab.shown().await;
            assert!(!shown.iter().any(|each| each.body == "four"), "{shown:?}");
        }
        "Both messages are there, in order, each once" => {
            let four = tab.until_shown("four").await;
            let five = tab.until_shown("five").await;
            assert!(four.seq < five.seq, "{four:?} {five:?}");
            check_complete(&tab.shown().await);
        }
        _ => return false,
    }
    true
}

async fn guide_says(tab: &Tab<'_>, place: &str, text: &str) {
    tab.until_text("#guide-place", place).await;
    tab.until_text("#guide-text", text).await;
}

async fn websocket_takes_two_ways(tab: &Tab<'_>) {
    guide_says(tab, "3 of 8", "WebSocket").await;
    let took = r"Number(document.querySelector('#guide-text').textContent.match(/(\d+) ms/)[1])";
    let took = tab.value(took).await.as_f64().unwrap();
    assert!((80.0..120.0).contains(&took), "{took} ms");
}

/// Waits until the empty polls of the page, and the time between the last two, are as they should be.
async fn until_polled(tab: &Tab<'_>, condition: &str) {
    let polls = "performance.getEntriesByType('resource')
        .filter(({ name, responseStatus }) => name.includes('/messages?') && responseStatus === 204)";
    let condition = format!(
        "(() => {{ const all = {polls}; const [last, one] = all.toReversed();
            const gap = one ? last.startTime - one.startTime : Infinity; return {condition}; }})()"
    );
    tab.until("it has polled", &condition).await;
}

async fn came_over(tab: &Tab<'_>, body: &str, transport: Transport) {
    tab.until_shown(body).await;
    let how = "[...document.querySelectorAll('#messages > [data-seq] .how')].at(-1).title.includes(arguments[0])";
    let over = format!("Came over {}", transport.name());
    tab.until_with(&over, how, vec![json!(over)]).await;
}

/// d is what the page measures, so it is a little more than the link's.
const SEVEN_A_SECOND: &str = "delay.websocket >= 80 && delay.sse === delay.websocket
    && delay.long_poll > 1.1 * delay.websocket && delay.long_poll < 1.4 * delay.websocket
    && delay.short_poll > 1000 && delay.short_poll < 1400";
const DEAREST: &str =
    "bytes.websocket < bytes.short_poll && 3 * bytes.short_poll < bytes.long_poll";
const HUNDRED_A_SECOND: &str = "delay.websocket >= 80 && delay.long_poll > 1.4 * delay.websocket
    && delay.long_poll <= 1.6 * delay.websocket && delay.short_poll > 1000";

/// Waits until a column of the table beside the cost plane is as it should be; `delay`, in ms, and `bytes` by transport.
async fn until_costs(tab: &Tab<'_>, column: &str, condition: &str) {
    let read = r"((column) => {
        const units = { ms: 1, s: 1000, B: 1, kB: 1000 };
        const [delay, bytes] = [{}, {}];
        for (const cell of document.querySelectorAll(`#costs tr[data-transport] [data-cost=${column}]`)) {
            const numbers = [...cell.textContent.matchAll(/([\d.,]+)\s*(ms|s|kB|B)\b/g)]
                .map(([, number, unit]) => Number(number.replace(',', '')) * units[unit]);
            const { transport } = cell.parentElement.dataset;
            [delay[transport], bytes[transport]] = numbers;
        }
        return { delay, bytes };
    })(arguments[0])";
    let condition = format!("(({{ delay, bytes }}) => {condition})({read})");
    tab.until_with(column, &condition, vec![json!(column)])
        .await;
}

async fn verdict(tab: &Tab<'_>, transport: Transport, part: &str) {
    tab.until_text(&pane(transport, ".verdict"), part).await;
}

/// Waits until the panes have the same newest message, and checks that none before it is missing in any of them.
async fn all_have_all(tab: &Tab<'_>) {
    let seqs = "[...document.querySelectorAll('.pane')].map((pane) =>
        [...pane.querySelectorAll('.arrivals [data-seq]')].map(({ dataset }) => Number(dataset.seq)))";
    let same = format!("new Set(({seqs}).map((all) => Math.max(...all))).size === 1");
    tab.until("the newest is the same", &same).await;
    let panes = tab.value(seqs).await;
    for pane in panes.as_array().unwrap() {
        let mut seqs: Vec<u64> = pane
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_u64)
            .collect();
        seqs.sort_unstable();
        let due: Vec<_> = (seqs[0]..).take(seqs.len()).collect();
        assert_eq!(seqs, due, "lost, or twice");
    }
}

async fn until_auto_stays(tab: &Tab<'_>) {
    for transport in [Transport::WebSocket, Transport::Sse, Transport::LongPoll] {
        tab.until_text("#auto-attempts", transport.name()).await;
    }
    tab.until_visible("#status[data-transport=long_poll][data-state=live]")
        .await;
}
