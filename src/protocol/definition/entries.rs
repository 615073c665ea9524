//! Reads attacks, special actions and traits of a stat block from the wire.
//!
//! One entry is read whole or refused with its first fault; nothing is filled in by guessing.

use super::super::malformed::{Inside, Malformed};
use super::super::pb;
use super::super::values::{dice_of, id, ids, needed, number, save_of, suffering_of};
use super::super::words::{word, word_or_none, words};
use super::read::{LIST_MAX, text};
use crate::rules::creature::{
    AreaShape, Attack, DamagePart, Going, Lasts, Multiattack, MultiattackStep, Range, Reach, Rider,
    Special, SpecialEffect, Terms, Trait, Uses, Weapon, When, Whom, Worse,
};

/// All of a list, up to the limit.
pub(super) fn list<W, T>(
    field: &str,
    wire: &[W],
    read: impl Fn(&W) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    if wire.len() > LIST_MAX {
        return Err(Malformed::wrong(field, format!("must have {LIST_MAX} entries at most")));
    }
    wire.iter().enumerate().map(|(index, one)| read(one).inside_nth(field, index)).collect()
}

pub(super) fn uses_of(uses: Option<&pb::Uses>) -> Result<Uses, Malformed> {
    use pb::uses::Uses as Wire;
    let Some(uses) = uses else { return Ok(Uses::AtWill) };
    Ok(match uses.uses.as_ref().ok_or_else(|| Malformed::no_choice("uses"))? {
        Wire::AtWill(_) => Uses::AtWill,
        Wire::PerDay(times) => Uses::PerDay(number(*times, "uses.per_day")?),
        Wire::PerRest(times) => Uses::PerRest(number(*times, "uses.per_rest")?),
        Wire::OncePerRound(_) => Uses::OncePerRound,
        Wire::RechargeAtLeast(face) => {
            Uses::Recharge { at_least: number(*face, "uses.recharge_at_least")? }
        }
    })
}

fn when_of(when: Option<&pb::When>) -> Result<When, Malformed> {
    use pb::when::When as Wire;
    let Some(when) = when else { return Ok(When::Always) };
    Ok(match when.when.as_ref().ok_or_else(|| Malformed::no_choice("when"))? {
        Wire::AttackHadAdvantage(_) => When::AttackHadAdvantage,
        Wire::ChargedFeet(feet) => When::Charged { feet: number(*feet, "when.charged_feet")? },
        Wire::TargetInjured(_) => When::TargetInjured,
        Wire::AttackerBloodied(_) => When::AttackerBloodied,
        Wire::SneakAttack(_) => When::SneakAttack,
        Wire::UnchargedFeet(feet) => {
            When::Uncharged { feet: number(*feet, "when.uncharged_feet")? }
        }
        Wire::TargetBloodied(_) => When::TargetBloodied,
        Wire::AttackerUnbloodied(_) => When::AttackerUnbloodied,
        Wire::TargetHeld(_) => When::TargetHeld,
        Wire::TargetHas(condition) => When::TargetHas(word(*condition, "when.target_has")?),
        Wire::TargetIs(list) => {
            When::TargetIs(words(&list.types, "when.target_is")?.into_iter().collect())
        }
        Wire::TargetIsNot(list) => {
            When::TargetIsNot(words(&list.types, "when.target_is_not")?.into_iter().collect())
        }
        Wire::FailedBy(margin) => When::FailedBy(number(*margin, "when.failed_by")?),
        Wire::FirstRound(_) => When::FirstRound,
        Wire::TargetBears(effect) => When::TargetBears(word(*effect, "when.target_bears")?),
        Wire::WhileEffect(effect) => When::WhileEffect(word(*effect, "when.while_effect")?),
    })
}

fn part_of(part: &pb::DamagePart) -> Result<DamagePart, Malformed> {
    Ok(DamagePart {
        dice: dice_of(needed(part.dice, "dice")?).inside("dice")?,
        kind: word(part.kind, "kind")?,
        when: when_of(part.when.as_ref())?,
    })
}

