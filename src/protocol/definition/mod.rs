//! Stat blocks and sheets on the wire: a creature's figures, whole.
//!
//! What is written can always be read back as the same definition. Nothing is left out for a
//! viewer here: who may see figures is decided where they are framed.

mod entries;
mod read;
mod spells;

pub use read::{definition_of, remembered_definition};

use super::pb;
use super::pb::creature_definition as wire;
use super::values::{dice_to, save_to, suffering_to};
use super::words::Word;
use crate::rules::ability::ByAbility;
use crate::rules::creature::{
    AreaShape, Attack, DamagePart, Definition, Draft, Going, Kind, Lasts, Multiattack, Reach,
    Rider, Senses, Special, SpecialEffect, Speeds, Terms, Trait, Uses, Weapon, When, Whom, Worse,
};

/// A definition as the wire has it.
pub fn definition_to(definition: &Definition) -> pb::CreatureDefinition {
    let draft: &Draft = definition;
    pb::CreatureDefinition {
        name: draft.name.clone(),
        kind: Some(kind_to(&draft.kind)),
        size: draft.size.to_wire(),
        creature_type: draft.creature_type.clone(),
        armor_class: draft.armor_class.into(),
        hit_points: draft.hit_points.into(),
        hit_dice: draft.hit_dice.map(dice_to),
        speeds: Some(speeds_to(draft.speeds)),
        abilities: Some(scores_to(draft.abilities)),
        saves: Some(bonuses_to(draft.saves)),
        skills: draft
            .skills
            .iter()
            .map(|(skill, bonus)| pb::SkillBonus { skill: skill.to_wire(), bonus: (*bonus).into() })
            .collect(),
        proficiency_bonus: draft.proficiency_bonus.into(),
        initiative_bonus: draft.initiative_bonus.into(),
        senses: Some(senses_to(draft.senses)),
        resistances: draft.resistances.iter().map(Word::to_wire).collect(),
        immunities: draft.immunities.iter().map(Word::to_wire).collect(),
        vulnerabilities: draft.vulnerabilities.iter().map(Word::to_wire).collect(),
        condition_immunities: draft.condition_immunities.iter().map(Word::to_wire).collect(),
        attacks: draft.attacks.iter().map(attack_to).collect(),
        multiattack: draft.multiattack.iter().map(multiattack_to).collect(),
        specials: draft.specials.iter().map(special_to).collect(),
        traits: draft.traits.iter().map(trait_to).collect(),
        legendary_actions: draft.legendary_actions.into(),
        experience: draft.experience,
        spell_lists: draft.spell_lists.iter().map(spells::spell_list_to).collect(),
        lair_experience: draft.lair_experience,
    }
}

fn kind_to(kind: &Kind) -> wire::Kind {
    match kind {
        Kind::Hero { class, level } => {
            wire::Kind::Hero(wire::Hero { class: class.clone(), level: (*level).into() })
        }
        Kind::Monster { rating_eighths } => {
            wire::Kind::Monster(wire::Monster { rating_eighths: (*rating_eighths).into() })
        }
    }
}

fn speeds_to(speeds: Speeds) -> pb::Speeds {
    let Speeds { walk, fly, swim, climb, burrow, hover } = speeds;
    pb::Speeds {
        walk: walk.into(),
        fly: fly.into(),
        swim: swim.into(),
        climb: climb.into(),
        burrow: burrow.into(),
        hover,
    }
}

fn senses_to(senses: Senses) -> pb::Senses {
    let Senses { darkvision, blindsight, tremorsense, truesight, passive_perception } = senses;
    pb::Senses {
        darkvision: darkvision.into(),
        blindsight: blindsight.into(),
        tremorsense: tremorsense.into(),
        truesight: truesight.into(),
        passive_perception: passive_perception.into(),
    }
}

fn scores_to(scores: ByAbility<u8>) -> pb::AbilityScores {
    pb::AbilityScores {
        strength: scores.strength.into(),
        dexterity: scores.dexterity.into(),
        constitution: scores.constitution.into(),
        intelligence: scores.intelligence.into(),
        wisdom: scores.wisdom.into(),
        charisma: scores.charisma.into(),
    }
}

fn bonuses_to(bonuses: ByAbility<i8>) -> pb::AbilityBonuses {
    pb::AbilityBonuses {
        strength: bonuses.strength.into(),
        dexterity: bonuses.dexterity.into(),
        constitution: bonuses.constitution.into(),
        intelligence: bonuses.intelligence.into(),
        wisdom: bonuses.wisdom.into(),
        charisma: bonuses.charisma.into(),
    }
}

