//! A connection as the server sees it: what crosses it is counted, and it is not waited for for ever.

mod meter;
mod metered;
mod stall;

pub use meter::Meter;
pub use metered::Metered;
pub use stall::Patience;
