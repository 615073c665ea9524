//! Reads each stored event back as the fact it was.
//!
//! Everything that `frame` writes for the log is read here, field by field; what only viewers are
//! shown (health, titles, snapshots) is passed over, because it is made of the rest.

use std::sync::Arc;

use super::super::definition::remembered_definition;
use super::super::malformed::{Inside, Malformed};
use super::super::pb;
use super::super::pb::combat_event::Event as Wire;
use super::super::values::{
    condition_of, contest_of, d20_of, damage_of, dice_rolled_of, drawn_at_of, effect_of, id,
    id_or_none, ids, map_of, needed, number, path_of, position_of, response_of, role_of,
    trigger_of, use_of, user, user_or_none,
};
use super::super::words::word;
use crate::rules::event::{
    Contest, Deed, EndReason, Fact, HitPointCause, Joined, SaveCause, Summary, Tally,
};
use crate::rules::id::PromptId;
use crate::rules::pending::{Answer, Happened, Prompt, Question, SUSPENDED_MAX, Suspended};

type Read<T> = Result<T, Malformed>;

/// When the default of a stored question takes effect, or of the one that an answer uncovered.
pub(super) fn deadline_of(wire: &Wire) -> Option<&prost_types::Timestamp> {
    if let Wire::Prompt(prompt) = wire {
        prompt.deadline.as_ref()
    } else if let Wire::PromptAnswered(answered) = wire {
        answered.next_deadline.as_ref()
    } else {
        None
    }
}

