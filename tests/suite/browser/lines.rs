//! Changing the way to the server, and making faults on purpose.
