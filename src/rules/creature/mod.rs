//! What a creature is before anything happens to it: the figures of a stat block or of a sheet.
//!
//! Two worlds: a [`Draft`] can hold anything, a [`Definition`] only what was validated, with all
//! problems reported at once. A definition never changes during a fight.

mod attack;
mod special;
mod spells;
mod terms;
mod traits;

use super::ability::{ByAbility, Skill, modifier};
use super::condition::ConditionSet;
use super::damage::{DamageSet, DamageType, DiceExpr};
use super::id::Slug;

pub use attack::{
    Attack, Beat, Cost, DamagePart, Lasts, Mastery, Multiattack, MultiattackStep, Range, Rider,
    SaveSpec, Suffering, Uses, Weapon, When, Worse,
};
pub use special::{AreaShape, EffectKind, Going, Reach, Special, SpecialEffect};
pub use spells::{ListedSpell, SPELL_LEVEL_MAX, SPELLS_MAX, SpellList};
pub use terms::{CreatureType, SetOff, Terms, TypeSet, Whom};
pub use traits::Trait;

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

    /// Its place among the sizes, from 0 for tiny.
    pub const fn rank(self) -> i8 {
        match self {
            Self::Tiny => 0,
            Self::Small => 1,
            Self::Medium => 2,
            Self::Large => 3,
            Self::Huge => 4,
            Self::Gargantuan => 5,
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
    /// Legendary actions between its turns.
    pub legendary_actions: u8,
    pub spell_lists: Vec<SpellList>,
    pub experience: u32,
    /// What it is worth where it has made its lair, if that is more.
    pub lair_experience: Option<u32>,
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
pub struct Definition {
    draft: Draft,
    /// The blow with a bare hand, made of the figures.
    unarmed: Attack,
}

impl core::ops::Deref for Definition {
    type Target = Draft;
    fn deref(&self) -> &Draft {
        &self.draft
    }
}

impl Definition {
    /// A definition out of the log of a fight: it was validated when it entered, and is not judged
    /// again by limits that came later, so that old fights replay for ever.
    pub fn remembered(draft: Draft) -> Self {
        let unarmed = super::unarmed::strike_of(&draft);
        Self { draft, unarmed }
    }

    /// The draft again, to make another creature of it.
    pub fn into_draft(self) -> Draft {
        self.draft
    }

    /// The attack of that name; everybody has an unarmed strike.
    pub fn attack(&self, id: Slug) -> Option<&Attack> {
        let own = self.draft.attacks.iter().find(|attack| attack.id == id);
        own.or_else(|| Some(&self.unarmed).filter(|unarmed| unarmed.id == id))
    }

    /// The unarmed strike, unless the stat block gives its own among the attacks.
    pub fn unarmed(&self) -> Option<&Attack> {
        let listed = self.draft.attacks.iter().any(|attack| attack.id == self.unarmed.id);
        (!listed).then_some(&self.unarmed)
    }

    /// Whether it is a blow with a bare hand, by whatever name.
    pub fn is_unarmed(&self, attack: Slug) -> bool {
        attack == self.unarmed.id
    }

    /// The special action of that name.
    pub fn special(&self, id: Slug) -> Option<&Special> {
        self.draft.specials.iter().find(|special| special.id == id)
    }

    /// What kind of being it is, if its stat block says so.
    pub fn creature_kind(&self) -> Option<CreatureType> {
        CreatureType::of_words(&self.draft.creature_type)
    }

    /// Whether it makes death saving throws.
    pub fn is_hero(&self) -> bool {
        matches!(self.draft.kind, Kind::Hero { .. })
    }

    /// The bonus of a skill.
    pub fn skill(&self, skill: Skill) -> i8 {
        self.draft.skills.iter().find(|(listed, _)| *listed == skill).map_or_else(
            || modifier(self.draft.abilities.get(skill.ability())),
            |(_, bonus)| *bonus,
        )
    }

    /// What it regenerates at the start of its turns, and what stops that.
    pub fn regeneration(&self) -> Option<(u16, DamageSet)> {
        self.draft.traits.iter().find_map(|known| {
            let Trait::Regeneration { amount, stopped_by } = known else { return None };
            Some((*amount, *stopped_by))
        })
    }

    /// The lowest face of the d20 with which its attacks are critical hits.
    pub fn critical_from(&self) -> u8 {
        let faces = self.draft.traits.iter().filter_map(|known| {
            let Trait::CriticalFrom(face) = known else { return None };
            Some(*face)
        });
        faces.min().unwrap_or(20)
    }

    /// Whether damage of this type heals it.
    pub fn absorbs(&self, kind: DamageType) -> bool {
        self.has(&Trait::Absorption(kind))
    }

    /// Failed saves a day that become successes.
    pub fn legendary_resistance(&self) -> u8 {
        let uses = self.draft.traits.iter().filter_map(|known| {
            let Trait::LegendaryResistance(uses) = known else { return None };
            Some(*uses)
        });
        uses.max().unwrap_or_default()
    }

    /// What it adds to its Armor Class against one hit in melee, with its reaction.
    pub fn parry(&self) -> Option<u8> {
        self.draft.traits.iter().find_map(|known| {
            let Trait::Parry { bonus } = known else { return None };
            Some(*bonus)
        })
    }

    /// Feet around it within which its side takes heart.
    pub fn rallying_feet(&self) -> Option<u16> {
        self.draft.traits.iter().find_map(|known| {
            let Trait::RallyingAura { feet } = known else { return None };
            Some(*feet)
        })
    }

    /// Whether it stops in the space of others, and others in its.
    pub fn shares_space(&self) -> bool {
        self.has(&Trait::Swarm) || self.has(&Trait::SharesSpace)
    }

    /// Whether the entry comes back at the start of each of its turns.
    pub fn is_once_per_round(&self, entry: Slug) -> bool {
        let attack = self.attack(entry).map(|attack| attack.uses);
        let special = self.special(entry).map(|special| special.uses);
        attack.or(special) == Some(Uses::OncePerRound)
    }

    /// Specials that happen by themselves at this.
    pub fn set_off_by(&self, set_off: SetOff) -> impl Iterator<Item = &Special> {
        self.draft.specials.iter().filter(move |special| special.terms.set_off == set_off)
    }

    /// Whether the trait is there.
    pub fn has(&self, wanted: &Trait) -> bool {
        self.draft.traits.contains(wanted)
    }
}

impl TryFrom<Draft> for Definition {
    type Error = Vec<Problem>;

    /// Validates a draft, reporting everything that is wrong with it at once.
    fn try_from(draft: Draft) -> Result<Self, Vec<Problem>> {
        let problems = super::creature_check::problems_of(&draft);
        if problems.is_empty() { Ok(Self::remembered(draft)) } else { Err(problems) }
    }
}
