//! What each fact about one creature makes of it.

use std::sync::Arc;

use crate::rules::condition::{add_condition, remove_condition};
use crate::rules::creature::{Cost, Mastery, SetOff, SpecialEffect};
use crate::rules::event::{AttackOutcome, DamageDealt, Deed, Fact, HitPointCause, MoveKind, Role};
use crate::rules::id::{CreatureId, Slug};
use crate::rules::state::{ActiveEffect, Combat, Creature, Life, add_effect, remove_effect};

impl Combat {
    #[allow(clippy::too_many_lines, reason = "a table: one arm for each fact")]
    pub(super) fn apply_to_creature(&mut self, fact: &Fact) {
        match fact {
            Fact::Initiative { creature, roll, tie_break, tie_break_drawn_at: _ } => {
                self.change(*creature, |it| {
                    it.initiative = Some(Arc::new((roll.clone(), tie_break.clone())));
                });
            }
            Fact::Action { creature, cost, deed } => self.act(*creature, *cost, deed),
            Fact::Moved { creature, kind, path, cost } => {
                let own_turn = self.current == Some(*creature);
                self.change(*creature, |it| {
                    it.position = path.last().copied().or(it.position);
                    if *kind == MoveKind::Willing && own_turn {
                        it.economy.moved_feet = it.economy.moved_feet.saturating_add(*cost);
                        it.economy.path.extend_from_slice(path);
                    }
                });
            }
            Fact::HitPointsChanged { creature, cause, amount, hit_points, temporary } => {
                self.change(*creature, |it| {
                    it.hit_points = *hit_points;
                    it.temporary_hit_points = *temporary;
                });
                self.tally(*creature, *cause, *amount);
            }
            Fact::DamageTaken { creature, source: _, damage } => {
                self.note_damage(*creature, damage);
            }
            Fact::DeathSave { creature, roll: _, successes, failures }
            | Fact::DeathSaveFailed { creature, successes, failures } => {
                self.change(*creature, |it| {
                    it.life = Life::Dying { successes: *successes, failures: *failures };
                });
            }
            Fact::Down { creature } => {
                self.change(*creature, |it| it.life = Life::Dying { successes: 0, failures: 0 });
            }
            Fact::Died { creature, by } => {
                self.change(*creature, |it| {
                    it.life = Life::Dead;
                    it.hit_points = 0;
                });
                if let Some(by) = by {
                    self.change(*by, |it| it.tally.kills = it.tally.kills.saturating_add(1));
                }
            }
            Fact::Stabilized { creature } => self.change(*creature, |it| it.life = Life::Stable),
            Fact::Revived { creature } => self.change(*creature, |it| it.life = Life::Up),
            Fact::ConcentrationStarted { creature, special, name: _ } => {
                self.change(*creature, |it| it.concentration = Some(*special));
            }
            Fact::ConcentrationEnded { creature, special: _ } => {
                self.change(*creature, |it| it.concentration = None);
            }
            Fact::ConditionAdded { creature, condition } => {
                self.change(*creature, |it| add_condition(&mut it.conditions, condition));
            }
            Fact::ConditionRemoved { creature, condition, source } => {
                self.change(*creature, |it| {
                    remove_condition(&mut it.conditions, *condition, *source);
                });
            }
            Fact::EffectAdded { creature, effect, source, until, magnitude, suffering } => {
                let (kind, source, until) = (*effect, *source, *until);
                let (magnitude, suffering) = (*magnitude, *suffering);
                let added = ActiveEffect { kind, source, until, magnitude, suffering };
                self.change(*creature, |it| add_effect(&mut it.effects, added));
            }
            Fact::EffectRemoved { creature, effect, source } => self.change(*creature, |it| {
                remove_effect(&mut it.effects, *effect, *source);
            }),
            Fact::Withstood { creature, source, special } => self.change(*creature, |it| {
                if !it.withstands(*source, *special) {
                    it.withstood.push((*source, *special));
                }
            }),
            Fact::MaximumReduced { creature, source: _, lost, maximum } => {
                self.change(*creature, |it| {
                    it.maximum_lost = *lost;
                    it.hit_points = it.hit_points.min(*maximum);
                });
            }
            Fact::Resisted { creature, spent } => {
                self.change(*creature, |it| it.resistances_spent = *spent);
            }
            Fact::RechargeRolled { creature, entry, face: _, ready, drawn_at: _ } => {
                if *ready {
                    self.change(*creature, |it| it.spent.retain(|(known, _)| known != entry));
                }
            }
            Fact::UseSpent { creature, entry, spent } => {
                self.change(*creature, |it| spend(it, *entry, *spent));
            }
            Fact::VisibilityChanged { creature, hidden } => {
                self.change(*creature, |it| it.hidden = *hidden);
            }
            Fact::AutopilotSet { creature, autopilot } => {
                self.change(*creature, |it| it.autopilot = *autopilot);
            }
            Fact::SavingThrow { .. }
            | Fact::Healed { .. }
            | Fact::Initiated { .. }
            | Fact::Joined(_)
            | Fact::Left { .. }
            | Fact::OrderSet { .. }
            | Fact::RoundStarted { .. }
            | Fact::TurnStarted { .. }
            | Fact::TurnEnded { .. }
            | Fact::PromptOpened { .. }
            | Fact::PromptAnswered { .. }
            | Fact::Paused { .. }
            | Fact::Resumed
            | Fact::Transferred { .. }
            | Fact::Undone { .. }
            | Fact::Redone { .. }
            | Fact::Ended { .. }
            | Fact::DiceCommitted { .. }
            | Fact::DiceRevealed { .. } => {}
        }
    }

