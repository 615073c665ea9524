//! Attacks: what is rolled, what a hit deals, and what else it does to whoever is hit.
//!
//! Only figures live here, in the terms of a stat block. What they mean in a fight is decided where
//! attacks are checked and resolved.

use super::{EffectKind, Size};
use crate::rules::ability::Ability;
use crate::rules::condition::Condition;
use crate::rules::damage::{DamageType, DiceExpr};
use crate::rules::id::Slug;

/// What doing something takes of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cost {
    Action,
    BonusAction,
    Reaction,
    /// Takes nothing: part of another action, or free.
    Free,
}

/// How often something can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uses {
    #[default]
    AtWill,
    /// So many times until a long rest; within a fight they do not come back.
    PerDay(u8),
    /// So many times until a short or long rest.
    PerRest(u8),
    /// Once, then again when a d6 at the start of the turn shows at least this.
    Recharge { at_least: u8 },
}

/// A saving throw somebody must make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaveSpec {
    pub ability: Ability,
    pub dc: u8,
}

/// When a part of an attack's damage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum When {
    #[default]
    Always,
    /// Only if the attack roll had advantage (Goblin Warrior).
    AttackHadAdvantage,
    /// Only if the attacker moved at least so far straight toward the target this turn (charge).
    Charged { feet: u16 },
    /// Only if the target has fewer hit points than its maximum.
    TargetInjured,
    /// Only if the attacker is bloodied (half its hit points or fewer).
    AttackerBloodied,
    /// Once a turn, if the attack roll had advantage, or an able ally is within 5 feet of the
    /// target and the roll had no disadvantage (Sneak Attack).
    SneakAttack,
    /// Only while the named effect is on the attacker (Rage).
    WhileEffect(EffectKind),
    /// Only if the target bears the named effect and the attacker put it there (Hunter's Mark).
    TargetBears(EffectKind),
}

/// One line of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DamagePart {
    pub dice: DiceExpr,
    pub kind: DamageType,
    pub when: When,
}

/// How long what a rider puts on the target lasts, in the terms of a stat block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// Until something removes it, as standing up removes prone.
    Removed,
    /// Until the start of the source's next turn.
    SourceNextTurnStart,
    /// Until the end of the source's next turn.
    SourceNextTurnEnd,
    /// Until the start of the target's next turn.
    TargetNextTurnStart,
    /// Until the end of the target's next turn.
    TargetNextTurnEnd,
    /// So many of the target's turns; a minute is ten.
    TargetTurns(u8),
    /// Until a saving throw at the end of the target's turn succeeds.
    SaveEnds,
    /// Until the target escapes; the DC of the check is given.
    Escape { dc: u8 },
}

/// What else happens to a creature that was hit, or that failed its save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rider {
    /// It gets a condition, unless a save succeeds where one is named, or it is too large.
    Condition {
        condition: Condition,
        save: Option<SaveSpec>,
        lasts: Lasts,
        max_size: Option<Size>,
        when: When,
    },
    /// More damage with a save of its own.
    SaveDamage { damage: DamagePart, save: SaveSpec, half_on_success: bool },
    /// It is pushed straight away; feet.
    Push { feet: u16, max_size: Option<Size> },
    /// The attacker regains hit points equal to the damage of this type that was dealt.
    DrainHeal { kind: DamageType },
    /// It cannot regain hit points until the start of the source's next turn.
    NoHealing,
    /// Its speed falls by so many feet until the start of the source's next turn.
    Slow { feet: u16 },
    /// It gets an effect that is no condition: marked for the next attack, rattled, and so on.
    Effect { kind: EffectKind, lasts: Lasts },
}

/// Ranges in feet. Beyond `normal` a roll has disadvantage, beyond `long` it cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub normal: u16,
    pub long: u16,
}

/// One attack with an attack roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attack {
    pub id: Slug,
    pub name: String,
    /// Reach in feet if it can be made in melee.
    pub reach: Option<u16>,
    /// Range in feet if it can be made from afar.
    pub range: Option<Range>,
    pub to_hit: i8,
    pub damage: Vec<DamagePart>,
    pub riders: Vec<Rider>,
    pub uses: Uses,
    pub cost: Cost,
    /// Made with a spell: shown as such; cover and range work as for any ranged attack.
    pub spell: bool,
    /// A light weapon: the hand that is free may strike with another one as a bonus action.
    pub light: bool,
}

/// One combination of attacks and specials that the Multiattack action (or Extra Attack) allows:
/// so many of each listed choice. `any_of` lists what each of the `count` may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multiattack {
    pub steps: Vec<MultiattackStep>,
}

/// One entry of a multiattack: `count` uses, each any one of `any_of`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiattackStep {
    pub count: u8,
    pub any_of: Vec<Slug>,
}
