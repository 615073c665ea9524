//! Attacks: to hit and damage of each weapon that is carried, and how many fit into one action.
//!
//! SRD 5.2.1, Equipment > Properties, Mastery Properties; Classes. A weapon that needs two hands is
//! not offered beside a shield.

use crate::content::armory::{Mastery, Property, Weapon, WeaponCategory, WeaponKind};
use crate::content::characters::check::{Legal, trained_with};
use crate::content::schema::{
    AttackText, Cost, DamageText, RangeText, SpecialText, StepText, WhenText,
};
use crate::content::words;
use crate::rules::ability::Ability;
use crate::rules::damage::DiceExpr;

use super::body::{column, unarmored};

/// Reach of a weapon, and of one that says so; feet.
const REACH: (u16, u16) = (5, 10);
/// What Archery adds to attack rolls.
const ARCHERY: u8 = 2;
/// The blow of a monk's bonus action.
const BONUS_STRIKE: &str = "Bonus Unarmed Strike";

/// Whether the two hands that it takes are free.
pub(super) fn usable(legal: &Legal<'_>, weapon: &Weapon) -> bool {
    !(legal.worn.shield && weapon.is(Property::TwoHanded))
}

/// Whether a monk's art counts: no armour, no shield.
fn art(legal: &Legal<'_>) -> bool {
    legal.has("Monk", "Martial Arts") && unarmored(legal) && !legal.worn.shield
}

fn monk_weapon(weapon: &Weapon) -> bool {
    weapon.kind == WeaponKind::Melee
        && (weapon.category == WeaponCategory::Simple || weapon.is(Property::Light))
}

fn better(legal: &Legal<'_>) -> Ability {
    let (strength, dexterity) =
        (legal.modifier(Ability::Strength), legal.modifier(Ability::Dexterity));
    if dexterity > strength { Ability::Dexterity } else { Ability::Strength }
}

fn ability(legal: &Legal<'_>, weapon: &Weapon) -> Ability {
    if weapon.is(Property::Finesse) || (art(legal) && monk_weapon(weapon)) {
        better(legal)
    } else if weapon.kind == WeaponKind::Ranged {
        Ability::Dexterity
    } else {
        Ability::Strength
    }
}

fn average(dice: DiceExpr) -> i32 {
    i32::from(dice.count) * (i32::from(dice.sides) + 1) + 2 * i32::from(dice.bonus)
}

/// The monk's die in place of a weaker one.
fn die(legal: &Legal<'_>, weapon: &Weapon, own: DiceExpr) -> DiceExpr {
    let art = (art(legal) && monk_weapon(weapon)).then(|| art_die(legal)).flatten();
    art.filter(|die| average(*die) > average(own)).unwrap_or(own)
}

fn art_die(legal: &Legal<'_>) -> Option<DiceExpr> {
    column(legal, "Monk", "Martial Arts").and_then(|text| words::dice(text).ok())
}

/// All attacks, in the order of the sheet.
pub(super) fn attacks(legal: &Legal<'_>) -> Vec<AttackText> {
    let mut all = Vec::new();
    for weapon in legal.worn.weapons.iter().filter(|weapon| usable(legal, weapon)) {
        all.push(attack(legal, weapon, weapon.name.clone(), weapon.damage));
        if let Some(two) = weapon.versatile.filter(|_| !legal.worn.shield) {
            let mut other = attack(legal, weapon, format!("{} (two hands)", weapon.name), two);
            other.range = None;
            all.push(other);
        }
    }
    if art(legal)
        && let Some(die) = art_die(legal)
    {
        all.push(blow(legal, "Unarmed Strike", Cost::Action, die));
        all.push(blow(legal, BONUS_STRIKE, Cost::BonusAction, die));
    }
    all.extend(super::magic::attacks(legal));
    all
}

fn blow(legal: &Legal<'_>, name: &str, cost: Cost, die: DiceExpr) -> AttackText {
    let modifier = legal.modifier(better(legal));
    let dice = DiceExpr { bonus: i16::from(modifier), ..die };
    AttackText {
        name: name.to_owned(),
        reach: Some(REACH.0),
        to_hit: modifier.saturating_add_unsigned(legal.proficiency_bonus()),
        damage: vec![damage(dice.to_string(), "bludgeoning", WhenText::Always)],
        ability: Some(better(legal).name().to_owned()),
        cost,
        ..AttackText::default()
    }
}

fn damage(dice: String, kind: &str, when: WhenText) -> DamageText {
    DamageText { dice, kind: kind.to_owned(), when }
}

