//! The fold: what each fact makes of a fight. The only place where a fight changes.
//!
//! Total: any fact can be folded into any fight without a panic; one that speaks of a creature that
//! is not there changes nothing. Nothing is decided or rolled here.

mod creature;

use std::sync::Arc;

use super::condition::Moment;
use super::event::{Event, Fact, Joined};
use super::id::CreatureId;
use super::illegal::Phase;
use super::pending::Pending;
use super::state::{Combat, Creature, Economy, Life};

impl Combat {
    /// Folds one event into the fight.
    pub fn apply(&mut self, event: &Event) {
        self.drawn.public = self.drawn.public.max(event.drawn.public);
        self.drawn.hidden = self.drawn.hidden.max(event.drawn.hidden);
        self.apply_fact(&event.fact);
    }

    fn apply_fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Initiated { name, game_master, edition, map } => {
                self.phase = Phase::Gathering;
                self.name = Arc::from(name.as_str());
                self.game_master = Some(*game_master);
                self.edition = *edition;
                self.map = map.clone().map(Arc::new);
            }
            Fact::Joined(joined) => self.join(joined),
            Fact::Left { creature } => self.leave(*creature),
            Fact::OrderSet { order } => self.order.clone_from(order),
            Fact::RoundStarted { round } => {
                self.round = *round;
                self.phase = Phase::Running;
            }
            Fact::TurnStarted { creature, round, turn } => {
                self.start_turn(*creature, *round, *turn);
            }
            Fact::TurnEnded { creature, turn: _ } => self.end_turn(*creature),
            Fact::PromptOpened { prompt, suspended } => {
                self.next_prompt = self.next_prompt.max(prompt.id.0.saturating_add(1));
                self.pending.push(Pending { prompt: *prompt, suspended: suspended.clone() });
            }
            Fact::PromptAnswered { prompt, creature: _, answer: _, timed_out: _ } => {
                self.pending.retain(|pending| pending.prompt.id != *prompt);
            }
            Fact::Paused { quiet_rounds: _ } => self.phase = Phase::Paused,
            Fact::Resumed => {
                self.phase = if self.round == 0 { Phase::Gathering } else { Phase::Running };
            }
            Fact::Transferred { game_master } => self.game_master = Some(*game_master),
            // Which events are left out of the fold is for the timeline.
            Fact::Undone { from: _, to: _ } | Fact::Redone { from: _, to: _ } => {}
            Fact::Ended { reason, summary } => {
                self.phase = Phase::Ended;
                self.current = None;
                self.pending.clear();
                self.ended = Some((*reason, summary.clone()));
            }
            Fact::DiceCommitted { public, hidden } => self.commitments = Some((*public, *hidden)),
            Fact::DiceRevealed { public_seed: _ } => {}
            Fact::Initiative { .. }
            | Fact::Action { .. }
            | Fact::Moved { .. }
            | Fact::HitPointsChanged { .. }
            | Fact::SavingThrow { .. }
            | Fact::DamageTaken { .. }
            | Fact::Healed { .. }
            | Fact::DeathSave { .. }
            | Fact::DeathSaveFailed { .. }
            | Fact::Down { .. }
            | Fact::Died { .. }
            | Fact::Stabilized { .. }
            | Fact::Revived { .. }
            | Fact::ConcentrationStarted { .. }
            | Fact::ConcentrationEnded { .. }
            | Fact::ConditionAdded { .. }
            | Fact::ConditionRemoved { .. }
            | Fact::EffectAdded { .. }
            | Fact::EffectRemoved { .. }
            | Fact::Withstood { .. }
            | Fact::MaximumReduced { .. }
            | Fact::Resisted { .. }
            | Fact::RechargeRolled { .. }
            | Fact::UseSpent { .. }
            | Fact::VisibilityChanged { .. }
            | Fact::AutopilotSet { .. } => self.apply_to_creature(fact),
        }
    }

    /// The creature to change, if it is there.
    pub(super) fn creature_mut(&mut self, id: CreatureId) -> Option<&mut Creature> {
        self.creatures.find_mut(id)
    }

    fn join(&mut self, joined: &Joined) {
        if self.creature(joined.id).is_some() {
            return;
        }
        let life = if joined.hit_points == 0 {
            Life::Dying { successes: 0, failures: 0 }
        } else {
            Life::Up
        };
        self.creatures.push(Creature {
            id: joined.id,
            name: Arc::from(joined.name.as_str()),
            side: joined.side,
            owner: joined.owner,
            character: joined.character,
            definition: Arc::clone(&joined.definition),
            hit_points: joined.hit_points,
            temporary_hit_points: joined.temporary_hit_points,
            life,
            conditions: Vec::new(),
            effects: Vec::new(),
            spent: joined.spent.clone(),
            position: joined.position,
            concentration: None,
            initiative: None,
            economy: Economy::default(),
            readied: None,
            hidden: joined.hidden,
            autopilot: joined.autopilot,
            left: false,
            tally: super::event::Tally::default(),
            damage_since_turn: super::damage::DamageSet::default(),
            maximum_lost: 0,
            resistances_spent: 0,
            withstood: Vec::new(),
        });
    }

    fn leave(&mut self, id: CreatureId) {
        if let Some(creature) = self.creature_mut(id) {
            creature.left = true;
            creature.position = None;
        }
        self.order.retain(|listed| *listed != id);
        if self.current == Some(id) {
            self.current = None;
        }
    }

    fn start_turn(&mut self, id: CreatureId, round: u32, turn: u32) {
        self.current = Some(id);
        self.round = round;
        self.turn = turn;
        self.last_turn = self.last_turn.max(turn);
        // Once a turn, whoever's it is.
        let reactive = |it: &Creature| it.definition.has(&super::creature::Trait::Reactive);
        let spent = |it: &Creature| {
            it.economy.sneak_attack_spent || (it.economy.reaction_spent && reactive(it))
        };
        self.creatures.change_where(spent, |it| {
            it.economy.sneak_attack_spent = false;
            if reactive(it) {
                it.economy.reaction_spent = false;
            }
        });
        if let Some(creature) = self.creature_mut(id) {
            creature.economy = Economy::default();
            creature.readied = None;
            let definition = Arc::clone(&creature.definition);
            let for_good = |entry| !definition.is_once_per_round(entry);
            creature.spent.retain(|(entry, _)| for_good(*entry));
            creature.damage_since_turn = super::damage::DamageSet::default();
        }
        self.count_turn(id, Moment::TurnStarted);
    }

    fn end_turn(&mut self, id: CreatureId) {
        if self.current == Some(id) {
            self.current = None;
        }
        self.count_turn(id, Moment::TurnEnded);
    }

    /// Counts down everything that lasts; what has come to its end is removed by facts of its own.
    fn count_turn(&mut self, of: CreatureId, moment: Moment) {
        let counts = |creature: &Creature| {
            creature.conditions.iter().any(|it| it.until.counts_turn(of, moment))
                || creature.effects.iter().any(|it| it.until.counts_turn(of, moment))
        };
        self.creatures.change_where(counts, |creature| {
            for condition in &mut creature.conditions {
                condition.until.count_turn(of, moment);
            }
            for effect in &mut creature.effects {
                effect.until.count_turn(of, moment);
            }
        });
    }
}
