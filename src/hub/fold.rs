//! A fight at any of its numbers, folded from the log: from its beginning, or from a mark near by.
//!
//! A mark is the fold of everything up to its number, so it stays true whatever happens later; it
//! lives in memory alone and can vanish at any moment. Nothing here may give a state that the log
//! does not tell.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Hub;
use super::calm::Calm;
use super::clocks::{self, Clocks};
use super::fight::{self, FightKey, last_seq};
use super::landed::Sight;
use super::refusal::Refusal;
use crate::protocol::Commit;
use crate::rules::event::Fact;
use crate::rules::id::PromptId;
use crate::rules::state::Combat;
use crate::rules::timeline::{self, Recorded, Timeline};

/// Commits from one mark to the next, at the least.
pub(super) const MARK_EVERY_COMMITS: u64 = 16;
/// Marks spread evenly over a whole fight, however long: what a reader far back starts from.
const MARKS_SPREAD: u64 = 32;
/// Of every coarser spacing the newest marks stay: what an undo starts from. The further back
/// it reaches, the rarer it is, and the wider the marks may stand.
const MARKS_NEAR: u32 = 4;

/// A fight at a number, with what readers and the table need to go on from there.
#[derive(Debug, Clone, Default)]
pub(super) struct Fold {
    /// The number of the last event in it; 0 before the first.
    pub(super) seq: u64,
    pub(super) timeline: Timeline,
    pub(super) sight: Sight,
    pub(super) last_at_ms: i64,
    /// Whether the last thing done was to take something back or bring it back.
    pub(super) rewound: bool,
    /// How long it has gone nowhere.
    pub(super) calm: Calm,
    /// Commits in it.
    commits: u64,
    /// How long the questions wait for their answers.
    pub(super) clocks: Clocks,
}

impl Fold {
    pub(super) fn combat(&self) -> &Combat {
        self.timeline.combat()
    }

    /// The question that can be answered, and its deadline as the log has it.
    pub(super) fn deadline(&self) -> Option<(PromptId, i64)> {
        self.clocks.running(self.combat())
    }

    /// Notes what of a commit does not depend on undo; `open` are the questions before it.
    fn note(&mut self, commit: &Commit, mut open: Vec<PromptId>) {
        self.sight.pass(commit);
        self.calm.pass(commit, self.timeline.combat());
        for logged in &commit.events {
            self.seq = logged.seq;
            self.last_at_ms = logged.occurred_at_ms;
            self.rewound = reach_of(&logged.event.fact).is_some();
            let (fact, at_ms) = (&logged.event.fact, logged.occurred_at_ms);
            self.clocks.pass(&mut open, fact, at_ms, logged.deadline_ms);
        }
        self.commits = self.commits.saturating_add(1);
    }
}

/// Folds of one fight at some of its numbers.
#[derive(Debug, Default)]
pub(super) struct Marks(Mutex<BTreeMap<u64, Arc<Fold>>>);

impl Marks {
    /// The last mark at or before a number.
    pub(super) fn before(&self, seq: u64) -> Option<Arc<Fold>> {
        let marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.range(..=seq).next_back().map(|(_, mark)| Arc::clone(mark))
    }

    /// Keeps a fold, whatever its number.
    pub(super) fn put(&self, mark: Arc<Fold>) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.insert(mark.seq, mark);
        thin(&mut marks);
    }

    /// Keeps a fold if it stands where a mark belongs.
    pub(super) fn keep(&self, fold: &Fold) {
        if fold.commits.is_multiple_of(MARK_EVERY_COMMITS) && fold.commits > 0 {
            self.put(Arc::new(fold.clone()));
        }
    }
}

/// Leaves the evenly spread marks and those near the end: about a hundred for any fight.
fn thin(marks: &mut BTreeMap<u64, Arc<Fold>>) {
    let commits = marks.values().next_back().map_or(0, |mark| mark.commits);
    let spread = commits.div_ceil(MARKS_SPREAD).next_power_of_two().max(MARK_EVERY_COMMITS);
    let mut near: BTreeMap<u32, u32> = BTreeMap::new();
    let kept = |mark: &Fold| {
        let level = near.entry(mark.commits.trailing_zeros()).or_default();
        *level = level.saturating_add(1);
        *level <= MARKS_NEAR || mark.commits.is_multiple_of(spread)
    };
    let gone = marks.values().rev().map(Arc::as_ref);
    let keep: Vec<bool> = gone.map(kept).collect();
    let mut keep = keep.into_iter().rev();
    marks.retain(|_, _| keep.next().unwrap_or(true));
}

