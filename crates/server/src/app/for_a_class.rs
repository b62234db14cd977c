//! A server that a class reaches: at which address, and what it means, said in the log at the start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use crate::{pages::Guests, settings::Settings};

/// Any address of another network, to ask the kernel which way it would send there. Nothing is sent.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(203, 0, 113, 1), 9);

/// Where other machines reach a server that listens on `bound`; `None` if they do not, or it is not known.
pub fn network_address(bound: SocketAddr) -> Option<SocketAddr> {
    let ip = match bound.ip() {
        ip if ip.is_loopback() => return None,
        ip if ip.is_unspecified() => outgoing()?,
        ip => ip,
    };
    Some(SocketAddr::new(ip, bound.port()))
}

/// This machine's own address on the way to other networks, if there is a way.
fn outgoing() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

/// Says what it means to admit guests at an address of the network.
pub fn say(settings: &Settings, guests: Guests, bound: SocketAddr) {
    if guests != Guests::Everybody || bound.ip().is_loopback() {
        return;
    }
    let an_hour = settings.limits.guests_per_address;
    tracing::warn!(
        "guests are on at {bound}, an address of the network: everybody who reaches it may read and write in all \
         rooms, {an_hour} guests an hour from an address; stop the server after the class"
    );
    let here = network_address(bound).map_or_else(
        || format!("<this machine's address>:{}", bound.port()),
        |address| address.to_string(),
    );
    tracing::info!(
        "for a class: open http://{here}/race, and there Class; phones join at http://{here}/class"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_address_is_reached_by_nobody_else() {
        let of = |bound: &str| network_address(bound.parse().unwrap());
        assert_eq!(of("127.0.0.1:8080"), None);
        assert_eq!(of("[::1]:8080"), None);
        assert_eq!(of("192.0.2.7:8080"), "192.0.2.7:8080".parse().ok());
        let found = of("0.0.0.0:8080");
        assert!(found.is_none_or(|found| !found.ip().is_unspecified() && found.port() == 8080));
    }
}
