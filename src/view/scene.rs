//! The fight as a viewer knows it: a snapshot, moved on by the frames that follow it.
//!
//! It repeats no rule: it only writes down what frames say. A scene folded from frames equals the
//! snapshot taken at the same number, as far as a card shows it.

use std::collections::BTreeMap;

use crate::protocol::pb;
use pb::combat_event::Event;

/// What a viewer knows of a fight.
#[derive(Debug, Clone, Default)]
pub struct Scene {
    pub as_of: u64,
    pub session_id: String,
    pub name: String,
    pub phase: pb::Phase,
    pub game_master_id: String,
    pub round: u32,
    pub turn: u32,
    pub current: String,
    pub order: Vec<String>,
    /// By id; those who left stay for the sake of their names.
    pub creatures: BTreeMap<String, pb::CreatureState>,
    /// Ids in the order they joined.
    pub joined: Vec<String>,
    pub map: Option<pb::GridMap>,
    pub prompts: Vec<pb::OpenPrompt>,
    pub summary: Option<pb::Summary>,
    pub winner: String,
}

impl Scene {
    /// The scene of a snapshot.
    pub fn of_snapshot(snapshot: &pb::Snapshot) -> Self {
        Self {
            as_of: snapshot.as_of,
            session_id: snapshot.session_id.clone(),
            name: snapshot.name.clone(),
            phase: snapshot.phase(),
            game_master_id: snapshot.game_master_id.clone(),
            round: snapshot.round,
            turn: snapshot.turn,
            current: snapshot.current_id.clone(),
            order: snapshot.order.clone(),
            joined: snapshot.creatures.iter().map(|creature| creature.id.clone()).collect(),
            creatures: snapshot
                .creatures
                .iter()
                .map(|creature| (creature.id.clone(), creature.clone()))
                .collect(),
            map: snapshot.map.clone(),
            prompts: snapshot.prompts.clone(),
            summary: snapshot.summary.clone(),
            winner: snapshot.winner.clone(),
        }
    }

    /// The name of a creature; a word for one that the viewer does not know.
    pub fn name_of(&self, id: &str) -> &str {
        self.creatures.get(id).map_or("somebody", |creature| creature.name.as_str())
    }

    /// The creatures in the order of turns, then those without a place in it; nobody who left.
    pub fn in_order(&self) -> Vec<&pb::CreatureState> {
        let placed = self.order.iter();
        let rest = self.joined.iter().filter(|id| !self.order.contains(id));
        placed
            .chain(rest)
            .filter_map(|id| self.creatures.get(id))
            .filter(|creature| !creature.left)
            .collect()
    }

    fn with(&mut self, id: &str, change: impl FnOnce(&mut pb::CreatureState)) {
        if let Some(creature) = self.creatures.get_mut(id) {
            change(creature);
        }
    }

    /// Moves the scene on by one frame. Frames must come in the order of their numbers.
    pub fn apply(&mut self, frame: &pb::CombatEvent) {
        if let Some(seq) = frame.seq {
            self.as_of = seq;
        }
        if self.session_id.is_empty() {
            self.session_id.clone_from(&frame.session_id);
        }
        let Some(event) = &frame.event else { return };
        self.apply_event(event);
    }

    fn apply_event(&mut self, event: &Event) {
        match event {
            Event::Snapshot(snapshot) => *self = Self::of_snapshot(snapshot),
            Event::Undone(pb::Undone { now: Some(snapshot), .. })
            | Event::Redone(pb::Redone { now: Some(snapshot), .. }) => {
                let as_of = self.as_of;
                *self = Self::of_snapshot(snapshot);
                self.as_of = as_of.max(self.as_of);
            }
            Event::Initiated(opened) => {
                self.name.clone_from(&opened.name);
                self.game_master_id.clone_from(&opened.game_master_id);
                self.map.clone_from(&opened.map);
                self.phase = pb::Phase::Gathering;
            }
            Event::Joined(joined) => self.join(joined),
            Event::Left(left) => {
                self.order.retain(|id| *id != left.creature_id);
                self.with(&left.creature_id, |creature| creature.left = true);
            }
            Event::Initiative(initiative) => {
                let total = initiative.roll.as_ref().map(|roll| roll.total);
                self.with(&initiative.creature_id, |creature| creature.initiative = total);
            }
            Event::OrderSet(order) => self.order.clone_from(&order.creature_ids),
            Event::RoundStarted(round) => {
                self.round = round.round;
                self.phase = pb::Phase::Running;
            }
            Event::TurnStarted(turn) => {
                self.turn = turn.turn;
                self.current.clone_from(&turn.creature_id);
            }
            Event::TurnEnded(_) => self.current.clear(),
            Event::Paused(_) => self.phase = pb::Phase::Paused,
            Event::Resumed(_) => self.phase = pb::Phase::Running,
            Event::Transferred(to) => self.game_master_id.clone_from(&to.game_master_id),
            Event::Ended(ended) => {
                self.phase = pb::Phase::Ended;
                self.current.clear();
                self.prompts.clear();
                self.summary.clone_from(&ended.summary);
                if let Some(pb::ended::Reason::Victory(side)) = &ended.reason {
                    self.winner.clone_from(side);
                }
            }
            Event::Prompt(prompt) => self.prompts.push(pb::OpenPrompt {
                prompt_id: prompt.prompt_id,
                creature_id: prompt.creature_id.clone(),
                deadline: prompt.deadline,
                ..pb::OpenPrompt::default()
            }),
            Event::PromptAnswered(answer) => {
                self.prompts.retain(|prompt| prompt.prompt_id != answer.prompt_id);
                if let (Some(next), Some(open)) = (answer.next_deadline, self.prompts.last_mut()) {
                    open.deadline = Some(next);
                }
            }
            Event::Moved(_)
            | Event::StateChange(_)
            | Event::CreatureDown(_)
            | Event::CreatureDied(_)
            | Event::CreatureStabilized(_)
            | Event::CreatureRevived(_)
            | Event::ConcentrationStarted(_)
            | Event::ConcentrationEnded(_)
            | Event::ConditionAdded(_)
            | Event::ConditionRemoved(_)
            | Event::EffectAdded(_)
            | Event::EffectRemoved(_)
            | Event::MaximumReduced(_)
            | Event::DeathSave(_) => self.apply_to_creature(event),
            Event::Action(_)
            | Event::Error(_)
            | Event::Undone(_)
            | Event::Redone(_)
            | Event::Bookmark(_)
            | Event::Hidden(_)
            | Event::DiceCommitted(_)
            | Event::DiceRevealed(_)
            | Event::Options(_)
            | Event::SavingThrow(_)
            | Event::DamageTaken(_)
            | Event::Healed(_)
            | Event::Withstood(_)
            | Event::Resisted(_)
            | Event::Recharge(_) => {}
        }
    }

