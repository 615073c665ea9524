//! How long each open question waits for its answer, one inside the other.
//!
//! Only the question that can be answered has a clock that runs. While another covers it, nobody
//! could answer it, and that time must not count against whoever is asked.

use std::time::Duration;

use super::table::millis;
use crate::protocol::Trail;
use crate::rules::event::Fact;
use crate::rules::id::PromptId;
use crate::rules::state::Combat;

/// A question that was covered by another waits at least so long once it can be answered again.
const UNCOVERED_LEAST: Duration = Duration::from_secs(10);

/// When a question was asked, and when its default takes effect; milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    prompt: PromptId,
    opened_ms: i64,
    deadline_ms: i64,
}

/// The clock of every question that was ever asked, as the log has them.
#[derive(Debug, Clone, Default)]
pub(super) struct Clocks {
    set: Trail<Clock>,
}

/// The questions open in a fight, the one that can be answered last.
pub(super) fn open_in(combat: &Combat) -> Vec<PromptId> {
    combat.pending().iter().map(|open| open.prompt.id).collect()
}

impl Clocks {
    fn of(&self, prompt: PromptId) -> Option<Clock> {
        self.set.newest_first().find(|clock| clock.prompt == prompt).copied()
    }

    /// When the default of the question that can be answered takes effect.
    pub(super) fn running(&self, combat: &Combat) -> Option<(PromptId, i64)> {
        let clock = self.of(combat.pending().last()?.prompt.id)?;
        Some((clock.prompt, clock.deadline_ms))
    }

    /// The deadline that a fact sets: of the question that opens, or of the one that can be
    /// answered again. `open` are the questions before it, and after it when this returns.
    pub(super) fn set_by(
        &mut self,
        open: &mut Vec<PromptId>,
        fact: &Fact,
        at_ms: i64,
        timeout: Duration,
    ) -> Option<i64> {
        let waits_ms = if let Fact::PromptAnswered { prompt, .. } = fact {
            let beneath = open.iter().rev().find(|id| *id != prompt);
            let covered = beneath.and_then(|id| self.of(*id)).zip(self.of(*prompt));
            // It stood still from the moment at which the other was asked.
            covered.map(|(it, by)| {
                let left_ms = it.deadline_ms.saturating_sub(by.opened_ms);
                left_ms.max(millis(UNCOVERED_LEAST))
            })
        } else {
            matches!(fact, Fact::PromptOpened { .. }).then(|| millis(timeout))
        };
        let deadline_ms = waits_ms.map(|waits_ms| at_ms.saturating_add(waits_ms));
        self.pass(open, fact, at_ms, deadline_ms);
        deadline_ms
    }

    /// Goes past a fact of the log and the deadline that it set.
    pub(super) fn pass(
        &mut self,
        open: &mut Vec<PromptId>,
        fact: &Fact,
        at_ms: i64,
        deadline_ms: Option<i64>,
    ) {
        let set = if let Fact::PromptOpened { prompt, .. } = fact {
            open.push(prompt.id);
            deadline_ms.map(|deadline_ms| Clock {
                prompt: prompt.id,
                opened_ms: at_ms,
                deadline_ms,
            })
        } else if let Fact::PromptAnswered { prompt, .. } = fact {
            open.retain(|id| id != prompt);
            let uncovered = open.last().and_then(|id| self.of(*id));
            uncovered.zip(deadline_ms).map(|(clock, deadline_ms)| Clock { deadline_ms, ..clock })
        } else {
            None
        };
        if let Some(clock) = set {
            self.set.push(clock);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::pending::{Answer, Prompt, Question};

    const MINUTE: Duration = Duration::from_mins(1);

    fn opens(id: u32) -> Fact {
        let (creature, target) = ("asked".parse().unwrap(), "walker".parse().unwrap());
        let question = Question::OpportunityAttack { target };
        let prompt = Prompt { id: PromptId(id), creature, question };
        Fact::PromptOpened { prompt, suspended: Vec::new() }
    }

    fn answered(id: u32) -> Fact {
        let (prompt, creature) = (PromptId(id), "asked".parse().unwrap());
        Fact::PromptAnswered { prompt, creature, answer: Answer::Decline, timed_out: false }
    }

    /// The deadlines that the facts set, in seconds, each fact at its second. A second reader, who
    /// has only what the log says, must come to the same clocks.
    fn deadlines<const N: usize>(story: [(i64, Fact); N]) -> [Option<i64>; N] {
        let (mut clocks, mut open) = (Clocks::default(), Vec::new());
        let (mut told, mut told_open) = (Clocks::default(), Vec::new());
        story.map(|(at, fact)| {
            let deadline = clocks.set_by(&mut open, &fact, at * 1_000, MINUTE);
            told.pass(&mut told_open, &fact, at * 1_000, deadline);
            assert_eq!((&told.set, &told_open), (&clocks.set, &open), "{fact:?}");
            deadline.map(|ms| ms / 1_000)
        })
    }

    /// Somebody was asked, and before they could answer, others were asked about something else for
    /// five minutes: their question once passed the moment that it could be answered again.
    #[test]
    fn the_clock_of_a_covered_question_stands_still() {
        let story = [(0, opens(1)), (20, opens(2)), (320, answered(2)), (330, answered(1))];
        assert_eq!(deadlines(story), [Some(60), Some(80), Some(320 + 40), None]);
    }

    #[test]
    fn whoever_had_hardly_any_time_left_has_ten_seconds_again() {
        let story = [(0, opens(1)), (59, opens(2)), (70, answered(2))];
        assert_eq!(deadlines(story), [Some(60), Some(119), Some(80)]);
    }

    #[test]
    fn a_question_in_a_question_in_a_question_costs_neither_of_the_outer_ones_time() {
        let story = [
            (0, opens(1)),
            (10, opens(2)),
            (30, opens(3)),
            (500, answered(3)),
            (501, opens(4)),
            (600, answered(4)),
            (700, answered(2)),
        ];
        // The second had 40 seconds left, then 39; the first 50 all the while.
        let expected = [60, 70, 90, 540, 561, 639, 750].map(Some);
        assert_eq!(deadlines(story), expected);
    }

    #[test]
    fn nothing_else_sets_a_clock() {
        assert_eq!(deadlines([(0, Fact::Resumed), (1, opens(1)), (2, Fact::Resumed)])[2], None);
    }
}
