//! What the chat tells of its work, to whoever counts.

use std::time::Duration;

/// Told by the writer's thread, between two commits: it must not wait for anything.
pub trait Observer: Send + Sync {
    /// A transaction with so many posts has ended, well or not.
    fn committed(&self, posts: usize, took: Duration);

    /// A post is stored; `fresh` is false where its key had been posted before.
    fn posted(&self, fresh: bool);
}
