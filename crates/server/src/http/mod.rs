//! Who asks, what is asked, and what is refused: what every handler shares.

pub mod answer;
mod bindings;
mod body;
mod call;
mod conditional;
mod connected;
mod error;
mod gate;
mod identity;
mod key;
mod params;
mod state;

pub use bindings::Bindings;
pub use body::Form;
pub use call::call;
pub use conditional::is_known;
pub use connected::Connected;
pub use error::Error;
pub use gate::gate;
pub use identity::{Caller, SignedInAccounts, cookies};
pub use key::load as load_key;
pub use params::{Params, find};
pub use state::{Drain, State};
