//! What happens by itself around a creature: auras, bursts when it dies, a hide that burns whoever
//! strikes it, and damage that comes again every turn (SRD 5.2.1, Monsters > Traits).
//!
//! Nobody chooses any of it and nobody is asked. Without a map everybody stands beside everybody.

use crate::rules::creature::{Beat, Cost, DamagePart, Reach, SetOff, Special, Suffering, When};
use crate::rules::event::{Deed, Fact};
use crate::rules::geometry::{distance_feet, space_of};
use crate::rules::id::CreatureId;
use crate::rules::legal::{affected, is_spared};
use crate::rules::state::{Creature, Life};

use super::Resolution;

/// Damage that comes again: who takes it, from whom, and what it is.
type Again = (CreatureId, CreatureId, Suffering);

impl Resolution<'_> {
    /// Everything of a creature that this sets off, on everybody whom it reaches.
    pub(super) fn set_off(&mut self, owner: CreatureId, by: SetOff) {
        for special in self.automatic(owner, by) {
            let reached = self.creature(owner).map_or_else(Vec::new, |it| self.reach(it, &special));
            self.happen(owner, &special, reached);
        }
    }

    /// The same on one creature alone, if it is reached.
    pub(super) fn set_off_at(&mut self, owner: CreatureId, by: SetOff, target: CreatureId) {
        for special in self.automatic(owner, by) {
            let Some(it) = self.creature(owner) else { return };
            let near = by == SetOff::StruckInMelee || self.reach(it, &special).contains(&target);
            let concerned = self
                .creature(target)
                .is_some_and(|target| target.present() && !is_spared(it, &special, target));
            if near && concerned {
                self.happen(owner, &special, vec![target]);
            }
        }
    }

    /// Whatever others have around them that befalls who starts a turn there.
    pub(super) fn auras_at(&mut self, who: CreatureId) {
        let owners: Vec<CreatureId> = self.scratch.order.clone();
        for owner in owners.into_iter().filter(|owner| *owner != who) {
            let stands = |it: &Creature| it.present() && it.life == Life::Up;
            let both = self.creature(owner).is_some_and(stands)
                && self.creature(who).is_some_and(Creature::present);
            if both {
                self.set_off_at(owner, SetOff::TheirTurnStart, who);
            }
        }
    }

    fn automatic(&self, owner: CreatureId, by: SetOff) -> Vec<Special> {
        let Some(it) = self.creature(owner).filter(|it| !it.left) else { return Vec::new() };
        let able = it.incapacitated().is_none();
        let works = |special: &&Special| able || !special.terms.while_able;
        it.definition.set_off_by(by).filter(works).cloned().collect()
    }

    /// Whom it reaches, in the order they joined, those spared left out.
    fn reach(&self, owner: &Creature, special: &Special) -> Vec<CreatureId> {
        let feet = match special.reach {
            Reach::Own => return vec![owner.id],
            Reach::Area { .. } if self.scratch.map.is_some() && space_of(owner).is_some() => {
                return affected(&self.scratch, owner, special, None);
            }
            Reach::Area { .. } => u16::MAX,
            Reach::Creatures { count: _, feet } => feet,
        };
        let reached = |it: &&Creature| {
            let near = distance_feet(&self.scratch, owner, it).is_none_or(|away| away <= feet);
            it.present() && it.id != owner.id && near
        };
        let others = self.scratch.creatures.iter().filter(reached);
        others.filter(|it| !is_spared(owner, special, it)).map(|it| it.id).collect()
    }

    fn happen(&mut self, owner: CreatureId, special: &Special, targets: Vec<CreatureId>) {
        if targets.is_empty() {
            return;
        }
        let hides = self.creature(owner).is_some_and(|it| it.hidden);
        let unknown = |id: &CreatureId| self.creature(*id).is_some_and(|it| it.hidden);
        let named = targets.iter().copied().filter(|id| hides || !unknown(id)).collect();
        let (name, aim) = (special.name.clone(), None);
        let shared = self.roll_shared(owner, special);
        let rolled = shared.iter().map(|(_, rolled)| rolled.clone()).collect();
        let deed = Deed::Special { special: special.id, name, targets: named, aim, rolled };
        self.emit(Fact::Action { creature: owner, cost: Cost::Free, deed });
        let burst = self.burst.take();
        self.special_effect(owner, special, &targets, &shared);
        self.burst = burst;
    }

    /// Damage that comes again at the start of this creature's turn, on itself or on others.
    pub(super) fn suffer_again(&mut self, turn_of: CreatureId) {
        let mut again: Vec<Again> = Vec::new();
        for it in self.scratch.creatures.iter().filter(|it| it.present()) {
            for effect in &it.effects {
                let Some(what) = effect.suffering else { continue };
                let due = match what.each {
                    Beat::TargetTurnStart => it.id == turn_of,
                    Beat::SourceTurnStart => effect.source == turn_of,
                };
                if due {
                    again.push((it.id, effect.source, what));
                }
            }
        }
        for (who, source, what) in again {
            let still = self.creature(who).is_some_and(|it| {
                it.effects.iter().any(|on| on.source == source && on.suffering == Some(what))
            });
            if still {
                let part = DamagePart { dice: what.dice, kind: what.kind, when: When::Always };
                let rolled = vec![(part, self.roll_part(source, &part, false))];
                self.take(source, who, &rolled, false, true);
            }
        }
    }
}
