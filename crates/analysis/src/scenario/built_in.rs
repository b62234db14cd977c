//! The scenarios that come with the program.

/// A built-in scenario: its name and its TOML.
pub struct BuiltIn {
    pub name: &'static str,
    pub text: &'static str,
}

macro_rules! built_in {
    ($($name:literal)*) => {
        &[$(BuiltIn { name: $name, text: include_str!(concat!("../../../../scenarios/", $name, ".toml")) }),*]
    };
}

/// All built-in scenarios, in the order of `--list`.
pub const BUILT_IN: &[BuiltIn] = built_in! {
    "latency" "interval" "rtt" "rate" "size" "equal-latency" "capacity" "connections"
    "cost" "fanout" "idle" "outage" "durability" "coursework" "smoke"
};