    fn change(&mut self, id: CreatureId, change: impl FnOnce(&mut Creature)) {
        if let Some(creature) = self.creature_mut(id) {
            change(creature);
        }
    }

    fn act(&mut self, id: CreatureId, cost: Cost, deed: &Deed) {
        self.change(id, |it| {
            pay(it, cost, deed);
            note_deed(it, cost, deed);
        });
        if let Deed::Attack { target, damage, outcome, .. } = deed {
            self.note_damage(*target, damage);
            self.change(id, |it| {
                it.tally.attacks = it.tally.attacks.saturating_add(1);
                if outcome.is_hit() {
                    it.tally.hits = it.tally.hits.saturating_add(1);
                }
                if *outcome == AttackOutcome::CriticalHit {
                    it.tally.critical_hits = it.tally.critical_hits.saturating_add(1);
                }
            });
        }
    }

    fn note_damage(&mut self, id: CreatureId, damage: &[DamageDealt]) {
        self.change(id, |it| {
            for part in damage.iter().filter(|part| part.dealt > 0) {
                it.damage_since_turn = it.damage_since_turn.with(part.kind);
            }
        });
    }

    fn tally(&mut self, id: CreatureId, cause: HitPointCause, amount: u16) {
        match cause {
            HitPointCause::Damage { by, critical: _ } => {
                self.change(id, |it| {
                    it.tally.damage_taken = it.tally.damage_taken.saturating_add(u32::from(amount));
                });
                if let Some(by) = by {
                    self.change(by, |it| {
                        let dealt = it.tally.damage_dealt.saturating_add(u32::from(amount));
                        it.tally.damage_dealt = dealt;
                    });
                }
            }
            HitPointCause::Healing { by: Some(by) } => self.change(by, |it| {
                it.tally.healing_done = it.tally.healing_done.saturating_add(u32::from(amount));
            }),
            HitPointCause::Healing { by: None }
            | HitPointCause::TemporaryHitPoints
            | HitPointCause::Regeneration
            | HitPointCause::DeathSave
            | HitPointCause::Fortitude
            | HitPointCause::Adjusted => {}
        }
    }
}

