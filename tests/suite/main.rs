//! What pushlab promises, tried from outside: the binary as a process, its clients over sockets.

mod accounts;
mod command_line;
mod connections;
mod documents;
mod errors;
mod guests;
mod lab;
mod licences;
mod lines;
mod link;
mod metrics;
mod origins;
mod pages;
mod rendering;
mod reports;
