//! An exchange as JSON, for the inspector in the pages.

use std::sync::Arc;

use protocol::Transport;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    messages,
    recorder::{ConnectionRecorder, Exchange, Step, StepKind},
    step_view::{PostRole, StepView, role_in_stream, step_view},
};

/// How many steps of a stream are shown before and after the step that delivers the message.
const CONTEXT_STEPS: usize = 3;

#[derive(Serialize)]
pub struct ExchangeView {
    connection: u64,
    server: Option<&'static str>,
    room: Arc<str>,
    tab: Option<Arc<str>>,
    /// `None` for a request for history.
    transport: Option<Transport>,
    /// Milliseconds since 1970, by this server's clock.
    began_at_ms: f64,
    /// How many steps are left out between the response and the first step of the stream that is
    /// shown.
    omitted: u64,
    /// How many of them are not recorded any more.
    forgotten: u64,
    steps: Vec<StepView>,
    /// The message as it was delivered.
    message: Option<Box<RawValue>>,
    /// What brought it to this server, if that was another exchange of the session.
    post: Option<PostView>,
}

/// What of an exchange brought a message to the server.
#[derive(Serialize)]
pub struct PostView {
    connection: u64,
    server: Option<&'static str>,
    tab: Option<Arc<str>>,
    /// `websocket` for a frame, `None` for a `POST`.
    transport: Option<Transport>,
    began_at_ms: f64,
    steps: Vec<StepView>,
}

/// Which message is asked for, and what of its exchange.
pub struct Question<'a> {
    pub seq: u64,
    /// The key of its draft, if the session posted it.
    pub key: Option<&'a str>,
    /// Whether all steps are wanted, not only those around the one that delivers it.
    pub all: bool,
}

/// An exchange, and the connection over which it went.
pub type Recorded = (Arc<ConnectionRecorder>, Exchange);

impl ExchangeView {
    /// The exchange; `None` if no step of it delivers the message. `post` is what brought it to the server.
    pub fn new(
        (recorder, exchange): &Recorded,
        question: &Question,
        post: Option<&Recorded>,
    ) -> Option<ExchangeView> {
        let delivering = exchange
            .steps
            .iter()
            .position(|step| messages::size_of(step, question.seq).is_some())?;
        let role = |step: &Step| question.key.and_then(|key| role_in_stream(step, key));
        let is_shown = |index: usize, step: &Step| {
            let is_near = index.abs_diff(delivering) <= CONTEXT_STEPS;
            question.all || is_near || is_request_or_response(step) || role(step).is_some()
        };
        let (shown, left_out): (Vec<_>, Vec<_>) =
            (exchange.steps.iter().enumerate()).partition(|(index, step)| is_shown(*index, step));
        let before = left_out.iter().filter(|(index, _)| *index < delivering);
        let (subscription, history) = (exchange.subscription.as_ref(), exchange.history.as_ref());
        let room = subscription
            .map(|it| &it.room)
            .or(history.map(|it| &it.room));
        let tab = subscription.map(|it| &it.tab).or(history.map(|it| &it.tab));
        Some(ExchangeView {
            connection: recorder.id,
            server: recorder.server,
            room: room?.clone(),
            tab: tab.and_then(Clone::clone),
            transport: subscription.map(|subscription| subscription.transport),
            began_at_ms: exchange.began_us as f64 / 1_000.0,
            omitted: exchange.omitted + before.count() as u64,
            forgotten: exchange.omitted,
            steps: shown
                .into_iter()
                .map(|(_, step)| step_view(step, exchange.began_us, question.seq, role(step)))
                .collect(),
            message: messages::json(&exchange.steps[delivering], question.seq).and_then(raw),
            post: post
                .filter(|(other, posted)| {
                    other.id != recorder.id || posted.began_us != exchange.began_us
                })
                .and_then(|post| PostView::new(post, question)),
        })
    }
}

impl PostView {
    fn new((recorder, exchange): &Recorded, question: &Question) -> Option<Self> {
        let key = question.key?;
        let is_http = exchange.posted_room().is_some();
        let role = |step: &Step| match (&step.kind, is_http) {
            (StepKind::Request { .. }, true) => Some(PostRole::Draft),
            (StepKind::Response { .. }, true) => Some(PostRole::Acknowledgement),
            _ => role_in_stream(step, key),
        };
        let steps = exchange.steps.iter();
        let steps = steps.filter_map(|step| {
            role(step).map(|role| step_view(step, exchange.began_us, question.seq, Some(role)))
        });
        let subscription = exchange.subscription.as_ref();
        Some(PostView {
            connection: recorder.id,
            server: recorder.server,
            tab: subscription.and_then(|subscription| subscription.tab.clone()),
            transport: subscription.map(|subscription| subscription.transport),
            began_at_ms: exchange.began_us as f64 / 1_000.0,
            steps: steps.collect(),
        })
    }
}

fn is_request_or_response(step: &Step) -> bool {
    matches!(
        step.kind,
        StepKind::Request { .. } | StepKind::Response { .. }
    )
}

fn raw(json: &[u8]) -> Option<Box<RawValue>> {
    RawValue::from_string(String::from_utf8(json.to_vec()).ok()?).ok()
}
