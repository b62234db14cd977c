//! Where a sign-in or a registration comes from.

use std::net::IpAddr;

/// Where a sign-in or a registration comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// As limits count it: of IPv6 the first of its /64.
    pub address: Option<IpAddr>,
    /// Whether the limits of strangers apply.
    pub is_limited: bool,
    /// Whether somebody has signed in to the account from that browser before.
    pub is_known: bool,
}

impl Origin {
    /// The address, where it is to take no more than its share.
    pub fn limited_address(self) -> Option<IpAddr> {
        self.address.filter(|_| self.is_limited)
    }
}
