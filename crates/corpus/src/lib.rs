//! Inputs for the property tests of parsers.
//!
//! Random text is refused by a parser at its first byte. What comes from a corpus of well-formed inputs, a
//! little damaged, gets further in.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

/// Bytes with a meaning in one of our formats.
const MEANINGFUL: &[u8] = b"\0\t\n\r \"#%&'+,-./0123456789:;=?@AZ[\\]_az{|}~\x7f\x80\xc3\xff";

/// A change to an input.
#[derive(Clone, Debug)]
enum Change {
    Insert(u8),
    Replace(u8),
    /// From a place to the other.
    Remove(Index),
    Repeat(Index),
}

/// One of these inputs, with up to four changes.
pub fn mutated_bytes(corpus: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> {
    damaged(select(corpus))
}

/// The same of text; what is no UTF-8 is replaced.
pub fn mutated(corpus: &'static [&'static str]) -> impl Strategy<Value = String> {
    let damaged = damaged(select(corpus).prop_map(str::as_bytes));
    damaged.prop_map(|input| String::from_utf8_lossy(&input).into_owned())
}

fn damaged(input: impl Strategy<Value = &'static [u8]>) -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<Index>(), change()), 0..=4);
    (input, changes).prop_map(|(input, changes)| {
        let mut input = input.to_vec();
        for (place, change) in changes {
            apply(&mut input, place, &change);
        }
        input
    })
}

fn change() -> impl Strategy<Value = Change> {
    let byte = || select(MEANINGFUL);
    prop_oneof![
        byte().prop_map(Change::Insert),
        byte().prop_map(Change::Replace),
        any::<Index>().prop_map(Change::Remove),
        any::<Index>().prop_map(Change::Repeat),
    ]
}

fn apply(input: &mut Vec<u8>, place: Index, change: &Change) {
    let place = place.index(input.len() + 1);
    let range = |other: &Index| {
        let other = other.index(input.len() + 1);
        place.min(other)..place.max(other)
    };
    match change {
        Change::Insert(byte) => input.insert(place, *byte),
        Change::Replace(byte) => {
            if let Some(replaced) = input.get_mut(place) {
                *replaced = *byte;
            }
        }
        Change::Remove(other) => drop(input.drain(range(other))),
        Change::Repeat(other) => {
            let repeated = input[range(other)].to_vec();
            input.splice(place..place, repeated);
        }
    }
}
