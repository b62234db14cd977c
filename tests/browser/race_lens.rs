//! The lens on time, lanes of more than can be told apart, and that nothing is drawn before its cause.

use harness::browser::{Tab, enter, keys, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    time_stands_still_goes_back_and_goes_on,
    slow_motion_changes_no_setting,
    it_zooms_from_a_minute_to_50_ms,
    many_messages_are_bars_until_one_looks_closely,
    nothing_is_drawn_before_its_cause
];

async fn time_stands_still_goes_back_and_goes_on() {
    trial("lens-freeze", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.until_text("#lens output[for=back]", "now").await;
        assert!(!tab.is_visible("#to-now").await.unwrap());
        tab.click("#freeze").await;
        tab.until_text("#freeze", "Go on").await;
        tab.until_text("#lens output[for=back]", " ago").await;
        let ago = "document.querySelector('#back').valueAsNumber";
        tab.until("time goes on, and what is seen does not", &format!("{ago} > 500"))
            .await;
        tab.keys("#back", keys::LEFT).await;
        tab.keys("#back", &keys::LEFT.repeat(3)).await;
        tab.until_text("#freeze", "Go on").await;
        tab.click("#to-now").await;
        tab.until_text("#lens output[for=back]", "now").await;
        tab.until_text("#freeze", "Freeze").await;
        // Dragging looks back as well.
        let drag = "const canvas = document.querySelector('#lanes canvas');
            canvas.setPointerCapture = () => {};
            const to = (kind, x) => canvas.dispatchEvent(new PointerEvent(kind, { clientX: x, pointerId: 1 }));
            to('pointerdown', 500); to('pointermove', 620); to('pointerup', 620);";
        tab.try_js(drag, Vec::new()).await.unwrap();
        tab.until_text("#freeze", "Go on").await;
    })
    .await;
}

async fn slow_motion_changes_no_setting() {
    trial("lens-slow", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.keys("#body", &format!("look closely{}", keys::ENTER)).await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "look closely").await;
        }
        let settings = "[location.hash, ...[...document.querySelectorAll('#controls input')].map(({ value }) => value)]";
        let before = tab.value(settings).await;
        for (factor, shown) in [("10", "1 s"), ("100", "100 ms")] {
            let button = format!("[data-slow='{factor}']");
            tab.click(&button).await;
            tab.until_visible(&format!("{button}[aria-pressed=true]")).await;
            tab.until_text("#lens output[for=zoom]", shown).await;
        }
        // The browser's clock and the lanes' go apart: that is slow motion.
        tab.until("it falls behind", "document.querySelector('#back').valueAsNumber > 1000")
            .await;
        tab.click("[data-slow='100']").await;
        tab.until_text("#lens output[for=back]", "now").await;
        assert_eq!(tab.value(settings).await, before);
        tab.until_racing().await;
    })
    .await;
}

async fn it_zooms_from_a_minute_to_50_ms() {
    trial("lens-zoom", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.until_text("#lens output[for=zoom]", "10 s").await;
        tab.keys("#zoom", keys::HOME).await;
        tab.until_text("#lens output[for=zoom]", "60 s").await;
        tab.keys("#zoom", keys::END).await;
        tab.until_text("#lens output[for=zoom]", "50 ms").await;
        let wheel = "document.querySelector('#lanes canvas').dispatchEvent(
            new WheelEvent('wheel', { deltaY: 300, ctrlKey: true, bubbles: true, cancelable: true }))";
        tab.try_js(wheel, Vec::new()).await.unwrap();
        tab.until("the wheel zooms", "parseFloat(document.querySelector('output[for=zoom]').textContent) > 60")
            .await;
    })
    .await;
}

async fn many_messages_are_bars_until_one_looks_closely() {
    trial("lens-crowd", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "rate=50&interval=0.2&pace=steady").await;
        tab.click("#stream").await;
        for _ in Transport::ALL {
            tab.until("pushes are bars", "document.querySelector('.lane-labels li:last-child small').textContent.includes('a bar: ')")
                .await;
        }
        tab.keys("#zoom", keys::END).await;
        tab.until("and single messages again", "document.querySelector('.lane-labels li:last-child small').textContent === ''")
            .await;
        tab.keys("#rate", keys::END).await;
        tab.until_text("output[for=rate]", "200 / s").await;
        let enough = "Math.max(...[...document.querySelectorAll('.pane[data-transport=websocket] .arrivals button')]
            .map(({ dataset }) => Number(dataset.seq))) > 600";
        tab.until("that many are sent and arrive", enough).await;
        tab.click("#stream").await;
        check_complete(&tab).await;
    })
    .await;
}

