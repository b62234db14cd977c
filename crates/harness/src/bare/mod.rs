//! A load on a server that costs the measuring side as little as can be: bare sockets, nothing parsed
//! that need not be.

mod reader;
mod server;

pub use reader::Client;
pub use server::Server;
