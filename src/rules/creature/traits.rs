//! Traits: what a creature is at all times, and what the engine makes of it.
//!
//! A trait that is not played says so, with the reason; nothing is passed over in silence.

use super::EffectKind;
use crate::rules::damage::{DamageSet, DamageType};

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
    /// So many failed saves a day become successes.
    LegendaryResistance(u8),
    /// Regains no hit points, gains no temporary ones, and shares the space of others.
    Swarm,
    /// Enters the space of others and stops there.
    SharesSpace,
    /// Walks through creatures and walls as through difficult terrain.
    IncorporealMovement,
    /// Damage of this type heals it instead.
    Absorption(DamageType),
    /// Damage of this type puts an effect on it until the end of its next turn.
    HurtBy {
        kind: DamageType,
        effect: EffectKind,
        amount: u16,
    },
    /// Its side has advantage on attack rolls and saving throws within so many feet of it, itself
    /// included, unless it is incapacitated.
    RallyingAura {
        feet: u16,
    },
    /// Attack rolls against it have disadvantage unless it is incapacitated.
    BlurredForm,
    /// Advantage on attack rolls against whoever lacks hit points.
    BloodFrenzy,
    /// Nobody strikes at it for leaving their reach.
    Agile,
    /// Invisible by nature.
    Unseen,
    /// With its reaction, so much more Armor Class against a hit in melee that this turns into a
    /// miss.
    Parry {
        bonus: u8,
    },
    /// One reaction in every turn instead of every round.
    Reactive,
    /// Named, with the reason why it is not played.
    Named {
        name: String,
        why_not_played: String,
    },
}