fn lasts_of(lasts: Option<&pb::Lasts>) -> Result<Lasts, Malformed> {
    use pb::lasts::Lasts as Wire;
    let lasts = needed(lasts, "lasts")?;
    Ok(match lasts.lasts.as_ref().ok_or_else(|| Malformed::no_choice("lasts"))? {
        Wire::Removed(_) => Lasts::Removed,
        Wire::SourceNextTurnStart(_) => Lasts::SourceNextTurnStart,
        Wire::SourceNextTurnEnd(_) => Lasts::SourceNextTurnEnd,
        Wire::TargetNextTurnStart(_) => Lasts::TargetNextTurnStart,
        Wire::TargetNextTurnEnd(_) => Lasts::TargetNextTurnEnd,
        Wire::TargetTurns(turns) => Lasts::TargetTurns(number(*turns, "lasts.target_turns")?),
        Wire::SaveEnds(_) => Lasts::SaveEnds,
        Wire::TurnsUnlessHarmed(turns) => {
            Lasts::TurnsUnlessHarmed(number(*turns, "lasts.turns_unless_harmed")?)
        }
        Wire::Worsens(wire) => {
            use pb::worsening::Then;
            let then = match wire.then.as_ref() {
                Some(Then::Removed(_)) => Worse::Removed,
                Some(Then::TurnsUnlessHarmed(turns)) => {
                    Worse::TurnsUnlessHarmed(number(*turns, "lasts.worsens.turns_unless_harmed")?)
                }
                Some(Then::SaveEnds(_)) => Worse::SaveEnds,
                None => return Err(Malformed::no_choice("lasts.worsens.then")),
            };
            Lasts::Worsens { into: word(wire.into, "lasts.worsens.into")?, then }
        }
        Wire::EscapeDc(dc) => Lasts::Escape { dc: number(*dc, "lasts.escape_dc")? },
    })
}

fn rider_of(rider: &pb::Rider) -> Result<Rider, Malformed> {
    use pb::rider::Rider as Wire;
    Ok(match rider.rider.as_ref().ok_or_else(|| Malformed::no_choice("rider"))? {
        Wire::Condition(wire) => Rider::Condition {
            condition: word(wire.condition, "condition")?,
            save: wire.save.map(save_of).transpose().inside("save")?,
            lasts: lasts_of(wire.lasts.as_ref())?,
            max_size: word_or_none(wire.max_size, "max_size")?,
            when: when_of(wire.when.as_ref())?,
        },
        Wire::SaveDamage(wire) => Rider::SaveDamage {
            damage: part_of(needed(wire.damage.as_ref(), "damage")?).inside("damage")?,
            save: save_of(needed(wire.save, "save")?).inside("save")?,
            half_on_success: wire.half_on_success,
        },
        Wire::Push(wire) => Rider::Push {
            feet: number(wire.feet, "feet")?,
            max_size: word_or_none(wire.max_size, "max_size")?,
        },
        Wire::Pull(wire) => Rider::Pull {
            feet: number(wire.feet, "feet")?,
            max_size: word_or_none(wire.max_size, "max_size")?,
        },
        Wire::ReduceMaximum(wire) => {
            Rider::ReduceMaximum { kind: word_or_none(wire.kind, "reduce_maximum.kind")? }
        }
        Wire::Ongoing(wire) => Rider::Ongoing {
            what: suffering_of(needed(wire.what.as_ref(), "ongoing.what")?)
                .inside("ongoing.what")?,
            lasts: lasts_of(wire.lasts.as_ref()).inside("ongoing")?,
            when: when_of(wire.when.as_ref())?,
        },
        Wire::DrainHeal(kind) => Rider::DrainHeal { kind: word(*kind, "drain_heal")? },
        Wire::NoHealing(_) => Rider::NoHealing,
        Wire::Effect(wire) => Rider::Effect {
            kind: word(wire.kind, "effect.kind")?,
            lasts: lasts_of(wire.lasts.as_ref()).inside("effect")?,
            amount: number(wire.amount, "effect.amount")?,
        },
        Wire::SlowFeet(feet) => Rider::Slow { feet: number(*feet, "slow_feet")? },
    })
}

pub(super) fn attack_of(attack: &pb::Attack) -> Result<Attack, Malformed> {
    let range = |range: &pb::AttackRange| -> Result<Range, Malformed> {
        Ok(Range { normal: number(range.normal, "normal")?, long: number(range.long, "long")? })
    };
    Ok(Attack {
        id: id(&attack.id, "id")?,
        name: text(&attack.name, "name")?,
        reach: attack.reach.map(|feet| number(feet, "reach")).transpose()?,
        range: attack.range.as_ref().map(range).transpose().inside("range")?,
        to_hit: number(attack.to_hit, "to_hit")?,
        advantage: match attack.advantage.as_ref() {
            Some(_) => Some(when_of(attack.advantage.as_ref()).inside("advantage")?),
            None => None,
        },
        damage: list("damage", &attack.damage, part_of)?,
        riders: list("riders", &attack.riders, rider_of)?,
        uses: uses_of(attack.uses.as_ref())?,
        cost: word(attack.cost, "cost")?,
        spell: attack.spell,
        light: attack.light,
        weapon: Weapon {
            ability: word_or_none(attack.ability, "ability")?,
            mastery: word_or_none(attack.mastery, "mastery")?,
            heavy: attack.heavy,
            loading: attack.loading,
        },
    })
}

