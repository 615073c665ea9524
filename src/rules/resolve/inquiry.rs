//! Checks made as an action, help with one, and finding who hides (SRD 5.2.1, Rules Glossary >
//! Search, Study, Influence, Help, Hide; SRD 5.1, Combat > Search, Using Each Ability > Hiding).

use crate::rules::ability::Skill;
use crate::rules::condition::{Condition, Until};
use crate::rules::creature::{Cost, EffectKind};
use crate::rules::event::{D20Roll, Deed, Fact, Inquiry, Reason, RollMode};
use crate::rules::id::CreatureId;
use crate::rules::legal::{d20_modes, hide_dc, object_cost};

use super::Resolution;

impl Resolution<'_> {
    /// An ability check with a skill, with all that tells for and against it. Help with that skill
    /// is used up by it.
    pub(super) fn skill_check(&mut self, who: CreatureId, skill: Skill) -> D20Roll {
        let Some(it) = self.creature(who) else { return self.check_roll(who, 0) };
        let bonus = it.definition.skill(skill);
        let helped = it
            .effects
            .iter()
            .find(|on| on.kind == EffectKind::Assisted && on.magnitude == skill.place());
        let Some(source) = helped.map(|on| on.source) else { return self.check_roll(who, bonus) };
        let disadvantages = self.check_reasons(who);
        let advantages = vec![Reason::HelpedBy];
        let mode = d20_modes(&advantages, &disadvantages);
        let roll = self.d20(who, bonus, mode, advantages, disadvantages, false);
        let effect = EffectKind::Assisted;
        self.emit(Fact::EffectRemoved { creature: who, effect, source });
        roll
    }

    pub(super) fn inquire(&mut self, who: CreatureId, inquiry: Inquiry, skill: Skill) {
        let looks = inquiry == Inquiry::Search && skill == Skill::Perception;
        let blind = self
            .creature(who)
            .is_some_and(|it| it.has(Condition::Blinded) && it.definition.senses.blindsight == 0);
        // Who cannot see fails without a roll to look for something.
        let roll = if looks && blind { unseeing() } else { self.skill_check(who, skill) };
        let total = u16::try_from(roll.total).unwrap_or_default();
        let found: Vec<CreatureId> = self.found_by(who, total, looks && !blind);
        let deed = Deed::Inquire { inquiry, skill, roll };
        self.emit(Fact::Action { creature: who, cost: Cost::Action, deed });
        for hider in found {
            self.remove_effects(hider, EffectKind::Hidden);
        }
    }

    /// The enemies in hiding whose Stealth check the searcher's check reaches.
    fn found_by(&self, who: CreatureId, total: u16, looks: bool) -> Vec<CreatureId> {
        let Some(it) = self.creature(who).filter(|_| looks) else { return Vec::new() };
        let enemies = self
            .scratch
            .creatures
            .iter()
            .filter(|other| other.side != it.side && other.present() && !other.hidden);
        let found = enemies.filter(|other| {
            let hides = |on: &&crate::rules::state::ActiveEffect| on.kind == EffectKind::Hidden;
            other.effects.iter().find(hides).is_some_and(|on| on.magnitude <= total)
        });
        found.map(|other| other.id).collect()
    }

    pub(super) fn assist(&mut self, who: CreatureId, target: CreatureId, skill: Skill) {
        let deed = Deed::Assist { target, skill };
        self.emit(Fact::Action { creature: who, cost: Cost::Action, deed });
        let until = Until::StartOfTurn { of: who, turns: 0 };
        self.add_effect(target, EffectKind::Assisted, who, until, skill.place());
    }

    pub(super) fn use_object(&mut self, who: CreatureId) -> Cost {
        let cost = self.creature(who).map_or(Cost::Action, object_cost);
        self.emit(Fact::Action { creature: who, cost, deed: Deed::UseObject });
        cost
    }

    /// By SRD 5.2.1 whoever hides has the Invisible condition as long as it does.
    pub(super) fn hide(&mut self, who: CreatureId, cost: Cost) {
        let Some(it) = self.creature(who) else { return };
        let dc = hide_dc(&self.scratch, it);
        let roll = self.skill_check(who, Skill::Stealth);
        let total = roll.total;
        let success = total >= i16::from(dc);
        let deed = Deed::Hide { roll, dc, success };
        self.emit(Fact::Action { creature: who, cost, deed });
        if !success {
            return;
        }
        let magnitude = u16::try_from(total).unwrap_or_default();
        self.add_effect(who, EffectKind::Hidden, who, Until::Removed, magnitude);
        if self.scratch.edition.hiding_is_invisible() {
            self.add_condition(who, Condition::Invisible, Some(who), Until::Removed);
        }
    }

    /// Whoever hides no longer is invisible no longer for that reason.
    pub(super) fn unveil(&mut self, who: CreatureId) {
        let (condition, source) = (Condition::Invisible, Some(who));
        let veiled = self.creature(who).is_some_and(|it| {
            !it.affected(EffectKind::Hidden)
                && it.conditions.iter().any(|on| on.condition == condition && on.source == source)
        });
        if veiled {
            self.emit(Fact::ConditionRemoved { creature: who, condition, source });
        }
    }
}

/// A check that fails without a roll.
fn unseeing() -> D20Roll {
    D20Roll {
        faces: Vec::new(),
        mode: RollMode::Normal,
        kept: 0,
        bonus: 0,
        total: 0,
        advantages: Vec::new(),
        disadvantages: vec![Reason::Unseen],
        extra_dice: Vec::new(),
        drawn_at: None,
    }
}
