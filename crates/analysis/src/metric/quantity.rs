//! Quantities: what a value counts, and in which unit.

/// The quantity of a value. The unit is that of the metric's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Microseconds.
    Time,
    Bytes,
    BytesPerSecond,
    /// Bytes of a configured size: never shown in KiB.
    WholeBytes,
    PerSecond,
    /// A share of 1.
    Share,
    Count,
}
