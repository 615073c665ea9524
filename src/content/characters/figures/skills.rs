//! Saving throws and skills: the bonuses on the left-hand side of a sheet.
//!
//! SRD 5.2.1, Playing the Game > Proficiency. What changes a roll only now and then is not counted.

use std::collections::BTreeMap;

use super::Proficiency;
use crate::content::characters::check::Legal;
use crate::content::schema::BonusesText;
use crate::rules::ability::{Ability, Skill};

/// A saving throw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaveLine {
    pub ability: Ability,
    pub bonus: i8,
    pub proficient: bool,
}

/// A skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkillLine {
    pub skill: Skill,
    pub bonus: i8,
    pub proficiency: Proficiency,
}

fn proficient_save(legal: &Legal<'_>, ability: Ability) -> bool {
    let first = legal.classes.first().is_some_and(|(class, _)| class.saves.contains(&ability));
    let slippery = legal.has("Rogue", "Slippery Mind")
        && matches!(ability, Ability::Wisdom | Ability::Charisma);
    first || slippery || legal.has("Monk", "Disciplined Survivor")
}

/// The six saving throws.
pub(super) fn saves(legal: &Legal<'_>) -> Vec<SaveLine> {
    let aura = if legal.has("Paladin", "Aura of Protection") {
        legal.modifier(Ability::Charisma).max(1)
    } else {
        0
    };
    let each = Ability::ALL.into_iter().map(|ability| {
        let proficient = proficient_save(legal, ability);
        let trained = if proficient { legal.proficiency_bonus() } else { 0 };
        let own = legal.modifier(ability).saturating_add_unsigned(trained);
        SaveLine { ability, bonus: own.saturating_add(aura), proficient }
    });
    each.collect()
}

/// Those that differ from the modifier, as a stat block lists them.
pub(super) fn save_bonuses(legal: &Legal<'_>) -> BonusesText {
    let lines = saves(legal);
    let of = |ability: Ability| {
        let line = lines.iter().find(|line| line.ability == ability);
        line.map(|line| line.bonus).filter(|bonus| *bonus != legal.modifier(ability))
    };
    BonusesText {
        strength: of(Ability::Strength),
        dexterity: of(Ability::Dexterity),
        constitution: of(Ability::Constitution),
        intelligence: of(Ability::Intelligence),
        wisdom: of(Ability::Wisdom),
        charisma: of(Ability::Charisma),
    }
}

/// The bonus of a skill, and how proficiency counts in it.
pub(super) fn bonus(legal: &Legal<'_>, skill: Skill) -> (i8, Proficiency) {
    let whole = legal.proficiency_bonus();
    let (times, part) = if legal.expert.contains(&skill) {
        (Proficiency::Expert, whole.saturating_mul(2))
    } else if legal.proficient.contains(&skill) {
        (Proficiency::Full, whole)
    } else if legal.has("Bard", "Jack of All Trades") {
        (Proficiency::Half, whole / 2)
    } else {
        (Proficiency::None, 0)
    };
    let own = legal.modifier(skill.ability()).saturating_add_unsigned(part);
    (own.saturating_add(divine(legal, skill)), times)
}

/// What a thaumaturge and a magician add to the lore of their kind.
fn divine(legal: &Legal<'_>, skill: Skill) -> i8 {
    let order = legal.option("Divine Order") == Some("Thaumaturge")
        && matches!(skill, Skill::Arcana | Skill::Religion);
    let primal = legal.option("Primal Order") == Some("Magician")
        && matches!(skill, Skill::Arcana | Skill::Nature);
    let one = legal.modifier(Ability::Wisdom).max(1);
    (if order { one } else { 0 }) + (if primal { one } else { 0 })
}

/// The eighteen skills.
pub(super) fn skills(legal: &Legal<'_>) -> Vec<SkillLine> {
    let each = Skill::ALL.into_iter().map(|skill| {
        let (bonus, proficiency) = bonus(legal, skill);
        SkillLine { skill, bonus, proficiency }
    });
    each.collect()
}

/// Those that differ from the modifier, as a stat block lists them.
pub(super) fn skill_bonuses(legal: &Legal<'_>) -> BTreeMap<String, i8> {
    let lines = skills(legal).into_iter();
    let listed = lines.filter(|line| line.bonus != legal.modifier(line.skill.ability()));
    listed.map(|line| (line.skill.name().to_owned(), line.bonus)).collect()
}
