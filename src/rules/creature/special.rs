//! Special actions: whom they reach and what they do there, from a dragon's breath to a bandage.
//!
//! Only figures live here; nothing is used up and nobody is hurt.

use super::{Cost, DamagePart, Rider, SaveSpec, Terms, Uses};
use crate::rules::damage::DiceExpr;
use crate::rules::id::Slug;

/// The shape of an area; feet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaShape {
    Cone { length: u16 },
    Cube { side: u16 },
    Line { length: u16, width: u16 },
    Sphere { radius: u16 },
    Emanation { radius: u16 },
    Cylinder { radius: u16 },
}

/// Whom a special action reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The creature itself.
    Own,
    /// Up to `count` creatures within `feet`.
    Creatures { count: u8, feet: u16 },
    /// Everybody in an area that begins at the creature, or within `range` feet of it.
    Area { shape: AreaShape, range: u16 },
}

/// What lasts on a creature and is no condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectKind {
    Dodging,
    Disengaged,
    /// Helped: the next attack roll of an ally against this creature has advantage.
    Distracted,
    Hidden,
    /// The next attack roll against it has advantage.
    Marked,
    Raging,
    /// Attacks against it and by it have advantage until its next turn (Reckless Attack).
    Reckless,
    NoHealing,
    Slowed,
    /// +1d4 on attack rolls and saving throws.
    Blessed,
    /// +2 Armor Class.
    Shielded,
    NoReactions,
    /// Does nothing by itself: the source's attacks may count it (Hunter's Mark).
    Quarry,
    /// Its next attack roll has disadvantage.
    Rattled,
    /// Its speed is halved.
    Halved,
    /// An action or a bonus action in its turn, not both.
    Dazed,
    /// Its Armor Class is lower by the magnitude.
    Exposed,
    /// Disadvantage on attack rolls and ability checks.
    Hampered,
    /// Advantage on attack rolls.
    Emboldened,
    /// Takes damage at the start of its turns, or of its source's.
    Suffering,
    /// The source's next attack roll against it has advantage (Vex).
    Vexed,
    /// Caught unawares when the fight began.
    Surprised,
    /// Advantage on its next check with one skill; the magnitude is the skill's place, from 1.
    Assisted,
}

/// How a special moves its user, on top of its movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Going {
    /// Not at all.
    Stay,
    /// On foot or wing, with its speed or half of it; `unprovoking`, nobody strikes at it for that.
    Walk { half: bool, unprovoking: bool },
    /// To a free space that it can see within so many feet.
    Teleport { feet: u16 },
}

/// What a special action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecialEffect {
    /// Each target makes a save: damage, perhaps half on a success, and riders on a failure.
    Save { save: SaveSpec, damage: Vec<DamagePart>, half_on_success: bool, riders: Vec<Rider> },
    /// Hit points back.
    Heal { dice: DiceExpr },
    /// Temporary hit points.
    TemporaryHitPoints { dice: DiceExpr },
    /// An effect on each target for so many of its turns (10 is a minute).
    Effect { kind: EffectKind, turns: u8 },
    /// Damage without a roll to hit or a save (Magic Missile): each dart at the chosen target.
    AutoDamage { damage: Vec<DamagePart> },
    /// Dash, Disengage or Hide at this cost (Cunning Action, Nimble Escape).
    Maneuvers { dash: bool, disengage: bool, hide: bool },
    /// One more action this turn (Action Surge).
    ExtraAction,
    /// The user goes somewhere, and then makes one of these attacks if any is named.
    Go { going: Going, then: Vec<Slug> },
}

/// Something a creature can do that is no attack roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Special {
    pub id: Slug,
    pub name: String,
    pub cost: Cost,
    pub uses: Uses,
    pub reach: Reach,
    pub effect: SpecialEffect,
    /// A spell: named so for the reader; spell rules proper come with spells.
    pub spell: bool,
    pub terms: Terms,
}
