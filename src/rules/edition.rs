//! The two editions of the book, and every point where they part.
//!
//! Nobody else asks which edition it is: they ask what it says, one method for each point, each with
//! the sections of both books. Nothing here looks at a fight.

use super::ability::Skill;
use super::condition::Condition;
use super::creature::Size;
use super::event::Inquiry;

/// The DC of the Stealth check of the Hide action (SRD 5.2.1).
const HIDE_DC: u8 = 15;
/// The highest DC of the save that keeps up concentration (SRD 5.2.1).
const CONCENTRATION_DC_MAX: u16 = 30;
/// The lowest.
const CONCENTRATION_DC_MIN: u16 = 10;
/// What each level of exhaustion takes from a d20 (SRD 5.2.1).
const EXHAUSTION_D20: i16 = 2;
/// Feet by which each level of exhaustion slows (SRD 5.2.1).
const EXHAUSTION_FEET: u16 = 5;
/// The score below which a heavy weapon is too heavy (SRD 5.2.1).
const HEAVY_SCORE: u8 = 13;

/// Which edition of the book a fight is played by; frozen when it is initiated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Edition {
    /// SRD 5.2.1 (the 2024 rules).
    #[default]
    Srd521,
    /// SRD 5.1 (the 2014 rules).
    Srd51,
}

/// What it means to be surprised when a fight begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surprise {
    /// Disadvantage on the initiative roll.
    SlowStart,
    /// No movement, action or reaction until the first turn is over.
    LostTurn,
}

/// How somebody is grappled or shoved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seizing {
    /// The target makes a Strength or Dexterity save.
    Save,
    /// Athletics against Athletics or Acrobatics.
    Contest,
}

/// What a creature that hides must reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hiding {
    /// A fixed DC.
    Dc(u8),
    /// The passive Perception of whoever might notice.
    PassivePerception,
}

/// What becomes of a creature that is knocked out instead of killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KnockOut {
    /// Unconscious at 1 hit point.
    OneHitPoint,
    /// Unconscious at 0 hit points, and stable.
    Stable,
}

/// The kinds of d20 roll that exhaustion tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Test {
    Check,
    Attack,
    Save,
}

impl Edition {
    /// SRD 5.2.1, Playing the Game > Initiative (Surprise); SRD 5.1, Combat > Surprise.
    pub const fn surprise(self) -> Surprise {
        match self {
            Self::Srd521 => Surprise::SlowStart,
            Self::Srd51 => Surprise::LostTurn,
        }
    }

    /// Whether the invisible have advantage and the incapacitated disadvantage on initiative. SRD
    /// 5.2.1, Rules Glossary > Invisible, Incapacitated; SRD 5.1, Conditions, knows neither.
    pub const fn initiative_heeds_conditions(self) -> bool {
        matches!(self, Self::Srd521)
    }

    /// SRD 5.2.1, Rules Glossary > Hide; SRD 5.1, Using Each Ability > Hiding.
    pub const fn hiding(self) -> Hiding {
        match self {
            Self::Srd521 => Hiding::Dc(HIDE_DC),
            Self::Srd51 => Hiding::PassivePerception,
        }
    }

    /// Whether somebody hidden has the Invisible condition. SRD 5.2.1, Rules Glossary > Hide; SRD
    /// 5.1, Combat > Unseen Attackers and Targets, speaks of unseen creatures only.
    pub const fn hiding_is_invisible(self) -> bool {
        matches!(self, Self::Srd521)
    }

    /// SRD 5.2.1, Rules Glossary > Unarmed Strike, Grappling; SRD 5.1, Combat > Grappling, Shoving
    /// a Creature.
    pub const fn seizing(self) -> Seizing {
        match self {
            Self::Srd521 => Seizing::Save,
            Self::Srd51 => Seizing::Contest,
        }
    }

    /// Whether the grappled strike badly at anybody but who holds them. SRD 5.2.1, Rules Glossary >
    /// Grappled; SRD 5.1, Conditions > Grappled, does not say so.
    pub const fn grappled_strike_badly(self) -> bool {
        matches!(self, Self::Srd521)
    }

