//! What else happens to a target, out of a stat block: damage, when it counts, riders and how long
//! they last.
//!
//! Words and figures are checked here; a name that means nothing is a problem, never a guess.

use crate::rules::ability::Ability;
use crate::rules::condition::{Condition, ConditionSet};
use crate::rules::creature::{
    Beat, CreatureType, DamagePart, ENTRIES_MAX, EffectKind, Lasts, Rider, SaveSpec, Size,
    Suffering, TypeSet, When, Worse,
};
use crate::rules::damage::{DamageType, DiceExpr};

use super::super::read::Faults;
use super::super::schema::{self, BeatText, DamageText, RiderText, SaveText, WhenText, WorseText};
use super::super::words;

/// What stands for dice that could not be read while the rest is checked.
pub(super) const NO_DICE: DiceExpr = DiceExpr { count: 0, sides: 0, bonus: 0 };
/// Highest DC of a save.
const DC_MAX: u8 = 30;
/// Longest reach, range or area, in feet.
const FEET_MAX: u16 = 1_200;

/// Notes a list that is too long.
pub(super) fn check_count(path: &str, count: usize, most: usize, faults: &mut Faults) {
    if count > most {
        faults.add(path, format!("has {count} entries; at most {most}"));
    }
}

pub(super) fn check_feet(path: &str, feet: u16, faults: &mut Faults) {
    if feet > FEET_MAX {
        faults.add(path, format!("is {feet} feet; at most {FEET_MAX}"));
    }
}

pub(super) fn damage(path: &str, texts: &[DamageText], faults: &mut Faults) -> Vec<DamagePart> {
    check_count(path, texts.len(), ENTRIES_MAX, faults);
    let listed = texts.iter().take(ENTRIES_MAX).enumerate();
    listed.map(|(at, text)| damage_part(&format!("{path}[{at}]"), text, faults)).collect()
}

fn damage_part(path: &str, text: &DamageText, faults: &mut Faults) -> DamagePart {
    let dice_path = format!("{path}.dice");
    let type_path = format!("{path}.type");
    DamagePart {
        dice: faults.take(&dice_path, words::dice(&text.dice), NO_DICE),
        kind: faults.take(&type_path, words::damage_type(&text.kind), DamageType::Force),
        when: when(&format!("{path}.when"), &text.when, faults),
    }
}

pub(super) fn when(path: &str, text: &WhenText, faults: &mut Faults) -> When {
    match text {
        WhenText::Always => When::Always,
        WhenText::AttackHadAdvantage => When::AttackHadAdvantage,
        WhenText::ChargedFeet(feet) => When::Charged { feet: *feet },
        WhenText::UnchargedFeet(feet) => When::Uncharged { feet: *feet },
        WhenText::TargetInjured => When::TargetInjured,
        WhenText::TargetBloodied => When::TargetBloodied,
        WhenText::AttackerUnbloodied => When::AttackerUnbloodied,
        WhenText::TargetHeld => When::TargetHeld,
        WhenText::TargetHas(text) => {
            When::TargetHas(faults.take(path, words::condition(text), Condition::Prone))
        }
        WhenText::TargetIs(texts) => When::TargetIs(types(path, texts, faults)),
        WhenText::TargetIsNot(texts) => When::TargetIsNot(types(path, texts, faults)),
        WhenText::FailedBy(margin) => When::FailedBy(*margin),
        WhenText::FirstRound => When::FirstRound,
        WhenText::AttackerBloodied => When::AttackerBloodied,
        WhenText::SneakAttack => When::SneakAttack,
        WhenText::WhileEffect(kind) => When::WhileEffect(effect_kind(path, kind, faults)),
        WhenText::TargetBears(kind) => When::TargetBears(effect_kind(path, kind, faults)),
    }
}

pub(super) fn effect_kind(path: &str, text: &str, faults: &mut Faults) -> EffectKind {
    faults.take(path, words::effect(text), EffectKind::Marked)
}

pub(super) fn riders(path: &str, texts: &[RiderText], faults: &mut Faults) -> Vec<Rider> {
    check_count(path, texts.len(), ENTRIES_MAX, faults);
    let listed = texts.iter().take(ENTRIES_MAX).enumerate();
    listed.map(|(at, text)| rider(&format!("{path}[{at}]"), text, faults)).collect()
}

