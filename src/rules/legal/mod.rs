//! What may be done: the only place that refuses.
//!
//! A wish becomes a [`Legal`] or an [`Illegal`] with a stable code. A `Legal` borrows the fight, so
//! it cannot outlive the state it was checked against.

mod attack;
mod inquiry;
mod legend;
mod listed;
mod lobby;
mod movement;
mod special;
mod standard;
mod terms;
mod unarmed;

pub(in crate::rules) use attack::{AttackPlan, d20_modes};
pub(in crate::rules) use inquiry::object_cost;
pub(in crate::rules) use legend::{Course, has_legendary_left};
pub use listed::{Listed, ListedTarget};
pub(in crate::rules) use lobby::adds;
pub(in crate::rules) use movement::{extra_feet, movement_left, speed};
pub(in crate::rules) use special::affected;
pub(in crate::rules) use standard::{grip_on, hide_dc, skill_to_resist};
pub(in crate::rules) use terms::{concerns, is_spared};
pub(in crate::rules) use unarmed::{grip_reach_feet, held_by};

use super::creature::{Cost, EffectKind};
use super::id::CreatureId;
use super::illegal::{Illegal, Phase};
use super::intent::{Action, Intent};
use super::pending::{Answer, Question};
use super::state::{Combat, Creature, Life};
use super::unarmed::Hold;

/// A wish that this fight allows as it is now.
///
/// Changing the fight while it is alive does not compile:
/// ```compile_fail
/// use skirmish::rules::{intent::Intent, state::Combat, event::Event};
/// fn misuse(combat: &mut Combat, event: &Event) {
///     let legal = combat.check(Intent::Pause).unwrap();
///     combat.apply(event);
///     drop(legal);
/// }
/// ```
#[derive(Debug)]
pub struct Legal<'a> {
    pub(in crate::rules) combat: &'a Combat,
    pub(in crate::rules) intent: Intent,
}