pub(super) fn multiattack_of(wire: &pb::Multiattack) -> Result<Multiattack, Malformed> {
    let step = |step: &pb::multiattack::Step| -> Result<MultiattackStep, Malformed> {
        if step.any_of.len() > LIST_MAX {
            let message = format!("must have {LIST_MAX} entries at most");
            return Err(Malformed::wrong("any_of", message));
        }
        Ok(MultiattackStep {
            count: number(step.count, "count")?,
            any_of: ids(&step.any_of, "any_of")?,
        })
    };
    Ok(Multiattack { steps: list("steps", &wire.steps, step)? })
}

fn shape_of(area: pb::Area) -> Result<AreaShape, Malformed> {
    use pb::area::Shape as Wire;
    Ok(match area.shape.ok_or_else(|| Malformed::no_choice("shape"))? {
        Wire::Cone(feet) => AreaShape::Cone { length: number(feet, "cone")? },
        Wire::Cube(feet) => AreaShape::Cube { side: number(feet, "cube")? },
        Wire::Line(line) => AreaShape::Line {
            length: number(line.length, "line.length")?,
            width: number(line.width, "line.width")?,
        },
        Wire::Sphere(feet) => AreaShape::Sphere { radius: number(feet, "sphere")? },
        Wire::Emanation(feet) => AreaShape::Emanation { radius: number(feet, "emanation")? },
        Wire::Cylinder(feet) => AreaShape::Cylinder { radius: number(feet, "cylinder")? },
    })
}

pub(super) fn special_of(special: &pb::Special) -> Result<Special, Malformed> {
    use pb::special::Reach as Wire;
    let reach = match special.reach.as_ref().ok_or_else(|| Malformed::no_choice("reach"))? {
        Wire::Own(_) => Reach::Own,
        Wire::Creatures(wire) => Reach::Creatures {
            count: number(wire.count, "creatures.count")?,
            feet: number(wire.feet, "creatures.feet")?,
        },
        Wire::Area(wire) => Reach::Area {
            shape: shape_of(needed(wire.shape, "area.shape")?).inside("area")?,
            range: number(wire.range, "area.range")?,
        },
    };
    Ok(Special {
        id: id(&special.id, "id")?,
        name: text(&special.name, "name")?,
        cost: word(special.cost, "cost")?,
        uses: uses_of(special.uses.as_ref())?,
        reach,
        effect: effect_of(special)?,
        spell: special.spell,
        terms: special
            .terms
            .as_ref()
            .map(terms_of)
            .transpose()
            .inside("terms")?
            .unwrap_or_default(),
    })
}

fn terms_of(wire: &pb::special::Terms) -> Result<Terms, Malformed> {
    Ok(Terms {
        whom: Whom {
            enemies_only: wire.enemies_only,
            max_size: word_or_none(wire.max_size, "max_size")?,
            only: words(&wire.only, "only")?.into_iter().collect(),
            spared: words(&wire.spared, "spared")?.into_iter().collect(),
            having: words(&wire.having, "having")?.into_iter().collect(),
            from_user: wire.from_user,
        },
        set_off: word_or_none(wire.set_off, "set_off")?.unwrap_or_default(),
        on_success: list("on_success", &wire.on_success, rider_of)?,
        while_able: wire.while_able,
        immune_after_success: wire.immune_after_success,
        concentration: wire.concentration,
    })
}

