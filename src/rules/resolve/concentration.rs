//! Keeping one's mind on something, and losing it (SRD 5.2.1, Rules Glossary > Concentration; SRD
//! 5.1, Spellcasting > Concentration).
//!
//! What ends with concentration is read off the special it was for: nothing else is kept about it.

use crate::rules::ability::Ability;
use crate::rules::condition::Condition;
use crate::rules::creature::{EffectKind, Rider, SaveSpec, Special, SpecialEffect};
use crate::rules::event::{Fact, SaveCause};
use crate::rules::id::CreatureId;
use crate::rules::state::Life;

use super::Resolution;

impl Resolution<'_> {
    /// Begins to concentrate on a special; whatever it was before is over.
    pub(super) fn concentrate(&mut self, who: CreatureId, special: &Special) {
        if !special.terms.concentration {
            return;
        }
        self.stop_concentrating(who);
        let name = special.name.clone();
        self.emit(Fact::ConcentrationStarted { creature: who, special: special.id, name });
    }

    /// Damage tries it: a Constitution save for each source, also where temporary hit points
    /// swallow the damage.
    pub(super) fn try_concentration(&mut self, who: CreatureId, damage: u16) {
        let Some(it) = self.creature(who).filter(|it| it.concentration.is_some()) else { return };
        if it.life != Life::Up || it.incapacitated().is_some() || damage == 0 {
            return;
        }
        let dc = self.scratch.edition.concentration_dc(damage);
        let save = SaveSpec { ability: Ability::Constitution, dc };
        if !self.save(who, save, SaveCause::Concentration) {
            self.stop_concentrating(who);
        }
    }

    /// Ends it, and with it what the special had brought.
    pub(super) fn stop_concentrating(&mut self, who: CreatureId) {
        let Some(it) = self.creature(who) else { return };
        let Some(special) = it.concentration else { return };
        let brought = it.definition.special(special).map(|known| brought_by(&known.effect));
        self.emit(Fact::ConcentrationEnded { creature: who, special });
        let (conditions, effects) = brought.unwrap_or_default();
        let mut ended: (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        for it in &self.scratch.creatures {
            let own = it.conditions.iter().filter(|on| on.source == Some(who));
            let due = own.filter(|on| conditions.contains(&on.condition));
            ended.0.extend(due.map(|on| (it.id, on.condition, on.source)));
            let own = it.effects.iter().filter(|on| on.source == who);
            let due = own.filter(|on| effects.contains(&on.kind));
            ended.1.extend(due.map(|on| (it.id, on.kind, on.source)));
        }
        self.remove_lasting(ended.0, ended.1);
    }
}

/// The conditions and effects that a special puts on creatures.
fn brought_by(effect: &SpecialEffect) -> (Vec<Condition>, Vec<EffectKind>) {
    let (mut conditions, mut effects) = (Vec::new(), Vec::new());
    match effect {
        SpecialEffect::Effect { kind, .. } => effects.push(*kind),
        SpecialEffect::Save { riders, .. } => {
            for rider in riders {
                match rider {
                    Rider::Condition { condition, .. } => conditions.push(*condition),
                    Rider::Effect { kind, .. } => effects.push(*kind),
                    Rider::Ongoing { .. } => effects.push(EffectKind::Suffering),
                    Rider::SaveDamage { .. }
                    | Rider::Push { .. }
                    | Rider::Pull { .. }
                    | Rider::ReduceMaximum { .. }
                    | Rider::DrainHeal { .. }
                    | Rider::NoHealing
                    | Rider::Slow { .. } => {}
                }
            }
        }
        SpecialEffect::Heal { .. }
        | SpecialEffect::TemporaryHitPoints { .. }
        | SpecialEffect::AutoDamage { .. }
        | SpecialEffect::Maneuvers { .. }
        | SpecialEffect::Go { .. }
        | SpecialEffect::ExtraAction => {}
    }
    (conditions, effects)
}