impl Combat {
    /// Whether the fight allows this now.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self, intent: Intent) -> Result<Legal<'_>, Illegal> {
        match &intent {
            Intent::Initiate { name, map, .. } => self.check_initiate(name, map.as_ref()),
            Intent::Enter { entrants } => self.check_enter(entrants),
            Intent::RollInitiative { creature } => self.check_roll_initiative(*creature),
            Intent::SetOrder { order } => self.check_set_order(order),
            Intent::Begin { .. } => self.check_begin(),
            Intent::Act { creature, action } => self.check_action(*creature, action),
            Intent::EndTurn { creature } => self.check_end_turn(*creature),
            Intent::Leave { creature } => self.check_leave(*creature),
            Intent::End => self.check_not_over(),
            Intent::Pause | Intent::Stalemate { rounds: _ } => self.check_pause(),
            Intent::Resume => self.check_resume(),
            Intent::Adjust { creature, adjustments } => self.check_adjust(*creature, adjustments),
            Intent::Respond { prompt, answer, .. } => self.check_respond(*prompt, *answer),
            Intent::Transfer { game_master } => self.check_not_over().and_then(|()| {
                let same = self.game_master == Some(*game_master);
                if same { Err(Illegal::NothingToDo) } else { Ok(()) }
            }),
        }?;
        Ok(Legal { combat: self, intent })
    }

    /// The creature of that id, if it is in the fight.
    pub(super) fn here(&self, id: CreatureId) -> Result<&Creature, Illegal> {
        let creature = self.creature(id).ok_or(Illegal::NoSuchCreature { creature: id })?;
        if creature.left { Err(Illegal::HasLeft { creature: id }) } else { Ok(creature) }
    }

    /// Turns are being taken and nobody is asked anything.
    fn check_running(&self) -> Result<(), Illegal> {
        self.check_phase_running()?;
        match self.pending.last() {
            Some(open) => Err(Illegal::PromptOpen { prompt: open.prompt.id }),
            None => Ok(()),
        }
    }

    fn check_phase_running(&self) -> Result<(), Illegal> {
        if self.phase == Phase::Running {
            Ok(())
        } else {
            Err(Illegal::WrongPhase { phase: self.phase })
        }
    }

    /// The creature may do something now: it is its turn and it can act.
    pub(super) fn check_actor(&self, id: CreatureId) -> Result<&Creature, Illegal> {
        self.check_running()?;
        let creature = self.here(id)?;
        if self.current != Some(id) {
            return Err(Illegal::NotYourTurn { current: self.current });
        }
        able(creature)?;
        unsurprised(creature)?;
        Ok(creature)
    }

    /// The creature may move now. Being incapacitated forbids actions, not movement.
    pub(super) fn check_mover(&self, id: CreatureId) -> Result<&Creature, Illegal> {
        self.check_running()?;
        let creature = self.here(id)?;
        if self.current != Some(id) {
            return Err(Illegal::NotYourTurn { current: self.current });
        }
        match creature.life {
            Life::Dead => Err(Illegal::Dead),
            Life::Dying { .. } | Life::Stable => Err(Illegal::Unconscious),
            Life::Up if creature.has(super::condition::Condition::Unconscious) => {
                Err(Illegal::Unconscious)
            }
            Life::Up => unsurprised(creature).map(|()| creature),
        }
    }

    fn check_end_turn(&self, id: CreatureId) -> Result<(), Illegal> {
        self.check_running()?;
        self.here(id)?;
        if self.current == Some(id) {
            Ok(())
        } else {
            Err(Illegal::NotYourTurn { current: self.current })
        }
    }

    /// The definition of what a creature may do; `legal_actions` lists what passes here.
    pub(super) fn check_action(&self, id: CreatureId, action: &Action) -> Result<(), Illegal> {
        if let Action::ReleaseReadied { target } = action {
            return self.check_release(id, *target);
        }
        if let Action::Special { special, targets, aim } = action
            && self.is_legendary(id, *special)
        {
            let actor = self.check_legend(id)?;
            return self.check_special(actor, *special, targets, *aim).map(|_| ());
        }
        if let Action::LetGo { target } = action {
            return self.check_let_go(id, *target);
        }
        if let Action::StopConcentrating = action {
            return self.check_stop_concentrating(id);
        }
        let actor = match action {
            Action::Move { .. } | Action::StandUp | Action::DropProne => self.check_mover(id)?,
            Action::Attack { .. }
            | Action::KnockOut { .. }
            | Action::Special { .. }
            | Action::Dash { .. }
            | Action::Disengage { .. }
            | Action::Hide { .. }
            | Action::Dodge
            | Action::Help { .. }
            | Action::Ready { .. }
            | Action::ReleaseReadied { .. }
            | Action::LetGo { .. }
            | Action::Stabilize { .. }
            | Action::Grapple { .. }
            | Action::Inquire { .. }
            | Action::Assist { .. }
            | Action::UseObject
            | Action::StopConcentrating
            | Action::Shove { .. }
            | Action::Escape => self.check_actor(id)?,
        };
        match action {
            Action::Attack { attack, target, mode } => {
                self.plan_attack(actor, *attack, *target, *mode).map(|_| ())
            }
            Action::KnockOut { attack, target, mode } => {
                let plan = self.plan_attack(actor, *attack, *target, *mode)?;
                if plan.is_melee { Ok(()) } else { Err(Illegal::NotMelee) }
            }
            Action::Special { special, targets, aim } => {
                self.check_special(actor, *special, targets, *aim).map(|_| ())
            }
            Action::Move { to, path } => self.plan_move(actor, *to, path).map(|_| ()),
            Action::Dash { cost: Cost::BonusAction } if self.is_aggressive(actor) => {
                cost_left(actor, Cost::BonusAction)
            }
            Action::Dash { cost } => standard::maneuver(actor, *cost, |allowed| allowed.dash),
            Action::Disengage { cost } => {
                standard::maneuver(actor, *cost, |allowed| allowed.disengage)
            }
            Action::Hide { cost } => {
                standard::maneuver(actor, *cost, |allowed| allowed.hide)?;
                self.check_can_hide(actor)
            }
            Action::Dodge => action_left(actor),
            Action::Help { target } => self.check_help(actor, *target),
            Action::Ready { trigger, response } => self.check_ready(actor, *trigger, *response),
            Action::ReleaseReadied { .. } => Err(Illegal::NothingReadied),
            Action::LetGo { .. } => Err(Illegal::NotHeld),
            Action::StopConcentrating => Err(Illegal::NotConcentrating),
            Action::Inquire { inquiry, skill } => self.check_inquire(actor, *inquiry, *skill),
            Action::Assist { target, skill } => self.check_assist(actor, *target, *skill),
            Action::UseObject => cost_left(actor, object_cost(actor)),
            Action::Grapple { target } => self.plan_hold(actor, Hold::Grapple, *target).map(|_| ()),
            Action::Shove { target, prone } => {
                self.plan_hold(actor, Hold::shove(*prone), *target).map(|_| ())
            }
            Action::StandUp => self.check_stand_up(actor),
            Action::DropProne => self.check_drop_prone(actor),
            Action::Stabilize { target } => self.check_stabilize(actor, *target),
            Action::Escape => standard::check_escape(actor),
        }
    }

    fn check_respond(&self, id: super::id::PromptId, answer: Answer) -> Result<(), Illegal> {
        if matches!(self.phase, Phase::Ended | Phase::Paused) {
            return Err(Illegal::WrongPhase { phase: self.phase });
        }
        let open = self.pending.last().ok_or(Illegal::NoSuchPrompt { prompt: id })?;
        if open.prompt.id != id {
            let known = self.pending.iter().any(|pending| pending.prompt.id == id);
            return Err(if known {
                Illegal::PromptOpen { prompt: open.prompt.id }
            } else {
                Illegal::NoSuchPrompt { prompt: id }
            });
        }
        let Answer::Accept { attack } = answer else {
            // Always possible, whoever has left meanwhile: or the question would stay for ever.
            return Ok(());
        };
        let creature = self.here(open.prompt.creature)?;
        able(creature)?;
        match open.prompt.question {
            Question::OpportunityAttack { target } => match attack.and_then(Hold::of) {
                Some(hold) => self.plan_reaction_hold(creature, hold, target),
                None => self.plan_opportunity(creature, target, attack).map(|_| ()),
            },
            Question::Legendary => {
                self.check_legend(creature.id)?;
                super::tactics::legendary_wish(self, creature.id, attack)
                    .map(|_| ())
                    .ok_or(Illegal::NoSuchSpecial)
            }
            Question::Readied { trigger_by, response } => {
                self.check_readied_response(creature, response, Some(trigger_by))
            }
        }
    }
}

