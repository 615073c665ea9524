//! Facts, in the past tense: everything that happened in a fight, complete with every die.
//!
//! An event holds all that is needed to apply it and to show it. Folding events needs no dice, no
//! content and no clock. Whether what an event mentions was hidden is fixed in it, so that one
//! number is shown the same way for ever.

mod deed;
mod roll;

use std::sync::Arc;

use super::ability::Ability;
use super::condition::{ActiveCondition, Condition, Until};
use super::creature::{Cost, Definition, EffectKind, Suffering};
use super::grid::{Map, Position};
use super::id::{CharacterId, CreatureId, PromptId, SideId, Slug, UserId};
use super::pending::{Answer, Prompt, Suspended};

pub use super::edition::Edition;
pub use deed::{Contest, Deed, Inquiry, ReadiedResponse, Role, Trigger};
pub use roll::{
    Adjustment, AttackOutcome, Cover, D20Roll, DamageDealt, DiceRolled, DiceStream, DrawnAt,
    Reason, RollMode,
};

/// Who may see that something happened. Fixed when the event is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Audience {
    /// Everybody.
    #[default]
    Everyone,
    /// The GM, and the owner of the creature it is about.
    OwnerAndGm,
    /// The GM alone.
    Gm,
}

/// An event and who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Dice drawn by the end of this event, in all, from each stream.
    pub drawn: super::state::DrawIndex,
    pub audience: Audience,
    pub fact: Fact,
}

/// Why a creature's hit points changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HitPointCause {
    Damage {
        by: Option<CreatureId>,
        critical: bool,
    },
    Healing {
        by: Option<CreatureId>,
    },
    TemporaryHitPoints,
    Regeneration,
    /// A natural 20 on a death saving throw.
    DeathSave,
    /// Undead Fortitude left it at 1.
    Fortitude,
    /// The GM set them.
    Adjusted,
}

/// How a creature moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MoveKind {
    /// On its own, spending movement.
    Willing,
    /// Pushed or pulled; provokes nothing.
    Forced,
    /// The GM put it there.
    Placed,
    /// It vanished and appeared elsewhere; provokes nothing.
    Teleported,
}

/// Why a saving throw was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SaveCause {
    Special {
        source: CreatureId,
        special: Slug,
    },
    AttackRider {
        source: CreatureId,
        attack: Slug,
    },
    /// Repeated to end a condition.
    EndCondition {
        condition: Condition,
    },
    /// Repeated to end an effect that is no condition.
    EndEffect {
        effect: EffectKind,
    },
    UndeadFortitude,
    Concentration,
    /// Against a grapple or a shove.
    Unarmed {
        source: CreatureId,
    },
}

/// Why a fight ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// One side alone can still fight.
    Victory { side: SideId },
    /// Nobody can.
    NobodyLeft,
    /// The GM ended it.
    Called,
}

/// What one creature did and took in the whole fight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub damage_dealt: u32,
    pub damage_taken: u32,
    pub healing_done: u32,
    pub kills: u16,
    pub attacks: u16,
    pub hits: u16,
    pub critical_hits: u16,
}

/// The figures of a finished fight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub rounds: u32,
    pub turns: u32,
    pub by_creature: Vec<(CreatureId, Tally)>,
    /// Experience of the fallen foes of the winning side, in all.
    pub experience: u32,
}

/// A creature entering the fight, with everything it will ever need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    pub id: CreatureId,
    /// The name shown in this fight, such as `Goblin Warrior 2`.
    pub name: String,
    pub side: SideId,
    pub owner: Option<UserId>,
    pub character: Option<CharacterId>,
    pub definition: Arc<Definition>,
    pub hit_points: u16,
    pub temporary_hit_points: u16,
    /// Uses already spent of attacks and specials.
    pub spent: Vec<(Slug, u8)>,
    pub position: Option<Position>,
    pub hidden: bool,
    pub autopilot: bool,
}

