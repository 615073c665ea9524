//! One arm a fact: what of it goes over the wire, and to whom.
//!
//! No wildcard arm and no `..`: a new fact or a new field does not compile until it is decided.
//! `None` means that the viewer learns the number only.

use super::super::definition::definition_to;
use super::super::pb;
use super::super::pb::combat_event::Event as Wire;
use super::super::roster::life_on_arrival;
use super::super::values::{
    d20_to, damage_to, dice_rolled_to, drawn_at_to, map_to, path_to, position_to, response_to,
    text_or_empty, timestamp, use_to,
};
use super::super::visibility::{Eyes, Portrait, Viewer, health};
use super::super::words::Word;
use super::{Scene, person, summary_to};
use crate::rules::condition::ActiveCondition;
use crate::rules::event::{EndReason, Fact, HitPointCause, Joined, MoveKind, SaveCause};
use crate::rules::grid::Position;
use crate::rules::id::CreatureId;
use crate::rules::pending::{Answer, Happened, Prompt, Question, Suspended};
use crate::rules::state::{ActiveEffect, Life};

impl Scene<'_> {
    /// The fact as its viewer may see it. That it may be seen at all was decided before.
    #[expect(clippy::too_many_lines, reason = "one arm a fact, so that none can be forgotten")]
    pub(super) fn fact(&self, fact: &Fact) -> Option<Wire> {
        let eyes = self.eyes;
        Some(match fact {
            Fact::Initiated { name, game_master, edition, map } => Wire::Initiated(pb::Initiated {
                name: name.clone(),
                game_master_id: person(*game_master),
                edition: edition.to_wire(),
                map: map.as_ref().map(map_to),
            }),
            Fact::Joined(joined) => Wire::Joined(self.joined(joined)),
            Fact::Left { creature } => Wire::Left(pb::Left { creature_id: creature.to_string() }),
            Fact::Initiative { creature, roll, tie_break, tie_break_drawn_at } => {
                let at = tie_break_drawn_at.iter().map(|at| drawn_at_to(*at, eyes.viewer));
                Wire::Initiative(pb::Initiative {
                    creature_id: creature.to_string(),
                    roll: Some(d20_to(roll, eyes.viewer)),
                    tie_break: tie_break.iter().map(|face| u32::from(*face)).collect(),
                    tie_break_draws: at.collect(),
                })
            }
            Fact::OrderSet { order } => {
                Wire::OrderSet(pb::OrderSet { creature_ids: eyes.only_seen(order) })
            }
            Fact::RoundStarted { round } => Wire::RoundStarted(pb::RoundStarted { round: *round }),
            Fact::TurnStarted { creature, round, turn } => Wire::TurnStarted(pb::TurnStarted {
                creature_id: creature.to_string(),
                round: *round,
                turn: *turn,
            }),
            Fact::TurnEnded { creature, turn } => {
                Wire::TurnEnded(pb::TurnEnded { creature_id: creature.to_string(), turn: *turn })
            }
            Fact::Action { creature, cost, deed } => Wire::Action(pb::Action {
                creature_id: creature.to_string(),
                cost: cost.to_wire(),
                deed: Some(self.deed(*creature, deed)?),
            }),
            Fact::Moved { creature, kind, path, cost } => moved(*creature, *kind, path, *cost),
            Fact::HitPointsChanged { creature, cause, amount, hit_points, temporary } => {
                self.hit_points_changed(*creature, *cause, [*amount, *hit_points, *temporary])
            }
            Fact::SavingThrow { creature, ability, dc, roll, success, cause } => {
                Wire::SavingThrow(pb::SavingThrow {
                    creature_id: creature.to_string(),
                    ability: ability.to_wire(),
                    dc: u32::from(*dc),
                    roll: Some(d20_to(roll, eyes.viewer)),
                    success: *success,
                    cause: Some(save_cause(eyes, *cause)),
                })
            }
            Fact::DamageTaken { creature, source, damage } => Wire::DamageTaken(pb::DamageTaken {
                creature_id: creature.to_string(),
                source_id: eyes.mention_or_none(*source),
                damage: damage_to(damage, eyes.viewer),
            }),
            Fact::Healed { creature, source, rolled } => Wire::Healed(pb::Healed {
                creature_id: creature.to_string(),
                source_id: eyes.mention(*source),
                rolled: Some(dice_rolled_to(rolled, eyes.viewer)),
            }),
            Fact::DeathSave { creature, roll, successes, failures } => {
                Wire::DeathSave(pb::DeathSave {
                    creature_id: creature.to_string(),
                    roll: Some(d20_to(roll, eyes.viewer)),
                    successes: u32::from(*successes),
                    failures: u32::from(*failures),
                })
            }
            Fact::DeathSaveFailed { creature, successes, failures } => {
                Wire::DeathSave(pb::DeathSave {
                    creature_id: creature.to_string(),
                    roll: None,
                    successes: u32::from(*successes),
                    failures: u32::from(*failures),
                })
            }
            Fact::Down { creature } => {
                Wire::CreatureDown(pb::CreatureDown { creature_id: creature.to_string() })
            }
            Fact::Died { creature, by } => Wire::CreatureDied(pb::CreatureDied {
                creature_id: creature.to_string(),
                by_id: eyes.mention_or_none(*by),
            }),
            Fact::Stabilized { creature } => Wire::CreatureStabilized(pb::CreatureStabilized {
                creature_id: creature.to_string(),
            }),
            Fact::Revived { creature } => {
                Wire::CreatureRevived(pb::CreatureRevived { creature_id: creature.to_string() })
            }
            Fact::ConcentrationStarted { creature, special, name } => {
                Wire::ConcentrationStarted(pb::ConcentrationStarted {
                    creature_id: creature.to_string(),
                    special: special.to_string(),
                    name: name.clone(),
                })
            }
            Fact::ConcentrationEnded { creature, special } => {
                Wire::ConcentrationEnded(pb::ConcentrationEnded {
                    creature_id: creature.to_string(),
                    special: special.to_string(),
                })
            }
            Fact::ConditionAdded { creature, condition } => {
                condition_added(eyes, *creature, condition)
            }
            Fact::ConditionRemoved { creature, condition, source } => {
                Wire::ConditionRemoved(pb::ConditionRemoved {
                    creature_id: creature.to_string(),
                    condition: condition.to_wire(),
                    source_id: eyes.mention_or_none(*source),
                })
            }
            Fact::EffectAdded { creature, effect, source, until, magnitude, suffering } => {
                let effect = ActiveEffect {
                    kind: *effect,
                    source: *source,
                    until: *until,
                    magnitude: *magnitude,
                    suffering: *suffering,
                };
                Wire::EffectAdded(pb::EffectAdded {
                    creature_id: creature.to_string(),
                    effect: Some(eyes.effect(&effect)),
                })
            }
            Fact::EffectRemoved { creature, effect, source } => {
                Wire::EffectRemoved(pb::EffectRemoved {
                    creature_id: creature.to_string(),
                    kind: effect.to_wire(),
                    source_id: eyes.mention(*source),
                })
            }
            Fact::Withstood { creature, source, special } => Wire::Withstood(pb::Withstood {
                creature_id: creature.to_string(),
                source_id: eyes.mention(*source),
                special: if eyes.sees(*source) { special.to_string() } else { String::new() },
            }),
            Fact::MaximumReduced { creature, source, lost, maximum } => {
                let figures = eyes.knows_figures(*creature);
                Wire::MaximumReduced(pb::MaximumReduced {
                    creature_id: creature.to_string(),
                    source_id: eyes.mention_or_none(*source),
                    lost: figures.then_some(u32::from(*lost)),
                    maximum: figures.then_some(u32::from(*maximum)),
                })
            }
            Fact::Resisted { creature, spent } => Wire::Resisted(pb::Resisted {
                creature_id: creature.to_string(),
                spent: eyes.owns(*creature).then_some(u32::from(*spent)),
            }),
            Fact::RechargeRolled { creature, entry, face, ready, drawn_at } => {
                Wire::Recharge(pb::Recharge {
                    creature_id: creature.to_string(),
                    entry: entry.to_string(),
                    face: u32::from(*face),
                    ready: *ready,
                    draw: drawn_at.map(|at| drawn_at_to(at, eyes.viewer)),
                })
            }
            Fact::UseSpent { creature, entry, spent } => {
                // What a creature has left is its owner's to know.
                let change = pb::state_change::Change::UseSpent(use_to(*entry, *spent));
                return eyes.owns(*creature).then(|| state_change(*creature, change));
            }
            Fact::PromptOpened { prompt, suspended } => {
                Wire::Prompt(self.prompt(prompt, suspended))
            }
            Fact::PromptAnswered { prompt, creature, answer, timed_out } => {
                let (accepted, attack) = match answer {
                    Answer::Decline => (false, None),
                    Answer::Accept { attack } => (true, *attack),
                };
                Wire::PromptAnswered(pb::PromptAnswered {
                    prompt_id: prompt.0,
                    creature_id: creature.to_string(),
                    accepted,
                    attack: text_or_empty(attack.filter(|_| eyes.owns(*creature))),
                    timed_out: *timed_out,
                    // That it had covered a question may be a secret of whoever is asked that.
                    next_deadline: self
                        .meta
                        .deadline_ms
                        .filter(|_| eyes.viewer.all_seeing())
                        .map(timestamp),
                })
            }
            Fact::VisibilityChanged { creature, hidden } => {
                return self.visibility_changed(*creature, *hidden);
            }
            Fact::AutopilotSet { creature, autopilot } => {
                state_change(*creature, pb::state_change::Change::Autopilot(*autopilot))
            }
            Fact::Paused { quiet_rounds } => {
                Wire::Paused(pb::Paused { quiet_rounds: *quiet_rounds })
            }
            Fact::Resumed => Wire::Resumed(pb::Resumed {}),
            Fact::Transferred { game_master } => {
                Wire::Transferred(pb::Transferred { game_master_id: person(*game_master) })
            }
            Fact::Undone { from, to } => {
                Wire::Undone(pb::Undone { from: *from, to: *to, now: self.snapshot_after() })
            }
            Fact::Redone { from, to } => {
                Wire::Redone(pb::Redone { from: *from, to: *to, now: self.snapshot_after() })
            }
            Fact::Ended { reason, summary } => Wire::Ended(pb::Ended {
                reason: Some(match reason {
                    EndReason::Victory { side } => pb::ended::Reason::Victory(side.to_string()),
                    EndReason::NobodyLeft => pb::ended::Reason::NobodyLeft(true),
                    EndReason::Called => pb::ended::Reason::Called(true),
                }),
                summary: Some(self.summary(summary)),
            }),
            Fact::DiceCommitted { public, hidden } => Wire::DiceCommitted(pb::DiceCommitted {
                public: public.to_vec().into(),
                hidden: hidden.to_vec().into(),
            }),
            Fact::DiceRevealed { public_seed } => {
                Wire::DiceRevealed(pb::DiceRevealed { public_seed: public_seed.to_vec().into() })
            }
        })
    }

    fn joined(&self, joined: &Joined) -> pb::Joined {
        let Joined {
            id,
            name,
            side,
            owner,
            character,
            definition,
            hit_points,
            temporary_hit_points,
            spent,
            position,
            hidden,
            autopilot,
        } = joined;
        let portrait = Portrait {
            id: *id,
            name,
            side: *side,
            owner: *owner,
            definition,
            hit_points: *hit_points,
            maximum: definition.hit_points,
            temporary_hit_points: *temporary_hit_points,
            life: life_on_arrival(joined),
            conditions: &[],
            effects: &[],
            position: *position,
            concentration: None,
            initiative: None,
            autopilot: *autopilot,
            hidden: *hidden,
            left: false,
            spent: &[],
            economy: None,
        };
        let own = self.eyes.owns(*id);
        pb::Joined {
            creature: Some(self.eyes.portrait(&portrait)),
            definition: own.then(|| definition_to(definition)),
            spent: if own { spent.iter().map(|(e, n)| use_to(*e, *n)).collect() } else { vec![] },
            character_id: text_or_empty(character.filter(|_| own)),
        }
    }

    /// Who could see the creature all along learns of the change; to others it comes or goes.
    pub(super) fn visibility_changed(&self, creature: CreatureId, hidden: bool) -> Option<Wire> {
        if self.eyes.owns(creature) {
            return Some(state_change(creature, pb::state_change::Change::Hidden(hidden)));
        }
        let was_seen = self.eyes.sees(creature);
        match (was_seen, hidden) {
            (true, true) => Some(Wire::Left(pb::Left { creature_id: creature.to_string() })),
            (false, false) => {
                let portrait = self.context.roster.revealed(creature)?;
                let revealed = Revealed { cast: self.eyes.cast, creature };
                let eyes = Eyes { viewer: self.eyes.viewer, cast: &revealed };
                Some(Wire::Joined(pb::Joined {
                    creature: Some(eyes.portrait(&portrait)),
                    definition: None,
                    spent: Vec::new(),
                    character_id: String::new(),
                }))
            }
            (true, false) | (false, true) => None,
        }
    }

    fn hit_points_changed(
        &self,
        creature: CreatureId,
        cause: HitPointCause,
        points: [u16; 3],
    ) -> Wire {
        let [amount, hit_points, temporary] = points;
        let (wire, by, critical) = match cause {
            HitPointCause::Damage { by, critical } => (pb::HitPointCause::Damage, by, critical),
            HitPointCause::Healing { by } => (pb::HitPointCause::Healing, by, false),
            HitPointCause::TemporaryHitPoints => (pb::HitPointCause::Temporary, None, false),
            HitPointCause::Regeneration => (pb::HitPointCause::Regeneration, None, false),
            HitPointCause::DeathSave => (pb::HitPointCause::DeathSave, None, false),
            HitPointCause::Fortitude => (pb::HitPointCause::Fortitude, None, false),
            HitPointCause::Adjusted => (pb::HitPointCause::Adjusted, None, false),
        };
        let figures = self.eyes.knows_figures(creature);
        let figure = |value: u16| figures.then_some(u32::from(value));
        let change = pb::HitPointsChange {
            cause: wire.into(),
            by_id: self.eyes.mention_or_none(by),
            critical,
            amount: figure(amount),
            hit_points: figure(hit_points),
            temporary: figure(temporary),
            health: self.health_at(creature, hit_points).into(),
        };
        state_change(creature, pb::state_change::Change::HitPoints(change))
    }

    /// The log alone has none: it is computed from what the log holds.
    fn health_at(&self, creature: CreatureId, hit_points: u16) -> pb::Health {
        match (self.eyes.viewer, self.context.roster.constitution(creature)) {
            (Viewer::Log, _) | (_, None) => pb::Health::Unspecified,
            (
                Viewer::Gm | Viewer::Player { user: _ } | Viewer::Spectator,
                Some((maximum, life)),
            ) => health(
                hit_points,
                maximum,
                if hit_points > 0 && life != Life::Dead { Life::Up } else { life },
            ),
        }
    }

    fn prompt(&self, prompt: &Prompt, suspended: &[Suspended]) -> pb::Prompt {
        use pb::prompt::{Question as Wire, ReadiedQuestion};
        let Prompt { id, creature, question } = prompt;
        let question = match question {
            Question::OpportunityAttack { target } => {
                Wire::OpportunityAttackOn(self.eyes.mention(*target))
            }
            Question::Legendary => Wire::Legendary(true),
            Question::Readied { trigger_by, response } => Wire::Readied(ReadiedQuestion {
                trigger_by: self.eyes.mention(*trigger_by),
                response: Some(response_to(*response)),
            }),
        };
        let for_the_log = match self.eyes.viewer {
            Viewer::Log => suspended.iter().map(suspended_to).collect(),
            Viewer::Gm | Viewer::Player { user: _ } | Viewer::Spectator => Vec::new(),
        };
        pb::Prompt {
            prompt_id: id.0,
            creature_id: creature.to_string(),
            deadline: self.meta.deadline_ms.map(timestamp),
            suspended: for_the_log,
            question: self.eyes.owns(*creature).then_some(question),
        }
    }

    fn snapshot_after(&self) -> Option<pb::Snapshot> {
        match self.eyes.viewer {
            Viewer::Log => None,
            Viewer::Gm | Viewer::Player { user: _ } | Viewer::Spectator => {
                self.context.snapshot_after.map(|build| build(&self.eyes.viewer))
            }
        }
    }

    fn summary(&self, summary: &crate::rules::event::Summary) -> pb::Summary {
        let (started, ended) = match self.eyes.viewer {
            Viewer::Log => (None, None),
            Viewer::Gm | Viewer::Player { user: _ } | Viewer::Spectator => {
                (self.context.roster.started_at_ms(), Some(self.meta.occurred_at_ms))
            }
        };
        summary_to(summary, self.eyes, started, ended)
    }
}