/// Refuses for a creature that cannot act at all.
pub(super) fn able(creature: &Creature) -> Result<(), Illegal> {
    match creature.life {
        Life::Dead => return Err(Illegal::Dead),
        Life::Dying { .. } | Life::Stable => return Err(Illegal::Unconscious),
        Life::Up => {}
    }
    match creature.incapacitated() {
        Some(by) => Err(Illegal::Incapacitated { by }),
        None => Ok(()),
    }
}

/// Refuses for a creature that loses its first turn (SRD 5.1, Combat > Surprise). By SRD 5.2.1
/// nobody is surprised any more once initiative is rolled.
fn unsurprised(creature: &Creature) -> Result<(), Illegal> {
    if creature.affected(EffectKind::Surprised) { Err(Illegal::Surprised) } else { Ok(()) }
}

/// Whether an action is left, an extra one included. Who is dazed has used it up with a bonus
/// action.
fn action_left(actor: &Creature) -> Result<(), Illegal> {
    let dazed = actor.affected(super::creature::EffectKind::Dazed);
    let spent = actor.economy.action_spent && actor.economy.extra_actions == 0;
    if spent || (dazed && actor.economy.bonus_action_spent) {
        Err(Illegal::CostSpent { cost: Cost::Action })
    } else {
        Ok(())
    }
}

/// Whether what something costs is left of this turn.
pub(super) fn cost_left(actor: &Creature, cost: Cost) -> Result<(), Illegal> {
    match cost {
        Cost::Action => action_left(actor),
        Cost::BonusAction if actor.economy.bonus_action_spent => Err(Illegal::CostSpent { cost }),
        Cost::BonusAction
            if actor.economy.action_spent && actor.affected(super::creature::EffectKind::Dazed) =>
        {
            Err(Illegal::CostSpent { cost })
        }
        Cost::Reaction if actor.economy.reaction_spent => Err(Illegal::CostSpent { cost }),
        Cost::Reaction | Cost::Legendary if actor.affected(EffectKind::Surprised) => {
            Err(Illegal::Surprised)
        }
        Cost::Reaction if actor.affected(EffectKind::NoReactions) => {
            Err(Illegal::CostSpent { cost })
        }
        Cost::Legendary if actor.economy.legendary_spent >= actor.definition.legendary_actions => {
            Err(Illegal::NoUsesLeft)
        }
        Cost::BonusAction | Cost::Reaction | Cost::Free | Cost::Legendary => Ok(()),
    }
}