    fn join(&mut self, joined: &pb::Joined) {
        let Some(creature) = &joined.creature else { return };
        if !self.joined.contains(&creature.id) {
            self.joined.push(creature.id.clone());
        }
        self.creatures.insert(creature.id.clone(), creature.clone());
    }

    fn apply_to_creature(&mut self, event: &Event) {
        match event {
            Event::Moved(moved) => {
                let end = moved.path.last().copied();
                self.with(&moved.creature_id, |creature| {
                    creature.position = end.or(creature.position);
                });
            }
            Event::StateChange(change) => self.change(change),
            Event::CreatureDown(down) => self.with(&down.creature_id, |creature| {
                creature.life = pb::Life::Dying.into();
                creature.health = pb::Health::Down.into();
            }),
            Event::CreatureDied(died) => self.with(&died.creature_id, |creature| {
                creature.life = pb::Life::Dead.into();
                creature.health = pb::Health::Dead.into();
            }),
            Event::CreatureStabilized(stable) => self.with(&stable.creature_id, |creature| {
                creature.life = pb::Life::Stable.into();
            }),
            Event::CreatureRevived(revived) => self.with(&revived.creature_id, |creature| {
                creature.life = pb::Life::Up.into();
                creature.death_save_successes = None;
                creature.death_save_failures = None;
            }),
            Event::MaximumReduced(reduced) => self.with(&reduced.creature_id, |creature| {
                creature.hit_points_max = reduced.maximum.or(creature.hit_points_max);
                let most = creature.hit_points_max.unwrap_or(u32::MAX);
                creature.hit_points = creature.hit_points.map(|now| now.min(most));
            }),
            Event::DeathSave(save) => self.with(&save.creature_id, |creature| {
                creature.death_save_successes = Some(save.successes);
                creature.death_save_failures = Some(save.failures);
            }),
            Event::ConcentrationStarted(on) => self.with(&on.creature_id, |creature| {
                creature.concentrating_on.clone_from(&on.special);
            }),
            Event::ConcentrationEnded(on) => {
                self.with(&on.creature_id, |creature| creature.concentrating_on.clear());
            }
            Event::ConditionAdded(added) => {
                if let Some(condition) = &added.condition {
                    self.with(&added.creature_id, |creature| {
                        creature.conditions.push(condition.clone());
                    });
                }
            }
            Event::ConditionRemoved(removed) => self.with(&removed.creature_id, |creature| {
                creature.conditions.retain(|active| {
                    active.condition != removed.condition
                        || (!removed.source_id.is_empty() && active.source_id != removed.source_id)
                });
            }),
            Event::EffectAdded(added) => {
                if let Some(effect) = &added.effect {
                    self.with(&added.creature_id, |creature| creature.effects.push(effect.clone()));
                }
            }
            Event::EffectRemoved(removed) => self.with(&removed.creature_id, |creature| {
                creature.effects.retain(|active| {
                    active.kind != removed.kind
                        || (!removed.source_id.is_empty() && active.source_id != removed.source_id)
                });
            }),
            _ => {}
        }
    }

    fn change(&mut self, change: &pb::StateChange) {
        let Some(what) = &change.change else { return };
        self.with(&change.creature_id, |creature| match what {
            pb::state_change::Change::HitPoints(points) => {
                creature.health = points.health;
                if points.hit_points.is_some() {
                    creature.hit_points = points.hit_points;
                    creature.temporary_hit_points = points.temporary;
                }
            }
            pb::state_change::Change::Hidden(hidden) => creature.hidden = *hidden,
            pb::state_change::Change::Autopilot(autopilot) => creature.autopilot = *autopilot,
            pb::state_change::Change::UseSpent(_) => {}
        });
    }
}
