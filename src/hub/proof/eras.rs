//! The seeds of a fight one after the other: which of them was in force when, and whether it was the
//! one that was promised.
//!
//! A seed is believed only if its hash was published.

use bytes::Bytes;

use super::{Finding, Promise};
use crate::protocol::pb;
use crate::protocol::pb::combat_event::Event;

/// Where a commitment was published.
#[derive(Debug, Clone, Copy)]
pub(super) struct Published {
    pub(super) seq: u64,
    public: [u8; 32],
    hidden: [u8; 32],
}

/// The time of one pair of seeds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Era {
    /// The first event of it.
    from_seq: u64,
    pub(super) commitment: Option<Published>,
    pub(super) public_seed: Option<[u8; 32]>,
    pub(super) hidden_seed: Option<[u8; 32]>,
}

/// All of them, in order; never empty.
#[derive(Debug)]
pub(super) struct Eras(Era, Vec<Era>);

fn bytes_of(bytes: &[u8]) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}

fn hash(seed: [u8; 32]) -> [u8; 32] {
    *blake3::hash(&seed).as_bytes()
}

impl Eras {
    pub(super) fn of(
        events: &[&pb::CombatEvent],
        hidden_seeds: &[Bytes],
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut eras = Self(Era::default(), Vec::new());
        for event in events {
            let seq = event.seq.unwrap_or_default();
            let fault = if let Some(Event::DiceCommitted(it)) = &event.event {
                eras.commit(seq, it)
            } else if let Some(Event::DiceRevealed(it)) = &event.event {
                eras.reveal(bytes_of(&it.public_seed))
            } else {
                None
            };
            findings.extend(fault.map(|what| Finding { seq, what: what.to_owned() }));
        }
        if !hidden_seeds.is_empty() {
            let fault = eras.tell_hidden(hidden_seeds);
            findings.extend(fault.map(|what| Finding { seq: 0, what: what.to_owned() }));
        }
        eras
    }

    fn last(&mut self) -> &mut Era {
        self.1.last_mut().unwrap_or(&mut self.0)
    }

    fn all(&self) -> impl Iterator<Item = &Era> {
        std::iter::once(&self.0).chain(&self.1)
    }

    fn commit(&mut self, seq: u64, it: &pb::DiceCommitted) -> Option<&'static str> {
        let Some((public, hidden)) = bytes_of(&it.public).zip(bytes_of(&it.hidden)) else {
            return Some("a commitment is not of 32 bytes");
        };
        let published = Published { seq, public, hidden };
        let last = self.last();
        match last.commitment {
            // Begun again after an undo: the same seeds.
            Some(known) if known.public == public && known.hidden == hidden => None,
            Some(_) if last.public_seed.is_none() => {
                Some("another commitment, before the seed of the one before was shown")
            }
            Some(_) => {
                let commitment = Some(published);
                self.1.push(Era { from_seq: seq, commitment, ..Era::default() });
                None
            }
            None => {
                last.commitment = Some(published);
                None
            }
        }
    }

    fn reveal(&mut self, seed: Option<[u8; 32]>) -> Option<&'static str> {
        let last = self.last();
        match (seed, last.commitment) {
            (None, _) => Some("the seed is not of 32 bytes"),
            (Some(_), None) => Some("a seed is shown to which nothing was committed"),
            (Some(seed), Some(promised)) if hash(seed) != promised.public => {
                Some("the seed is not the one that was committed to: its hash is another")
            }
            (Some(seed), Some(_)) => {
                last.public_seed = Some(seed);
                None
            }
        }
    }

    /// The hidden seeds of a complete file, one for each commitment.
    fn tell_hidden(&mut self, seeds: &[Bytes]) -> Option<&'static str> {
        let count = self.all().filter(|era| era.commitment.is_some()).count();
        if count != seeds.len() {
            return Some("there is not one hidden seed for each commitment");
        }
        let eras = std::iter::once(&mut self.0).chain(&mut self.1);
        for (era, seed) in eras.zip(seeds) {
            let seed = bytes_of(seed)?;
            if era.commitment.is_some_and(|promised| hash(seed) != promised.hidden) {
                return Some("a hidden seed is not the one that was committed to");
            }
            era.hidden_seed = Some(seed);
        }
        None
    }

    /// The seeds in force at an event.
    pub(super) fn at(&self, seq: u64) -> Era {
        let later = self.1.iter().rev().find(|era| era.from_seq <= seq);
        *later.unwrap_or(&self.0)
    }

    pub(super) fn promises(&self) -> Vec<Promise> {
        let kept = |era: &Era| {
            let Published { seq, public, hidden: _ } = era.commitment?;
            Some(Promise { commitment: public, seq, revealed: era.public_seed.is_some() })
        };
        self.all().filter_map(kept).collect()
    }
}