/// The fact that was stored.
#[expect(clippy::too_many_lines, reason = "one arm a stored event, so that none can be forgotten")]
pub(super) fn fact_of(wire: &Wire) -> Read<Fact> {
    let creature = |text: &str| id(text, "creature_id");
    Ok(match wire {
        Wire::Initiated(w) => Fact::Initiated {
            name: w.name.clone(),
            game_master: user(&w.game_master_id, "game_master_id")?,
            edition: word(w.edition, "edition")?,
            map: w.map.as_ref().map(map_of).transpose().inside("map")?,
        },
        Wire::Joined(w) => Fact::Joined(Box::new(joined_of(w)?)),
        Wire::Left(w) => Fact::Left { creature: creature(&w.creature_id)? },
        Wire::Initiative(w) => Fact::Initiative {
            creature: creature(&w.creature_id)?,
            roll: roll_of(w.roll.as_ref())?,
            tie_break: w.tie_break.iter().map(|f| number(*f, "tie_break")).collect::<Read<_>>()?,
            tie_break_drawn_at: w
                .tie_break_draws
                .iter()
                .map(|at| drawn_at_of(at).inside("tie_break_draws"))
                .collect::<Read<_>>()?,
        },
        Wire::OrderSet(w) => Fact::OrderSet { order: ids(&w.creature_ids, "creature_ids")? },
        Wire::RoundStarted(w) => Fact::RoundStarted { round: w.round },
        Wire::TurnStarted(w) => {
            Fact::TurnStarted { creature: creature(&w.creature_id)?, round: w.round, turn: w.turn }
        }
        Wire::TurnEnded(w) => Fact::TurnEnded { creature: creature(&w.creature_id)?, turn: w.turn },
        Wire::Action(w) => Fact::Action {
            creature: creature(&w.creature_id)?,
            cost: word(w.cost, "cost")?,
            deed: deed_of(w).inside("action")?,
        },
        Wire::Moved(w) => Fact::Moved {
            creature: creature(&w.creature_id)?,
            kind: word(w.kind, "kind")?,
            path: path_of(&w.path, "path")?,
            cost: number(w.cost, "cost")?,
        },
        Wire::StateChange(w) => change_of(w)?,
        Wire::SavingThrow(w) => Fact::SavingThrow {
            creature: creature(&w.creature_id)?,
            ability: word(w.ability, "ability")?,
            dc: number(w.dc, "dc")?,
            roll: roll_of(w.roll.as_ref())?,
            success: w.success,
            cause: save_cause_of(w)?,
        },
        Wire::DamageTaken(w) => Fact::DamageTaken {
            creature: creature(&w.creature_id)?,
            source: id_or_none(&w.source_id, "source_id")?,
            damage: damage_of(&w.damage)?,
        },
        Wire::Healed(w) => Fact::Healed {
            creature: creature(&w.creature_id)?,
            source: id(&w.source_id, "source_id")?,
            rolled: dice_rolled_of(needed(w.rolled.as_ref(), "rolled")?).inside("rolled")?,
        },
        Wire::DeathSave(w) => death_save_of(w)?,
        Wire::CreatureDown(w) => Fact::Down { creature: creature(&w.creature_id)? },
        Wire::CreatureDied(w) => {
            Fact::Died { creature: creature(&w.creature_id)?, by: id_or_none(&w.by_id, "by_id")? }
        }
        Wire::CreatureStabilized(w) => Fact::Stabilized { creature: creature(&w.creature_id)? },
        Wire::CreatureRevived(w) => Fact::Revived { creature: creature(&w.creature_id)? },
        Wire::ConcentrationStarted(w) => Fact::ConcentrationStarted {
            creature: creature(&w.creature_id)?,
            special: id(&w.special, "special")?,
            name: w.name.clone(),
        },
        Wire::ConcentrationEnded(w) => Fact::ConcentrationEnded {
            creature: creature(&w.creature_id)?,
            special: id(&w.special, "special")?,
        },
        Wire::ConditionAdded(w) => Fact::ConditionAdded {
            creature: creature(&w.creature_id)?,
            condition: condition_of(needed(w.condition.as_ref(), "condition")?)
                .inside("condition")?,
        },
        Wire::ConditionRemoved(w) => Fact::ConditionRemoved {
            creature: creature(&w.creature_id)?,
            condition: word(w.condition, "condition")?,
            source: id_or_none(&w.source_id, "source_id")?,
        },
        Wire::EffectAdded(w) => {
            let read = effect_of(needed(w.effect.as_ref(), "effect")?).inside("effect")?;
            Fact::EffectAdded {
                creature: creature(&w.creature_id)?,
                effect: read.kind,
                source: read.source,
                until: read.until,
                magnitude: read.magnitude,
                suffering: read.suffering,
            }
        }
        Wire::EffectRemoved(w) => Fact::EffectRemoved {
            creature: creature(&w.creature_id)?,
            effect: word(w.kind, "kind")?,
            source: id(&w.source_id, "source_id")?,
        },
        Wire::Withstood(w) => Fact::Withstood {
            creature: creature(&w.creature_id)?,
            source: id(&w.source_id, "source_id")?,
            special: id(&w.special, "special")?,
        },
        Wire::MaximumReduced(w) => Fact::MaximumReduced {
            creature: creature(&w.creature_id)?,
            source: id_or_none(&w.source_id, "source_id")?,
            lost: number(needed(w.lost, "lost")?, "lost")?,
            maximum: number(needed(w.maximum, "maximum")?, "maximum")?,
        },
        Wire::Resisted(w) => Fact::Resisted {
            creature: creature(&w.creature_id)?,
            spent: number(needed(w.spent, "spent")?, "spent")?,
        },
        Wire::Recharge(w) => Fact::RechargeRolled {
            creature: creature(&w.creature_id)?,
            entry: id(&w.entry, "entry")?,
            face: number(w.face, "face")?,
            ready: w.ready,
            drawn_at: w.draw.as_ref().map(drawn_at_of).transpose().inside("draw")?,
        },
        Wire::Prompt(w) => prompt_of(w)?,
        Wire::PromptAnswered(w) => Fact::PromptAnswered {
            prompt: PromptId(w.prompt_id),
            creature: creature(&w.creature_id)?,
            answer: if w.accepted {
                Answer::Accept { attack: id_or_none(&w.attack, "attack")? }
            } else {
                Answer::Decline
            },
            timed_out: w.timed_out,
        },
        Wire::Paused(pb::Paused { quiet_rounds }) => Fact::Paused { quiet_rounds: *quiet_rounds },
        Wire::Resumed(pb::Resumed {}) => Fact::Resumed,
        Wire::Transferred(w) => {
            Fact::Transferred { game_master: user(&w.game_master_id, "game_master_id")? }
        }
        Wire::Undone(w) => Fact::Undone { from: w.from, to: w.to },
        Wire::Redone(w) => Fact::Redone { from: w.from, to: w.to },
        Wire::Ended(w) => ended_of(w)?,
        Wire::DiceCommitted(w) => Fact::DiceCommitted {
            public: hash_of(&w.public, "public")?,
            hidden: hash_of(&w.hidden, "hidden")?,
        },
        Wire::DiceRevealed(w) => {
            Fact::DiceRevealed { public_seed: hash_of(&w.public_seed, "public_seed")? }
        }
        Wire::Error(_)
        | Wire::Snapshot(_)
        | Wire::Bookmark(_)
        | Wire::Hidden(_)
        | Wire::Options(_) => return Err(Malformed::wrong("event", "is never in the log")),
    })
}

