//! Facts, in the past tense: everything that happened in a fight, complete with every die.
//!
//! An event holds all that is needed to apply it and to show it. Folding events needs no dice, no
//! content and no clock. Whether what an event mentions was hidden is fixed in it, so that one
//! number is shown the same way for ever.

use std::sync::Arc;

use super::ability::Ability;
use super::condition::{ActiveCondition, Condition, Until};
use super::creature::{Cost, Definition, EffectKind};
use super::damage::DamageType;
use super::grid::{Map, Position};
use super::id::{CharacterId, CreatureId, PromptId, SideId, Slug, UserId};
use super::pending::{Answer, Prompt, Suspended};

/// Which edition of the book a fight is played by; frozen when it is initiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Edition {
    /// SRD 5.2.1 (the 2024 rules).
    #[default]
    Srd521,
    /// SRD 5.1 (the 2014 rules).
    Srd51,
}

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

/// How a d20 was rolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum RollMode {
    #[default]
    Normal,
    Advantage,
    Disadvantage,
}

/// Why a roll had advantage or disadvantage, or a number was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    TargetBlinded,
    TargetParalyzed,
    TargetPetrified,
    TargetProneNear,
    TargetProneFar,
    TargetRestrained,
    TargetStunned,
    TargetUnconscious,
    TargetInvisible,
    TargetHidden,
    TargetDodging,
    TargetDistracted,
    TargetMarked,
    TargetReckless,
    AttackerBlinded,
    AttackerFrightened,
    AttackerGrappled,
    AttackerHidden,
    AttackerInvisible,
    AttackerPoisoned,
    AttackerProne,
    AttackerRestrained,
    AttackerReckless,
    AttackerExhausted,
    AttackerRattled,
    /// Half its hit points or fewer, and the angrier for it.
    Bloodied,
    PackTactics,
    LongRange,
    EnemyNearby,
    HelpedBy,
    GameMaster,
    Incapacitated,
    Invisible,
    Restrained,
    Dodging,
    Raging,
    MagicResistance,
    Blessed,
    Exhaustion,
    Untrained,
    HeavyWeapon,
    /// A check by a poisoned or frightened creature.
    Poisoned,
    Frightened,
    /// The attacker cannot see the target, or the other way round, for another reason.
    Unseen,
}

/// One d20 roll with everything that went into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct D20Roll {
    /// The faces in the order rolled: one, or two with advantage or disadvantage.
    pub faces: Vec<u8>,
    pub mode: RollMode,
    /// The face that counted.
    pub kept: u8,
    /// Everything added to it.
    pub bonus: i16,
    pub total: i16,
    /// What gave advantage.
    pub advantages: Vec<Reason>,
    /// What gave disadvantage.
    pub disadvantages: Vec<Reason>,
    /// Extra dice with their faces, such as a d4 for Bless: (sides, face).
    pub extra_dice: Vec<(u8, u8)>,
}

/// Dice rolled for damage or healing, and what came of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiceRolled {
    pub sides: u16,
    pub faces: Vec<u16>,
    pub bonus: i16,
    /// Sum of faces and bonus, at least 0.
    pub total: u16,
}

/// Why the damage that arrived differs from the damage that was rolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Adjustment {
    None,
    Resisted,
    Immune,
    Vulnerable,
    /// Resistance and vulnerability both applied.
    ResistedAndVulnerable,
    /// Half for a successful saving throw; further adjustments are applied after it.
    Saved,
    SavedAndResisted,
    SavedAndVulnerable,
}

/// Damage of one type: what was rolled, and what arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamageDealt {
    pub kind: DamageType,
    pub rolled: DiceRolled,
    pub adjustment: Adjustment,
    pub dealt: u16,
}

/// How an attack roll ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttackOutcome {
    Miss,
    /// A natural 1.
    CriticalMiss,
    Hit,
    CriticalHit,
}

impl AttackOutcome {
    /// Whether it hit.
    pub const fn is_hit(self) -> bool {
        matches!(self, Self::Hit | Self::CriticalHit)
    }
}

/// What cover the target had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Cover {
    #[default]
    None,
    /// +2.
    Half,
    /// +5.
    ThreeQuarters,
}

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
    },
    /// A special action. Saves, damage and effects follow in their own facts.
    Special {
        special: Slug,
        name: String,
        targets: Vec<CreatureId>,
        aim: Option<Position>,
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
    /// A check to escape a grapple or a restraint.
    Escape {
        roll: D20Roll,
        dc: u8,
        success: bool,
    },
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
    UndeadFortitude,
    Concentration,
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
    },
    EffectRemoved {
        creature: CreatureId,
        effect: EffectKind,
        source: CreatureId,
    },
    /// A d6 at the start of a turn for something that recharges.
    RechargeRolled {
        creature: CreatureId,
        entry: Slug,
        face: u8,
        ready: bool,
    },
    UseSpent {
        creature: CreatureId,
        entry: Slug,
        spent: u8,
    },
    /// A question, and what waits for its answer.
    PromptOpened {
        prompt: Prompt,
        suspended: Suspended,
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
    Paused,
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
