//! Failures of a database that may pass: a full disk, a lock, a server that is away.

use std::sync::Arc;

use domain::store::StoreError;
use parking_lot::Mutex;

/// Why nothing could be stored when it was last tried, if that has not passed yet.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Arc<Mutex<Option<String>>>);

impl Trouble {
    /// Keeps how the last attempt to store ended.
    pub fn observe<T>(&self, outcome: &Result<T, StoreError>) {
        match outcome {
            Ok(_) => *self.0.lock() = None,
            Err(StoreError::Unavailable(why) | StoreError::Unknown(why)) => {
                *self.0.lock() = Some(why.clone());
            }
            Err(_) => {}
        }
    }

    pub fn is_over(&self) -> bool {
        self.0.lock().is_none()
    }

    pub fn why(&self) -> Option<String> {
        self.0.lock().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_lasts_until_something_is_stored() {
        let trouble = Trouble::default();
        trouble.observe::<()>(&Err(StoreError::Unavailable("it is locked".into())));
        trouble.observe::<()>(&Err(StoreError::Busy));
        assert!(!trouble.is_over());
        trouble.observe(&Ok(()));
        assert!(trouble.is_over());
    }
}
