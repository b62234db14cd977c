//! The baseline of a machine: a clock reading, and a TCP echo.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use analysis::{
    results::{Baseline, LinkBaseline},
    samples::Samples,
    scenario::Network,
};
use netlab::{Direction, DirectionSettings, Link, LinkSettings, priority};

use crate::host::{clock, cores::Cores};

/// The number of echoes over the loopback.
const ECHOES: u32 = 400;
/// Parallel connections through a link, so that there are many samples even with long round trips.
const LINK_CONNECTIONS: u32 = 8;
/// The time for the echoes through a link.
const LINK_TIME: Duration = Duration::from_secs(1);

/// Measures the baseline, with the echo server on the server's core.
///
/// # Errors
/// A socket could not be opened.
pub fn measure(networks: &[Network], cores: Cores) -> io::Result<Baseline> {
    let echo_address = cores.on_server(echo_server)?;
    let mut links = Vec::new();
    for network in networks {
        links.push(through_link(network, echo_address)?);
    }
    Ok(Baseline {
        clock_ns: clock::cost_ns(),
        echo_us: echo(echo_address, ECHOES)?.to_record(),
        links,
    })
}

/// Starts an echo server and returns its address. Its threads end with this process.
fn echo_server() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::Builder::new().name("echo".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                // Any error means that the client has closed the connection.
                let _ = echo_back(stream);
            });
        }
    })?;
    Ok(address)
}

fn echo_back(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = [0; 64];
    loop {
        stream.read_exact(&mut bytes)?;
        stream.write_all(&bytes)?;
    }
}

/// Round trips in microseconds, without the first one, which includes the handshake.
fn echo(echo_address: SocketAddr, times: u32) -> io::Result<Samples> {
    priority::set_timer_slack();
    let mut stream = TcpStream::connect(echo_address)?;
    stream.set_nodelay(true)?;
    let mut samples = Samples::new();
    let mut bytes = [7; 64];
    for time in 0..=times {
        let sent = clock::now();
        stream.write_all(&bytes)?;
        stream.read_exact(&mut bytes)?;
        if time > 0 {
            samples.record((clock::now() - sent) / 1_000);
        }
    }
    Ok(samples)
}

fn through_link(network: &Network, echo_address: SocketAddr) -> io::Result<LinkBaseline> {
    let link = Link::open(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        echo_address,
        routes(network),
    )?;
    let round_trip = Duration::from_secs_f64(network.one_way_ms / 500.0);
    let times = LINK_TIME.as_secs_f64() / round_trip.as_secs_f64().max(0.005);
    let times = (times as u32).clamp(3, 100);
    let entrance = link.address();
    let connections: Vec<_> = (0..LINK_CONNECTIONS)
        .map(|place| {
            thread::spawn(move || {
                thread::sleep(round_trip.mul_f64(f64::from(place) / f64::from(LINK_CONNECTIONS)));
                echo(entrance, times)
            })
        })
        .collect();
    let mut echoes = Samples::new();
    for one in connections {
        echoes.merge(&one.join().expect("an echo does not panic")?);
    }
    let both = link
        .statistics(Direction::Up)
        .combined(&link.statistics(Direction::Down));
    Ok(LinkBaseline {
        one_way_ms: network.one_way_ms,
        echo_us: echoes.to_record(),
        error_us: Samples::from(both.error_us).to_record(),
    })
}

/// The emulated link of a scenario.
pub fn routes(network: &Network) -> LinkSettings {
    LinkSettings::symmetric(DirectionSettings {
        delay: Duration::from_secs_f64(network.one_way_ms / 1_000.0),
        jitter: Duration::from_secs_f64(network.jitter_ms / 1_000.0),
        bits_per_second: network.rate_kbps.map(|rate| rate * 1_000.0),
    })
}
