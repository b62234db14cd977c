//! Integration tests: the binary runs as a process, and its clients connect over sockets.

mod accounts;
mod bundle;
mod command_line;
mod conformance;
mod connections;
mod deploying;
mod documents;
mod errors;
mod guests;
mod http1;
mod lab;
mod licences;
mod link;
mod metrics;
mod network_paths;
mod nginx;
mod origins;
mod pages;
mod postgres;
mod printing;
mod rendering;
mod reports;
mod schema;
mod start;
mod strangers;
mod torture;
