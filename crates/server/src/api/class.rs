//! The class of a room: phones say what has reached them, and whoever watches sees it.

use std::{collections::BTreeMap, time::Instant};

use actix_web::{HttpResponse, http::StatusCode, web};
use domain::chat::Room;
use protocol::Transport;
use serde::{Deserialize, Serialize};

use crate::{
    class::{Delivery, Full, Guess, KEPT, SILENCE, Told, Word},
    http::{Caller, Error, Form, Params, State, response},
    metrics::Limit,
};

/// Longer than this no phone waits, and no guess is.
const MOST_MS: f64 = 3_600_000.0;
const MOST_BYTES: f64 = 1e9;

/// The body of `PUT /api/rooms/{room}/class`.
#[derive(Deserialize)]
pub struct Said {
    transport: Option<String>,
    #[serde(default)]
    deliveries: Vec<SaidDelivery>,
    guesses: Option<Vec<SaidGuess>>,
}

#[derive(Deserialize)]
struct SaidDelivery {
    seq: u64,
    delay_ms: f64,
}

#[derive(Deserialize)]
struct SaidGuess {
    transport: String,
    delay_ms: f64,
    bytes: f64,
}

/// The response to it.
#[derive(Serialize)]
struct Answer {
    id: u64,
    transport: Transport,
    /// This server's clock, which stamps messages.
    now: String,
    counts: BTreeMap<&'static str, usize>,
}

/// `PUT /api/rooms/{room}/class`.
pub async fn tell(
    caller: Caller,
    room: web::Path<String>,
    state: web::Data<State>,
    Form(said): Form<Said>,
) -> Result<HttpResponse, Error> {
    let now = jiff::Timestamp::now();
    let room = state.room(&room).await?;
    let word = word(said, &room)?;
    let account = caller.session.account.id;
    let place = (room.name.as_str(), room.log.head());
    let told = state.classes.tell(account, place, word, Instant::now());
    let told = told.map_err(|Full| {
        state.metrics.count_refusal(Limit::Class);
        Error::full("the class has as many phones as it may have", SILENCE)
    })?;
    Ok(response::json(StatusCode::OK, &answer(&told, now)))
}

/// `GET /api/rooms/{room}/class`. 204 if nothing has changed since `version`.
pub async fn show(
    _: Caller,
    room: web::Path<String>,
    params: Params,
    state: web::Data<State>,
) -> Result<HttpResponse, Error> {
    let room = state.room(&room).await?;
    let from = params.seq("from")?.unwrap_or_default();
    let version = params.text("version");
    let place = (room.name.as_str(), room.log.head());
    let classes = &state.classes;
    let view = classes.view(place, from, version.as_deref(), Instant::now());
    Ok(match view {
        Some(view) => response::json(StatusCode::OK, &view),
        None => response::no_content(),
    })
}

fn answer(told: &Told, now: jiff::Timestamp) -> Answer {
    let counts = Transport::ALL.map(|each| (each.slug(), told.counts[each.index()]));
    Answer {
        id: told.id,
        transport: told.transport,
        now: format!("{now:.6}"),
        counts: counts.into(),
    }
}

/// Checks every field, so that the error lists all that are invalid.
fn word(said: Said, room: &Room) -> Result<Word, Error> {
    let transport = said.transport.as_deref().map(transport).transpose();
    let deliveries = deliveries(said.deliveries, room.log.head());
    let guesses = said.guesses.map(guesses).transpose();
    match (transport, deliveries, guesses) {
        (Ok(transport), Ok(deliveries), Ok(guesses)) => Ok(Word {
            transport,
            deliveries,
            guesses,
        }),
        (transport, deliveries, guesses) => {
            let reasons = [
                ("transport", transport.err()),
                ("deliveries", deliveries.err()),
                ("guesses", guesses.err()),
            ];
            let given = reasons.into_iter();
            let given = given.filter_map(|(field, reason)| Some((field.to_owned(), reason?)));
            Err(Error::invalid_fields(given.collect()))
        }
    }
}

fn transport(slug: &str) -> Result<Transport, String> {
    let mut all = Transport::ALL.into_iter();
    let slugs = Transport::ALL.map(Transport::slug).join(", ");
    all.find(|each| each.slug() == slug)
        .ok_or_else(|| format!("must be one of {slugs}"))
}

fn deliveries(said: Vec<SaidDelivery>, head: u64) -> Result<Vec<Delivery>, String> {
    let is_known = |it: &SaidDelivery| (1..=head).contains(&it.seq);
    let is_time = |it: &SaidDelivery| (0.0..=MOST_MS).contains(&it.delay_ms);
    if said.len() > KEPT {
        return Err(format!("must be at most {KEPT}"));
    }
    if !said.iter().all(is_known) {
        return Err(format!(
            "must be of messages of the room, whose newest is {head}"
        ));
    }
    if !said.iter().all(is_time) {
        return Err(format!("must have a delay_ms from 0 to {MOST_MS}"));
    }
    if !said.is_sorted_by(|one, next| one.seq < next.seq) {
        return Err("must be in the order of seq".into());
    }
    let deliveries = said
        .into_iter()
        .map(|SaidDelivery { seq, delay_ms }| Delivery { seq, delay_ms });
    Ok(deliveries.collect())
}

/// At most one for each transport.
fn guesses(said: Vec<SaidGuess>) -> Result<Vec<Guess>, String> {
    let mut guesses: Vec<Guess> = Vec::new();
    for it in said {
        let transport = transport(&it.transport)?;
        if guesses.iter().any(|other| other.transport == transport) {
            return Err("must be at most one for each transport".into());
        }
        let are_in_range =
            (0.001..=MOST_MS).contains(&it.delay_ms) && (1.0..=MOST_BYTES).contains(&it.bytes);
        if !are_in_range {
            return Err(format!(
                "must have a delay_ms from 0.001 to {MOST_MS} and bytes from 1 to {MOST_BYTES}"
            ));
        }
        guesses.push(Guess {
            transport,
            delay_ms: it.delay_ms,
            bytes: it.bytes,
        });
    }
    Ok(guesses)
}
