//! One budget for the large answers that are being sent.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::counts::{Counted, Counts};
use crate::{
    http::Error,
    metrics::{Limit, Metrics},
};

/// What a large answer takes at most while it is sent, about: the part that was read last, its bytes, and what
/// of the parts before it is queued.
const OF_EACH: usize = 256 << 10;
/// The share of an account, where it has limits.
const SHARE: usize = 4;
/// How long an answer waits for those before it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The memory for all large answers, which they take in the order in which they come.
pub struct AnswerBudget {
    places: Arc<Semaphore>,
    by_account: Arc<Counts<i64>>,
    metrics: Arc<Metrics>,
}

/// The memory of one large answer, which is given back when this is dropped.
pub struct AnswerPlace {
    _permit: OwnedSemaphorePermit,
    _of_account: Option<Counted<i64>>,
    metrics: Arc<Metrics>,
}

impl AnswerBudget {
    /// `budget` is in bytes.
    pub fn new(budget: usize, metrics: Arc<Metrics>) -> Self {
        metrics.answer_budget_bytes.set(budget as i64);
        let places = budget / OF_EACH;
        AnswerBudget {
            places: Arc::new(Semaphore::new(places)),
            by_account: Counts::new(places.div_ceil(SHARE) as u32),
            metrics,
        }
    }

    /// Waits for the memory of one answer to an account, which is named where it has limits.
    ///
    /// # Errors
    /// 429 if the account has its share, 503 if others keep it all.
    pub async fn enter(&self, account: Option<i64>) -> Result<AnswerPlace, Error> {
        let of_account = account.map(|account| {
            self.by_account.enter(account).ok_or_else(|| {
                self.metrics.count_refusal(Limit::AnswerMemory);
                let why = "this account reads as many large answers as it may: wait a little";
                Error::too_many(why, PATIENCE)
            })
        });
        let of_account = of_account.transpose()?;
        let permit = timeout(PATIENCE, self.places.clone().acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            self.metrics.count_refusal(Limit::AnswerMemory);
            return Err(Error::unavailable(
                "too many large answers are being read slowly: try again in a moment",
            ));
        };
        self.metrics.answer_bytes.add(OF_EACH as i64);
        Ok(AnswerPlace {
            _permit: permit,
            _of_account: of_account,
            metrics: self.metrics.clone(),
        })
    }
}

impl Drop for AnswerPlace {
    fn drop(&mut self) {
        self.metrics.answer_bytes.sub(OF_EACH as i64);
    }
}
