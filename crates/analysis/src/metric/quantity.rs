//! What a figure counts.

/// Values are in the unit that metric names have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Microseconds.
    Time,
    Bytes,
    BytesPerSecond,
    /// Of a size that somebody chose: never in KiB.
    WholeBytes,
    PerSecond,
    /// Of 1.
    Share,
    Count,
}
