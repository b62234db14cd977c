//! What a session is told of its own connections: what they cost, what crossed them; cutting them.

mod costs;
mod cutting;
mod exchanges;
mod looking;
mod owners;
