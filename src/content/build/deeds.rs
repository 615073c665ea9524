//! What a creature can do, out of a stat block: attacks, combinations, special actions, traits.
//!
//! A combination names what it uses as the block names it; a name that leads nowhere is a problem.

use std::collections::BTreeSet;

use crate::rules::creature::{
    AreaShape, Attack, Cost, ENTRIES_MAX, Going, Multiattack, MultiattackStep, Range, Reach,
    SetOff, Special, SpecialEffect, Terms, Trait, Uses, Weapon, Whom,
};
use crate::rules::damage::DamageType;
use crate::rules::id::Slug;

use super::super::read::Faults;
use super::super::schema::{self, GoingText, SetOffText, StatBlock, TraitText};
use super::super::words;
use super::riders::{
    NO_DICE, check_count, check_feet, conditions, damage, effect_kind, max_size, riders, save_spec,
    types, when,
};
use super::{check_name, damage_set};

/// The slug of a name, or nothing and a problem.
fn slug(path: &str, name: &str, faults: &mut Faults) -> Option<Slug> {
    check_name(path, name, faults);
    Slug::of_name(name).map_err(|error| faults.add(path, format!("as an id it {error}"))).ok()
}

pub(super) fn attacks(block: &StatBlock, faults: &mut Faults) -> Vec<Attack> {
    check_count("attacks", block.attacks.len(), ENTRIES_MAX, faults);
    let mut seen = BTreeSet::new();
    let mut attacks = Vec::new();
    for (at, text) in block.attacks.iter().take(ENTRIES_MAX).enumerate() {
        let path = format!("attacks[{at}]");
        let name_path = format!("{path}.name");
        let Some(id) = slug(&name_path, &text.name, faults) else { continue };
        if !seen.insert(id) {
            faults.add(&name_path, format!("'{}' is already an attack", text.name));
        }
        if text.reach.is_none() && text.range.is_none() {
            faults.add(&path, "needs a reach, a range or both");
        }
        check_feet(&format!("{path}.reach"), text.reach.unwrap_or_default(), faults);
        let range = text.range.map(|range| {
            let long = range.long.unwrap_or(range.normal);
            if long < range.normal {
                faults.add(&format!("{path}.range.long"), "is shorter than the normal range");
            }
            check_feet(&format!("{path}.range.long"), long, faults);
            Range { normal: range.normal, long }
        });
        attacks.push(Attack {
            id,
            name: text.name.clone(),
            reach: text.reach,
            range,
            to_hit: text.to_hit,
            advantage: text
                .advantage
                .as_ref()
                .map(|text| when(&format!("{path}.advantage"), text, faults)),
            damage: damage(&format!("{path}.damage"), &text.damage, faults),
            riders: riders(&format!("{path}.riders"), &text.riders, faults),
            uses: uses(&format!("{path}.uses"), text.uses, faults),
            cost: cost(text.cost),
            spell: text.spell,
            light: text.light,
            weapon: weapon(&path, text, faults),
        });
    }
    attacks
}

fn weapon(path: &str, text: &schema::AttackText, faults: &mut Faults) -> Weapon {
    let mastery = text.mastery.as_deref().map(words::mastery).transpose();
    let ability = text.ability.as_deref().map(words::ability).transpose();
    Weapon {
        mastery: faults.take(&format!("{path}.mastery"), mastery, None),
        ability: faults.take(&format!("{path}.ability"), ability, None),
        heavy: text.heavy,
        loading: text.loading,
    }
}

