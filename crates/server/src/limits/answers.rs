//! One budget for the large answers that are being sent.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    http::Error,
    metrics::{Limit, Metrics},
};

/// What a large answer takes at most while it is sent: the part that was read last, and what of the parts
/// before it is queued.
const OF_EACH: usize = 128 << 10;
/// How long an answer waits for those before it.
const PATIENCE: Duration = Duration::from_secs(3);

/// The memory for all large answers, which they take in the order in which they come.
pub struct AnswerBudget {
    places: Arc<Semaphore>,
    metrics: Arc<Metrics>,
}

/// The memory of one large answer, which is given back when this is dropped.
pub struct AnswerPlace {
    _permit: OwnedSemaphorePermit,
    metrics: Arc<Metrics>,
}

impl AnswerBudget {
    /// `budget` is in bytes.
    pub fn new(budget: usize, metrics: Arc<Metrics>) -> Self {
        metrics.answer_budget_bytes.set(budget as i64);
        AnswerBudget {
            places: Arc::new(Semaphore::new(budget / OF_EACH)),
            metrics,
        }
    }

    /// Waits for the memory of one answer.
    ///
    /// # Errors
    /// 503 if others keep it all.
    pub async fn enter(&self) -> Result<AnswerPlace, Error> {
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
            metrics: self.metrics.clone(),
        })
    }
}

impl Drop for AnswerPlace {
    fn drop(&mut self) {
        self.metrics.answer_bytes.sub(OF_EACH as i64);
    }
}
