//! The server's metrics, and their text format for Prometheus.

use std::time::Duration;

use domain::chat::Observer;
use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use protocol::Transport;

/// Why a reader's request, stream or socket ended. Every end is counted with one of these reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// The response to a poll had messages, presence or the room's head.
    Answered,
    /// The response to a poll was empty (204).
    Empty,
    /// The client disconnected.
    Gone,
    /// A WebSocket client closed with a close frame.
    Closed,
    /// The account signed out.
    SignedOut,
    /// The server is stopping.
    Draining,
    /// The reader accepted no byte for too long.
    Slow,
    /// A WebSocket client sent nothing for too long, not even a pong.
    Silent,
    /// A WebSocket client violated the protocol, or sent a frame that is not accepted.
    Refused,
    /// The database failed.
    Failed,
    /// The database has another history, in which the reader's cursor means nothing.
    OtherHistory,
}

impl EndReason {
    const COUNT: usize = 11;
    const ALL: [EndReason; Self::COUNT] = [
        EndReason::Answered,
        EndReason::Empty,
        EndReason::Gone,
        EndReason::Closed,
        EndReason::SignedOut,
        EndReason::Draining,
        EndReason::Slow,
        EndReason::Silent,
        EndReason::Refused,
        EndReason::Failed,
        EndReason::OtherHistory,
    ];

    const fn slug(self) -> &'static str {
        match self {
            EndReason::Answered => "answered",
            EndReason::Empty => "empty",
            EndReason::Gone => "gone",
            EndReason::Closed => "closed",
            EndReason::SignedOut => "signed_out",
            EndReason::Draining => "draining",
            EndReason::Slow => "slow",
            EndReason::Silent => "silent",
            EndReason::Refused => "refused",
            EndReason::Failed => "failed",
            EndReason::OtherHistory => "other_history",
        }
    }
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Connections,
    ConnectionsPerAddress,
    ConnectionsPerAccount,
    Messages,
    Accounts,
    Guests,
    Rooms,
    Guesses,
    AnswerMemory,
    Class,
}

impl Limit {
    const COUNT: usize = 10;
    const ALL: [Limit; Self::COUNT] = [
        Limit::Connections,
        Limit::ConnectionsPerAddress,
        Limit::ConnectionsPerAccount,
        Limit::Messages,
        Limit::Accounts,
        Limit::Guests,
        Limit::Rooms,
        Limit::Guesses,
        Limit::AnswerMemory,
        Limit::Class,
    ];

    const fn slug(self) -> &'static str {
        match self {
            Limit::Connections => "connections",
            Limit::ConnectionsPerAddress => "connections_per_address",
            Limit::ConnectionsPerAccount => "connections_per_account",
            Limit::Messages => "messages",
            Limit::Accounts => "accounts",
            Limit::Guests => "guests",
            Limit::Rooms => "rooms",
            Limit::Guesses => "guesses",
            Limit::AnswerMemory => "answer_memory",
            Limit::Class => "class",
        }
    }
}

/// The metrics of one server. An array has one entry for each transport.
pub struct Metrics {
    registry: Registry,
    pub open_feeds: [IntGauge; Transport::COUNT],
    pub deliveries: [IntCounter; Transport::COUNT],
    pub bytes_sent: [IntCounter; Transport::COUNT],
    pub bytes_received: [IntCounter; Transport::COUNT],
    pub wake_ups: [IntCounter; Transport::COUNT],
    ended: [[IntCounter; EndReason::COUNT]; Transport::COUNT],
    pub connections: IntGauge,
    refused: [IntCounter; Limit::COUNT],
    posts: IntCounter,
    posts_repeated: IntCounter,
    posts_failed: IntCounter,
    commit_seconds: Histogram,
    commit_messages: Histogram,
    pub pool_wait_seconds: Histogram,
    pub pool_refusals: IntCounter,
    log_bytes: IntGauge,
    pub log_budget_bytes: IntGauge,
    pub answer_bytes: IntGauge,
    pub answer_budget_bytes: IntGauge,
}