fn effect_of(special: &pb::Special) -> Result<SpecialEffect, Malformed> {
    use pb::special::Effect as Wire;
    Ok(match special.effect.as_ref().ok_or_else(|| Malformed::no_choice("effect"))? {
        Wire::Save(wire) => SpecialEffect::Save {
            save: save_of(needed(wire.save, "save.save")?).inside("save.save")?,
            damage: list("damage", &wire.damage, part_of).inside("save")?,
            half_on_success: wire.half_on_success,
            riders: list("riders", &wire.riders, rider_of).inside("save")?,
        },
        Wire::Heal(dice) => SpecialEffect::Heal { dice: dice_of(*dice).inside("heal")? },
        Wire::TemporaryHitPoints(dice) => SpecialEffect::TemporaryHitPoints {
            dice: dice_of(*dice).inside("temporary_hit_points")?,
        },
        Wire::EffectOnTarget(wire) => SpecialEffect::Effect {
            kind: word(wire.kind, "effect_on_target.kind")?,
            turns: number(wire.turns, "effect_on_target.turns")?,
        },
        Wire::AutoDamage(wire) => SpecialEffect::AutoDamage {
            damage: list("damage", &wire.damage, part_of).inside("auto_damage")?,
        },
        Wire::Maneuvers(wire) => {
            SpecialEffect::Maneuvers { dash: wire.dash, disengage: wire.disengage, hide: wire.hide }
        }
        Wire::ExtraAction(_) => SpecialEffect::ExtraAction,
        Wire::Go(wire) => SpecialEffect::Go {
            going: going_of(wire).inside("go")?,
            then: {
                if wire.then.len() > LIST_MAX {
                    let message = format!("must have {LIST_MAX} entries at most");
                    return Err(Malformed::wrong("go.then", message));
                }
                ids(&wire.then, "then").inside("go")?
            },
        },
    })
}

fn going_of(wire: &pb::special::GoEffect) -> Result<Going, Malformed> {
    use pb::special::go_effect::Going as Wire;
    Ok(match wire.going.as_ref().ok_or_else(|| Malformed::no_choice("going"))? {
        Wire::Stay(_) => Going::Stay,
        Wire::Walk(walk) => Going::Walk { half: walk.half, unprovoking: walk.unprovoking },
        Wire::TeleportFeet(feet) => Going::Teleport { feet: number(*feet, "teleport_feet")? },
    })
}

pub(super) fn trait_of(wire: &pb::Trait) -> Result<Trait, Malformed> {
    use pb::r#trait::Trait as Wire;
    Ok(match wire.r#trait.as_ref().ok_or_else(|| Malformed::no_choice("trait"))? {
        Wire::PackTactics(_) => Trait::PackTactics,
        Wire::UndeadFortitude(_) => Trait::UndeadFortitude,
        Wire::MagicResistance(_) => Trait::MagicResistance,
        Wire::Regeneration(wire) => Trait::Regeneration {
            amount: number(wire.amount, "regeneration.amount")?,
            stopped_by: words(&wire.stopped_by, "regeneration.stopped_by")?.into_iter().collect(),
        },
        Wire::Flyby(_) => Trait::Flyby,
        Wire::SunlightSensitivity(_) => Trait::SunlightSensitivity,
        Wire::Aggressive(_) => Trait::Aggressive,
        Wire::Evasion(_) => Trait::Evasion,
        Wire::Ambusher(_) => Trait::Ambusher,
        Wire::RageResistance(_) => Trait::RageResistance,
        Wire::BloodiedFury(_) => Trait::BloodiedFury,
        Wire::BloodiedFrenzy(_) => Trait::BloodiedFrenzy,
        Wire::LegendaryResistance(uses) => {
            Trait::LegendaryResistance(number(*uses, "legendary_resistance")?)
        }
        Wire::Swarm(_) => Trait::Swarm,
        Wire::SharesSpace(_) => Trait::SharesSpace,
        Wire::IncorporealMovement(_) => Trait::IncorporealMovement,
        Wire::Absorption(kind) => Trait::Absorption(word(*kind, "absorption")?),
        Wire::HurtBy(wire) => Trait::HurtBy {
            kind: word(wire.kind, "hurt_by.kind")?,
            effect: word(wire.effect, "hurt_by.effect")?,
            amount: number(wire.amount, "hurt_by.amount")?,
        },
        Wire::RallyingAuraFeet(feet) => {
            Trait::RallyingAura { feet: number(*feet, "rallying_aura_feet")? }
        }
        Wire::BlurredForm(_) => Trait::BlurredForm,
        Wire::BloodFrenzy(_) => Trait::BloodFrenzy,
        Wire::Agile(_) => Trait::Agile,
        Wire::Unseen(_) => Trait::Unseen,
        Wire::Reactive(_) => Trait::Reactive,
        Wire::ParryBonus(bonus) => Trait::Parry { bonus: number(*bonus, "parry_bonus")? },
        Wire::CriticalFrom(face) => Trait::CriticalFrom(number(*face, "critical_from")?),
        Wire::Named(wire) => Trait::Named {
            name: text(&wire.name, "named.name")?,
            why_not_played: text(&wire.why_not_played, "named.why_not_played")?,
        },
    })
}
