//! Stalls of the server. A stall is a result and makes nothing invalid: the latencies show it, and a
//! remark names it.

use super::limits::{OTHERS_SHARE, STALL_MEDIANS, STALL_US};
use crate::{cell_trials::CellTrials, results::Trial};

/// The longest time that the server took to answer a post, in microseconds, if it is so much longer
/// than usual that the server must have stalled. An invalid trial shows no stall: what disturbed
/// the trial may have delayed the server too. Neither does a load ramp, which overloads the server on
/// purpose.
pub fn stall_us(trial: &Trial) -> Option<u64> {
    let longest = longest_answer_us(trial)?;
    let may_show = trial.invalidity.is_none() && has_stall(trial);
    may_show.then_some(longest)
}

/// Whether the server stalled by itself. What it owed then comes at once, so that receivers and threads
/// are late for a moment: that is the stall's doing too.
pub fn has_stall(trial: &Trial) -> bool {
    let is_steady = trial.capacity.is_none() && !is_others_doing(trial);
    is_steady && longest_answer_us(trial).is_some()
}

/// The longest answer to a post, if it is much longer than usual.
fn longest_answer_us(trial: &Trial) -> Option<u64> {
    let answered = trial.post_response_us.as_ref()?;
    let longest = answered.max?;
    let median = answered.samples().ok()?.raw_quantile(0.5);
    (longest > STALL_US.max(STALL_MEDIANS * median)).then_some(longest)
}

/// Whether a long answer may come from others: they used the server's core for a good part of that
/// time. Where it is not known what they used, the time that the server's threads waited for a
/// processor tells it; but a thread that is stopped while it is runnable counts as waiting too.
pub fn is_others_doing(trial: &Trial) -> bool {
    let Some(longest) = longest_answer_us(trial) else {
        return false;
    };
    let span_us = trial.seconds * 1e6;
    let server = &trial.server;
    let waited = server.run_delay_us.unwrap_or_default() - server.cpu_us.unwrap_or_default();
    let used = trial.other_load.server_core.map(|share| share * span_us);
    used.unwrap_or(waited) > OTHERS_SHARE * longest as f64
}

/// One sentence for each cell in which the server stalled.
pub fn remarks(cells: &[CellTrials]) -> Vec<String> {
    cells.iter().filter_map(remark).collect()
}

fn remark(cell: &CellTrials) -> Option<String> {
    let stalls: Vec<_> = cell
        .valid
        .iter()
        .filter_map(|trial| stall_us(trial))
        .collect();
    let longest = *stalls.iter().max()? as f64 / 1e3;
    Some(format!(
        "{}: the server stalled in {} of {} valid trials. The longest that it took to answer a post was \
         {longest:.0} ms. The instruments were in order, so this is a result, and the latencies \
         include it.",
        cell.name(),
        stalls.len(),
        cell.valid.len()
    ))
}

#[cfg(test)]
mod tests {
    use protocol::Transport;

    use super::*;
    use crate::{
        cell_trials::group,
        estimate::sample::{latencies, trial},
        results::{InvalidKind, Invalidity, Reason},
        samples::Samples,
    };

    /// A hundred posts of about 0.4 ms, and one of this many milliseconds.
    fn with_a_post_of(ms: u64) -> Trial {
        let mut answered = latencies(400).samples().unwrap();
        let mut slow = Samples::new();
        slow.record(ms * 1_000);
        answered.merge(&slow);
        Trial {
            post_response_us: Some(answered.to_record()),
            ..trial(Transport::Sse, 0, 40_000)
        }
    }

    #[test]
    fn a_stall_is_named_with_its_length() {
        let trials = [with_a_post_of(104), with_a_post_of(3)];
        assert_eq!(stall_us(&trials[1]), None);
        let remarks = remarks(&group(&trials));
        assert_eq!(remarks.len(), 1);
        assert!(
            remarks[0].contains("in 1 of 2 valid trials") && remarks[0].contains("104 ms"),
            "{remarks:?}"
        );
    }

    /// A process that takes the core for 80 ms of 10 s is under the limit of other load, and would
    /// look like a stall.
    #[test]
    fn what_others_did_is_no_stall() {
        let mut trial = with_a_post_of(80);
        trial.other_load.server_core = Some(0.008);
        assert!(is_others_doing(&trial));
        assert_eq!(stall_us(&trial), None);
        trial.other_load.server_core = Some(0.001);
        trial.server.run_delay_us = Some(70_000.0);
        assert!(!is_others_doing(&trial) && stall_us(&trial).is_some());
        trial.other_load.server_core = None;
        assert!(is_others_doing(&trial));
        assert!(!is_others_doing(&with_a_post_of(3)));
    }

    #[test]
    fn a_server_that_is_always_slow_has_not_stalled_and_a_disturbed_trial_shows_nothing() {
        let slow = Trial {
            post_response_us: Some(latencies(40_000)),
            ..trial(Transport::Sse, 0, 40_000)
        };
        assert_eq!(stall_us(&slow), None);
        let mut disturbed = with_a_post_of(104);
        let reason = Reason::new(InvalidKind::OtherLoad, "a compiler ran");
        disturbed.invalidity = Invalidity::of(vec![reason]);
        assert_eq!(stall_us(&disturbed), None);
    }
}
