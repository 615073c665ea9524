//! Which dice of a stream a file shows: each die once, and none left out.
//!
//! A roll that is taken out of a file leaves a hole here, and one that is put in stands on others.

use super::Finding;

/// The dice of one stream that were shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    runs: Vec<Run>,
}

/// Dice that follow one another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    first: u64,
    dice: Vec<(u32, u32)>,
    seq: u64,
}

impl Run {
    fn end(&self) -> u64 {
        self.first.saturating_add(u64::try_from(self.dice.len()).unwrap_or(u64::MAX))
    }
}

/// Dice that nothing shows: from, up to but without, and the events around them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) first: u64,
    pub(super) end: u64,
    pub(super) after_seq: u64,
    pub(super) before_seq: u64,
}

impl Shown {
    /// Notes a roll, which may be one that was shown already.
    pub(super) fn note(&mut self, seq: u64, first: u64, dice: &[(u32, u32)]) {
        self.runs.push(Run { first, dice: dice.to_vec(), seq });
    }

    /// Goes through the stream from its beginning to `drawn`, or to the last die shown: what is
    /// shown twice in two ways, and the holes.
    pub(super) fn walk(mut self, drawn: Option<u64>, findings: &mut Vec<Finding>) -> Vec<Gap> {
        self.runs.sort();
        let mut gaps = Vec::new();
        let (mut end, mut seq) = (0_u64, 0_u64);
        let mut last: Option<&Run> = None;
        for run in &self.runs {
            if last.is_some_and(|last| last.first == run.first && last.dice == run.dice) {
                continue;
            }
            if run.first < end {
                let die = run.first;
                let what = format!("die {die} is used here, and by event {seq} for another roll");
                findings.push(Finding { seq: run.seq, what });
            }
            if run.first > end {
                let (first, after_seq, before_seq) = (end, seq.min(run.seq), seq.max(run.seq));
                gaps.push(Gap { first, end: run.first, after_seq, before_seq });
            }
            end = end.max(run.end());
            seq = run.seq;
            last = Some(run);
        }
        if let Some(drawn) = drawn.filter(|drawn| *drawn > end) {
            gaps.push(Gap { first: end, end: drawn, after_seq: seq, before_seq: u64::MAX });
        }
        if let Some(drawn) = drawn.filter(|drawn| *drawn < end) {
            let what =
                format!("it shows die {} where only {drawn} were drawn", end.saturating_sub(1));
            findings.push(Finding { seq, what });
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_seen_and_a_repetition_is_none() {
        let mut shown = Shown::default();
        shown.note(3, 0, &[(20, 7)]);
        shown.note(4, 3, &[(6, 1), (6, 2)]);
        shown.note(5, 3, &[(6, 1), (6, 2)]);
        let mut findings = Vec::new();
        let gaps = shown.walk(Some(6), &mut findings);
        assert_eq!(findings, []);
        assert_eq!(
            gaps,
            [
                Gap { first: 1, end: 3, after_seq: 3, before_seq: 4 },
                Gap { first: 5, end: 6, after_seq: 4, before_seq: u64::MAX },
            ]
        );
    }

    #[test]
    fn a_die_that_decides_two_rolls_is_found() {
        let mut shown = Shown::default();
        shown.note(3, 0, &[(20, 7), (20, 8)]);
        shown.note(4, 1, &[(20, 8)]);
        let mut findings = Vec::new();
        assert_eq!(shown.walk(None, &mut findings), []);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].seq, 4);
    }
}
