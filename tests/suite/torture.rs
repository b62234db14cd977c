//! Kills under load. `scripts/torture` kills 500 times.

use harness::torture::{Plant, Violation, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_break_no_promise() {
    let survived = run(20, None)
        .await
        .unwrap_or_else(|broken| panic!("{broken}"));
    assert!(survived.stored >= survived.acknowledged && survived.acknowledged > 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planted_faults_are_found() {
    for plant in Plant::ALL {
        let found = find(plant)
            .await
            .unwrap_or_else(|| panic!("{plant:?} was not found"));
        let is_right = match plant {
            Plant::EarlyAnswer => matches!(found, Violation::Lost(_)),
            Plant::LostWakeUp => matches!(found, Violation::Behind { .. }),
            Plant::RepeatedSeq => matches!(found, Violation::Delivery { .. } | Violation::Lost(_)),
        };
        assert!(is_right, "{plant:?}: {found}");
    }
}

/// In a few runs: whether a kill meets the fault depends on how threads are scheduled.
async fn find(plant: Plant) -> Option<Violation> {
    for _ in 0..5 {
        if let Err(found) = run(5, Some(plant)).await {
            return Some(found);
        }
    }
    None
}
