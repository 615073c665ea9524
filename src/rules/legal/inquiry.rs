//! Whether something may be searched for, studied, urged or helped with (SRD 5.2.1, Rules Glossary >
//! Search, Study, Influence, Help, Utilize), and whether somebody concentrates.

use super::{able, action_left};
use crate::rules::ability::{Skill, modifier};
use crate::rules::creature::{Cost, EffectKind};
use crate::rules::edition::Hiding;
use crate::rules::event::Inquiry;
use crate::rules::id::CreatureId;
use crate::rules::illegal::{Illegal, Phase};
use crate::rules::state::{Combat, Creature};

/// The skills that a creature is proficient with, so that it can help others with them: those in
/// which it is better than its ability alone makes it.
pub(super) fn proficiencies(creature: &Creature) -> impl Iterator<Item = Skill> {
    let definition = &creature.definition;
    let better = move |(skill, bonus): &&(Skill, i8)| {
        *bonus > modifier(definition.abilities.get(skill.ability()))
    };
    definition.skills.iter().filter(better).map(|(skill, _)| *skill)
}

/// What using an object takes: nothing once a turn, the action after that.
pub(in crate::rules) fn object_cost(actor: &Creature) -> Cost {
    if actor.economy.object_used { Cost::Action } else { Cost::Free }
}

impl Combat {
    pub(super) fn check_inquire(
        &self,
        actor: &Creature,
        inquiry: Inquiry,
        skill: Skill,
    ) -> Result<(), Illegal> {
        action_left(actor)?;
        let fits = self.edition.skills_of(inquiry).contains(&skill);
        if fits { Ok(()) } else { Err(Illegal::SkillDoesNotFit) }
    }

    pub(super) fn check_assist(
        &self,
        actor: &Creature,
        target: CreatureId,
        skill: Skill,
    ) -> Result<(), Illegal> {
        action_left(actor)?;
        if !proficiencies(actor).any(|known| known == skill) {
            return Err(Illegal::NotProficient);
        }
        let target = self.check_target(actor, target)?;
        if target.id == actor.id {
            return Err(Illegal::TargetSelf);
        }
        if target.side == actor.side { Ok(()) } else { Err(Illegal::NotConcerned) }
    }

    /// Whoever concentrates can stop at any time.
    pub(super) fn check_stop_concentrating(&self, id: CreatureId) -> Result<(), Illegal> {
        if self.phase != Phase::Running {
            return Err(Illegal::WrongPhase { phase: self.phase });
        }
        if let Some(open) = self.pending.last() {
            return Err(Illegal::PromptOpen { prompt: open.prompt.id });
        }
        let creature = self.here(id)?;
        able(creature)?;
        creature.concentration.map(|_| ()).ok_or(Illegal::NotConcentrating)
    }

    /// Whether somebody hides from somebody else: by SRD 5.1 from those alone whose passive
    /// Perception its Stealth check reached.
    pub(in crate::rules) fn hidden_from(&self, hider: &Creature, viewer: &Creature) -> bool {
        let sharp = u16::from(viewer.definition.senses.passive_perception);
        hider.effects.iter().filter(|on| on.kind == EffectKind::Hidden).any(|on| {
            match self.edition.hiding() {
                Hiding::Dc(_) => true,
                Hiding::PassivePerception => on.magnitude >= sharp,
            }
        })
    }
}