/// The cast as it is once the creature is revealed.
struct Revealed<'a> {
    cast: &'a dyn super::Cast,
    creature: CreatureId,
}

impl super::Cast for Revealed<'_> {
    fn standing(&self, creature: CreatureId) -> Option<super::Standing> {
        let standing = self.cast.standing(creature)?;
        let hidden = standing.hidden && creature != self.creature;
        Some(super::Standing { hidden, ..standing })
    }
}

fn state_change(creature: CreatureId, change: pb::state_change::Change) -> Wire {
    Wire::StateChange(pb::StateChange { creature_id: creature.to_string(), change: Some(change) })
}

fn moved(creature: CreatureId, kind: MoveKind, path: &[Position], cost: u16) -> Wire {
    Wire::Moved(pb::Moved {
        creature_id: creature.to_string(),
        kind: kind.to_wire(),
        path: path.iter().copied().map(position_to).collect(),
        cost: cost.into(),
    })
}

fn condition_added(eyes: Eyes<'_>, creature: CreatureId, condition: &ActiveCondition) -> Wire {
    Wire::ConditionAdded(pb::ConditionAdded {
        creature_id: creature.to_string(),
        condition: Some(eyes.condition(condition)),
    })
}

/// A hidden creature's special is not named either: its name alone would tell what hides there.
fn save_cause(eyes: Eyes<'_>, cause: SaveCause) -> pb::saving_throw::Cause {
    use pb::saving_throw::{Cause, EntryOf};
    let entry_of = |source: CreatureId, entry: crate::rules::id::Slug| EntryOf {
        source_id: eyes.mention(source),
        entry: if eyes.sees(source) { entry.to_string() } else { String::new() },
    };
    match cause {
        SaveCause::Special { source, special } => Cause::Special(entry_of(source, special)),
        SaveCause::AttackRider { source, attack } => Cause::AttackRider(entry_of(source, attack)),
        SaveCause::EndCondition { condition } => Cause::EndCondition(condition.to_wire()),
        SaveCause::EndEffect { effect } => Cause::EndEffect(effect.to_wire()),
        SaveCause::UndeadFortitude => Cause::UndeadFortitude(true),
        SaveCause::Concentration => Cause::Concentration(true),
        SaveCause::Unarmed { source } => Cause::UnarmedBy(eyes.mention(source)),
    }
}

