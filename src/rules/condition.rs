//! The fifteen conditions, and how long one lasts on a creature (SRD 5.2.1, Rules Glossary).

use super::ability::Ability;
use super::creature::{SaveSpec, Worse};
use super::id::CreatureId;

/// Highest level of exhaustion; it kills.
pub const EXHAUSTION_MAX: u8 = 6;

/// A condition of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    Blinded,
    Charmed,
    Deafened,
    Exhaustion,
    Frightened,
    Grappled,
    Incapacitated,
    Invisible,
    Paralyzed,
    Petrified,
    Poisoned,
    Prone,
    Restrained,
    Stunned,
    Unconscious,
}

impl Condition {
    /// All fifteen, by name.
    pub const ALL: [Self; 15] = [
        Self::Blinded,
        Self::Charmed,
        Self::Deafened,
        Self::Exhaustion,
        Self::Frightened,
        Self::Grappled,
        Self::Incapacitated,
        Self::Invisible,
        Self::Paralyzed,
        Self::Petrified,
        Self::Poisoned,
        Self::Prone,
        Self::Restrained,
        Self::Stunned,
        Self::Unconscious,
    ];

    /// The lower-case English word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blinded => "blinded",
            Self::Charmed => "charmed",
            Self::Deafened => "deafened",
            Self::Exhaustion => "exhaustion",
            Self::Frightened => "frightened",
            Self::Grappled => "grappled",
            Self::Incapacitated => "incapacitated",
            Self::Invisible => "invisible",
            Self::Paralyzed => "paralyzed",
            Self::Petrified => "petrified",
            Self::Poisoned => "poisoned",
            Self::Prone => "prone",
            Self::Restrained => "restrained",
            Self::Stunned => "stunned",
            Self::Unconscious => "unconscious",
        }
    }

    /// Whether a creature with this condition is also incapacitated.
    pub const fn incapacitates(self) -> bool {
        matches!(
            self,
            Self::Incapacitated
                | Self::Paralyzed
                | Self::Petrified
                | Self::Stunned
                | Self::Unconscious
        )
    }

    const fn bit(self) -> u16 {
        match self {
            Self::Blinded => 1,
            Self::Charmed => 1 << 1,
            Self::Deafened => 1 << 2,
            Self::Exhaustion => 1 << 3,
            Self::Frightened => 1 << 4,
            Self::Grappled => 1 << 5,
            Self::Incapacitated => 1 << 6,
            Self::Invisible => 1 << 7,
            Self::Paralyzed => 1 << 8,
            Self::Petrified => 1 << 9,
            Self::Poisoned => 1 << 10,
            Self::Prone => 1 << 11,
            Self::Restrained => 1 << 12,
            Self::Stunned => 1 << 13,
            Self::Unconscious => 1 << 14,
        }
    }
}

/// A set of conditions, as in "condition immunities".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ConditionSet(u16);

impl ConditionSet {
    /// Whether the condition is in the set.
    pub const fn contains(self, condition: Condition) -> bool {
        self.0 & condition.bit() != 0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with one more condition.
    #[must_use]
    pub const fn with(self, condition: Condition) -> Self {
        Self(self.0 | condition.bit())
    }

    /// The conditions in it, by name.
    pub fn iter(self) -> impl Iterator<Item = Condition> {
        Condition::ALL.into_iter().filter(move |c| self.contains(*c))
    }
}

impl FromIterator<Condition> for ConditionSet {
    fn from_iter<I: IntoIterator<Item = Condition>>(conditions: I) -> Self {
        conditions.into_iter().fold(Self::default(), Self::with)
    }
}

/// When something that lasts comes to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Until something says otherwise.
    Removed,
    /// The start of the named creature's turn, after `turns` of them have been passed over.
    StartOfTurn { of: CreatureId, turns: u8 },
    /// The end of the named creature's turn, after `turns` of them have been passed over.
    EndOfTurn { of: CreatureId, turns: u8 },
    /// The bearer repeats the saving throw at the end of each of its turns.
    SaveEnds { ability: Ability, dc: u8 },
    /// The end of the named creature's turn, after `turns` of them have been passed over, or the
    /// bearer taking damage.
    TurnsUnlessHarmed { of: CreatureId, turns: u8 },
    /// At the end of the bearer's turn, after `turns` of them, it saves again: then this ends, or
    /// gives way to something worse.
    Worsens { of: CreatureId, turns: u8, save: SaveSpec, into: Condition, then: Worse },
    /// Held by the source: ends when the bearer escapes, or the source cannot hold on or is gone.
    Escaped { dc: u8 },
    /// Until it regains hit points, or somebody tends to it (knocked out).
    Healed,
    /// Held by the source like that, but escaped by winning a contest against it (SRD 5.1).
    Contested,
}

/// A condition that a creature has, whence, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveCondition {
    pub condition: Condition,
    pub source: Option<CreatureId>,
    pub until: Until,
    /// Levels of exhaustion, 1 to 6; 1 for every other condition.
    pub level: u8,
}

/// The two moments of a turn at which something may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    TurnStarted,
    TurnEnded,
}

impl Until {
    /// Whether it lasts as long as its source holds on.
    pub const fn is_grip(self) -> bool {
        matches!(self, Self::Escaped { .. } | Self::Contested)
    }

    /// Whether a turn of this creature would be counted down.
    pub fn counts_turn(self, creature: CreatureId, moment: Moment) -> bool {
        let mut counted = self;
        counted.count_turn(creature, moment);
        counted != self
    }

    /// Counts a turn of this creature down, where it is waited for. What has come to its end is
    /// removed by a fact of its own.
    pub fn count_turn(&mut self, creature: CreatureId, moment: Moment) {
        match (self, moment) {
            (Self::StartOfTurn { of, turns }, Moment::TurnStarted)
            | (
                Self::EndOfTurn { of, turns }
                | Self::TurnsUnlessHarmed { of, turns }
                | Self::Worsens { of, turns, .. },
                Moment::TurnEnded,
            ) if *of == creature => {
                *turns = turns.saturating_sub(1);
            }
            (
                Self::StartOfTurn { .. }
                | Self::EndOfTurn { .. }
                | Self::TurnsUnlessHarmed { .. }
                | Self::Worsens { .. }
                | Self::Removed
                | Self::SaveEnds { .. }
                | Self::Escaped { .. }
                | Self::Healed
                | Self::Contested,
                Moment::TurnStarted | Moment::TurnEnded,
            ) => {}
        }
    }
}

/// A condition comes to those there are: in place of the same from the same source, and exhaustion
/// in place of whatever exhaustion there was.
pub fn add_condition(to: &mut Vec<ActiveCondition>, added: &ActiveCondition) {
    to.retain(|known| {
        known.condition != added.condition
            || (added.condition != Condition::Exhaustion && known.source != added.source)
    });
    to.push(added.clone());
}

/// A condition goes: the one from that source, or every one of its kind if no source is named.
pub fn remove_condition(
    from: &mut Vec<ActiveCondition>,
    gone: Condition,
    source: Option<CreatureId>,
) {
    from.retain(|known| known.condition != gone || (source.is_some() && known.source != source));
}
