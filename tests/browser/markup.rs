//! What is marked in a message, and that nothing else comes of its text.

use harness::browser::{Tab, stored, trial};
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_parser_takes_what_is_closed_and_leaves_the_rest,
    a_marked_message_is_shown_so_and_stored_as_written,
    hostile_messages_make_no_elements_and_no_scripts
];

/// A message, and its pieces: text as itself, the others with a name.
fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("plain\ntext,  as it is", json!(["plain\ntext,  as it is"])),
        (
            "a `b * c` and **d** *e*",
            json!(["a ", { "code": "b * c" }, " and ", { "strong": ["d"] }, " ", { "emphasis": ["e"] }]),
        ),
        (
            "see:\n```rust\nlet **a** = `b`;\n\n```\nso",
            json!(["see:", { "block": "let **a** = `b`;\n" }, "so"]),
        ),
        (
            "```\nnever closed **but**",
            json!(["```\nnever closed ", { "strong": ["but"] }]),
        ),
        (
            "***both*** and **a *b* c**",
            json!([{ "strong": [{ "emphasis": ["both"] }] }, " and ", { "strong": ["a ", { "emphasis": ["b"] }, " c"] }]),
        ),
        ("*a **b* c**", json!([{ "emphasis": ["a **b"] }, " c**"])),
        (
            "2 * 3 * 4, a*b*c, *.js and *.rs, **not\nover lines**, ****",
            json!(["2 * 3 * 4, a*b*c, *.js and *.rs, **not\nover lines**, ****"]),
        ),
        (
            "**`a**b`** `` `c` ``",
            json!([{ "strong": [{ "code": "a**b" }] }, " ", { "code": "`c`" }]),
        ),
        (
            "(https://example.org/a_(b)). **http://example.org**",
            json!([
                "(", { "https://example.org/a_(b)": "https://example.org/a_(b)" }, "). ",
                { "strong": [{ "http://example.org": "http://example.org" }] },
            ]),
        ),
        (
            "to a.b+c@example.org, @Alice and x@alice",
            json!(["to ", { "mailto:a.b+c@example.org": "a.b+c@example.org" }, ", ", { "@alice": "@Alice" }, " and x@alice"]),
        ),
        (
            "javascript:alert(1) data:text/html,x vbscript:x https:// http://[",
            json!(["javascript:alert(1) data:text/html,x vbscript:x https:// http://["]),
        ),
    ]
}

/// The parser's pieces in the short form of [`cases`].
const PARSE: &str = "
    const short = (piece) => {
        if (piece.kind === 'text') return piece.text;
        const name = { link: piece.address, name: `@${piece.username}` }[piece.kind] ?? piece.kind;
        return { [name]: piece.pieces?.map(short) ?? piece.text };
    };
    return import('/static/chat/markup.js').then(({ parse }) => arguments[0].map((text) => parse(text).map(short)));";

async fn the_parser_takes_what_is_closed_and_leaves_the_rest() {
    trial("markup", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/")).await;
        let (texts, due): (Vec<_>, Vec<_>) = cases().into_iter().unzip();
        let parsed = tab.try_js(PARSE, vec![json!(texts)]).await.unwrap();
        for (index, (text, due)) in texts.iter().zip(due).enumerate() {
            assert_eq!(parsed[index], due, "{text:?}");
        }
        check_speed(&tab).await;
    })
    .await;
}

/// No text of the longest kind takes long: a message could stop every reader's page.
async fn check_speed(tab: &Tab<'_>) {
    let slowest = "return import('/static/chat/markup.js').then(({ parse }) => {
        const parts = ['`', '``a', '*a ', '**', '```\\n', 'a.', 'a@', '@', 'http://', '(*', '\\n'];
        return Math.max(...parts.map((part) => {
            const begun = performance.now();
            parse(part.repeat(4000 / part.length));
            return performance.now() - begun;
        }));
    });";
    let slowest = tab.try_js(slowest, Vec::new()).await.unwrap();
    let slowest = slowest.as_f64().unwrap();
    assert!(slowest < 500.0, "{slowest} ms");
}

async fn a_marked_message_is_shown_so_and_stored_as_written() {
    trial("marked", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        let text = "**bold** *soft* `code` me@example.org\n```\n  a\n  b\n```\nend";
        alice.say("lobby", text).await;
        tab.until_seq(1).await;
        for (css, part) in [
            ("strong", "bold"),
            ("em", "soft"),
            ("code", "code"),
            ("pre > code", "  a\n  b"),
            ("a[href='mailto:me@example.org']", "me@example.org"),
        ] {
            let text = format!("document.querySelector('#messages .body').querySelector(`{css}`).textContent");
            assert_eq!(tab.value(&text).await, part, "{css}");
        }
        let is_fixed = "getComputedStyle(document.querySelector('#messages pre code')).fontFamily.includes('monospace')";
        assert_eq!(tab.value(is_fixed).await, true);
        let lines = "document.querySelector('#messages .body').innerText";
        let lines = tab.value(lines).await;
        let words: Vec<_> = lines.as_str().unwrap().lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(words, ["bold soft code me@example.org", "  a", "  b", "end"]);
        assert_eq!(stored(&alice, "lobby").await, [(1, text.to_owned())]);
    })
    .await;
}

const HOSTILE: [&str; 8] = [
    "<img src=x onerror=\"document.title='pwned'\">",
    "**<script>document.title='pwned'</script>** `<svg onload=alert(1)>`",
    "```\n</code></pre><iframe srcdoc='<script>parent.document.title=1</script>'>\n```",
    "[x](javascript:document.title='pwned') <a href=\"javascript:alert(1)\">x</a>",
    "https://example.org/\"onmouseover=\"document.title='pwned' JAVASCRIPT:alert(1)",
    "java\tscript:alert(1) \u{202e}https://example.org\u{202e} a@b.c\"onclick=x",
    "***<b>*** *** `` ` ``` **`*`** *<!--*",
    "&lt;b&gt; &amp; <mark>@alice</mark>",
];

/// What the page made of the messages that is not expected in one.
const FOREIGN: &str = "[...document.querySelectorAll('#messages .body *')].filter((each) => {
    const isKnown = ['A', 'CODE', 'PRE', 'STRONG', 'EM', 'MARK'].includes(each.tagName);
    const known = each.tagName === 'A' ? ['href', 'target', 'rel'] : [];
    const isPlain = each.getAttributeNames().every((name) => known.includes(name));
    const isSafe = each.tagName !== 'A' || ['http:', 'https:', 'mailto:'].includes(each.protocol);
    return !(isKnown && isPlain && isSafe);
}).map((each) => each.outerHTML)";

async fn hostile_messages_make_no_elements_and_no_scripts() {
    trial("hostile", async |browser, server| {
        let alice = server.user("alice").await;
        for text in HOSTILE {
            alice.say("lobby", text).await;
        }
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_seq(HOSTILE.len() as u64).await;
        assert_eq!(tab.value(FOREIGN).await, json!([]));
        let first = "document.querySelector('#messages .body').textContent";
        assert_eq!(tab.value(first).await, HOSTILE[0]);
        tab.until(
            "the title is the page's",
            "document.title.endsWith('Lobby · pushlab')",
        )
        .await;
    })
    .await;
}
