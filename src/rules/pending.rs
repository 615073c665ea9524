//! What a question to somebody suspended: plain values folded from events, so that a fight can be
//! put away in the middle of a question and taken up again.

use super::creature::Cost;
use super::event::{MoveKind, ReadiedResponse};
use super::grid::Position;
use super::id::{CreatureId, PromptId, Slug};

/// Deepest nesting of questions in one fight.
pub const PENDING_MAX: usize = 8;

/// What a creature's controller is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// An enemy leaves the creature's reach: strike it?
    OpportunityAttack { target: CreatureId },
    /// The trigger of a readied action came: take it?
    Readied { trigger_by: CreatureId, response: ReadiedResponse },
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

/// What goes on after the questions are answered: the rest of a suspended action, as plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspended {
    /// A move that has not arrived: the squares still to enter, and those who were already asked
    /// about the step that is next.
    Move { creature: CreatureId, kind: MoveKind, rest: Vec<Position>, asked: Vec<CreatureId> },
    /// An attack that was announced: it is rolled once nobody has anything to say.
    Attack {
        creature: CreatureId,
        attack: Slug,
        target: CreatureId,
        cost: Cost,
        asked: Vec<CreatureId>,
    },
    /// Something happened that readied actions may wait for; `rest` are the squares the one who did
    /// it has still to enter, if it was moving.
    Watched {
        by: CreatureId,
        happened: Happened,
        /// Those who were already asked about it.
        asked: Vec<CreatureId>,
        rest: Vec<Position>,
    },
    /// Several things, the first to go on with last.
    Chain(Vec<Suspended>),
    /// Any other action whose announcement set off a question after it was done: nothing is left.
    Nothing,
}

impl Suspended {
    /// Who is in the middle of it.
    pub fn creature(&self) -> Option<CreatureId> {
        match self {
            Self::Move { creature, .. } | Self::Attack { creature, .. } => Some(*creature),
            Self::Watched { by, .. } => Some(*by),
            Self::Chain(parts) => parts.last().and_then(Self::creature),
            Self::Nothing => None,
        }
    }
}

/// One open question and what waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub prompt: Prompt,
    pub suspended: Suspended,
}
