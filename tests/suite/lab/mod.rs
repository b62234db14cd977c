//! The lab from the command line: scenarios, own files, results and exit codes.

mod campaigns;
mod killed;
mod planted;
mod running;
mod scenarios;
mod thresholds;
mod worksheet;