/// The facts. A new kind does not compile until `apply`, `frame` and the stored form know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Initiated {
        name: String,
        game_master: UserId,
        edition: Edition,
        map: Option<Map>,
    },
    Joined(Box<Joined>),
    Left {
        creature: CreatureId,
    },
    /// An initiative roll. `tie_break` are the faces of the recorded roll-off, if there was one.
    Initiative {
        creature: CreatureId,
        roll: D20Roll,
        tie_break: Vec<u8>,
        /// Where each face of the roll-off was drawn; empty in fights of 0.1.0.
        tie_break_drawn_at: Vec<DrawnAt>,
    },
    /// The order of turns, first to last, as of now.
    OrderSet {
        order: Vec<CreatureId>,
    },
    RoundStarted {
        round: u32,
    },
    TurnStarted {
        creature: CreatureId,
        round: u32,
        turn: u32,
    },
    TurnEnded {
        creature: CreatureId,
        turn: u32,
    },
    Action {
        creature: CreatureId,
        cost: Cost,
        deed: Deed,
    },
    /// `path` lists the squares entered, in order; `cost` is in feet of movement spent.
    Moved {
        creature: CreatureId,
        kind: MoveKind,
        path: Vec<Position>,
        cost: u16,
    },
    HitPointsChanged {
        creature: CreatureId,
        cause: HitPointCause,
        /// Points of damage or healing that this is the outcome of, temporary ones included.
        amount: u16,
        hit_points: u16,
        temporary: u16,
    },
    SavingThrow {
        creature: CreatureId,
        ability: Ability,
        dc: u8,
        roll: D20Roll,
        success: bool,
        cause: SaveCause,
    },
    /// Damage outside an attack roll; the hit points follow.
    DamageTaken {
        creature: CreatureId,
        source: Option<CreatureId>,
        damage: Vec<DamageDealt>,
    },
    /// Dice rolled to heal or to give temporary hit points; the hit points follow.
    Healed {
        creature: CreatureId,
        source: CreatureId,
        rolled: DiceRolled,
    },
    DeathSave {
        creature: CreatureId,
        roll: D20Roll,
        successes: u8,
        failures: u8,
    },
    /// Damage while dying: failures without a roll.
    DeathSaveFailed {
        creature: CreatureId,
        successes: u8,
        failures: u8,
    },
    Down {
        creature: CreatureId,
    },
    Died {
        creature: CreatureId,
        by: Option<CreatureId>,
    },
    Stabilized {
        creature: CreatureId,
    },
    Revived {
        creature: CreatureId,
    },
    /// It concentrates on what a special of its own did.
    ConcentrationStarted {
        creature: CreatureId,
        special: Slug,
        name: String,
    },
    /// It does so no longer; what ends with it follows.
    ConcentrationEnded {
        creature: CreatureId,
        special: Slug,
    },
    ConditionAdded {
        creature: CreatureId,
        condition: ActiveCondition,
    },
    ConditionRemoved {
        creature: CreatureId,
        condition: Condition,
        source: Option<CreatureId>,
    },
    EffectAdded {
        creature: CreatureId,
        effect: EffectKind,
        source: CreatureId,
        until: Until,
        /// Feet for `Slowed`, the Stealth total for `Hidden`, otherwise 0.
        magnitude: u16,
        suffering: Option<Suffering>,
    },
    EffectRemoved {
        creature: CreatureId,
        effect: EffectKind,
        source: CreatureId,
    },
    /// The creature withstood a special, and is safe from it from now on.
    Withstood {
        creature: CreatureId,
        source: CreatureId,
        special: Slug,
    },
    /// Its hit point maximum fell; `lost` is all it has lost so far.
    MaximumReduced {
        creature: CreatureId,
        source: Option<CreatureId>,
        lost: u16,
        maximum: u16,
    },
    /// A failed save became a success after all; `spent` uses are gone.
    Resisted {
        creature: CreatureId,
        spent: u8,
    },
    /// A d6 at the start of a turn for something that recharges.
    RechargeRolled {
        creature: CreatureId,
        entry: Slug,
        face: u8,
        ready: bool,
        /// Absent in fights of 0.1.0.
        drawn_at: Option<DrawnAt>,
    },
    UseSpent {
        creature: CreatureId,
        entry: Slug,
        spent: u8,
    },
    /// A question, and what waits for its answer: the last is gone on with first.
    PromptOpened {
        prompt: Prompt,
        suspended: Vec<Suspended>,
    },
    PromptAnswered {
        prompt: PromptId,
        creature: CreatureId,
        answer: Answer,
        timed_out: bool,
    },
    /// The GM changed who sees the creature.
    VisibilityChanged {
        creature: CreatureId,
        hidden: bool,
    },
    /// Whether the program plays the creature.
    AutopilotSet {
        creature: CreatureId,
        autopilot: bool,
    },
    /// Everything stopped; if the program did it, after so many rounds without harm to anybody.
    Paused {
        quiet_rounds: Option<u32>,
    },
    Resumed,
    Transferred {
        game_master: UserId,
    },
    /// The requests whose events are numbered `from..=to` did not happen.
    Undone {
        from: u64,
        to: u64,
    },
    /// They did after all.
    Redone {
        from: u64,
        to: u64,
    },
    Ended {
        reason: EndReason,
        summary: Summary,
    },
    /// Hashes of the two dice seeds, published when the fight begins.
    DiceCommitted {
        public: [u8; 32],
        hidden: [u8; 32],
    },
    /// The public seed, published when it ends.
    DiceRevealed {
        public_seed: [u8; 32],
    },
}

impl Fact {
    /// The creature whose state the fact is about; its visibility is the fact's.
    pub fn about(&self) -> Option<CreatureId> {
        match self {
            Self::Joined(joined) => Some(joined.id),
            Self::PromptOpened { prompt, suspended: _ } => Some(prompt.creature),
            Self::Left { creature }
            | Self::Initiative { creature, .. }
            | Self::TurnStarted { creature, .. }
            | Self::TurnEnded { creature, .. }
            | Self::Action { creature, .. }
            | Self::Moved { creature, .. }
            | Self::HitPointsChanged { creature, .. }
            | Self::SavingThrow { creature, .. }
            | Self::DamageTaken { creature, .. }
            | Self::Healed { creature, .. }
            | Self::DeathSave { creature, .. }
            | Self::DeathSaveFailed { creature, .. }
            | Self::Down { creature }
            | Self::Died { creature, .. }
            | Self::Stabilized { creature }
            | Self::Revived { creature }
            | Self::ConcentrationStarted { creature, .. }
            | Self::ConcentrationEnded { creature, .. }
            | Self::ConditionAdded { creature, .. }
            | Self::ConditionRemoved { creature, .. }
            | Self::EffectAdded { creature, .. }
            | Self::EffectRemoved { creature, .. }
            | Self::Withstood { creature, .. }
            | Self::MaximumReduced { creature, .. }
            | Self::Resisted { creature, .. }
            | Self::RechargeRolled { creature, .. }
            | Self::UseSpent { creature, .. }
            | Self::PromptAnswered { creature, .. }
            | Self::VisibilityChanged { creature, .. }
            | Self::AutopilotSet { creature, .. } => Some(*creature),
            Self::Initiated { .. }
            | Self::OrderSet { .. }
            | Self::RoundStarted { .. }
            | Self::Paused { .. }
            | Self::Resumed
            | Self::Transferred { .. }
            | Self::Undone { .. }
            | Self::Redone { .. }
            | Self::Ended { .. }
            | Self::DiceCommitted { .. }
            | Self::DiceRevealed { .. } => None,
        }
    }
}
