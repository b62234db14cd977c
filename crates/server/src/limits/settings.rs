//! The settings of limits.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;

/// What strangers may take. What comes from this machine's loopback has no limit of its own.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits")]
#[group(skip)]
pub struct LimitSettings {
    /// Open connections in all [default: as many as the limit of open files allows]
    #[arg(long, env = "PUSHLAB_CONNECTIONS", value_name = "1..",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub connections: Option<u32>,
    /// Open connections from one address, of IPv6 from one /64; those from this machine are not counted,
    /// here and below
    #[arg(long, env = "PUSHLAB_CONNECTIONS_PER_ADDRESS", value_name = "1..", default_value_t = 1_000,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub connections_per_address: u32,
    /// Streams and waiting polls of one account
    #[arg(long, env = "PUSHLAB_CONNECTIONS_PER_ACCOUNT", value_name = "1..", default_value_t = 1_000,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub connections_per_account: u32,
    /// Messages a second of one account; those of ten seconds may come at once
    #[arg(long, env = "PUSHLAB_MESSAGES_PER_SECOND", value_name = "1..", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub messages_per_second: u32,
    /// MiB that large answers may take while they are sent; with as many as fit, the next one waits, and
    /// gets 503 after 1 s
    #[arg(long, env = "PUSHLAB_ANSWER_MEMORY", value_name = "1..=65536", default_value_t = 64,
          value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub answer_memory: u32,
    /// Who may create an account: everybody, nobody, or who knows a code
    #[arg(
        long,
        env = "PUSHLAB_REGISTRATION",
        value_name = "open|closed|CODE",
        default_value = "open"
    )]
    pub registration: Registration,
    /// Accounts created from one address in an hour
    #[arg(long, env = "PUSHLAB_ACCOUNTS_PER_ADDRESS", value_name = "1..", default_value_t = 60,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub accounts_per_address: u32,
    /// Whether guests may chat [default: on if the address is loopback, for this machine]
    #[arg(long, env = "PUSHLAB_GUESTS", value_name = "on|off", value_parser = ["on", "off"])]
    pub guests: Option<String>,
    /// Guests from one address in an hour
    #[arg(long, env = "PUSHLAB_GUESTS_PER_ADDRESS", value_name = "1..", default_value_t = 250,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub guests_per_address: u32,
    /// Phones that take part in the class of one room; all rooms together have four times as many
    #[arg(long, env = "PUSHLAB_CLASS_SIZE", value_name = "1..=5000", default_value_t = 500,
          value_parser = clap::value_parser!(u32).range(1..=5_000))]
    pub class_size: u32,
    /// Networks of proxies whose X-Forwarded-For is believed [default: none]
    #[arg(
        long = "trusted-proxy",
        env = "PUSHLAB_TRUSTED_PROXY",
        value_name = "CIDR,…",
        value_delimiter = ',',
        value_parser = network
    )]
    pub trusted_proxies: Vec<IpNet>,
}

/// Who may create an account.
#[derive(Clone, PartialEq, Eq)]
pub enum Registration {
    Open,
    Closed,
    /// Who knows this code.
    Code(String),
}

impl Registration {
    /// As pages and scripts know it.
    pub fn slug(&self) -> &'static str {
        match self {
            Registration::Open => "open",
            Registration::Closed => "closed",
            Registration::Code(_) => "code",
        }
    }
}

impl FromStr for Registration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => Err("give open, closed or a code"),
            open if open.eq_ignore_ascii_case("open") => Ok(Registration::Open),
            closed if closed.eq_ignore_ascii_case("closed") => Ok(Registration::Closed),
            code => Ok(Registration::Code(code.into())),
        }
    }
}

/// Without the code, which is a secret.
impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let network = match text.contains('/') {
        true => text.parse::<IpNet>().ok(),
        false => text.parse::<IpAddr>().map(IpNet::from).ok(),
    };
    network.ok_or_else(|| "give an address such as 10.0.0.1 or a network such as 10.0.0.0/8".into())
}
