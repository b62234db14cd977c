//! What senders and readers saw, and whether a correct server could have shown it.

use std::collections::{HashMap, HashSet};

use protocol::{Message, Transport};

/// A message as it is known by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub seq: u64,
    pub key: String,
}

impl From<Message> for Seen {
    fn from(message: Message) -> Self {
        Seen {
            seq: message.seq,
            key: message.key.unwrap_or_default(),
        }
    }
}

/// All that was seen from outside.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Posts that were acknowledged.
    pub acknowledged: Vec<Seen>,
    /// Posts that were told an error. They were not tried again.
    pub failed: Vec<String>,
    /// What a reader got over each transport, in the order in which it came.
    pub delivered: [Vec<Seen>; Transport::COUNT],
    /// What is stored at the end.
    pub stored: Vec<Seen>,
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    #[error(
        "the stored messages are not numbered from 1 without a gap: {found:?} stands at {place}"
    )]
    Numbering { place: u64, found: Seen },
    #[error("two messages with the key {0} are stored")]
    StoredTwice(String),
    #[error("{0:?} was acknowledged and is not stored there")]
    Lost(Seen),
    #[error("{0} was told an error, and is stored")]
    FailedAndStored(String),
    #[error("over {transport:?} came {found:?} in place {place}, where another message is stored")]
    Delivery {
        transport: Transport,
        place: u64,
        found: Seen,
    },
    #[error("over {transport:?} came {delivered} of {stored} messages")]
    Behind {
        transport: Transport,
        delivered: usize,
        stored: usize,
    },
}

impl History {
    /// Checks every promise.
    ///
    /// # Errors
    /// The first that was broken.
    pub fn check(&self) -> Result<(), Violation> {
        self.check_numbering()?;
        self.check_acknowledgements()?;
        Transport::ALL
            .into_iter()
            .try_for_each(|transport| self.check_deliveries(transport))
    }

    fn check_numbering(&self) -> Result<(), Violation> {
        let mut keys = HashSet::new();
        for (place, found) in (1..).zip(&self.stored) {
            if found.seq != place {
                let found = found.clone();
                return Err(Violation::Numbering { place, found });
            }
            if !keys.insert(&found.key) {
                return Err(Violation::StoredTwice(found.key.clone()));
            }
        }
        Ok(())
    }

    fn check_acknowledgements(&self) -> Result<(), Violation> {
        let stored: HashMap<_, _> = self
            .stored
            .iter()
            .map(|seen| (seen.key.as_str(), seen.seq))
            .collect();
        let lost = |seen: &&Seen| stored.get(seen.key.as_str()) != Some(&seen.seq);
        if let Some(lost) = self.acknowledged.iter().find(lost) {
            return Err(Violation::Lost(lost.clone()));
        }
        let shown = |key: &&String| stored.contains_key(key.as_str());
        match self.failed.iter().find(shown) {
            Some(key) => Err(Violation::FailedAndStored(key.clone())),
            None => Ok(()),
        }
    }

    fn check_deliveries(&self, transport: Transport) -> Result<(), Violation> {
        let delivered = &self.delivered[transport.index()];
        for (place, found) in (1..).zip(delivered) {
            if self.stored.get(place as usize - 1) != Some(found) {
                let found = found.clone();
                return Err(Violation::Delivery {
                    transport,
                    place,
                    found,
                });
            }
        }
        match delivered.len() == self.stored.len() {
            true => Ok(()),
            false => Err(Violation::Behind {
                transport,
                delivered: delivered.len(),
                stored: self.stored.len(),
            }),
        }
    }

    /// How many messages every reader should have got: those that are acknowledged or known to be stored.
    pub fn due(&self) -> usize {
        let newest = self.acknowledged.iter().map(|seen| seen.seq).max();
        self.stored.len().max(newest.unwrap_or(0) as usize)
    }

    /// Checks that nobody is behind, once everybody has had time.
    ///
    /// # Errors
    /// Somebody is.
    pub fn check_progress(&self) -> Result<(), Violation> {
        let due = self.due();
        for transport in Transport::ALL {
            let delivered = self.delivered[transport.index()].len();
            if delivered < due {
                return Err(Violation::Behind {
                    transport,
                    delivered,
                    stored: due,
                });
            }
        }
        Ok(())
    }

    /// How many messages came over the transport that is the furthest behind.
    pub fn least_delivered(&self) -> usize {
        self.delivered.iter().map(Vec::len).min().unwrap_or(0)
    }
}
