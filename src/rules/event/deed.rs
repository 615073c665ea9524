//! What a creature did with its turn or its reaction, as it is written down.
//!
//! A deed names everything that showing it needs; what it does to others follows in facts.

use super::roll::{AttackOutcome, Cover, D20Roll, DamageDealt, DiceRolled};
use crate::rules::ability::Skill;
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, Slug};

/// What was done with an action, bonus action or reaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// An attack roll and, on a hit, its damage. The hit points follow in their own fact.
    Attack {
        attack: Slug,
        name: String,
        target: CreatureId,
        roll: D20Roll,
        armor_class: u8,
        cover: Cover,
        outcome: AttackOutcome,
        damage: Vec<DamageDealt>,
        /// Whether it was an opportunity attack.
        opportunity: bool,
        /// Whether its damage includes the attacker's Sneak Attack of this turn.
        sneak_attack: bool,
        role: Role,
    },
    /// A special action. Saves, damage and effects follow in their own facts.
    Special {
        special: Slug,
        name: String,
        targets: Vec<CreatureId>,
        aim: Option<Position>,
        /// The dice that everybody whom it catches takes alike, as they fell, whether or not
        /// anybody takes any of them.
        rolled: Vec<DiceRolled>,
    },
    Dash {
        extra_feet: u16,
    },
    Disengage,
    Dodge,
    Help {
        target: CreatureId,
    },
    /// A Stealth check against the stated DC.
    Hide {
        roll: D20Roll,
        dc: u8,
        success: bool,
    },
    Ready {
        trigger: Trigger,
        response: ReadiedResponse,
    },
    /// Moves away as readied; the squares follow in their own facts.
    Retreat,
    StandUp {
        feet: u16,
    },
    DropProne,
    /// A Medicine check of DC 10 to stabilize the target.
    Stabilize {
        target: CreatureId,
        roll: D20Roll,
        success: bool,
    },
    /// A check to escape a grapple or a restraint, against a DC or against whoever holds it.
    Escape {
        roll: D20Roll,
        /// The DC; what the holder rolled in a contest.
        dc: u8,
        success: bool,
        /// The holder's roll, if it was a contest.
        holder: Option<D20Roll>,
    },
    /// Tries to seize somebody; a save or the condition follows.
    Grapple {
        target: CreatureId,
        /// The DC of the save, and of escaping; 0 where a contest decided.
        dc: u8,
        contest: Option<Box<Contest>>,
    },
    /// Tries to push somebody away or down; a save, a fall or a push follows.
    Shove {
        target: CreatureId,
        prone: bool,
        /// As for a grapple.
        dc: u8,
        contest: Option<Box<Contest>>,
    },
    /// Lets go of somebody it held.
    LetGo {
        target: CreatureId,
    },
    /// A check as an action. What it means is for the GM; who was found is revealed in facts.
    Inquire {
        inquiry: Inquiry,
        skill: Skill,
        roll: D20Roll,
    },
    /// Helps an ally with its next check of a skill.
    Assist {
        target: CreatureId,
        skill: Skill,
    },
    /// Opens, draws, pulls, picks up: something with an object.
    UseObject,
    /// Gives up what it concentrated on.
    StopConcentrating,
}

/// Why a check is made as an action (SRD 5.2.1, Rules Glossary > Search, Study, Influence).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Inquiry {
    Search,
    Study,
    Influence,
}

impl Inquiry {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Search, Self::Study, Self::Influence];

    /// The lower-case English word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Study => "study",
            Self::Influence => "influence",
        }
    }
}

/// What an attack was within its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Role {
    /// One like any other.
    #[default]
    Plain,
    /// The other hand's with a light weapon, as a bonus action.
    OffHand,
    /// The same as part of the action (Nick).
    Nick,
    /// At a second creature beside the first (Cleave).
    Cleave,
}

impl Role {
    /// Whether it is one attack beyond those that the action allows.
    pub const fn is_extra(self) -> bool {
        matches!(self, Self::OffHand | Self::Nick | Self::Cleave)
    }
}

/// One check against another (SRD 5.1, Using Ability Scores > Contests). A tie changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// The roll of whoever began it and the other's; none where the other could not resist.
    pub rolls: Option<(D20Roll, D20Roll)>,
    pub success: bool,
}

/// What releases a readied action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// An enemy comes within so many feet by moving.
    EnemyWithin { feet: u16 },
    /// An enemy makes an attack roll against an ally or the creature itself.
    EnemyAttacks,
    /// The named creature takes any action.
    CreatureActs { creature: CreatureId },
    /// Only its controller says when.
    OnCall,
}

/// What a readied action will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadiedResponse {
    /// This attack at whoever set off the trigger.
    Attack { attack: Slug },
    /// A move of up to the creature's speed away from whoever set it off.
    Retreat,
    /// A dodge until the creature's next turn.
    Dodge,
}
