//! Reports what the writer does, for metrics.

use std::time::Duration;

/// Called on the writer's thread between two transactions, so an implementation must not block.
pub trait Observer: Send + Sync {
    /// A transaction with `posts` posts has ended, successfully or not.
    fn committed(&self, posts: usize, took: Duration);

    /// So many posts were not stored, since the store failed.
    fn failed(&self, posts: usize);

    /// A post is stored. `is_new` is false if its author had already posted with this key.
    fn posted(&self, is_new: bool);

    /// The logs of all rooms keep so many bytes in memory.
    fn kept(&self, bytes: usize);
}