fn roll_of(roll: Option<&pb::D20Roll>) -> Read<crate::rules::event::D20Roll> {
    d20_of(needed(roll, "roll")?).inside("roll")
}

fn hash_of(bytes: &[u8], field: &str) -> Read<[u8; 32]> {
    bytes.try_into().map_err(|_| Malformed::wrong(field, "must be 32 bytes"))
}

fn joined_of(w: &pb::Joined) -> Read<Joined> {
    let state = needed(w.creature.as_ref(), "creature")?;
    let wire = needed(w.definition.as_ref(), "definition")?;
    let definition =
        remembered_definition(wire).map_err(|faults| Malformed::all("definition", &faults))?;
    let figure = |value: Option<u32>, field: &str| number(needed(value, field)?, field);
    let position = state.position.map(position_of).transpose().inside("creature.position")?;
    Ok(Joined {
        id: id(&state.id, "creature.id")?,
        name: state.name.clone(),
        side: id(&state.side, "creature.side")?,
        owner: user_or_none(&state.owner_id, "creature.owner_id")?,
        character: id_or_none(&w.character_id, "character_id")?,
        definition: Arc::new(definition),
        hit_points: figure(state.hit_points, "creature.hit_points")?,
        temporary_hit_points: figure(state.temporary_hit_points, "creature.temporary_hit_points")?,
        spent: w.spent.iter().map(use_of).collect::<Read<_>>().inside("spent")?,
        position,
        hidden: state.hidden,
        autopilot: state.autopilot,
    })
}

fn deed_of(action: &pb::Action) -> Read<Deed> {
    use pb::action::Deed as Wire;
    Ok(match action.deed.as_ref().ok_or_else(|| Malformed::no_choice("deed"))? {
        Wire::Attack(w) => Deed::Attack {
            attack: id(&w.attack, "attack")?,
            name: w.name.clone(),
            target: id(&w.target_id, "target_id")?,
            roll: roll_of(w.roll.as_ref())?,
            armor_class: number(needed(w.armor_class, "armor_class")?, "armor_class")?,
            cover: word(w.cover, "cover")?,
            outcome: word(w.outcome, "outcome")?,
            damage: damage_of(&w.damage)?,
            opportunity: w.opportunity,
            sneak_attack: w.sneak_attack,
            role: role_of(w.role)?,
        },
        Wire::Special(w) => Deed::Special {
            special: id(&w.special, "special")?,
            name: w.name.clone(),
            targets: ids(&w.target_ids, "target_ids")?,
            aim: w.aim.map(position_of).transpose().inside("aim")?,
            rolled: w
                .rolled
                .iter()
                .map(|dice| dice_rolled_of(dice).inside("rolled"))
                .collect::<Read<_>>()?,
        },
        Wire::Dash(w) => Deed::Dash { extra_feet: number(w.extra_feet, "extra_feet")? },
        Wire::Disengage(pb::DisengageDeed {}) => Deed::Disengage,
        Wire::Dodge(pb::DodgeDeed {}) => Deed::Dodge,
        Wire::Help(w) => Deed::Help { target: id(&w.target_id, "target_id")? },
        Wire::Hide(w) => Deed::Hide {
            roll: roll_of(w.roll.as_ref())?,
            dc: number(w.dc, "dc")?,
            success: w.success,
        },
        Wire::Ready(w) => Deed::Ready {
            trigger: trigger_of(needed(w.trigger.as_ref(), "trigger")?).inside("trigger")?,
            response: response_of(needed(w.response.as_ref(), "response")?).inside("response")?,
        },
        Wire::StandUp(w) => Deed::StandUp { feet: number(w.feet, "feet")? },
        Wire::Retreat(pb::RetreatDeed {}) => Deed::Retreat,
        Wire::DropProne(pb::DropProneDeed {}) => Deed::DropProne,
        Wire::Stabilize(w) => Deed::Stabilize {
            target: id(&w.target_id, "target_id")?,
            roll: roll_of(w.roll.as_ref())?,
            success: w.success,
        },
        Wire::Escape(w) => Deed::Escape {
            roll: roll_of(w.roll.as_ref())?,
            dc: number(w.dc, "dc")?,
            success: w.success,
            holder: w.holder_roll.as_ref().map(d20_of).transpose().inside("holder_roll")?,
        },
        Wire::Grapple(w) => Deed::Grapple {
            target: id(&w.target_id, "target_id")?,
            dc: number(w.dc, "dc")?,
            contest: boxed_contest_of(w.contest.as_ref())?,
        },
        Wire::Shove(w) => Deed::Shove {
            target: id(&w.target_id, "target_id")?,
            prone: w.prone,
            dc: number(w.dc, "dc")?,
            contest: boxed_contest_of(w.contest.as_ref())?,
        },
        Wire::Inquire(w) => Deed::Inquire {
            inquiry: word(w.inquiry, "inquiry")?,
            skill: word(w.skill, "skill")?,
            roll: roll_of(w.roll.as_ref())?,
        },
        Wire::Assist(w) => {
            Deed::Assist { target: id(&w.target_id, "target_id")?, skill: word(w.skill, "skill")? }
        }
        Wire::UseObject(pb::UseObjectDeed {}) => Deed::UseObject,
        Wire::StopConcentrating(pb::StopConcentratingDeed {}) => Deed::StopConcentrating,
        Wire::LetGo(w) => Deed::LetGo { target: id(&w.target_id, "target_id")? },
    })
}