fn suspended_to(suspended: &Suspended) -> pb::Suspended {
    use pb::suspended::watched_rest::Happened as WireHappened;
    use pb::suspended::{MoveRest, NextTurnRest, StrikeRest, WatchedRest, What};
    let ids = |list: &[CreatureId]| list.iter().map(ToString::to_string).collect();
    let what = match suspended {
        Suspended::Move { creature, cost, from, rest, asked } => What::Move(MoveRest {
            creature_id: creature.to_string(),
            cost: cost.to_wire(),
            from: Some(position_to(*from)),
            rest: path_to(rest),
            asked: ids(asked),
        }),
        Suspended::Strike { creature, special, target } => What::Strike(StrikeRest {
            creature_id: creature.to_string(),
            special: special.to_string(),
            target_id: target.to_string(),
        }),
        Suspended::NextTurn { after, asked } => {
            What::NextTurn(NextTurnRest { after_id: after.to_string(), asked: ids(asked) })
        }
        Suspended::Watched { by, happened, asked } => What::Watched(WatchedRest {
            by_id: by.to_string(),
            asked: ids(asked),
            happened: Some(match happened {
                Happened::Stepped { from } => WireHappened::SteppedFrom(position_to(*from)),
                Happened::Attacked { target } => WireHappened::Attacked(target.to_string()),
                Happened::Acted => WireHappened::Acted(true),
            }),
        }),
    };
    pb::Suspended { what: Some(what) }
}
