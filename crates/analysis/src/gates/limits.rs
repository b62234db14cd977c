//! The limits of the gates. They are equal for all transports.

/// How late the publisher and the link may be in their tail, as a share of the smallest median
/// latency of the block at the level.
pub const LATENESS_SHARE: f64 = 0.1;
/// The same for the receivers. They read one connection after the other, so the tail of a message
/// to a thousand readers is late by itself; what that does to means is limited below.
pub const LAG_TAIL_SHARE: f64 = 1.0;
/// A lateness in the tail that is always accepted, and one that never is, in microseconds.
pub const LATENESS_RANGE_US: [f64; 2] = [1_000.0, 5_000.0];
/// How late the receivers may be on average, as a share of the same median, and its range.
pub const LAG_MEAN_SHARE: f64 = 0.05;
pub const LAG_MEAN_RANGE_US: [f64; 2] = [400.0, 1_000.0];
/// The tail of receivers and link is p99, or the lower quantile that so many samples exceed: one late
/// message of a hundred does not spoil a trial whose own p99 is not known either.
pub const TAIL_SAMPLES: f64 = 10.0;
/// The share of a core's time that others may use: neither the lab nor its server.
pub const OTHER_LOAD: f64 = 0.05;
/// How long the threads of a process may wait for a processor, as a share of the span, beyond the
/// time that its own threads can keep each other waiting.
pub const RUN_DELAY: f64 = 0.05;
/// The largest share of its core that the generator may use.
pub const GENERATOR_SHARE: f64 = 0.8;
/// The share of the time that the hypervisor may give to other guests.
pub const STEAL: f64 = 0.02;
/// How far half, and 99 %, of the pieces on an emulated link may be from the configured delay, in
/// microseconds.
pub const LINK_ERROR_US: [u64; 2] = [200, 500];
/// Fisher's pooled p-value of the phases of short polls must be at least this.
pub const PHASE_P_VALUE: f64 = 0.001;
/// Where the A/A interval of means, bytes and requests must lie.
pub const EQUIVALENCE: [f64; 2] = [0.95, 1.05];
/// Where that of p99 and of the server's processor time must lie, which vary more from trial to
/// trial. These are the usual bounds of bioequivalence.
pub const WIDE_EQUIVALENCE: [f64; 2] = [0.8, 1.25];
/// A server that takes longer than this to answer a post, and than this many medians, has stalled.
pub const STALL_US: u64 = 50_000;
pub const STALL_MEDIANS: u64 = 20;
/// Where others had the server's core for this share of the longest answer, it is no stall.
pub const OTHERS_SHARE: f64 = 0.5;