pub(super) fn multiattack(block: &StatBlock, faults: &mut Faults) -> Vec<Multiattack> {
    check_count("multiattack", block.multiattack.len(), ENTRIES_MAX, faults);
    let known: BTreeSet<Slug> = block
        .attacks
        .iter()
        .map(|attack| &attack.name)
        .chain(block.specials.iter().map(|special| &special.name))
        .filter_map(|name| Slug::of_name(name).ok())
        .collect();
    let mut all = Vec::new();
    for (at, steps) in block.multiattack.iter().take(ENTRIES_MAX).enumerate() {
        check_count(&format!("multiattack[{at}]"), steps.len(), ENTRIES_MAX, faults);
        let mut built = Vec::new();
        for (step_at, step) in steps.iter().take(ENTRIES_MAX).enumerate() {
            let path = format!("multiattack[{at}][{step_at}]");
            if !(1..=10).contains(&step.count) {
                faults.add(&format!("{path}.count"), "must be 1 to 10");
            }
            if step.any_of.is_empty() {
                faults.add(&format!("{path}.any_of"), "names nothing");
            }
            let any_of =
                step.any_of.iter().take(ENTRIES_MAX).enumerate().filter_map(|(i, name)| {
                    let found = Slug::of_name(name).ok().filter(|slug| known.contains(slug));
                    if found.is_none() {
                        let message = format!("'{name}' is no attack or special of this creature");
                        faults.add(&format!("{path}.any_of[{i}]"), message);
                    }
                    found
                });
            built.push(MultiattackStep { count: step.count, any_of: any_of.collect() });
        }
        all.push(Multiattack { steps: built });
    }
    all
}

pub(super) fn specials(block: &StatBlock, faults: &mut Faults) -> Vec<Special> {
    check_count("specials", block.specials.len(), ENTRIES_MAX, faults);
    let mut seen: BTreeSet<Slug> =
        block.attacks.iter().filter_map(|attack| Slug::of_name(&attack.name).ok()).collect();
    let mut specials = Vec::new();
    for (at, text) in block.specials.iter().take(ENTRIES_MAX).enumerate() {
        let path = format!("specials[{at}]");
        let name_path = format!("{path}.name");
        let Some(id) = slug(&name_path, &text.name, faults) else { continue };
        if !seen.insert(id) {
            faults.add(&name_path, format!("'{}' is already an attack or special", text.name));
        }
        specials.push(Special {
            id,
            name: text.name.clone(),
            cost: cost(text.cost),
            uses: uses(&format!("{path}.uses"), text.uses, faults),
            reach: reach(&format!("{path}.reach"), &text.reach, faults),
            effect: effect(&format!("{path}.effect"), &text.effect, faults),
            spell: text.spell,
            terms: terms(&path, text, faults),
        });
    }
    specials
}

fn terms(path: &str, text: &schema::SpecialText, faults: &mut Faults) -> Terms {
    let at = format!("{path}.whom");
    let whom = Whom {
        enemies_only: text.whom.enemies_only,
        max_size: max_size(&at, text.whom.max_size.as_deref(), faults),
        only: types(&format!("{at}.only"), &text.whom.only, faults),
        spared: types(&format!("{at}.spared"), &text.whom.spared, faults),
        having: conditions(&format!("{at}.having"), &text.whom.having, faults),
        from_user: text.whom.from_user,
    };
    let set_off = match text.set_off {
        SetOffText::Chosen => SetOff::Chosen,
        SetOffText::OwnTurnStart => SetOff::OwnTurnStart,
        SetOffText::OwnTurnEnd => SetOff::OwnTurnEnd,
        SetOffText::TheirTurnStart => SetOff::TheirTurnStart,
        SetOffText::Death => SetOff::Death,
        SetOffText::StruckInMelee => SetOff::StruckInMelee,
    };
    Terms {
        whom,
        set_off,
        on_success: riders(&format!("{path}.on_success"), &text.on_success, faults),
        while_able: text.while_able,
        immune_after_success: text.immune_after_success,
        concentration: text.concentration,
    }
}

pub(super) fn traits(block: &StatBlock, faults: &mut Faults) -> Vec<Trait> {
    check_count("traits", block.traits.len(), ENTRIES_MAX, faults);
    let listed = block.traits.iter().take(ENTRIES_MAX).enumerate();
    listed.map(|(at, text)| one_trait(&format!("traits[{at}]"), text, faults)).collect()
}

