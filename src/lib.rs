pub mod lab;
pub mod report;
pub use netlab as net;
pub use protocol as wire;
pub use protocol::duration;