/// Nothing was lost on any transport: the newest message is the same in all panes.
async fn check_complete(tab: &Tab<'_>) {
    let newest = "[...document.querySelectorAll('.arrivals')]
        .map((list) => list.querySelector('button')?.dataset.seq)";
    let same = format!("new Set({newest}).size === 1");
    tab.until("all panes have the newest message", &same).await;
}

/// The lane of a random race, drawn with a pen that keeps its strokes: of 300 races, the strokes that break a rule.
const BROKEN: &str = r"
    const [{ Record }, { drawLane }, { storedAt }] = await Promise.all([
        import('/static/race/record/record.js'), import('/static/race/lanes/lane-drawing.js'),
        import('/static/race/record/server-times.js')]);
    let seed = 7;
    const random = (most) => { seed = (seed * 48271) % 2147483647; return (seed / 2147483647) * most; };
    const polls = (record, slug, path, pause, trip, stored) => {
        let number = 0;
        for (let at = random(pause + 50); at < 8000; at += 1 + random(pause)) {
            number += 1;
            record.trace(slug, { kind: 'request', exchange: number, at, path });
            const due = stored.filter((each) => !each.had[slug] && (path || each.at < at + trip));
            const first = Math.min(...due.map((each) => Math.max(each.at, at + trip / 2)));
            const end = path ? Math.min(first, at + 1000) + trip / 2 : at + trip + random(5);
            const carried = due.filter((each) => each.at <= end - trip / 2);
            record.trace(slug, { kind: 'response', exchange: number, at: end, status: 200, messages: carried.length });
            for (const each of carried) {
                each.had[slug] = true;
                record.delivered(slug, each.message, { exchange: number, at: end });
            }
            at = end;
        }
    };
    const broken = [];
    for (let round = 0; round < 300; round += 1) {
        const slugs = ['short_poll', 'long_poll', 'sse'];
        const record = new Record(slugs);
        const trip = random(100) + 0.2;
        const stored = [];
        for (let at = 100, seq = 1; at < 7000; at += random(900), seq += 1) {
            const key = random(1) < 0.8 ? `k${seq}` : null;
            const message = { seq, key, body: '', room: '', author: '', display_name: '', sent_at: '' };
            if (key) record.posted(key, { body: '', due: at - random(3), at });
            if (key) record.acknowledged(key, at + trip + random(4));
            stored.push({ at: at + trip / 2, message, had: {} });
        }
        record.trace('sse', { kind: 'request', exchange: 1, at: 0, path: '' });
        record.trace('sse', { kind: 'open', exchange: 1, at: trip });
        polls(record, 'short_poll', '', 1500, trip, stored);
        polls(record, 'long_poll', '?wait=1', 0, trip, stored);
        for (const { at, message } of stored) record.delivered('sse', message, { exchange: 1, at: at + trip / 2 + random(2) });
        const end = round % 2 ? 9000 : 2000 + random(5000);
        for (const slug of slugs) {
            const strokes = [];
            const pen = { line: (style, x1, y1, x2, y2) => strokes.push({ style, x1, y1, x2, y2 }), mark() {}, bar() {}, text() {} };
            const view = { x: (time) => time, from: -100, end, top: 0, bottom: 1, scale: 1, oneWay: (at) => record.oneWayAt(at) };
            drawLane(pen, record.lane(slug), record.sent, view);
            for (const stroke of strokes) {
                if (stroke.x1 > stroke.x2 + 1e-6 && stroke.style !== 'failed') broken.push([round, slug, 'goes back in time', stroke]);
                if (stroke.x2 > end + 1e-6 && stroke.style !== 'failed') broken.push([round, slug, 'has not happened yet', stroke]);
            }
            for (const { at, message } of record.lane(slug).deliveries) {
                const server = storedAt(message, record.oneWay);
                if (message.posted !== undefined && server < message.posted) broken.push([round, slug, 'stored before it was posted', message]);
                if (server > at + 1e-6) broken.push([round, slug, 'here before it was stored', message, at]);
                // The stroke that brings it begins at the server no earlier than it was stored there.
                const bringing = strokes.find(({ style, x2, y2 }) => style === 'bringing' && y2 === 1 && Math.abs(x2 - at) < 1e-6);
                if (at <= end && !bringing) broken.push([round, slug, 'nothing brings it', message, at]);
                if (bringing && bringing.x1 < server - 1e-6) broken.push([round, slug, 'leaves before it was stored', bringing, server]);
            }
        }
    }
    return broken.slice(0, 5);
";

async fn nothing_is_drawn_before_its_cause() {
    trial("lens-causes", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/race#step=1")).await;
        tab.until_visible("#guide").await;
        let script = format!("return (async () => {{ {BROKEN} }})()");
        let broken: Value = tab.try_js(&script, Vec::new()).await.unwrap();
        assert_eq!(broken, json!([]));
    })
    .await;
}
