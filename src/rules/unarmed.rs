//! Bare hands: what everybody can do who carries no weapon at all.
//!
//! Figures only: what may be done is decided in `legal`, what comes of it in `resolve`. An unarmed
//! strike is an attack like any other and never stands in a stat block unless that gives its own.

use super::ability::{Ability, modifier};
use super::creature::{Attack, Cost, DamagePart, Draft, Uses, Weapon, When};
use super::damage::{DamageType, DiceExpr};
use super::id::Slug;

/// Feet within which an unarmed strike reaches (SRD 5.2.1, Rules Glossary > Unarmed Strike).
pub const UNARMED_REACH_FEET: u16 = 5;
/// Most creatures that one can hold at a time: one with each hand.
pub const HANDS: usize = 2;
/// What the DC of a grapple or shove begins with.
const DC_BASE: i16 = 8;

/// What an unarmed strike is used for when it is no blow (SRD 5.2.1, Rules Glossary > Unarmed
/// Strike; SRD 5.1, Combat > Grappling, Shoving a Creature).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hold {
    Grapple,
    /// A push of 5 feet straight away.
    ShoveAway,
    ShoveProne,
}

impl Hold {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Grapple, Self::ShoveAway, Self::ShoveProne];

    /// The word by which an answer or a readied action names it in place of an attack.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grapple => "grapple",
            Self::ShoveAway => "shove-away",
            Self::ShoveProne => "shove-prone",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grapple => "Grapple",
            Self::ShoveAway => "Shove away",
            Self::ShoveProne => "Shove prone",
        }
    }

    /// The one of that word.
    pub fn of(word: Slug) -> Option<Self> {
        Self::ALL.into_iter().find(|hold| hold.word() == word.as_str())
    }

    /// The shove of that kind.
    pub const fn shove(prone: bool) -> Self {
        if prone { Self::ShoveProne } else { Self::ShoveAway }
    }
}

/// The blow with a bare hand: Strength and proficiency to hit, 1 and Strength in damage.
pub(super) fn strike_of(draft: &Draft) -> Attack {
    let strength = modifier(draft.abilities.get(Ability::Strength));
    let proficiency = i8::try_from(draft.proficiency_bonus).unwrap_or(i8::MAX);
    let bonus = i16::from(strength).saturating_add(1);
    Attack {
        id: Slug::unarmed_strike(),
        name: "Unarmed Strike".to_owned(),
        reach: Some(UNARMED_REACH_FEET),
        range: None,
        to_hit: strength.saturating_add(proficiency),
        advantage: None,
        damage: vec![DamagePart {
            dice: DiceExpr { count: 0, sides: 0, bonus },
            kind: DamageType::Bludgeoning,
            when: When::Always,
        }],
        riders: Vec::new(),
        uses: Uses::AtWill,
        cost: Cost::Action,
        spell: false,
        light: false,
        weapon: Weapon { ability: Some(Ability::Strength), ..Weapon::default() },
    }
}

/// The DC against a creature's grapples and shoves, and of escaping them.
pub fn hold_dc(draft: &Draft) -> u8 {
    let strength = i16::from(modifier(draft.abilities.get(Ability::Strength)));
    let dc = DC_BASE + strength + i16::from(draft.proficiency_bonus);
    u8::try_from(dc.max(1)).unwrap_or(u8::MAX)
}
