//! Reasons on the receivers' side that make a trial invalid.

use std::{cell::RefCell, rc::Rc};

use analysis::results::{InvalidKind, Reason};

/// A list of reasons. Clones share it.
#[derive(Clone, Default)]
pub struct Faults(Rc<RefCell<Vec<Reason>>>);

impl Faults {
    /// Adds a fault, which makes the trial invalid.
    pub fn fault(&self, text: String) {
        self.add(InvalidKind::Fault, text);
    }

    /// Adds a difference from the kernel's byte counts.
    pub fn bytes_disagree(&self, text: String) {
        self.add(InvalidKind::Bytes, text);
    }

    fn add(&self, kind: InvalidKind, text: String) {
        self.0.borrow_mut().push(Reason::new(kind, text));
    }

    pub fn all(&self) -> Vec<Reason> {
        self.0.borrow().clone()
    }
}