fn rider(path: &str, text: &RiderText, faults: &mut Faults) -> Rider {
    match text {
        RiderText::Condition(text) => {
            let path = format!("{path}.condition");
            let name = format!("{path}.condition");
            Rider::Condition {
                condition: faults.take(&name, words::condition(&text.condition), Condition::Prone),
                save: text.save.as_ref().map(|save_text| save(&path, save_text, faults)),
                lasts: lasts(&format!("{path}.lasts"), &text.lasts, faults),
                max_size: max_size(&path, text.max_size.as_deref(), faults),
                when: when(&format!("{path}.when"), &text.when, faults),
            }
        }
        RiderText::SaveDamage(text) => {
            let path = format!("{path}.save_damage");
            Rider::SaveDamage {
                damage: damage_part(&format!("{path}.damage"), &text.damage, faults),
                save: save(&path, &text.save, faults),
                half_on_success: text.half_on_success,
            }
        }
        RiderText::Push(text) => {
            let path = format!("{path}.push");
            check_feet(&format!("{path}.feet"), text.feet, faults);
            let max_size = max_size(&path, text.max_size.as_deref(), faults);
            Rider::Push { feet: text.feet, max_size }
        }
        RiderText::Pull(text) => {
            let path = format!("{path}.pull");
            check_feet(&format!("{path}.feet"), text.feet, faults);
            let max_size = max_size(&path, text.max_size.as_deref(), faults);
            Rider::Pull { feet: text.feet, max_size }
        }
        RiderText::ReduceMaximum(kind) if kind == "all" => Rider::ReduceMaximum { kind: None },
        RiderText::ReduceMaximum(kind) => {
            let path = format!("{path}.reduce_maximum");
            let kind = faults.take(&path, words::damage_type(kind), DamageType::Necrotic);
            Rider::ReduceMaximum { kind: Some(kind) }
        }
        RiderText::Ongoing(text) => {
            let path = format!("{path}.ongoing");
            let what = Suffering {
                dice: faults.take(&format!("{path}.dice"), words::dice(&text.dice), NO_DICE),
                kind: faults.take(
                    &format!("{path}.type"),
                    words::damage_type(&text.kind),
                    DamageType::Force,
                ),
                each: match text.each {
                    BeatText::TargetTurnStart => Beat::TargetTurnStart,
                    BeatText::SourceTurnStart => Beat::SourceTurnStart,
                },
            };
            Rider::Ongoing {
                what,
                lasts: lasts(&format!("{path}.lasts"), &text.lasts, faults),
                when: when(&format!("{path}.when"), &text.when, faults),
            }
        }
        RiderText::DrainHeal(kind) => {
            let path = format!("{path}.drain_heal");
            let kind = faults.take(&path, words::damage_type(kind), DamageType::Necrotic);
            Rider::DrainHeal { kind }
        }
        RiderText::NoHealing => Rider::NoHealing,
        RiderText::SlowFeet(feet) => Rider::Slow { feet: *feet },
        RiderText::Effect(text) => {
            let path = format!("{path}.effect");
            Rider::Effect {
                kind: effect_kind(&format!("{path}.kind"), &text.kind, faults),
                lasts: lasts(&format!("{path}.lasts"), &text.lasts, faults),
                amount: text.amount,
            }
        }
    }
}

pub(super) fn max_size(path: &str, text: Option<&str>, faults: &mut Faults) -> Option<Size> {
    text.map(|text| faults.take(&format!("{path}.max_size"), words::size(text), Size::Medium))
}

fn save(path: &str, text: &SaveText, faults: &mut Faults) -> SaveSpec {
    save_spec(&format!("{path}.save"), &text.ability, text.dc, faults)
}

pub(super) fn save_spec(path: &str, ability: &str, dc: u8, faults: &mut Faults) -> SaveSpec {
    let ability_path = format!("{path}.ability");
    check_dc(&format!("{path}.dc"), dc, faults);
    SaveSpec {
        ability: faults.take(&ability_path, words::ability(ability), Ability::Constitution),
        dc,
    }
}

fn check_dc(path: &str, dc: u8, faults: &mut Faults) {
    if !(1..=DC_MAX).contains(&dc) {
        faults.add(path, format!("must be 1 to {DC_MAX}"));
    }
}

fn lasts(path: &str, text: &schema::Lasts, faults: &mut Faults) -> Lasts {
    match text {
        schema::Lasts::Removed => Lasts::Removed,
        schema::Lasts::SourceNextTurnStart => Lasts::SourceNextTurnStart,
        schema::Lasts::SourceNextTurnEnd => Lasts::SourceNextTurnEnd,
        schema::Lasts::TargetNextTurnStart => Lasts::TargetNextTurnStart,
        schema::Lasts::TargetNextTurnEnd => Lasts::TargetNextTurnEnd,
        schema::Lasts::TargetTurns(turns) => {
            check_turns(path, *turns, faults);
            Lasts::TargetTurns(*turns)
        }
        schema::Lasts::TurnsUnlessHarmed(turns) => {
            check_turns(path, *turns, faults);
            Lasts::TurnsUnlessHarmed(*turns)
        }
        schema::Lasts::Worsens(text) => {
            let into = format!("{path}.worsens.into");
            let into = faults.take(&into, words::condition(&text.into), Condition::Prone);
            let then = match text.then {
                WorseText::Removed => Worse::Removed,
                WorseText::TurnsUnlessHarmed(turns) => {
                    check_turns(&format!("{path}.worsens.then"), turns, faults);
                    Worse::TurnsUnlessHarmed(turns)
                }
                WorseText::SaveEnds => Worse::SaveEnds,
            };
            Lasts::Worsens { into, then }
        }
        schema::Lasts::SaveEnds => Lasts::SaveEnds,
        schema::Lasts::EscapeDc(dc) => {
            check_dc(path, *dc, faults);
            Lasts::Escape { dc: *dc }
        }
    }
}

/// The types that a list names.
pub(super) fn types(path: &str, texts: &[String], faults: &mut Faults) -> TypeSet {
    let read = texts.iter().enumerate().filter_map(|(at, text)| {
        let read = words::creature_type(text);
        read.map_err(|message| faults.add(&format!("{path}[{at}]"), message)).ok()
    });
    let read: Vec<CreatureType> = read.collect();
    read.into_iter().collect()
}

/// The conditions that a list names.
pub(super) fn conditions(path: &str, texts: &[String], faults: &mut Faults) -> ConditionSet {
    let read = texts.iter().enumerate().filter_map(|(at, text)| {
        let read = words::condition(text);
        read.map_err(|message| faults.add(&format!("{path}[{at}]"), message)).ok()
    });
    let read: Vec<Condition> = read.collect();
    read.into_iter().collect()
}

fn check_turns(path: &str, turns: u8, faults: &mut Faults) {
    if turns == 0 {
        faults.add(path, "must be at least one turn");
    }
}