/// Takes the cost of a deed out of the turn.
fn pay(it: &mut Creature, cost: Cost, deed: &Deed) {
    match cost {
        Cost::Action if it.economy.action_spent => {
            it.economy.extra_actions = it.economy.extra_actions.saturating_sub(1);
            it.economy.multiattack.clear();
        }
        Cost::Action => {
            it.economy.action_spent = true;
            it.economy.multiattack.clear();
        }
        Cost::BonusAction => it.economy.bonus_action_spent = true,
        Cost::Reaction => {
            it.economy.reaction_spent = true;
            if !matches!(deed, Deed::Attack { opportunity: true, .. }) {
                it.readied = None;
            }
        }
        Cost::Legendary => {
            it.economy.legendary_spent = it.economy.legendary_spent.saturating_add(1);
        }
        Cost::Free => {}
    }
}

/// Writes down what a deed means for the rest of the turn.
fn note_deed(it: &mut Creature, cost: Cost, deed: &Deed) {
    let part_of_action = matches!(cost, Cost::Action | Cost::Free);
    match deed {
        Deed::Attack { attack, target, outcome, opportunity, sneak_attack, role, .. } => {
            if *sneak_attack {
                it.economy.sneak_attack_spent = true;
            }
            note_role(it, *role, *attack, *target, outcome.is_hit() && part_of_action);
            if role.is_extra() {
                return;
            }
            if part_of_action && !*opportunity {
                it.economy.multiattack.push(*attack);
                let light = it.definition.attack(*attack).is_some_and(|known| known.light);
                if light && it.economy.light_attack.is_none() {
                    it.economy.light_attack = Some(*attack);
                }
            }
        }
        Deed::Special { special, .. } => {
            let known = it.definition.special(*special);
            let chosen = known.is_some_and(|known| {
                known.cost == Cost::Action && known.terms.set_off == SetOff::Chosen
            });
            if part_of_action && chosen {
                it.economy.multiattack.push(*special);
            }
            let effect = it.definition.special(*special).map(|known| &known.effect);
            if matches!(effect, Some(SpecialEffect::ExtraAction)) {
                it.economy.extra_actions = it.economy.extra_actions.saturating_add(1);
            }
        }
        Deed::Grapple { .. } | Deed::Shove { .. } => {
            if part_of_action {
                it.economy.multiattack.push(Slug::unarmed_strike());
            }
        }
        Deed::UseObject => it.economy.object_used = true,
        Deed::Dash { extra_feet } => {
            it.economy.dash_feet = it.economy.dash_feet.saturating_add(*extra_feet);
        }
        Deed::Ready { trigger, response } => it.readied = Some((*trigger, *response)),
        Deed::StandUp { feet } => {
            it.economy.moved_feet = it.economy.moved_feet.saturating_add(*feet);
        }
        Deed::Disengage
        | Deed::Retreat
        | Deed::Dodge
        | Deed::Help { .. }
        | Deed::Hide { .. }
        | Deed::DropProne
        | Deed::Stabilize { .. }
        | Deed::Escape { .. }
        | Deed::Inquire { .. }
        | Deed::Assist { .. }
        | Deed::StopConcentrating
        | Deed::LetGo { .. } => {}
    }
}

/// Writes down which of the extra attacks of a turn it was, and whom the next could cleave.
fn note_role(it: &mut Creature, role: Role, attack: Slug, target: CreatureId, hit: bool) {
    match role {
        Role::OffHand | Role::Nick => it.economy.light_extra_spent = true,
        Role::Cleave => it.economy.cleave_spent = true,
        Role::Plain => {}
    }
    let mastery = it.definition.attack(attack).and_then(|known| known.weapon.mastery);
    if hit && mastery == Some(Mastery::Cleave) {
        it.economy.cleave = Some((attack, target));
    }
}

fn spend(it: &mut Creature, entry: Slug, spent: u8) {
    it.spent.retain(|(known, _)| *known != entry);
    it.spent.push((entry, spent));
}
