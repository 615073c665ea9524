//! Traits: what a creature is at all times, and what the engine makes of it.
//!
//! A trait that is not played says so, with the reason; nothing is passed over in silence.

use crate::rules::damage::DamageSet;

/// A trait with mechanics that the engine plays, or a name with the reason why it is not played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trait {
    /// Advantage on an attack if an able ally is within 5 feet of the target.
    PackTactics,
    /// At 0 hit points, unless the damage was radiant or from a critical hit, a Constitution save
    /// of DC 5 + damage leaves it at 1.
    UndeadFortitude,
    MagicResistance,
    /// Hit points back at the start of its turn unless it took one of these since its last turn.
    Regeneration {
        amount: u16,
        stopped_by: DamageSet,
    },
    /// No opportunity attacks when it flies out of reach.
    Flyby,
    /// Attacks and checks that rely on sight have disadvantage in sunlight: shown, as no fight
    /// has daylight yet.
    SunlightSensitivity,
    /// Bonus move toward an enemy of up to its speed.
    Aggressive,
    /// Takes no damage on a successful Dexterity save for half, half on a failure.
    Evasion,
    /// Two attack rolls with advantage against a target that has not acted (not played later).
    Ambusher,
    /// Bludgeoning, piercing and slashing deal half while it is raging.
    RageResistance,
    /// Advantage on attack rolls while bloodied.
    BloodiedFury,
    /// Advantage on attack rolls and saving throws while bloodied.
    BloodiedFrenzy,
    /// A critical hit from this number on the d20.
    CriticalFrom(u8),
    /// Dies when it has 0 hit points even as a hero would not, and so on: named, not played.
    Named {
        name: String,
        why_not_played: String,
    },
}