fn uses_to(uses: Uses) -> pb::Uses {
    let wire = match uses {
        Uses::AtWill => pb::uses::Uses::AtWill(true),
        Uses::PerDay(times) => pb::uses::Uses::PerDay(times.into()),
        Uses::PerRest(times) => pb::uses::Uses::PerRest(times.into()),
        Uses::OncePerRound => pb::uses::Uses::OncePerRound(true),
        Uses::Recharge { at_least } => pb::uses::Uses::RechargeAtLeast(at_least.into()),
    };
    pb::Uses { uses: Some(wire) }
}

/// Absent where the part always counts.
fn when_to(when: When) -> Option<pb::When> {
    let wire = match when {
        When::Always => return None,
        When::AttackHadAdvantage => pb::when::When::AttackHadAdvantage(true),
        When::Charged { feet } => pb::when::When::ChargedFeet(feet.into()),
        When::Uncharged { feet } => pb::when::When::UnchargedFeet(feet.into()),
        When::TargetBloodied => pb::when::When::TargetBloodied(true),
        When::AttackerUnbloodied => pb::when::When::AttackerUnbloodied(true),
        When::TargetHeld => pb::when::When::TargetHeld(true),
        When::TargetHas(condition) => pb::when::When::TargetHas(condition.to_wire()),
        When::TargetIs(types) => pb::when::When::TargetIs(pb::TypeList {
            types: types.iter().map(Word::to_wire).collect(),
        }),
        When::TargetIsNot(types) => pb::when::When::TargetIsNot(pb::TypeList {
            types: types.iter().map(Word::to_wire).collect(),
        }),
        When::FailedBy(margin) => pb::when::When::FailedBy(margin.into()),
        When::FirstRound => pb::when::When::FirstRound(true),
        When::TargetInjured => pb::when::When::TargetInjured(true),
        When::AttackerBloodied => pb::when::When::AttackerBloodied(true),
        When::SneakAttack => pb::when::When::SneakAttack(true),
        When::WhileEffect(effect) => pb::when::When::WhileEffect(effect.to_wire()),
        When::TargetBears(effect) => pb::when::When::TargetBears(effect.to_wire()),
    };
    Some(pb::When { when: Some(wire) })
}

fn part_to(part: &DamagePart) -> pb::DamagePart {
    let DamagePart { dice, kind, when } = part;
    pb::DamagePart { dice: Some(dice_to(*dice)), kind: kind.to_wire(), when: when_to(*when) }
}

fn lasts_to(lasts: Lasts) -> pb::Lasts {
    let wire = match lasts {
        Lasts::Removed => pb::lasts::Lasts::Removed(true),
        Lasts::SourceNextTurnStart => pb::lasts::Lasts::SourceNextTurnStart(true),
        Lasts::SourceNextTurnEnd => pb::lasts::Lasts::SourceNextTurnEnd(true),
        Lasts::TargetNextTurnStart => pb::lasts::Lasts::TargetNextTurnStart(true),
        Lasts::TargetNextTurnEnd => pb::lasts::Lasts::TargetNextTurnEnd(true),
        Lasts::TargetTurns(turns) => pb::lasts::Lasts::TargetTurns(turns.into()),
        Lasts::SaveEnds => pb::lasts::Lasts::SaveEnds(true),
        Lasts::TurnsUnlessHarmed(turns) => pb::lasts::Lasts::TurnsUnlessHarmed(turns.into()),
        Lasts::Worsens { into, then } => {
            use pb::worsening::Then;
            let then = match then {
                Worse::Removed => Then::Removed(true),
                Worse::TurnsUnlessHarmed(turns) => Then::TurnsUnlessHarmed(turns.into()),
                Worse::SaveEnds => Then::SaveEnds(true),
            };
            pb::lasts::Lasts::Worsens(pb::Worsening { into: into.to_wire(), then: Some(then) })
        }
        Lasts::Escape { dc } => pb::lasts::Lasts::EscapeDc(dc.into()),
    };
    pb::Lasts { lasts: Some(wire) }
}

