//! The section of each subject: its figures, the columns of its table, its conclusions, and what
//! the experiment cannot show.

mod against;
mod content;
mod figures;

use super::{data::Data, figures::Figure, subject::Subject};

pub use content::content;

/// The figures of an experiment. Where those of its subject show nothing, as with a scenario that
/// only has the name of a built-in one, these are the general figures.
pub fn figures(data: &Data, experiment: &str) -> Vec<Figure> {
    let own = (content(Subject::of(experiment)).figures)(data, experiment);
    if own.is_empty() {
        figures::generic(data, experiment)
    } else {
        own
    }
}