/// The first number that a fact takes back or brings back.
fn reach_of(fact: &Fact) -> Option<u64> {
    if let Fact::Undone { from, to: _ } | Fact::Redone { from, to: _ } = fact {
        Some(*from)
    } else {
        None
    }
}

/// The first number that a commit takes back or brings back.
fn reach(commit: &Commit) -> Option<u64> {
    commit.events.iter().filter_map(|logged| reach_of(&logged.event.fact)).min()
}

/// A commit as the rules fold it.
pub(super) fn to_timeline(commit: &Commit) -> timeline::Commit {
    timeline::Commit {
        first_seq: commit.events.first().map_or(0, |logged| logged.seq),
        events: commit.events.iter().map(|logged| logged.event.clone()).collect(),
        starts_unit: commit.starts_unit,
    }
}

impl Hub {
    /// The fight at a number, or at the end of the last commit before it.
    pub(super) fn fold_to(&self, key: FightKey, marks: &Marks, seq: u64) -> Result<Fold, Refusal> {
        let mut fold = marks.before(seq).map_or_else(Fold::default, |mark| Fold::clone(&mark));
        while fold.seq < seq {
            let page = fight::read_up_to(self.store(), key, fold.seq, seq)?;
            if page.is_empty() {
                break;
            }
            for commit in &page {
                self.pass(key, marks, &mut fold, commit)?;
                marks.keep(&fold);
            }
        }
        Ok(fold)
    }

    /// Folds the commit that comes next; it need not be durable yet.
    pub(super) fn pass(
        &self,
        key: FightKey,
        marks: &Marks,
        fold: &mut Fold,
        commit: &Commit,
    ) -> Result<(), Refusal> {
        let next = to_timeline(commit);
        let open = clocks::open_in(fold.combat());
        match fold.timeline.record(next.first_seq, &next.events, next.starts_unit) {
            Recorded::Folded => {}
            Recorded::Refold => fold.timeline = self.rewound(key, marks, fold.seq, commit)?,
        }
        fold.note(commit, open);
        Ok(())
    }

    /// The fight after a commit that takes back or brings back, folded anew from a mark before all
    /// that this changes.
    fn rewound(
        &self,
        key: FightKey,
        marks: &Marks,
        tail: u64,
        last: &Commit,
    ) -> Result<Timeline, Refusal> {
        let mut changed = reach(last).unwrap_or(1);
        loop {
            let base = marks.before(changed.saturating_sub(1)).unwrap_or_default();
            let mut commits: Vec<Commit> = Vec::new();
            let mut after = base.seq;
            while after < tail {
                let page = fight::read_up_to(self.store(), key, after, tail)?;
                let Some(end) = page.last().map(last_seq) else { break };
                after = end;
                commits.extend(page);
            }
            commits.push(last.clone());
            // What came in between may itself have reached behind the mark.
            match commits.iter().filter_map(reach).min() {
                Some(lower) if lower <= base.seq => changed = lower,
                Some(_) | None => {
                    let commits = commits.iter().map(to_timeline);
                    return Ok(base.timeline.clone().follow(commits));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(commits: u64) -> Marks {
        let marks = Marks::default();
        for commit in 1..=commits {
            marks.keep(&Fold { seq: commit, commits: commit, ..Fold::default() });
        }
        marks
    }

    #[test]
    fn marks_stand_close_at_the_end_and_evenly_before() {
        for commits in [0, 15, 16, 200, 1_000, 40_000] {
            let marks = marked(commits);
            let kept: Vec<u64> = marks.0.lock().unwrap().keys().copied().collect();
            assert!(kept.len() <= 110, "{} marks for {commits} commits", kept.len());
            for back in 1..commits {
                let seq = commits - back;
                let mark = marks.before(seq).map_or(0, |mark| mark.seq);
                let way = seq - mark;
                let near = way < MARK_EVERY_COMMITS.max(back);
                let spread = way < (commits / MARKS_SPREAD * 2).max(MARK_EVERY_COMMITS);
                assert!(near && spread, "{way} commits to go for the one {back} back of {commits}");
            }
        }
    }

    #[test]
    fn only_what_is_at_or_before_a_number_is_a_mark_for_it() {
        let marks = marked(64);
        assert_eq!(marks.before(15).map(|mark| mark.seq), None);
        assert_eq!(marks.before(16).map(|mark| mark.seq), Some(16));
        assert_eq!(marks.before(47).map(|mark| mark.seq), Some(32));
        assert_eq!(marks.before(u64::MAX).map(|mark| mark.seq), Some(64));
    }
}
