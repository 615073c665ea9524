//! Attacks: what is rolled, what a hit deals, and what else it does to whoever is hit.
//!
//! Only figures live here, in the terms of a stat block. What they mean in a fight is decided where
//! attacks are checked and resolved.

use super::{Draft, EffectKind, Size, TypeSet};
use crate::rules::ability::{Ability, modifier};
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
    /// One of the legendary actions that a creature has outside its turn.
    Legendary,
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
    /// Once, then again from the start of its next turn.
    OncePerRound,
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
    /// Only if the attacker did not move so far straight toward the target this turn.
    Uncharged { feet: u16 },
    /// Only if the target has fewer hit points than its maximum.
    TargetInjured,
    /// Only if the target is bloodied (half its hit points or fewer).
    TargetBloodied,
    /// Only if the attacker is bloodied (half its hit points or fewer).
    AttackerBloodied,
    /// Only while the attacker is not bloodied.
    AttackerUnbloodied,
    /// Only if the attacker itself holds the target.
    TargetHeld,
    /// Only if the target has the condition.
    TargetHas(Condition),
    /// Only if the target is one of these.
    TargetIs(TypeSet),
    /// Only if the target is none of these.
    TargetIsNot(TypeSet),
    /// Only if the save was missed by at least so much.
    FailedBy(u8),
    /// Only in the first round.
    FirstRound,
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
    /// So many of the target's turns, or until it takes damage.
    TurnsUnlessHarmed(u8),
    /// Until a saving throw at the end of the target's turn succeeds.
    SaveEnds,
    /// Until the end of the target's next turn, when it saves again: on a failure the condition
    /// gives way to a worse one.
    Worsens { into: Condition, then: Worse },
    /// Until the target escapes; the DC of the check is given.
    Escape { dc: u8 },
}

/// How long a condition lasts that a second failure brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worse {
    /// Until something removes it.
    Removed,
    /// So many of the target's turns, or until it takes damage.
    TurnsUnlessHarmed(u8),
    /// Until a saving throw at the end of the target's turn succeeds.
    SaveEnds,
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
    /// It is pulled straight toward the source; feet.
    Pull { feet: u16, max_size: Option<Size> },
    /// Its hit point maximum falls by the damage of this type that was dealt, of all types if none
    /// is named.
    ReduceMaximum { kind: Option<DamageType> },
    /// It takes this damage again and again for as long as it lasts.
    Ongoing { what: Suffering, lasts: Lasts, when: When },
    /// The attacker regains hit points equal to the damage of this type that was dealt.
    DrainHeal { kind: DamageType },
    /// It cannot regain hit points until the start of the source's next turn.
    NoHealing,
    /// Its speed falls by so many feet until the start of the source's next turn.
    Slow { feet: u16 },
    /// It gets an effect that is no condition: marked for the next attack, rattled, and so on.
    /// `amount` is the feet, the points or the sides of the die of an effect that has some.
    Effect { kind: EffectKind, lasts: Lasts, amount: u16 },
}

/// When damage comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Beat {
    /// At the start of each turn of whoever suffers it.
    TargetTurnStart,
    /// At the start of each turn of whoever caused it.
    SourceTurnStart,
}

/// Damage that comes again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Suffering {
    pub dice: DiceExpr,
    pub kind: DamageType,
    pub each: Beat,
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
    /// When the attack roll has advantage by itself.
    pub advantage: Option<When>,
    pub damage: Vec<DamagePart>,
    pub riders: Vec<Rider>,
    pub uses: Uses,
    pub cost: Cost,
    /// Made with a spell: shown as such; cover and range work as for any ranged attack.
    pub spell: bool,
    /// A light weapon: the hand that is free may strike with another one as a bonus action.
    pub light: bool,
    /// What else its properties and its mastery do.
    pub weapon: Weapon,
}

impl Attack {
    /// The modifier of the ability behind it: of the one that is named, else what the bonus to hit
    /// holds beyond proficiency, or the damage beyond its dice, whichever is less.
    pub fn modifier(&self, of: &Draft) -> i8 {
        if let Some(ability) = self.weapon.ability {
            return modifier(of.abilities.get(ability));
        }
        let proficiency = i8::try_from(of.proficiency_bonus).unwrap_or(i8::MAX);
        let flat = self.damage.first().map_or(0, |part| part.dice.bonus);
        let flat = i8::try_from(flat).unwrap_or(i8::MAX);
        self.to_hit.saturating_sub(proficiency).min(flat)
    }
}

/// What a weapon's properties do in a fight; nothing for what is no weapon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weapon {
    /// The ability it is wielded with, where that is known.
    pub ability: Option<Ability>,
    /// Its mastery property, if the wielder has learnt to use it.
    pub mastery: Option<Mastery>,
    /// Too heavy for the weak.
    pub heavy: bool,
    /// Shoots once for each action, bonus action or reaction.
    pub loading: bool,
}

/// The mastery properties (SRD 5.2.1, Equipment > Mastery Properties).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mastery {
    Cleave,
    Graze,
    Nick,
    Push,
    Sap,
    Slow,
    Topple,
    Vex,
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
