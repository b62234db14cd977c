//! Properties that hold for all inputs.

use proptest::prelude::*;
use protocol::Transport;

use super::*;

fn inputs() -> impl Strategy<Value = ModelInputs> {
    let parts = (0.0..0.2, 0.001..20.0, 0.01..50.0, 1.0..60.0, 0.0..2.0);
    parts.prop_map(|(one_way, interval, rate, wait, handshakes)| ModelInputs {
        one_way,
        interval,
        rate,
        wait,
        handshakes: f64::round(handshakes),
        processing: 0.0,
    })
}

proptest! {
    #[test]
    fn quantiles_rise_from_the_delay_to_the_most(inputs in inputs(), a in 0.0..1.0, b in 0.0..1.0) {
        for transport in Transport::ALL {
            let Some(expected) = predict(transport, &inputs) else { continue };
            let latency = expected.latency;
            let (low, high) = (f64::min(a, b), f64::max(a, b));
            prop_assert!(latency.quantile(low) <= latency.quantile(high));
            prop_assert_eq!(latency.quantile(0.0), inputs.one_way);
            prop_assert!((latency.quantile(1.0) - latency.most()).abs() < 1e-9);
        }
    }

    #[test]
    fn the_mean_is_the_integral_of_the_quantiles(inputs in inputs()) {
        const STEPS: usize = 4_000;
        for transport in Transport::ALL {
            let Some(expected) = predict(transport, &inputs) else { continue };
            let latency = expected.latency;
            let middle = |step| latency.quantile((step as f64 + 0.5) / STEPS as f64);
            let integral = (0..STEPS).map(middle).sum::<f64>() / STEPS as f64;
            // The jump at the prompt share costs at most one step of the spread.
            prop_assert!((integral - latency.mean()).abs() <= latency.spread / STEPS as f64 + 1e-12);
        }
    }

    #[test]
    fn shares_are_shares_and_more_messages_mean_fuller_responses(inputs in inputs()) {
        let busier = ModelInputs { rate: inputs.rate * 1.5, ..inputs };
        for transport in [Transport::ShortPoll, Transport::LongPoll] {
            let both = (predict(transport, &inputs), predict(transport, &busier));
            let (Some(calm), Some(busy)) = both else { continue };
            let (calm, busy) = (calm.polls.unwrap(), busy.polls.unwrap());
            prop_assert!((0.0..=1.0).contains(&calm.empty_share));
            prop_assert!(busy.empty_share <= calm.empty_share);
            prop_assert!(calm.messages_per_response >= 1.0 - 1e-12);
            prop_assert!(busy.messages_per_response >= calm.messages_per_response - 1e-9);
            prop_assert!(busy.per_s >= calm.per_s - 1e-9);
        }
    }
}
