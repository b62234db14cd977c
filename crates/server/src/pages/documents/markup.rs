//! Markdown as HTML for the site: links lead to its pages, headings can be linked to, tables scroll by themselves.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html::push_html};

/// The pages to which an address in a text may lead.
const PAGES: [&str; 5] = ["/race", "/rooms/", "/class", "/reports/", "/teaching"];

/// The end of a link.
const CLOSED: Event = Event::End(TagEnd::Link);

/// The text as HTML. `address_of` says where the site has a file that a link leads to; a link to any other file is its
/// text alone.
pub fn html(text: &str, address_of: impl Fn(&str) -> Option<&'static str>) -> String {
    let events: Vec<_> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    let mut site = Site {
        address_of,
        made: Vec::with_capacity(events.len()),
        tables: 0,
        link: None,
    };
    for (at, event) in events.iter().enumerate() {
        site.take(event, &events[at + 1..]);
    }
    let mut html = String::new();
    push_html(&mut html, site.made.into_iter());
    html
}

/// What becomes of a text on the site.
struct Site<'a, F> {
    address_of: F,
    made: Vec<Event<'a>>,
    tables: usize,
    /// Within a link: whether it is one on the site.
    link: Option<bool>,
}

impl<'a, F: Fn(&str) -> Option<&'static str>> Site<'a, F> {
    fn take(&mut self, event: &Event<'a>, rest: &[Event<'a>]) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let id = anchor(&words_of(rest));
                self.made.push(inline(format!("<{level} id=\"{id}\">")));
            }
            Event::Start(Tag::Table(_)) => {
                self.tables += 1;
                let around = inline(scrolling(self.tables));
                self.made.extend([around, event.clone()]);
            }
            Event::End(TagEnd::Table) => {
                self.made.extend([event.clone(), inline("</div>\n".into())]);
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let target = target(dest_url, &self.address_of);
                self.link = Some(target.is_some());
                self.made.extend(target.as_deref().map(opened));
            }
            Event::End(TagEnd::Link) => {
                let is_one = self.link.take().unwrap_or_default();
                self.made.extend(is_one.then_some(CLOSED));
            }
            Event::Code(code) if self.link.is_none() && is_page(code) => {
                self.made.extend([opened(code), event.clone(), CLOSED]);
            }
            // What stands in angle brackets is meant to be read.
            Event::Html(text) | Event::InlineHtml(text) => {
                self.made.push(Event::Text(text.clone()));
            }
            _ => self.made.push(event.clone()),
        }
    }
}

/// A part of the page that is no text.
fn inline<'a>(html: String) -> Event<'a> {
    Event::InlineHtml(CowStr::from(html))
}

fn opened<'a>(address: &str) -> Event<'a> {
    Event::Start(Tag::Link {
        link_type: LinkType::Inline,
        dest_url: CowStr::from(address.to_owned()),
        title: CowStr::from(""),
        id: CowStr::from(""),
    })
}

/// A table may be wider than a phone. Whoever has no pointer scrolls it with keys, so it takes the focus.
fn scrolling(number: usize) -> String {
    format!("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table {number}\">\n")
}

/// Where a link leads on the site, if it leads anywhere.
fn target(link: &str, address_of: impl Fn(&str) -> Option<&'static str>) -> Option<String> {
    if link.contains("://") || link.starts_with(['#', '/']) {
        return Some(link.into());
    }
    let (file, part) = link.split_at(link.find('#').unwrap_or(link.len()));
    Some(format!("{}{part}", address_of(file)?))
}

/// Whether it is the address of a page, and not of what is between braces.
fn is_page(code: &str) -> bool {
    PAGES.iter().any(|page| code.starts_with(page)) && !code.contains(['{', ' '])
}

/// The text of a heading, from after its start.
fn words_of(events: &[Event]) -> String {
    let inside = events
        .iter()
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    inside
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect()
}

/// As GitHub names a heading, so that a link to it works in both places.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then_some(c),
    });
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> String {
        html(text, |file| (file == "KNOWN.md").then_some("/known"))
    }

    #[test]
    fn links_lead_to_the_pages_of_the_site() {
        let page = made("[a](KNOWN.md#part-two) [b](OTHER.md) [c](#here) [d](https://example.org)");
        for link in ["/known#part-two", "#here", "https://example.org"] {
            assert!(page.contains(&format!("<a href=\"{link}\">")), "{page}");
        }
        assert!(page.contains(" b ") && !page.contains("OTHER"), "{page}");
    }

    #[test]
    fn addresses_of_pages_are_links() {
        let page = made("`/race#rate=2&stage` `/rooms/{room}` `/race now` [`/race`](KNOWN.md)");
        let link = "<a href=\"/race#rate=2&amp;stage\"><code>/race#rate=2&amp;stage</code></a>";
        assert!(page.contains(link), "{page}");
        assert!(page.contains("<a href=\"/known\"><code>/race</code></a>"));
        assert_eq!(page.matches("<a ").count(), 2, "{page}");
    }

    #[test]
    fn headings_have_the_names_that_links_use() {
        let page = made("## The lab: 90 `minutes`\n\ntext");
        let heading = "<h2 id=\"the-lab-90-minutes\">The lab: 90 <code>minutes</code></h2>";
        assert!(page.contains(heading), "{page}");
    }

    #[test]
    fn tables_scroll_and_angle_brackets_are_text() {
        let page = made("| a | b |\n| --- | --- |\n| <b> | 2 |\n");
        assert!(page.contains("aria-label=\"Table 1\">\n<table>"), "{page}");
        assert!(page.contains("&lt;b&gt;") && page.contains("</table>\n</div>"));
    }
}