impl Metrics {
    pub fn new() -> Self {
        let registry = Registry::new();
        let r = &registry;
        Metrics {
            open_feeds: gauges(r, "pushlab_open_feeds", "Readers being served now"),
            deliveries: counters(r, "pushlab_deliveries_total", "Messages handed to readers"),
            bytes_sent: counters(r, "pushlab_sent_bytes_total", "Bytes written to sockets"),
            bytes_received: counters(r, "pushlab_received_bytes_total", "Bytes read from sockets"),
            wake_ups: counters(
                r,
                "pushlab_wake_ups_total",
                "Times a waiting reader was woken",
            ),
            ended: end_counters(r),
            connections: gauge(r, "pushlab_connections", "Open TCP connections"),
            refused: limit_counters(r),
            posts: counter(r, "pushlab_posts_total", "Messages stored"),
            posts_repeated: counter(
                r,
                "pushlab_posts_repeated_total",
                "Posts whose key was already stored",
            ),
            posts_failed: counter(
                r,
                "pushlab_posts_failed_total",
                "Posts that the database did not store",
            ),
            commit_seconds: histogram(r, "pushlab_commit_seconds", "Time a commit took", 0.000_1),
            commit_messages: histogram(r, "pushlab_commit_messages", "Messages in one commit", 1.0),
            pool_wait_seconds: histogram(
                r,
                "pushlab_pool_wait_seconds",
                "Time an operation waited for a database connection",
                0.000_01,
            ),
            pool_refusals: counter(
                r,
                "pushlab_pool_refusals_total",
                "Requests that got 503 because no database connection was free",
            ),
            log_bytes: gauge(r, "pushlab_log_bytes", "Messages that rooms keep in memory"),
            log_budget_bytes: gauge(
                r,
                "pushlab_log_budget_bytes",
                "What they may take (--log-memory)",
            ),
            answer_bytes: gauge(
                r,
                "pushlab_answer_bytes",
                "What large answers take while they are sent",
            ),
            answer_budget_bytes: gauge(
                r,
                "pushlab_answer_budget_bytes",
                "What they may take (--answer-memory)",
            ),
            registry,
        }
    }

    /// Counts the end of a reader.
    pub fn count_end(&self, transport: Transport, reason: EndReason) {
        self.ended[transport.index()][reason as usize].inc();
    }

    /// Counts something that was refused.
    pub fn count_refusal(&self, limit: Limit) {
        self.refused[limit as usize].inc();
    }

    /// All metrics in Prometheus' text format.
    pub fn render(&self) -> String {
        TextEncoder::new()
            .encode_to_string(&self.registry.gather())
            .unwrap_or_default()
    }
}

impl Observer for Metrics {
    fn committed(&self, posts: usize, took: Duration) {
        self.commit_seconds.observe(took.as_secs_f64());
        self.commit_messages.observe(posts as f64);
    }

    fn failed(&self, posts: usize) {
        self.posts_failed.inc_by(posts as u64);
    }

    fn posted(&self, is_new: bool) {
        match is_new {
            true => self.posts.inc(),
            false => self.posts_repeated.inc(),
        }
    }

    fn kept(&self, bytes: usize) {
        self.log_bytes.set(bytes as i64);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

fn register<M: prometheus::core::Collector + Clone + 'static>(
    registry: &Registry,
    metric: prometheus::Result<M>,
) -> M {
    let metric = metric.expect("metric names are valid");
    registry
        .register(Box::new(metric.clone()))
        .expect("metric names are unique");
    metric
}

fn gauge(registry: &Registry, name: &str, help: &str) -> IntGauge {
    register(registry, IntGauge::new(name, help))
}

fn counter(registry: &Registry, name: &str, help: &str) -> IntCounter {
    register(registry, IntCounter::new(name, help))
}

fn counter_vec(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> IntCounterVec {
    register(registry, IntCounterVec::new(Opts::new(name, help), labels))
}

fn counters(registry: &Registry, name: &str, help: &str) -> [IntCounter; Transport::COUNT] {
    let family = counter_vec(registry, name, help, &["transport"]);
    Transport::ALL.map(|transport| family.with_label_values(&[transport.slug()]))
}

/// A counter for each transport and reason.
fn end_counters(registry: &Registry) -> [[IntCounter; EndReason::COUNT]; Transport::COUNT] {
    let family = counter_vec(
        registry,
        "pushlab_ended_total",
        "Readers that ended, by reason",
        &["transport", "reason"],
    );
    Transport::ALL.map(|transport| {
        EndReason::ALL.map(|reason| family.with_label_values(&[transport.slug(), reason.slug()]))
    })
}

fn limit_counters(registry: &Registry) -> [IntCounter; Limit::COUNT] {
    let family = counter_vec(
        registry,
        "pushlab_refused_total",
        "What was refused since a limit was reached",
        &["limit"],
    );
    Limit::ALL.map(|limit| family.with_label_values(&[limit.slug()]))
}

fn gauges(registry: &Registry, name: &str, help: &str) -> [IntGauge; Transport::COUNT] {
    let family = IntGaugeVec::new(Opts::new(name, help), &["transport"]);
    let family = register(registry, family);
    Transport::ALL.map(|transport| family.with_label_values(&[transport.slug()]))
}

/// A histogram with sixteen buckets, each twice as large as the one before.
fn histogram(registry: &Registry, name: &str, help: &str, first: f64) -> Histogram {
    let buckets = prometheus::exponential_buckets(first, 2.0, 16).expect("valid buckets");
    let options = HistogramOpts::new(name, help).buckets(buckets);
    register(registry, Histogram::with_opts(options))
}