fn one_trait(path: &str, text: &TraitText, faults: &mut Faults) -> Trait {
    match text {
        TraitText::PackTactics => Trait::PackTactics,
        TraitText::UndeadFortitude => Trait::UndeadFortitude,
        TraitText::MagicResistance => Trait::MagicResistance,
        TraitText::Regeneration(text) => {
            let stopped = format!("{path}.regeneration.stopped_by");
            let stopped_by = damage_set(&stopped, &text.stopped_by, faults);
            Trait::Regeneration { amount: text.amount, stopped_by }
        }
        TraitText::Flyby => Trait::Flyby,
        TraitText::SunlightSensitivity => Trait::SunlightSensitivity,
        TraitText::Aggressive => Trait::Aggressive,
        TraitText::Evasion => Trait::Evasion,
        TraitText::Ambusher => Trait::Ambusher,
        TraitText::RageResistance => Trait::RageResistance,
        TraitText::BloodiedFury => Trait::BloodiedFury,
        TraitText::BloodiedFrenzy => Trait::BloodiedFrenzy,
        TraitText::LegendaryResistance(uses) => Trait::LegendaryResistance(*uses),
        TraitText::Swarm => Trait::Swarm,
        TraitText::SharesSpace => Trait::SharesSpace,
        TraitText::IncorporealMovement => Trait::IncorporealMovement,
        TraitText::Absorption(kind) => {
            let path = format!("{path}.absorption");
            Trait::Absorption(faults.take(&path, words::damage_type(kind), DamageType::Fire))
        }
        TraitText::HurtBy(text) => {
            let path = format!("{path}.hurt_by");
            let kind = words::damage_type(&text.kind);
            Trait::HurtBy {
                kind: faults.take(&format!("{path}.type"), kind, DamageType::Fire),
                effect: effect_kind(&format!("{path}.effect"), &text.effect, faults),
                amount: text.amount,
            }
        }
        TraitText::RallyingAura(feet) => Trait::RallyingAura { feet: *feet },
        TraitText::BlurredForm => Trait::BlurredForm,
        TraitText::BloodFrenzy => Trait::BloodFrenzy,
        TraitText::Agile => Trait::Agile,
        TraitText::Unseen => Trait::Unseen,
        TraitText::Reactive => Trait::Reactive,
        TraitText::Parry(bonus) => Trait::Parry { bonus: *bonus },
        TraitText::CriticalFrom(face) => {
            if !(2..=20).contains(face) {
                faults.add(&format!("{path}.critical_from"), "must be 2 to 20");
            }
            Trait::CriticalFrom(*face)
        }
        TraitText::Named(text) => {
            check_name(&format!("{path}.named.name"), &text.name, faults);
            if text.why_not_played.trim().is_empty() || text.why_not_played.chars().count() > 200 {
                let why = format!("{path}.named.why_not_played");
                faults.add(&why, "must say in 1 to 200 characters why it is not played");
            }
            Trait::Named { name: text.name.clone(), why_not_played: text.why_not_played.clone() }
        }
    }
}

pub(super) fn uses(path: &str, text: schema::Uses, faults: &mut Faults) -> Uses {
    let (uses, valid) = match text {
        schema::Uses::AtWill => (Uses::AtWill, true),
        schema::Uses::PerDay(count) => (Uses::PerDay(count), count > 0),
        schema::Uses::PerRest(count) => (Uses::PerRest(count), count > 0),
        schema::Uses::OncePerRound => (Uses::OncePerRound, true),
        schema::Uses::Recharge(at_least) => {
            (Uses::Recharge { at_least }, (2..=6).contains(&at_least))
        }
    };
    if !valid {
        faults.add(path, "a number of uses is at least 1, a recharge 2 to 6");
    }
    uses
}

pub(super) fn cost(text: schema::Cost) -> Cost {
    match text {
        schema::Cost::Action => Cost::Action,
        schema::Cost::BonusAction => Cost::BonusAction,
        schema::Cost::Reaction => Cost::Reaction,
        schema::Cost::Free => Cost::Free,
        schema::Cost::Legendary => Cost::Legendary,
    }
}

