//! What undo never takes back: who leads the fight, which dice are used up, and which numbers of
//! turns and questions were given out.
//!
//! If these went back, an undo could be used to fish for a better roll, a request for an undone
//! turn could be taken for one of its successor, and a stale answer for one to a new question.

use crate::rules::event::{Event, Fact};
use crate::rules::state::Combat;

/// Whether the fact holds even when it is undone, so that an undo of it alone changes nothing.
pub fn is_sticky(fact: &Fact) -> bool {
    matches!(fact, Fact::Transferred { .. } | Fact::Undone { .. } | Fact::Redone { .. })
}

impl Combat {
    /// Folds of an undone event what holds all the same: the dice it drew, the numbers it gave out
    /// and the game master it named.
    pub(super) fn apply_sticky(&mut self, event: &Event) {
        self.drawn.public = self.drawn.public.max(event.drawn.public);
        self.drawn.hidden = self.drawn.hidden.max(event.drawn.hidden);
        if is_sticky(&event.fact) {
            self.apply(event);
        } else if let Fact::TurnStarted { turn, .. } = &event.fact {
            self.last_turn = self.last_turn.max(*turn);
        } else if let Fact::PromptOpened { prompt, .. } = &event.fact {
            self.next_prompt = self.next_prompt.max(prompt.id.0.saturating_add(1));
        }
    }
}
