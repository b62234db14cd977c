//! What makes a trial void on the side of its clients.

use std::{cell::RefCell, rc::Rc};

use analysis::results::{InvalidKind, Reason};

/// Clones are the same ones.
#[derive(Clone, Default)]
pub struct Faults(Rc<RefCell<Vec<Reason>>>);

impl Faults {
    /// Something that makes the trial void.
    pub fn fault(&self, what: String) {
        self.add(InvalidKind::Fault, what);
    }

    /// The kernel has counted otherwise.
    pub fn disagrees(&self, told: String) {
        self.add(InvalidKind::Bytes, told);
    }

    fn add(&self, kind: InvalidKind, told: String) {
        self.0.borrow_mut().push(Reason::new(kind, told));
    }

    pub fn all(&self) -> Vec<Reason> {
        self.0.borrow().clone()
    }
}
