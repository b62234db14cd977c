//! The log on standard error. What strangers send cannot fill it, and nobody has to read it.

use std::{
    collections::HashMap,
    io,
    sync::Mutex,
    time::{Duration, Instant},
};

use server::LogFormat;
use tracing::{Event, Level, Metadata, Subscriber, callsite::Identifier};
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_subscriber::{
    EnvFilter, Layer, fmt,
    layer::{Context, Filter, SubscriberExt},
    util::SubscriberInitExt,
};

/// How often a warning or an error of one kind is written. A kind is a place in the code.
const EVERY: Duration = Duration::from_secs(1);

/// Starts the log. A thread of its own writes it, and drops lines while standard error takes none: no
/// request ever waits for the reader of the log. Dropping the guard writes the rest.
pub fn start(format: LogFormat) -> WorkerGuard {
    let (writer, guard) = tracing_appender::non_blocking(io::stderr());
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,actix_server=warn"));
    let lines = lines(format, writer).with_filter(Seldom::default());
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .init();
    guard
}

fn lines<S>(format: LogFormat, writer: NonBlocking) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let layer = fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().boxed(),
    }
}

/// Lets a warning or an error of each kind pass once in a while.
#[derive(Default)]
struct Seldom {
    last: Mutex<HashMap<Identifier, Instant>>,
}

impl Seldom {
    fn passes(&self, kind: Identifier, now: Instant) -> bool {
        let mut last = self.last.lock().expect("no panic while it is held");
        let is_due = last.get(&kind).is_none_or(|at| now - *at >= EVERY);
        if is_due {
            last.insert(kind, now);
        }
        is_due
    }
}

impl<S: Subscriber> Filter<S> for Seldom {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        let is_limited = *event.metadata().level() <= Level::WARN;
        !is_limited || self.passes(event.metadata().callsite(), Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use tracing::Callsite;

    use super::*;

    struct Place;

    impl Callsite for Place {
        fn set_interest(&self, _: tracing::subscriber::Interest) {}

        fn metadata(&self) -> &Metadata<'_> {
            unreachable!("only its identity is used")
        }
    }

    #[test]
    fn a_kind_passes_once_a_second() {
        static HERE: Place = Place;
        let (seldom, begin) = (Seldom::default(), Instant::now());
        let passes =
            |after: u64| seldom.passes(Identifier(&HERE), begin + Duration::from_millis(after));
        assert_eq!(
            [0, 1, 999, 1_000, 1_001, 2_500].map(passes),
            [true, false, false, true, false, true]
        );
    }
}