    /// Whether the condition holds the speed at 0. The stunned cannot move by SRD 5.1, Conditions >
    /// Stunned; by SRD 5.2.1, Rules Glossary > Stunned, they are incapacitated and no more.
    pub const fn stops(self, condition: Condition) -> bool {
        match condition {
            Condition::Grappled
            | Condition::Paralyzed
            | Condition::Petrified
            | Condition::Restrained
            | Condition::Unconscious => true,
            Condition::Stunned => matches!(self, Self::Srd51),
            Condition::Blinded
            | Condition::Charmed
            | Condition::Deafened
            | Condition::Exhaustion
            | Condition::Frightened
            | Condition::Incapacitated
            | Condition::Invisible
            | Condition::Poisoned
            | Condition::Prone => false,
        }
    }

    /// Whether the petrified take no poison damage either. SRD 5.1, Conditions > Petrified; SRD
    /// 5.2.1, Rules Glossary > Petrified, names the condition alone.
    pub const fn petrified_take_no_poison(self) -> bool {
        matches!(self, Self::Srd51)
    }

    /// What so many levels of exhaustion take from every d20. SRD 5.2.1, Rules Glossary >
    /// Exhaustion; SRD 5.1, Conditions > Exhaustion, takes nothing.
    pub fn exhaustion_penalty(self, level: u8) -> i16 {
        match self {
            Self::Srd521 => i16::from(level).saturating_mul(EXHAUSTION_D20),
            Self::Srd51 => 0,
        }
    }

    /// Whether so many levels of exhaustion mean disadvantage. SRD 5.1, Conditions > Exhaustion:
    /// from level 1 on checks, from level 3 on attack rolls and saves. Not by SRD 5.2.1.
    pub const fn exhaustion_hinders(self, level: u8, test: Test) -> bool {
        match (self, test) {
            (Self::Srd521, _) => false,
            (Self::Srd51, Test::Check) => level >= 1,
            (Self::Srd51, Test::Attack | Test::Save) => level >= 3,
        }
    }

    /// What a speed becomes at so many levels of exhaustion. SRD 5.2.1, Rules Glossary >
    /// Exhaustion; SRD 5.1, Conditions > Exhaustion: half from level 2, none from level 5.
    pub fn tired_speed(self, feet: u16, level: u8) -> u16 {
        match (self, level) {
            (Self::Srd521, _) => {
                feet.saturating_sub(u16::from(level).saturating_mul(EXHAUSTION_FEET))
            }
            (Self::Srd51, 0 | 1) => feet,
            (Self::Srd51, 2..=4) => feet / 2,
            (Self::Srd51, 5..) => 0,
        }
    }

    /// The DC of the save that keeps up concentration. SRD 5.2.1, Rules Glossary > Concentration,
    /// stops at 30; SRD 5.1, Spellcasting > Concentration, does not.
    pub fn concentration_dc(self, damage: u16) -> u8 {
        let dc = (damage / 2).max(CONCENTRATION_DC_MIN);
        let dc = match self {
            Self::Srd521 => dc.min(CONCENTRATION_DC_MAX),
            Self::Srd51 => dc,
        };
        u8::try_from(dc).unwrap_or(u8::MAX)
    }

    /// SRD 5.2.1, Rules Glossary > Knocking Out a Creature; SRD 5.1, Combat > Knocking a Creature
    /// Out.
    pub const fn knock_out(self) -> KnockOut {
        match self {
            Self::Srd521 => KnockOut::OneHitPoint,
            Self::Srd51 => KnockOut::Stable,
        }
    }

    /// Whether the other hand's attack may be made from afar. SRD 5.2.1, Equipment > Light: with
    /// any light weapon; SRD 5.1, Combat > Two-Weapon Fighting: with light melee weapons.
    pub const fn light_includes_ranged(self) -> bool {
        matches!(self, Self::Srd521)
    }

    /// Whether weapons have mastery properties. SRD 5.2.1, Equipment > Mastery Properties; SRD 5.1
    /// has none.
    pub const fn has_masteries(self) -> bool {
        matches!(self, Self::Srd521)
    }