fn rider_to(rider: &Rider) -> pb::Rider {
    use pb::rider::{
        ConditionRider, EffectRider, OngoingRider, PushRider, ReduceMaximumRider, Rider as Wire,
        SaveDamageRider,
    };
    let size = |size: Option<crate::rules::creature::Size>| size.map_or(0, Word::to_wire);
    let wire = match *rider {
        Rider::Condition { condition, save, lasts, max_size, when } => {
            Wire::Condition(ConditionRider {
                condition: condition.to_wire(),
                save: save.map(save_to),
                lasts: Some(lasts_to(lasts)),
                max_size: size(max_size),
                when: when_to(when),
            })
        }
        Rider::SaveDamage { damage, save, half_on_success } => Wire::SaveDamage(SaveDamageRider {
            damage: Some(part_to(&damage)),
            save: Some(save_to(save)),
            half_on_success,
        }),
        Rider::Push { feet, max_size } => {
            Wire::Push(PushRider { feet: feet.into(), max_size: size(max_size) })
        }
        Rider::Pull { feet, max_size } => {
            Wire::Pull(PushRider { feet: feet.into(), max_size: size(max_size) })
        }
        Rider::ReduceMaximum { kind } => {
            Wire::ReduceMaximum(ReduceMaximumRider { kind: kind.map_or(0, Word::to_wire) })
        }
        Rider::Ongoing { what, lasts, when } => Wire::Ongoing(OngoingRider {
            what: Some(suffering_to(what)),
            lasts: Some(lasts_to(lasts)),
            when: when_to(when),
        }),
        Rider::DrainHeal { kind } => Wire::DrainHeal(kind.to_wire()),
        Rider::NoHealing => Wire::NoHealing(true),
        Rider::Slow { feet } => Wire::SlowFeet(feet.into()),
        Rider::Effect { kind, lasts, amount } => Wire::Effect(EffectRider {
            kind: kind.to_wire(),
            lasts: Some(lasts_to(lasts)),
            amount: amount.into(),
        }),
    };
    pb::Rider { rider: Some(wire) }
}

fn attack_to(attack: &Attack) -> pb::Attack {
    let Attack {
        id,
        name,
        reach,
        range,
        to_hit,
        advantage,
        damage,
        riders,
        uses,
        cost,
        spell,
        light,
        weapon: Weapon { ability, mastery, heavy, loading },
    } = attack;
    pb::Attack {
        id: id.to_string(),
        name: name.clone(),
        reach: reach.map(u32::from),
        range: range.map(|r| pb::AttackRange { normal: r.normal.into(), long: r.long.into() }),
        to_hit: (*to_hit).into(),
        damage: damage.iter().map(part_to).collect(),
        riders: riders.iter().map(rider_to).collect(),
        uses: Some(uses_to(*uses)),
        cost: cost.to_wire(),
        spell: *spell,
        light: *light,
        advantage: advantage.and_then(when_to),
        mastery: mastery.map_or(0, Word::to_wire),
        ability: ability.map_or(0, Word::to_wire),
        heavy: *heavy,
        loading: *loading,
    }
}

fn multiattack_to(multiattack: &Multiattack) -> pb::Multiattack {
    let steps = multiattack.steps.iter().map(|step| pb::multiattack::Step {
        count: step.count.into(),
        any_of: step.any_of.iter().map(ToString::to_string).collect(),
    });
    pb::Multiattack { steps: steps.collect() }
}

fn shape_to(shape: AreaShape) -> pb::Area {
    use pb::area::{LineShape, Shape as Wire};
    let wire = match shape {
        AreaShape::Cone { length } => Wire::Cone(length.into()),
        AreaShape::Cube { side } => Wire::Cube(side.into()),
        AreaShape::Line { length, width } => {
            Wire::Line(LineShape { length: length.into(), width: width.into() })
        }
        AreaShape::Sphere { radius } => Wire::Sphere(radius.into()),
        AreaShape::Emanation { radius } => Wire::Emanation(radius.into()),
        AreaShape::Cylinder { radius } => Wire::Cylinder(radius.into()),
    };
    pb::Area { shape: Some(wire) }
}

fn special_to(special: &Special) -> pb::Special {
    use pb::special::{AreaReach, CreaturesReach, Reach as Wire};
    let Special { id, name, cost, uses, reach, effect, spell, terms } = special;
    let reach = match *reach {
        Reach::Own => Wire::Own(true),
        Reach::Creatures { count, feet } => {
            Wire::Creatures(CreaturesReach { count: count.into(), feet: feet.into() })
        }
        Reach::Area { shape, range } => {
            Wire::Area(AreaReach { shape: Some(shape_to(shape)), range: range.into() })
        }
    };
    pb::Special {
        id: id.to_string(),
        name: name.clone(),
        cost: cost.to_wire(),
        uses: Some(uses_to(*uses)),
        spell: *spell,
        reach: Some(reach),
        effect: Some(special_effect_to(effect)),
        terms: Some(terms_to(terms)).filter(|_| *terms != Terms::default()),
    }
}

fn terms_to(terms: &Terms) -> pb::special::Terms {
    let Terms { whom, set_off, on_success, while_able, immune_after_success, concentration } =
        terms;
    let Whom { enemies_only, max_size, only, spared, having, from_user } = *whom;
    pb::special::Terms {
        enemies_only,
        max_size: max_size.map_or(0, Word::to_wire),
        only: only.iter().map(Word::to_wire).collect(),
        spared: spared.iter().map(Word::to_wire).collect(),
        having: having.iter().map(Word::to_wire).collect(),
        from_user,
        set_off: set_off.to_wire(),
        on_success: on_success.iter().map(rider_to).collect(),
        while_able: *while_able,
        immune_after_success: *immune_after_success,
        concentration: *concentration,
    }
}

