//! The schedule of a trial: Poisson streams of messages, drawn in advance.

use analysis::scenario::{Load, Search};
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::{Distribution, Exp};

/// A scheduled message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Post {
    /// Seconds from the start of the measured span; negative in the warm-up.
    pub due: f64,
    /// Its room, from 0.
    pub room: u32,
}

/// All messages of a trial, in the order of their scheduled instants.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    pub posts: Vec<Post>,
}

impl Schedule {
    /// Draws a stream for each room. The measured span is drawn before the warm-up, so that it is
    /// the same for transports with a longer or a shorter warm-up.
    pub fn draw(load: &Load, warm_up: f64, seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut posts = Vec::new();
        for room in 0..load.rooms {
            let due = poisson(&mut rng, load.rate, load.seconds);
            posts.extend(due.map(|due| Post { due, room }));
        }
        for room in 0..load.rooms {
            let due = poisson(&mut rng, load.rate, warm_up);
            posts.extend(due.map(|due| Post {
                due: due - warm_up,
                room,
            }));
        }
        Schedule::sorted(posts)
    }

    /// Draws a step of a load ramp. It is the same for all transports that try the same rate in the
    /// same step.
    pub fn step(load: &Load, search: &Search, rate: f64, number: u32, seed: u64) -> Self {
        let bits = rate.to_bits().to_string();
        let load = Load {
            rate,
            seconds: search.step_seconds,
            ..load.clone()
        };
        Schedule::draw(&load, 0.0, seed_for(seed, &["step", &bits], number))
    }

    /// Draws the warm-up alone.
    pub fn warm_up(load: &Load, warm_up: f64, seed: u64) -> Self {
        let load = Load {
            seconds: 0.0,
            ..load.clone()
        };
        Schedule::draw(&load, warm_up, seed)
    }

    fn sorted(mut posts: Vec<Post>) -> Self {
        posts.sort_by(|a, b| a.due.total_cmp(&b.due).then(a.room.cmp(&b.room)));
        Schedule { posts }
    }
}

/// The instants of a Poisson stream within this number of seconds.
fn poisson(rng: &mut impl Rng, rate: f64, seconds: f64) -> impl Iterator<Item = f64> {
    let pauses = Exp::new(rate).ok().filter(|_| rate > 0.0);
    let mut at = 0.0;
    std::iter::from_fn(move || {
        at += pauses?.sample(rng);
        (at < seconds).then_some(at)
    })
}

/// Derives a seed for one purpose, given by words and a number, from the seed of the run.
pub fn seed_for(seed: u64, words: &[&str], number: u32) -> u64 {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    for word in words {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    hash.update(number.to_be_bytes());
    let digest = hash.finalize();
    u64::from_be_bytes(digest[..8].try_into().expect("a digest of 32 bytes"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn load(rooms: u32, rate: f64, seconds: f64) -> Load {
        Load {
            rooms,
            rate,
            seconds,
            ..Load::default()
        }
    }

    proptest! {
        #[test]
        fn the_measured_span_is_the_same_for_every_warm_up(seed: u64, warm_up in 0.0f64..3.0) {
            let load = load(5, 4.0, 2.0);
            let measured = |schedule: Schedule| -> Vec<Post> {
                schedule.posts.into_iter().filter(|post| post.due >= 0.0).collect()
            };
            let long = Schedule::draw(&load, warm_up, seed);
            prop_assert!(long.posts.iter().all(|post| post.due >= -warm_up && post.due < 2.0));
            prop_assert!(long.posts.is_sorted_by_key(|post| post.due));
            prop_assert_eq!(measured(long), measured(Schedule::draw(&load, 0.0, seed)));
        }
    }

    #[test]
    fn it_is_a_poisson_stream() {
        let posts = Schedule::draw(&load(200, 5.0, 20.0), 0.0, 7).posts;
        // 20,000 expected with a deviation of 141, and in a room variance equals mean.
        assert!((19_300..20_700).contains(&posts.len()), "{}", posts.len());
        let mut rooms = vec![0.0f64; 200];
        for post in &posts {
            rooms[post.room as usize] += 1.0;
        }
        let mean = rooms.iter().sum::<f64>() / 200.0;
        let variance = rooms.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 199.0;
        assert!(
            (0.7..1.35).contains(&(variance / mean)),
            "{variance} {mean}"
        );
    }

    #[test]
    fn an_idle_room_has_no_messages_and_seeds_differ() {
        assert_eq!(Schedule::draw(&load(3, 0.0, 5.0), 1.0, 1).posts, []);
        let of = |seed| Schedule::draw(&load(3, 2.0, 5.0), 1.0, seed);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert_ne!(seed_for(1, &["a", "b"], 0), seed_for(1, &["ab"], 0));
    }

    #[test]
    fn a_step_depends_on_its_rate_its_number_and_the_seed_alone() {
        let search = Search {
            p99_ms: 100.0,
            step_seconds: 2.0,
            factor: 2.0,
        };
        // The rate and the span of the load itself do not matter.
        let of = |rate, number, seed, own| {
            Schedule::step(&load(50, own, own), &search, rate, number, seed)
        };
        let one = of(20.0, 3, 7, 1.0);
        assert_eq!(one, of(20.0, 3, 7, 5.0));
        for other in [
            of(21.0, 3, 7, 1.0),
            of(20.0, 4, 7, 1.0),
            of(20.0, 3, 8, 1.0),
        ] {
            assert_ne!(one, other);
        }
        // 50 rooms, 20 a second, 2 s: 2,000 with a deviation of 45.
        assert!(
            (1_800..2_200).contains(&one.posts.len()),
            "{}",
            one.posts.len()
        );
        assert!(one.posts.iter().all(|post| (0.0..2.0).contains(&post.due)));
    }

    #[test]
    fn a_warm_up_ends_where_the_span_begins() {
        let load = load(50, 10.0, 4.0);
        let whole = Schedule::draw(
            &Load {
                seconds: 0.0,
                ..load.clone()
            },
            0.5,
            3,
        );
        let warm_up = Schedule::warm_up(&load, 0.5, 3);
        assert_eq!(warm_up, whole);
        assert!(
            warm_up
                .posts
                .iter()
                .all(|post| (-0.5..0.0).contains(&post.due))
        );
    }
}
