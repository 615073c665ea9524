//! The words of the game on the wire: every enum of the rules and its twin of the contract.
//!
//! Both ways are total: a rules value always has a wire value; a wire value that is unspecified or
//! unknown is refused, never guessed.

use super::malformed::{Fault, Malformed};
use super::pb;
use crate::rules::ability::{Ability, Skill};
use crate::rules::condition::Condition;
use crate::rules::creature::{Beat, Cost, CreatureType, EffectKind, Mastery, SetOff, Size};
use crate::rules::damage::DamageType;
use crate::rules::event::{
    Adjustment, AttackOutcome, Audience, Cover, DiceStream, Edition, Inquiry, MoveKind, Reason,
    RollMode,
};
use crate::rules::grid::Terrain;

/// A rules enum with a twin on the wire.
pub(crate) trait Word: Copy + Sized {
    /// The wire value.
    fn to_wire(self) -> i32;
    /// The rules value, if the wire value is one of those known.
    fn of_wire(value: i32) -> Option<Self>;
    /// The wire names of all values, for a refusal that says what to write.
    fn wire_names() -> Vec<&'static str>;
}

/// The rules value of a wire value that must be there.
pub(crate) fn word<W: Word>(value: i32, field: &str) -> Result<W, Malformed> {
    W::of_wire(value).ok_or_else(|| {
        let fault = if value == 0 { Fault::Absent } else { Fault::Unknown };
        let message = format!("must be one of {}", W::wire_names().join(", "));
        Malformed { fault, path: field.to_owned(), message }
    })
}

/// The same where unspecified means that nothing was said.
pub(crate) fn word_or_none<W: Word>(value: i32, field: &str) -> Result<Option<W>, Malformed> {
    if value == 0 { Ok(None) } else { word(value, field).map(Some) }
}

/// All of a list.
pub(crate) fn words<W: Word>(values: &[i32], field: &str) -> Result<Vec<W>, Malformed> {
    values.iter().map(|value| word(*value, field)).collect()
}

macro_rules! twins {
    ($($rules:ident { $($variant:ident),+ $(,)? })+) => {$(
        impl From<$rules> for pb::$rules {
            fn from(value: $rules) -> Self {
                match value { $($rules::$variant => Self::$variant),+ }
            }
        }

        impl Word for $rules {
            fn to_wire(self) -> i32 {
                i32::from(pb::$rules::from(self))
            }
            fn of_wire(value: i32) -> Option<Self> {
                match pb::$rules::try_from(value) {
                    Ok(pb::$rules::Unspecified) | Err(_) => None,
                    $(Ok(pb::$rules::$variant) => Some(Self::$variant),)+
                }
            }
            fn wire_names() -> Vec<&'static str> {
                vec![$(pb::$rules::$variant.as_str_name()),+]
            }
        }
    )+};
}

