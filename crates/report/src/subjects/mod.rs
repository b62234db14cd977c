//! What each subject shows: its figures, the columns of its table, what its data let one conclude,
//! and what nothing here can tell.

mod shows;
mod table;

use super::{data::Data, figures::Figure, subject::Subject};

pub use table::about;

/// The figures of an experiment; the general ones where its own show nothing, as with a scenario
/// that only borrowed the name.
pub fn figures(data: &Data, experiment: &str) -> Vec<Figure> {
    let own = (about(Subject::of(experiment)).figures)(data, experiment);
    if own.is_empty() {
        shows::generic(data, experiment)
    } else {
        own
    }
}