fn attack(legal: &Legal<'_>, weapon: &Weapon, name: String, own: DiceExpr) -> AttackText {
    let ability = ability(legal, weapon);
    let modifier = legal.modifier(ability);
    let proficient = trained_with(&legal.worn.martial, weapon);
    let ranged = weapon.kind == WeaponKind::Ranged;
    let archery = if ranged && legal.has_style("Archery") { ARCHERY } else { 0 };
    let trained = if proficient { legal.proficiency_bonus() } else { 0 };
    let reach = if weapon.is(Property::Reach) { REACH.1 } else { REACH.0 };
    AttackText {
        name,
        reach: (!ranged).then_some(reach),
        range: weapon.range.map(|it| RangeText { normal: it.normal, long: Some(it.long) }),
        to_hit: modifier.saturating_add_unsigned(trained).saturating_add_unsigned(archery),
        damage: damages(legal, weapon, ability, die(legal, weapon, own)),
        light: weapon.is(Property::Light),
        mastery: mastery(legal, weapon),
        ability: Some(ability.name().to_owned()),
        heavy: weapon.is(Property::Heavy),
        loading: weapon.is(Property::Loading),
        ..AttackText::default()
    }
}

/// The weapon's damage, and what features add to it.
fn damages(
    legal: &Legal<'_>,
    weapon: &Weapon,
    ability: Ability,
    dice: DiceExpr,
) -> Vec<DamageText> {
    let kind = weapon.damage_type.name();
    let bonus = dice.bonus.saturating_add(i16::from(legal.modifier(ability)));
    let dice = DiceExpr { bonus, ..dice };
    let mut all = vec![damage(dice.to_string(), kind, WhenText::Always)];
    if let (Ability::Strength, Some(rage)) = (ability, column(legal, "Barbarian", "Rage Damage")) {
        let more = rage.trim_start_matches('+').to_owned();
        all.push(damage(more, kind, WhenText::WhileEffect("raging".to_owned())));
    }
    let sneaky = weapon.is(Property::Finesse) || weapon.kind == WeaponKind::Ranged;
    if let (true, Some(sneak)) = (sneaky, column(legal, "Rogue", "Sneak Attack")) {
        all.push(damage(sneak.to_owned(), kind, WhenText::SneakAttack));
    }
    // Once a turn: with one attack an action that is each hit.
    if legal.option("Hunter's Prey") == Some("Colossus Slayer") && attacks_at_once(legal) == 1 {
        all.push(damage("1d8".to_owned(), kind, WhenText::TargetInjured));
    }
    if legal.has("Paladin", "Radiant Strikes") && weapon.kind == WeaponKind::Melee {
        all.push(damage("1d8".to_owned(), "radiant", WhenText::Always));
    }
    all
}

/// The word for the mastery of a weapon, if the character uses it.
fn mastery(legal: &Legal<'_>, weapon: &Weapon) -> Option<String> {
    let used = legal.worn.masteries.iter().any(|one| one.name == weapon.name);
    let word = match weapon.mastery {
        Mastery::Cleave => "cleave",
        Mastery::Graze => "graze",
        Mastery::Nick => "nick",
        Mastery::Push => "push",
        Mastery::Sap => "sap",
        Mastery::Slow => "slow",
        Mastery::Topple => "topple",
        Mastery::Vex => "vex",
    };
    used.then(|| word.to_owned())
}

/// Attacks in one Attack action. Extra Attack of several classes does not add up.
pub(super) fn attacks_at_once(legal: &Legal<'_>) -> u8 {
    let has =
        |feature: &str| legal.classes.iter().any(|(class, level)| class.count(feature, *level) > 0);
    if has("Three Extra Attacks") {
        4
    } else if has("Two Extra Attacks") {
        3
    } else if has("Extra Attack") {
        2
    } else {
        1
    }
}

/// What may be combined in one action.
pub(super) fn multiattack(
    legal: &Legal<'_>,
    attacks: &[AttackText],
    specials: &[SpecialText],
) -> Vec<Vec<StepText>> {
    let step = |count: u8, any_of: &[String]| StepText { count, any_of: any_of.to_vec() };
    let mut all: Vec<Vec<StepText>> = Vec::new();
    let beams = super::magic::times(legal.level);
    for (cantrip, _) in super::magic::cantrips(legal) {
        if cantrip.beams && beams > 1 {
            all.push(vec![step(beams, core::slice::from_ref(&cantrip.name))]);
        }
    }
    let count = attacks_at_once(legal);
    if count < 2 {
        return all;
    }
    let actions = attacks.iter().filter(|it| matches!(it.cost, Cost::Action) && !it.spell);
    let names: Vec<String> = actions.map(|attack| attack.name.clone()).collect();
    if names.is_empty() {
        return all;
    }
    all.insert(0, vec![step(count, &names)]);
    for special in specials.iter().filter(|special| special.name == super::deeds::BREATH) {
        let breath = core::slice::from_ref(&special.name);
        all.push(vec![step(1, breath), step(count.saturating_sub(1), &names)]);
    }
    all
}
