//! Taking things back and doing them after all: undo and redo as ranges of the log.
//!
//! The state of a fight is the fold of its log without the undone ranges. The log itself is never
//! cut, no number is ever used twice, and whatever undo must not take back (see [`sticky`]) is kept
//! from undone events too. What is undone at once is a [`Unit`]: a request with all its answers and
//! timeouts, or a batch.

mod sticky;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::event::{Event, Fact};
use super::state::Combat;

pub use sticky::is_sticky;

/// Most units that can be taken back; older ones stay as they are.
pub const UNDO_UNITS_MAX: usize = 100;

/// The numbers, first to last, of what is undone and redone at once. What lies in between and was
/// undone on its own before stays undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    pub from: u64,
    pub to: u64,
}

/// Whether the live state could follow what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Recorded {
    /// It has.
    Folded,
    /// Something was undone or redone, and nothing has changed here: [`Timeline::refold`] the log.
    Refold,
}

/// A fight, and what of it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    combat: Combat,
    /// Oldest first.
    undo: VecDeque<Unit>,
    /// The one to be redone first is last.
    redo: Vec<Unit>,
}

impl Timeline {
    /// The fight as it stands.
    pub fn combat(&self) -> &Combat {
        &self.combat
    }

    /// What an undo would take back: the event to write is `Undone` with these numbers.
    pub fn undo_target(&self) -> Option<Unit> {
        self.undo.back().copied()
    }

    /// What a redo would bring back.
    pub fn redo_target(&self) -> Option<Unit> {
        self.redo.last().copied()
    }

    /// Folds one commit, numbered from `first_seq`, into the fight. `starts_unit` is false for
    /// answers and timeouts, which belong to the unit before them.
    pub fn record(&mut self, first_seq: u64, events: &[Event], starts_unit: bool) -> Recorded {
        if events.iter().any(|event| rewinds(&event.fact)) {
            return Recorded::Refold;
        }
        for event in events {
            self.combat.apply(event);
        }
        self.note(first_seq, events, starts_unit);
        Recorded::Folded
    }

    /// The fight and its timeline as the whole log tells it, commit by commit.
    pub fn refold(log: impl IntoIterator<Item = Commit>) -> Self {
        Self::default().follow(log)
    }

    /// The same, going on from here with all commits that came next. None of them may undo or redo
    /// what lies before: go on from an earlier state then.
    #[must_use]
    pub fn follow(self, log: impl IntoIterator<Item = Commit>) -> Self {
        let log: Vec<Commit> = log.into_iter().collect();
        let mut timeline = self;
        let marks = timeline.replay_units(&log);
        let events = log.iter().flat_map(|commit| &commit.events);
        for (event, mark) in events.zip(marks) {
            if mark.undone_with.is_some() {
                timeline.combat.apply_sticky(event);
            } else {
                timeline.combat.apply(event);
            }
        }
        timeline
    }

    /// Goes through the log for its units alone, and tells for each event whether it is undone.
    fn replay_units(&mut self, log: &[Commit]) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for commit in log {
            let rewinds = commit.events.iter().any(|event| rewinds(&event.fact));
            if rewinds {
                for event in &commit.events {
                    self.rewind(&event.fact, &mut marks);
                }
            } else {
                self.note(commit.first_seq, &commit.events, commit.starts_unit);
            }
            let numbered = (commit.first_seq..=u64::MAX).zip(&commit.events);
            marks.extend(numbered.map(|(seq, _)| Mark { seq, rewinds, undone_with: None }));
        }
        marks
    }

    /// Undoes or redoes a unit of what `marks` has of the log so far.
    fn rewind(&mut self, fact: &Fact, marks: &mut [Mark]) {
        let (unit, before, after) = if let Fact::Undone { from, to } = fact {
            let unit = Unit { from: *from, to: *to };
            self.undo.retain(|known| *known != unit);
            self.redo.push(unit);
            (unit, None, Some(unit))
        } else if let Fact::Redone { from, to } = fact {
            let unit = Unit { from: *from, to: *to };
            self.redo.retain(|known| *known != unit);
            self.remember(unit);
            (unit, Some(unit), None)
        } else {
            return;
        };
        let in_unit = |mark: &&mut Mark| (unit.from..=unit.to).contains(&mark.seq);
        for mark in marks.iter_mut().filter(in_unit) {
            if !mark.rewinds && mark.undone_with == before {
                mark.undone_with = after;
            }
        }
    }

    /// Notes that a commit happened: a new unit, or more of the last one.
    fn note(&mut self, first_seq: u64, events: &[Event], starts_unit: bool) {
        if events.iter().all(|event| is_sticky(&event.fact)) {
            return; // undo would change nothing
        }
        self.redo.clear();
        let last = u64::try_from(events.len()).unwrap_or(u64::MAX).saturating_sub(1);
        let unit = Unit { from: first_seq, to: first_seq.saturating_add(last) };
        match self.undo.back_mut() {
            Some(open) if !starts_unit => open.to = unit.to,
            // Without its first event there is no fight to go back to.
            Some(_) | None if events.iter().any(|e| opens_the_fight(&e.fact)) => {}
            Some(_) | None => self.remember(unit),
        }
    }

    fn remember(&mut self, unit: Unit) {
        self.undo.push_back(unit);
        if self.undo.len() > UNDO_UNITS_MAX {
            self.undo.pop_front();
        }
    }
}

/// What became of one event.
struct Mark {
    seq: u64,
    /// It came with an undo or redo. Such a commit is never undone itself: what it brings along,
    /// such as new commitments to the dice, stays.
    rewinds: bool,
    /// The unit that was undone and took it along, if it is undone. A redo brings back what went
    /// with the same unit, and nothing that was undone on its own before.
    undone_with: Option<Unit>,
}

/// One commit of the log, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The number of its first event; the others follow without a gap.
    pub first_seq: u64,
    pub events: Vec<Event>,
    /// False for answers and timeouts, which belong to the unit before them.
    pub starts_unit: bool,
}

fn rewinds(fact: &Fact) -> bool {
    matches!(fact, Fact::Undone { .. } | Fact::Redone { .. })
}

fn opens_the_fight(fact: &Fact) -> bool {
    matches!(fact, Fact::Initiated { .. })
}