fn boxed_contest_of(contest: Option<&pb::Contest>) -> Read<Option<Box<Contest>>> {
    Ok(contest.map(contest_of).transpose().inside("contest")?.map(Box::new))
}

fn change_of(w: &pb::StateChange) -> Read<Fact> {
    use pb::state_change::Change;
    let creature = id(&w.creature_id, "creature_id")?;
    Ok(match w.change.as_ref().ok_or_else(|| Malformed::no_choice("change"))? {
        Change::HitPoints(change) => {
            let figure = |value: Option<u32>, field: &str| number(needed(value, field)?, field);
            Fact::HitPointsChanged {
                creature,
                cause: hit_point_cause_of(change)?,
                amount: figure(change.amount, "hit_points.amount")?,
                hit_points: figure(change.hit_points, "hit_points.hit_points")?,
                temporary: figure(change.temporary, "hit_points.temporary")?,
            }
        }
        Change::Hidden(hidden) => Fact::VisibilityChanged { creature, hidden: *hidden },
        Change::Autopilot(autopilot) => Fact::AutopilotSet { creature, autopilot: *autopilot },
        Change::UseSpent(count) => {
            let (entry, spent) = use_of(count).inside("use_spent")?;
            Fact::UseSpent { creature, entry, spent }
        }
    })
}

fn hit_point_cause_of(change: &pb::HitPointsChange) -> Read<HitPointCause> {
    use pb::HitPointCause as Wire;
    let by = id_or_none(&change.by_id, "hit_points.by_id")?;
    match Wire::try_from(change.cause) {
        Ok(Wire::Damage) => Ok(HitPointCause::Damage { by, critical: change.critical }),
        Ok(Wire::Healing) => Ok(HitPointCause::Healing { by }),
        Ok(Wire::Temporary) => Ok(HitPointCause::TemporaryHitPoints),
        Ok(Wire::Regeneration) => Ok(HitPointCause::Regeneration),
        Ok(Wire::DeathSave) => Ok(HitPointCause::DeathSave),
        Ok(Wire::Fortitude) => Ok(HitPointCause::Fortitude),
        Ok(Wire::Adjusted) => Ok(HitPointCause::Adjusted),
        Ok(Wire::Unspecified) | Err(_) => Err(Malformed::no_choice("hit_points.cause")),
    }
}

fn save_cause_of(w: &pb::SavingThrow) -> Read<SaveCause> {
    use pb::saving_throw::Cause;
    Ok(match w.cause.as_ref().ok_or_else(|| Malformed::no_choice("cause"))? {
        Cause::Special(of) => SaveCause::Special {
            source: id(&of.source_id, "special.source_id")?,
            special: id(&of.entry, "special.entry")?,
        },
        Cause::AttackRider(of) => SaveCause::AttackRider {
            source: id(&of.source_id, "attack_rider.source_id")?,
            attack: id(&of.entry, "attack_rider.entry")?,
        },
        Cause::EndCondition(condition) => {
            SaveCause::EndCondition { condition: word(*condition, "end_condition")? }
        }
        Cause::EndEffect(effect) => SaveCause::EndEffect { effect: word(*effect, "end_effect")? },
        Cause::UndeadFortitude(_) => SaveCause::UndeadFortitude,
        Cause::Concentration(_) => SaveCause::Concentration,
        Cause::UnarmedBy(source) => SaveCause::Unarmed { source: id(source, "unarmed_by")? },
    })
}

