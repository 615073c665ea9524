//! What a question to somebody suspended: plain values folded from events, so that a fight can be
//! put away in the middle of a question and taken up again.

use super::creature::Cost;
use super::event::ReadiedResponse;
use super::grid::Position;
use super::id::{CreatureId, PromptId, Slug};

/// Most questions that are open at once in one fight.
pub const PENDING_MAX: usize = 8;

/// Most things that wait for one question, each of them interrupted by the next.
pub const SUSPENDED_MAX: usize = 16;

/// What a creature's controller is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// An enemy leaves the creature's reach: strike it?
    OpportunityAttack { target: CreatureId },
    /// The trigger of a readied action came: take it?
    Readied { trigger_by: CreatureId, response: ReadiedResponse },
    /// Somebody else's turn is over: take a legendary action?
    Legendary,
}

/// A question that is open. The default when nobody answers in time is to decline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt {
    pub id: PromptId,
    pub creature: CreatureId,
    pub question: Question,
}

/// How a question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    Decline,
    /// Yes; with this attack, where there is a choice of attacks.
    Accept {
        attack: Option<Slug>,
    },
}

/// What somebody did that may be the trigger of a readied action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happened {
    /// It took a step from this square.
    Stepped { from: Position },
    /// It made an attack roll against this creature.
    Attacked { target: CreatureId },
    /// It took an action of another kind.
    Acted,
}

/// What goes on after a question is answered: the rest of something, as plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspended {
    /// A walk that has not arrived.
    Move {
        creature: CreatureId,
        /// What it is part of: `Free` for movement on one's own turn, `Reaction` for a readied one,
        /// which spends no movement.
        cost: Cost,
        /// Where it was interrupted: whoever is elsewhere by the time does not go on.
        from: Position,
        /// The squares still to enter.
        rest: Vec<Position>,
        /// Those who were already asked about the step that is next.
        asked: Vec<CreatureId>,
    },
    /// The attack that a special ends with, once its user has arrived.
    Strike { creature: CreatureId, special: Slug, target: CreatureId },
    /// The next turn, once everybody with legendary actions was asked.
    NextTurn {
        /// Whose turn is over.
        after: CreatureId,
        asked: Vec<CreatureId>,
    },
    /// Something happened that readied actions may wait for.
    Watched {
        by: CreatureId,
        happened: Happened,
        /// Those who were already asked about it.
        asked: Vec<CreatureId>,
    },
}

impl Suspended {
    /// Who is in the middle of it, if anybody is.
    pub fn creature(&self) -> Option<CreatureId> {
        Some(match self {
            Self::Move { creature, .. } | Self::Strike { creature, .. } => *creature,
            Self::NextTurn { .. } => return None,
            Self::Watched { by, .. } => *by,
        })
    }
}

/// One open question and what waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub prompt: Prompt,
    /// What was interrupted, and what that had interrupted: the last is gone on with first. Never
    /// more than [`SUSPENDED_MAX`].
    pub suspended: Vec<Suspended>,
}