fn reach(path: &str, text: &schema::Reach, faults: &mut Faults) -> Reach {
    match text {
        schema::Reach::Own => Reach::Own,
        schema::Reach::Creatures { count, feet } => {
            if *count == 0 {
                faults.add(&format!("{path}.creatures.count"), "must be at least 1");
            }
            check_feet(&format!("{path}.creatures.feet"), *feet, faults);
            Reach::Creatures { count: *count, feet: *feet }
        }
        schema::Reach::Area { shape, range } => {
            check_feet(&format!("{path}.area.range"), *range, faults);
            Reach::Area {
                shape: area(&format!("{path}.area.shape"), *shape, faults),
                range: *range,
            }
        }
    }
}

fn area(path: &str, text: schema::AreaShape, faults: &mut Faults) -> AreaShape {
    let (shape, feet) = match text {
        schema::AreaShape::Cone(length) => (AreaShape::Cone { length }, length),
        schema::AreaShape::Cube(side) => (AreaShape::Cube { side }, side),
        schema::AreaShape::Line { length, width } => (AreaShape::Line { length, width }, length),
        schema::AreaShape::Sphere(radius) => (AreaShape::Sphere { radius }, radius),
        schema::AreaShape::Emanation(radius) => (AreaShape::Emanation { radius }, radius),
        schema::AreaShape::Cylinder(radius) => (AreaShape::Cylinder { radius }, radius),
    };
    if feet == 0 {
        faults.add(path, "has no extent");
    }
    check_feet(path, feet, faults);
    shape
}

fn effect(path: &str, text: &schema::SpecialEffect, faults: &mut Faults) -> SpecialEffect {
    match text {
        schema::SpecialEffect::Save {
            ability,
            dc,
            damage: parts,
            half_on_success,
            riders: more,
        } => {
            let path = format!("{path}.save");
            SpecialEffect::Save {
                save: save_spec(&path, ability, *dc, faults),
                damage: damage(&format!("{path}.damage"), parts, faults),
                half_on_success: *half_on_success,
                riders: riders(&format!("{path}.riders"), more, faults),
            }
        }
        schema::SpecialEffect::Heal(dice) => SpecialEffect::Heal {
            dice: faults.take(&format!("{path}.heal"), words::dice(dice), NO_DICE),
        },
        schema::SpecialEffect::TemporaryHitPoints(dice) => {
            let path = format!("{path}.temporary_hit_points");
            SpecialEffect::TemporaryHitPoints {
                dice: faults.take(&path, words::dice(dice), NO_DICE),
            }
        }
        schema::SpecialEffect::Effect { kind, turns } => {
            if *turns == 0 {
                faults.add(&format!("{path}.effect.turns"), "must be at least one turn");
            }
            let kind = effect_kind(&format!("{path}.effect.kind"), kind, faults);
            SpecialEffect::Effect { kind, turns: *turns }
        }
        schema::SpecialEffect::AutoDamage(parts) => SpecialEffect::AutoDamage {
            damage: damage(&format!("{path}.auto_damage"), parts, faults),
        },
        schema::SpecialEffect::Maneuvers(text) => {
            if !(text.dash || text.disengage || text.hide) {
                faults.add(&format!("{path}.maneuvers"), "allows nothing");
            }
            SpecialEffect::Maneuvers { dash: text.dash, disengage: text.disengage, hide: text.hide }
        }
        schema::SpecialEffect::ExtraAction => SpecialEffect::ExtraAction,
        schema::SpecialEffect::Go(text) => {
            let path = format!("{path}.go");
            let going = match text.going {
                GoingText::Stay => Going::Stay,
                GoingText::Walk { half, unprovoking } => Going::Walk { half, unprovoking },
                GoingText::Teleport(feet) => {
                    check_feet(&format!("{path}.going.teleport"), feet, faults);
                    Going::Teleport { feet }
                }
            };
            check_count(&format!("{path}.then"), text.then.len(), ENTRIES_MAX, faults);
            let then = text.then.iter().take(ENTRIES_MAX).enumerate();
            let then =
                then.filter_map(|(at, name)| slug(&format!("{path}.then[{at}]"), name, faults));
            SpecialEffect::Go { going, then: then.collect() }
        }
    }
}
