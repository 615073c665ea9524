//! What a creature is before anything happens to it: the figures of a stat block or of a sheet.
//!
//! Two worlds: a [`Draft`] can hold anything, a [`Definition`] only what was validated, with all
//! problems reported at once. A definition never changes during a fight.

use super::ability::{Ability, ByAbility, Skill, modifier};
use super::condition::{Condition, ConditionSet};
use super::damage::{DamageSet, DamageType, DiceExpr};
use super::id::Slug;

/// Longest name of a creature, attack or fight, in characters.
pub const NAME_MAX_CHARS: usize = 60;
/// Most attacks, specials or traits of one creature, each.
pub const ENTRIES_MAX: usize = 40;
/// Highest hit point maximum.
pub const HIT_POINTS_MAX: u16 = 9_999;

/// A creature's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Size {
    Tiny,
    Small,
    #[default]
    Medium,
    Large,
    Huge,
    Gargantuan,
}

impl Size {
    /// Squares along one side of the space it controls.
    pub const fn squares(self) -> u8 {
        match self {
            Self::Tiny | Self::Small | Self::Medium => 1,
            Self::Large => 2,
            Self::Huge => 3,
            Self::Gargantuan => 4,
        }
    }

    /// The lower-case English word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Huge => "huge",
            Self::Gargantuan => "gargantuan",
        }
    }
}

/// Whether somebody's hero or one of the book's monsters; it decides what 0 hit points mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Makes death saving throws.
    Hero { class: String, level: u8 },
    /// Dies at 0 hit points. The rating is in eighths: 2 is 1/4, 8 is 1.
    Monster { rating_eighths: u16 },
}

/// Speeds in feet; 0 is "does not".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Speeds {
    pub walk: u16,
    pub fly: u16,
    pub swim: u16,
    pub climb: u16,
    pub burrow: u16,
    pub hover: bool,
}

/// Senses in feet; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Senses {
    pub darkvision: u16,
    pub blindsight: u16,
    pub tremorsense: u16,
    pub truesight: u16,
    pub passive_perception: u8,
}

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
}

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

/// Anything that could be a creature: from a stat block, a sheet, or somebody's homebrew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub kind: Kind,
    pub size: Size,
    pub creature_type: String,
    pub armor_class: u8,
    pub hit_points: u16,
    pub hit_dice: Option<DiceExpr>,
    pub speeds: Speeds,
    pub abilities: ByAbility<u8>,
    /// The whole bonus to each saving throw, proficiency included.
    pub saves: ByAbility<i8>,
    /// The whole bonus of each skill that differs from its ability's modifier.
    pub skills: Vec<(Skill, i8)>,
    pub proficiency_bonus: u8,
    pub initiative_bonus: i8,
    pub senses: Senses,
    pub resistances: DamageSet,
    pub immunities: DamageSet,
    pub vulnerabilities: DamageSet,
    pub condition_immunities: ConditionSet,
    pub attacks: Vec<Attack>,
    pub multiattack: Vec<Multiattack>,
    pub specials: Vec<Special>,
    pub traits: Vec<Trait>,
    pub experience: u32,
}

/// One thing that is wrong with a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a path such as `attacks[2].damage[0].dice`.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A validated creature. It can be read through the draft it was made from, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition(Draft);

impl core::ops::Deref for Definition {
    type Target = Draft;
    fn deref(&self) -> &Draft {
        &self.0
    }
}

impl Definition {
    /// A definition out of the log of a fight: it was validated when it entered, and is not judged
    /// again by limits that came later, so that old fights replay for ever.
    pub fn remembered(draft: Draft) -> Self {
        Self(draft)
    }

    /// The draft again, to make another creature of it.
    pub fn into_draft(self) -> Draft {
        self.0
    }

    /// The attack of that name.
    pub fn attack(&self, id: Slug) -> Option<&Attack> {
        self.0.attacks.iter().find(|attack| attack.id == id)
    }

    /// The special action of that name.
    pub fn special(&self, id: Slug) -> Option<&Special> {
        self.0.specials.iter().find(|special| special.id == id)
    }

    /// Whether it makes death saving throws.
    pub fn is_hero(&self) -> bool {
        matches!(self.0.kind, Kind::Hero { .. })
    }

    /// The bonus of a skill.
    pub fn skill(&self, skill: Skill) -> i8 {
        self.0
            .skills
            .iter()
            .find(|(listed, _)| *listed == skill)
            .map_or_else(|| modifier(self.0.abilities.get(skill.ability())), |(_, bonus)| *bonus)
    }

    /// Whether the trait is there.
    pub fn has(&self, wanted: &Trait) -> bool {
        self.0.traits.contains(wanted)
    }
}

impl TryFrom<Draft> for Definition {
    type Error = Vec<Problem>;

    /// Validates a draft, reporting everything that is wrong with it at once.
    fn try_from(draft: Draft) -> Result<Self, Vec<Problem>> {
        let problems = super::creature_check::problems_of(&draft);
        if problems.is_empty() { Ok(Self(draft)) } else { Err(problems) }
    }
}