fn special_effect_to(effect: &SpecialEffect) -> pb::special::Effect {
    use pb::special::{
        AutoDamage, Effect as Wire, GoEffect, LastingEffect, Maneuvers, SaveEffect, Walk, go_effect,
    };
    match effect {
        SpecialEffect::Save { save, damage, half_on_success, riders } => Wire::Save(SaveEffect {
            save: Some(save_to(*save)),
            damage: damage.iter().map(part_to).collect(),
            half_on_success: *half_on_success,
            riders: riders.iter().map(rider_to).collect(),
        }),
        SpecialEffect::Heal { dice } => Wire::Heal(dice_to(*dice)),
        SpecialEffect::TemporaryHitPoints { dice } => Wire::TemporaryHitPoints(dice_to(*dice)),
        SpecialEffect::Effect { kind, turns } => {
            Wire::EffectOnTarget(LastingEffect { kind: kind.to_wire(), turns: (*turns).into() })
        }
        SpecialEffect::AutoDamage { damage } => {
            Wire::AutoDamage(AutoDamage { damage: damage.iter().map(part_to).collect() })
        }
        SpecialEffect::Maneuvers { dash, disengage, hide } => {
            Wire::Maneuvers(Maneuvers { dash: *dash, disengage: *disengage, hide: *hide })
        }
        SpecialEffect::ExtraAction => Wire::ExtraAction(true),
        SpecialEffect::Go { going, then } => Wire::Go(GoEffect {
            going: Some(match *going {
                Going::Stay => go_effect::Going::Stay(true),
                Going::Walk { half, unprovoking } => {
                    go_effect::Going::Walk(Walk { half, unprovoking })
                }
                Going::Teleport { feet } => go_effect::Going::TeleportFeet(feet.into()),
            }),
            then: then.iter().map(ToString::to_string).collect(),
        }),
    }
}

fn trait_to(listed: &Trait) -> pb::Trait {
    use pb::r#trait::{HurtBy, NamedTrait, Regeneration, Trait as Wire};
    let wire = match listed {
        Trait::PackTactics => Wire::PackTactics(true),
        Trait::UndeadFortitude => Wire::UndeadFortitude(true),
        Trait::MagicResistance => Wire::MagicResistance(true),
        Trait::Regeneration { amount, stopped_by } => Wire::Regeneration(Regeneration {
            amount: (*amount).into(),
            stopped_by: stopped_by.iter().map(Word::to_wire).collect(),
        }),
        Trait::Flyby => Wire::Flyby(true),
        Trait::SunlightSensitivity => Wire::SunlightSensitivity(true),
        Trait::Aggressive => Wire::Aggressive(true),
        Trait::Evasion => Wire::Evasion(true),
        Trait::Ambusher => Wire::Ambusher(true),
        Trait::RageResistance => Wire::RageResistance(true),
        Trait::BloodiedFury => Wire::BloodiedFury(true),
        Trait::BloodiedFrenzy => Wire::BloodiedFrenzy(true),
        Trait::LegendaryResistance(uses) => Wire::LegendaryResistance((*uses).into()),
        Trait::Swarm => Wire::Swarm(true),
        Trait::SharesSpace => Wire::SharesSpace(true),
        Trait::IncorporealMovement => Wire::IncorporealMovement(true),
        Trait::Absorption(kind) => Wire::Absorption(kind.to_wire()),
        Trait::HurtBy { kind, effect, amount } => Wire::HurtBy(HurtBy {
            kind: kind.to_wire(),
            effect: effect.to_wire(),
            amount: (*amount).into(),
        }),
        Trait::RallyingAura { feet } => Wire::RallyingAuraFeet((*feet).into()),
        Trait::BlurredForm => Wire::BlurredForm(true),
        Trait::BloodFrenzy => Wire::BloodFrenzy(true),
        Trait::Agile => Wire::Agile(true),
        Trait::Unseen => Wire::Unseen(true),
        Trait::Reactive => Wire::Reactive(true),
        Trait::Parry { bonus } => Wire::ParryBonus((*bonus).into()),
        Trait::CriticalFrom(face) => Wire::CriticalFrom((*face).into()),
        Trait::Named { name, why_not_played } => {
            Wire::Named(NamedTrait { name: name.clone(), why_not_played: why_not_played.clone() })
        }
    };
    pb::Trait { r#trait: Some(wire) }
}
