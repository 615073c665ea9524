//! Dice as they fell: every face, everything added, and why.
//!
//! Nothing here rolls; these are records that are never changed again.

use crate::rules::damage::DamageType;

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
    /// An ally nearby gives heart.
    Rallied,
    /// The target is a blur.
    TargetBlurred,
    /// The target lacks hit points, or is held by the attacker: what this attack is made for.
    EasyPrey,
    Hampered,
    Emboldened,
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
    /// Its attacker has put it off balance (Vex).
    TargetVexed,
    Surprised,
}

/// The two streams of dice of a fight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DiceStream {
    /// Rolls that everybody sees; its seed is shown to all at the end.
    Public,
    /// Rolls of somebody hidden.
    Hidden,
}

/// Where in the dice of a fight a roll begins: its dice follow one another from there, in the order
/// in which they are listed. So anybody who knows the seed can roll them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DrawnAt {
    pub stream: DiceStream,
    /// The number of the first die in its stream, from 0.
    pub first: u64,
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
    /// Absent where nothing was rolled, and in fights of 0.1.0, which did not keep it.
    pub drawn_at: Option<DrawnAt>,
}

/// Dice rolled for damage or healing, and what came of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiceRolled {
    pub sides: u16,
    pub faces: Vec<u16>,
    pub bonus: i16,
    /// Sum of faces and bonus, at least 0.
    pub total: u16,
    /// As in [`D20Roll`].
    pub drawn_at: Option<DrawnAt>,
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
    /// It heals instead.
    Absorbed,
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