twins! {
    DiceStream { Public, Hidden }
    Ability { Strength, Dexterity, Constitution, Intelligence, Wisdom, Charisma }
    Skill {
        Acrobatics, AnimalHandling, Arcana, Athletics, Deception, History, Insight, Intimidation,
        Investigation, Medicine, Nature, Perception, Performance, Persuasion, Religion,
        SleightOfHand, Stealth, Survival,
    }
    DamageType {
        Acid, Bludgeoning, Cold, Fire, Force, Lightning, Necrotic, Piercing, Poison, Psychic,
        Radiant, Slashing, Thunder,
    }
    Condition {
        Blinded, Charmed, Deafened, Exhaustion, Frightened, Grappled, Incapacitated, Invisible,
        Paralyzed, Petrified, Poisoned, Prone, Restrained, Stunned, Unconscious,
    }
    Size { Tiny, Small, Medium, Large, Huge, Gargantuan }
    Edition { Srd521, Srd51 }
    RollMode { Normal, Advantage, Disadvantage }
    Cost { Action, BonusAction, Reaction, Free, Legendary }
    EffectKind {
        Dodging, Disengaged, Distracted, Hidden, Marked, Raging, Reckless, NoHealing, Slowed,
        Blessed, Shielded, NoReactions, Quarry, Rattled, Vexed, Surprised, Assisted, Halved, Dazed, Exposed, Hampered,
        Emboldened, Suffering,
    }
    CreatureType {
        Aberration, Beast, Celestial, Construct, Dragon, Elemental, Fey, Fiend, Giant, Humanoid,
        Monstrosity, Ooze, Plant, Undead,
    }
    SetOff { Chosen, OwnTurnStart, OwnTurnEnd, TheirTurnStart, Death, StruckInMelee }
    Beat { TargetTurnStart, SourceTurnStart }
    Inquiry { Search, Study, Influence }
    Mastery { Cleave, Graze, Nick, Push, Sap, Slow, Topple, Vex }
    Terrain { Open, Difficult, Wall }
    Reason {
        TargetBlinded, TargetParalyzed, TargetPetrified, TargetProneNear, TargetProneFar,
        TargetRestrained, TargetStunned, TargetUnconscious, TargetInvisible, TargetHidden,
        TargetDodging, TargetDistracted, TargetMarked, TargetReckless, AttackerBlinded,
        AttackerFrightened, AttackerGrappled, AttackerHidden, AttackerInvisible, AttackerPoisoned,
        AttackerProne, AttackerRestrained, AttackerReckless, AttackerExhausted, AttackerRattled, Bloodied, PackTactics,
        LongRange, EnemyNearby, HelpedBy, GameMaster, Incapacitated, Invisible, Restrained,
        Dodging, Raging, MagicResistance, Blessed, Exhaustion, Untrained, HeavyWeapon, Poisoned,
        Frightened, Unseen, Rallied, TargetBlurred, EasyPrey, Hampered, Emboldened, TargetVexed, Surprised,
    }
    Adjustment {
        None, Resisted, Immune, Vulnerable, ResistedAndVulnerable, Saved, SavedAndResisted,
        SavedAndVulnerable, Absorbed,
    }
    AttackOutcome { Miss, CriticalMiss, Hit, CriticalHit }
    Cover { None, Half, ThreeQuarters }
    MoveKind { Willing, Forced, Placed, Teleported }
    Audience { Everyone, OwnerAndGm, Gm }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The highest number that an enum of the contract may use.
    const WIRE_MAX: i32 = 999;

    /// Every wire value that has a name has a rules twin and comes back as itself; no other has.
    fn total<W: Word>() {
        let read: Vec<i32> = (-1..=WIRE_MAX).filter(|v| W::of_wire(*v).is_some()).collect();
        assert_eq!(read.len(), W::wire_names().len());
        assert!(read.iter().all(|value| *value > 0));
        assert!(read.iter().all(|value| W::of_wire(*value).unwrap().to_wire() == *value));
    }

    #[test]
    fn both_ways_are_total() {
        total::<Ability>();
        total::<Skill>();
        total::<DamageType>();
        total::<Condition>();
        total::<Size>();
        total::<Edition>();
        total::<RollMode>();
        total::<Cost>();
        total::<EffectKind>();
        total::<CreatureType>();
        total::<SetOff>();
        total::<Beat>();
        total::<Mastery>();
        total::<Inquiry>();
        total::<Terrain>();
        total::<Reason>();
        total::<Adjustment>();
        total::<AttackOutcome>();
        total::<Cover>();
        total::<MoveKind>();
        total::<Audience>();
    }

    #[test]
    fn a_refusal_says_what_to_write() {
        let refused = word::<Edition>(0, "edition").unwrap_err();
        assert_eq!(refused.fault, Fault::Absent);
        assert_eq!(
            refused.to_string(),
            "edition must be one of EDITION_SRD_5_2_1, EDITION_SRD_5_1"
        );
        assert_eq!(word::<Edition>(9, "edition").unwrap_err().fault, Fault::Unknown);
    }
}
