//! The least that can be measured here: what the clock costs, and a raw echo.

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

/// Echoes over the loopback itself.
const ECHOES: u32 = 400;
/// Connections at a time through a link, so that few long round trips make many samples.
const ABREAST: u32 = 8;
/// How long the echoes through a link may take.
const LINK_TIME: Duration = Duration::from_millis(1_000);

/// Measures it all, with the echoing end on the server's core.
///
/// # Errors
/// No sockets.
pub fn measure(networks: &[Network], cores: Cores) -> io::Result<Baseline> {
    let far_end = cores.on_server(echo_server)?;
    let mut links = Vec::new();
    for network in networks {
        links.push(through_link(network, far_end)?);
    }
    Ok(Baseline {
        clock_ns: clock::cost_ns(),
        echo_us: echo(far_end, ECHOES)?.to_hist(),
        links,
    })
}

/// Where it listens; its threads end with this process.
fn echo_server() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::Builder::new().name("echo".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                // It ends with the other end, in whichever way.
                let _ = answer(stream);
            });
        }
    })?;
    Ok(address)
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut byte = [0; 64];
    loop {
        stream.read_exact(&mut byte)?;
        stream.write_all(&byte)?;
    }
}

/// Round trips in microseconds, the first aside, which pays for the handshake.
fn echo(far_end: SocketAddr, times: u32) -> io::Result<Samples> {
    priority::set_timer_slack();
    let mut stream = TcpStream::connect(far_end)?;
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

fn through_link(network: &Network, far_end: SocketAddr) -> io::Result<LinkBaseline> {
    let link = Link::open(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        far_end,
        routes(network),
    )?;
    let round_trip = Duration::from_secs_f64(network.one_way_ms / 500.0);
    let times = LINK_TIME.as_secs_f64() / round_trip.as_secs_f64().max(0.005);
    let times = (times as u32).clamp(3, 100);
    let entrance = link.address();
    let abreast: Vec<_> = (0..ABREAST)
        .map(|place| {
            thread::spawn(move || {
                thread::sleep(round_trip.mul_f64(f64::from(place) / f64::from(ABREAST)));
                echo(entrance, times)
            })
        })
        .collect();
    let mut echoes = Samples::new();
    for one in abreast {
        echoes.merge(&one.join().expect("an echo does not panic")?);
    }
    let both = link
        .statistics(Direction::Up)
        .combined(&link.statistics(Direction::Down));
    Ok(LinkBaseline {
        one_way_ms: network.one_way_ms,
        echo_us: echoes.to_hist(),
        error_us: Samples::from(both.error_us).to_hist(),
    })
}

/// The link that a scenario asks for.
pub fn routes(network: &Network) -> LinkSettings {
    LinkSettings::symmetric(DirectionSettings {
        delay: Duration::from_secs_f64(network.one_way_ms / 1_000.0),
        jitter: Duration::from_secs_f64(network.jitter_ms / 1_000.0),
        bits_per_second: network.rate_kbps.map(|rate| rate * 1_000.0),
    })
}
