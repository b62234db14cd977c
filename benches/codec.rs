//! Processor time of a message: to encode it once, to hand it to each reader, and to parse it.
//!
//! `encode/message` makes all forms of a message: the JSON, the block of an event stream, the
//! WebSocket frame. The server does that once for each message. `share` is the cost of each further
//! reader of a stream or a socket. Only the list of a poll is built for each response.

use std::{hint::black_box, time::Duration};

use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};
use domain::chat::Log;
use protocol::{
    Beside, EncodedMessage, Message, Opcode, PollResponse, ServerFrame, encode_response,
    unmasked_frame,
};

const SIZES: [usize; 2] = [32, 1_000];
/// Numbers of messages, up to the most that a response carries.
const COUNTS: [usize; 3] = [1, 100, 500];

fn message(seq: u64, size: usize) -> Message {
    Message {
        seq,
        room: "lobby".into(),
        author: "student".into(),
        display_name: "A Student".into(),
        body: "x".repeat(size),
        key: Some("1f0c7f6e-4a52-4b1c-9c9e-2a6c1f0e7d11".into()),
        sent_at: "2025-11-22T18:37:21.123456Z".into(),
    }
}

fn messages(count: usize) -> Vec<EncodedMessage> {
    let numbers = 1..=count as u64;
    numbers
        .map(|seq| EncodedMessage::new(&message(seq, SIZES[0])))
        .collect()
}

fn group<'c>(criterion: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    group
}

fn encode(criterion: &mut Criterion) {
    let mut group = group(criterion, "encode");
    for size in SIZES {
        let message = message(123_456, size);
        let json = EncodedMessage::new(&message).json().clone();
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_function(BenchmarkId::new("message", size), |bencher| {
            bencher.iter(|| EncodedMessage::new(black_box(&message)));
        });
        group.bench_function(BenchmarkId::new("websocket_frame", size), |bencher| {
            bencher.iter(|| unmasked_frame(Opcode::Text, black_box(&json)));
        });
    }
    group.finish();
}

fn share(criterion: &mut Criterion) {
    let mut group = group(criterion, "share");
    let encoded = EncodedMessage::new(&message(123_456, SIZES[0]));
    group.bench_function("sse_block", |bencher| {
        bencher.iter(|| black_box(&encoded).event().clone());
    });
    group.bench_function("websocket_frame", |bencher| {
        bencher.iter(|| black_box(&encoded).frame().clone());
    });
    group.finish();
}

fn list(criterion: &mut Criterion) {
    let mut group = group(criterion, "poll_list");
    for count in COUNTS {
        let messages = messages(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| encode_response(black_box(&messages), 1_000, Beside::default()));
        });
    }
    group.finish();
}

/// Reading after a cursor in a full log.
fn read(criterion: &mut Criterion) {
    const HELD: usize = 1_024;
    let log = Log::new(0);
    log.append(messages(HELD));
    let mut group = group(criterion, "read_from_log");
    for count in COUNTS {
        let cursor = (HELD - count) as u64;
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| log.after(black_box(cursor), count));
        });
    }
    group.finish();
}

/// Parsing in a client.
fn parse(criterion: &mut Criterion) {
    let mut group = group(criterion, "parse");
    for size in SIZES {
        let encoded = EncodedMessage::new(&message(123_456, size));
        // The header of a frame with 126 to 65,535 bytes of payload has 4 bytes.
        let frame = encoded.frame().slice(4..);
        group.throughput(Throughput::Bytes(frame.len() as u64));
        group.bench_function(BenchmarkId::new("websocket_payload", size), |bencher| {
            bencher.iter(|| serde_json::from_slice::<ServerFrame>(black_box(&frame)).unwrap());
        });
    }
    for count in COUNTS {
        let response = encode_response(&messages(count), 1_000, Beside::default());
        group.throughput(Throughput::Bytes(response.len() as u64));
        group.bench_function(BenchmarkId::new("poll_list", count), |bencher| {
            bencher.iter(|| serde_json::from_slice::<PollResponse>(black_box(&response)).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, encode, share, list, read, parse);
criterion_main!(benches);
