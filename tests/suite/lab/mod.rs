//! The lab, as its users run it: scenarios, files of their own, what it writes, how it ends.

mod campaigns;
mod running;
mod scenarios;