    /// Whether a heavy weapon is too heavy. SRD 5.2.1, Equipment > Heavy: with less than 13 in
    /// Strength, or in Dexterity from afar; SRD 5.1, Weapons > Heavy: for small creatures.
    pub const fn heavy_hinders(self, size: Size, score: u8) -> bool {
        match self {
            Self::Srd521 => score < HEAVY_SCORE,
            Self::Srd51 => matches!(size, Size::Tiny | Size::Small),
        }
    }

    /// Whether somebody can lie down whose speed is 0. SRD 5.2.1, Playing the Game > Dropping
    /// Prone: no; SRD 5.1, Combat > Being Prone, has no such limit.
    pub const fn lies_down_at_speed_zero(self) -> bool {
        matches!(self, Self::Srd51)
    }

    /// Whether whoever ends its turn in somebody's space falls. SRD 5.2.1, Playing the Game > Moving
    /// around Other Creatures; SRD 5.1, Combat, does not say so.
    pub const fn stumbles(self) -> bool {
        matches!(self, Self::Srd521)
    }

    /// Whether damage to several creatures at once is always rolled once. SRD 5.1, Combat > Damage
    /// Rolls; SRD 5.2.1, Playing the Game > Damage against Multiple Targets: only with saves.
    pub const fn rolls_damage_once(self) -> bool {
        matches!(self, Self::Srd51)
    }

    /// The skills with which such a check is made. SRD 5.2.1, Rules Glossary > Search, Study,
    /// Influence; SRD 5.1, Combat > Search, knows only the first.
    pub const fn skills_of(self, inquiry: Inquiry) -> &'static [Skill] {
        match (self, inquiry) {
            (Self::Srd521, Inquiry::Search) => {
                &[Skill::Insight, Skill::Medicine, Skill::Perception, Skill::Survival]
            }
            (Self::Srd521, Inquiry::Study) => &[
                Skill::Arcana,
                Skill::History,
                Skill::Investigation,
                Skill::Nature,
                Skill::Religion,
            ],
            (Self::Srd521, Inquiry::Influence) => &[
                Skill::AnimalHandling,
                Skill::Deception,
                Skill::Intimidation,
                Skill::Performance,
                Skill::Persuasion,
            ],
            (Self::Srd51, Inquiry::Search) => &[Skill::Perception, Skill::Investigation],
            (Self::Srd51, Inquiry::Study | Inquiry::Influence) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Edition; 2] = [Edition::Srd521, Edition::Srd51];

    #[test]
    fn exhaustion_counts_down_in_one_edition_and_has_a_table_in_the_other() {
        assert_eq!(BOTH.map(|it| it.exhaustion_penalty(3)), [6, 0]);
        assert_eq!(BOTH.map(|it| it.tired_speed(30, 3)), [15, 15]);
        assert_eq!(BOTH.map(|it| it.tired_speed(30, 1)), [25, 30]);
        assert_eq!(BOTH.map(|it| it.tired_speed(30, 5)), [5, 0]);
        assert_eq!(BOTH.map(|it| it.exhaustion_hinders(2, Test::Save)), [false, false]);
        assert_eq!(BOTH.map(|it| it.exhaustion_hinders(3, Test::Save)), [false, true]);
        assert_eq!(BOTH.map(|it| it.exhaustion_hinders(1, Test::Check)), [false, true]);
    }

    #[test]
    fn the_dc_of_concentration_is_half_the_damage_within_limits() {
        assert_eq!(BOTH.map(|it| it.concentration_dc(7)), [10, 10]);
        assert_eq!(BOTH.map(|it| it.concentration_dc(21)), [10, 10]);
        assert_eq!(BOTH.map(|it| it.concentration_dc(22)), [11, 11]);
        assert_eq!(BOTH.map(|it| it.concentration_dc(77)), [30, 38]);
    }

    #[test]
    fn what_is_too_heavy_depends_on_strength_or_on_size() {
        assert!(Edition::Srd521.heavy_hinders(Size::Medium, 12));
        assert!(!Edition::Srd521.heavy_hinders(Size::Small, 13));
        assert!(Edition::Srd51.heavy_hinders(Size::Small, 20));
        assert!(!Edition::Srd51.heavy_hinders(Size::Medium, 3));
    }
}