fn death_save_of(w: &pb::DeathSave) -> Read<Fact> {
    let creature = id(&w.creature_id, "creature_id")?;
    let successes = number(w.successes, "successes")?;
    let failures = number(w.failures, "failures")?;
    Ok(match w.roll.as_ref() {
        Some(roll) => {
            let roll = d20_of(roll).inside("roll")?;
            Fact::DeathSave { creature, roll, successes, failures }
        }
        None => Fact::DeathSaveFailed { creature, successes, failures },
    })
}

fn prompt_of(w: &pb::Prompt) -> Read<Fact> {
    use pb::prompt::Question as Wire;
    let question = match w.question.as_ref().ok_or_else(|| Malformed::no_choice("question"))? {
        Wire::OpportunityAttackOn(target) => {
            Question::OpportunityAttack { target: id(target, "opportunity_attack_on")? }
        }
        Wire::Legendary(_) => Question::Legendary,
        Wire::Readied(readied) => Question::Readied {
            trigger_by: id(&readied.trigger_by, "readied.trigger_by")?,
            response: response_of(needed(readied.response.as_ref(), "readied.response")?)
                .inside("readied")?,
        },
    };
    Ok(Fact::PromptOpened {
        prompt: Prompt {
            id: PromptId(w.prompt_id),
            creature: id(&w.creature_id, "creature_id")?,
            question,
        },
        suspended: suspended_of(&w.suspended)?,
    })
}

fn suspended_of(all: &[pb::Suspended]) -> Read<Vec<Suspended>> {
    if all.len() > SUSPENDED_MAX {
        return Err(Malformed::wrong("suspended", format!("at most {SUSPENDED_MAX} things wait")));
    }
    all.iter().map(|one| one_suspended_of(one).inside("suspended")).collect()
}

fn one_suspended_of(suspended: &pb::Suspended) -> Read<Suspended> {
    use pb::suspended::What;
    Ok(match suspended.what.as_ref().ok_or_else(|| Malformed::no_choice("what"))? {
        What::Move(w) => Suspended::Move {
            creature: id(&w.creature_id, "creature_id")?,
            cost: word(w.cost, "cost")?,
            from: position_of(*needed(w.from.as_ref(), "from")?).inside("from")?,
            rest: path_of(&w.rest, "rest")?,
            asked: ids(&w.asked, "asked")?,
        },
        What::Strike(w) => Suspended::Strike {
            creature: id(&w.creature_id, "creature_id")?,
            special: id(&w.special, "special")?,
            target: id(&w.target_id, "target_id")?,
        },
        What::NextTurn(w) => Suspended::NextTurn {
            after: id(&w.after_id, "after_id")?,
            asked: ids(&w.asked, "asked")?,
        },
        What::Watched(w) => Suspended::Watched {
            by: id(&w.by_id, "by_id")?,
            happened: happened_of(w)?,
            asked: ids(&w.asked, "asked")?,
        },
    })
}

fn happened_of(w: &pb::suspended::WatchedRest) -> Read<Happened> {
    use pb::suspended::watched_rest::Happened as Wire;
    Ok(match w.happened.as_ref().ok_or_else(|| Malformed::no_choice("happened"))? {
        Wire::SteppedFrom(from) => {
            Happened::Stepped { from: position_of(*from).inside("stepped_from")? }
        }
        Wire::Attacked(target) => Happened::Attacked { target: id(target, "attacked")? },
        Wire::Acted(_) => Happened::Acted,
    })
}

fn ended_of(w: &pb::Ended) -> Read<Fact> {
    use pb::ended::Reason;
    let reason = match w.reason.as_ref().ok_or_else(|| Malformed::no_choice("reason"))? {
        Reason::Victory(side) => EndReason::Victory { side: id(side, "victory")? },
        Reason::NobodyLeft(_) => EndReason::NobodyLeft,
        Reason::Called(_) => EndReason::Called,
    };
    let summary = needed(w.summary.as_ref(), "summary")?;
    let tally = |t: &pb::CreatureTally| -> Read<_> {
        let read = Tally {
            damage_dealt: t.damage_dealt,
            damage_taken: t.damage_taken,
            healing_done: t.healing_done,
            kills: number(t.kills, "kills")?,
            attacks: number(t.attacks, "attacks")?,
            hits: number(t.hits, "hits")?,
            critical_hits: number(t.critical_hits, "critical_hits")?,
        };
        Ok((id(&t.creature_id, "creature_id")?, read))
    };
    let by_creature = summary.creatures.iter().map(tally).collect::<Read<_>>();
    Ok(Fact::Ended {
        reason,
        summary: Summary {
            rounds: summary.rounds,
            turns: summary.turns,
            by_creature: by_creature.inside("summary.creatures")?,
            experience: summary.experience,
        },
    })
}
