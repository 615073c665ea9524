//! What a weapon does in the hands of somebody who has mastered it (SRD 5.2.1, Equipment > Mastery
//! Properties). SRD 5.1 knows nothing of it.
//!
//! Whatever a mastery may do it does: nobody is asked each time (docs/rulings.md). Cleave and Nick
//! are attacks of their own and no business of this file.

use crate::rules::ability::Ability;
use crate::rules::condition::{Condition, Until};
use crate::rules::creature::{Attack, EffectKind, Mastery, SaveSpec, Size};
use crate::rules::event::{DamageDealt, DiceRolled, Fact, SaveCause};
use crate::rules::id::CreatureId;

use super::Resolution;
use super::strike::adjust;

/// Feet of a push.
const PUSH_FEET: u16 = 10;
/// Feet by which Slow slows.
const SLOW_FEET: u16 = 10;
/// What the DC of Topple begins with.
const DC_BASE: i16 = 8;

impl Resolution<'_> {
    /// What the weapon's mastery does to whoever was attacked with it.
    pub(super) fn master(
        &mut self,
        by: CreatureId,
        target: CreatureId,
        attack: &Attack,
        hit: bool,
        dealt: u16,
    ) {
        let Some(mastery) = attack.weapon.mastery else { return };
        let there = self.creature(target).is_some_and(crate::rules::state::Creature::present);
        if !there || !self.scratch.edition.has_masteries() {
            return;
        }
        let next_turn = Until::StartOfTurn { of: by, turns: 0 };
        match (mastery, hit) {
            (Mastery::Graze, false) => self.graze(by, target, attack),
            (Mastery::Push, true) => self.push(by, target, PUSH_FEET, Some(Size::Large)),
            (Mastery::Sap, true) => {
                self.add_effect(target, EffectKind::Rattled, by, next_turn, 0);
            }
            (Mastery::Slow, true) if dealt > 0 => {
                self.add_effect(target, EffectKind::Slowed, by, next_turn, SLOW_FEET);
            }
            (Mastery::Topple, true) => self.topple(by, target, attack),
            (Mastery::Vex, true) if dealt > 0 => {
                let turns = u8::from(self.scratch.current == Some(by));
                let until = Until::EndOfTurn { of: by, turns };
                self.add_effect(target, EffectKind::Vexed, by, until, 0);
            }
            (
                Mastery::Slow | Mastery::Vex | Mastery::Cleave | Mastery::Nick | Mastery::Graze,
                true,
            )
            | (
                Mastery::Cleave
                | Mastery::Nick
                | Mastery::Push
                | Mastery::Sap
                | Mastery::Slow
                | Mastery::Topple
                | Mastery::Vex,
                false,
            ) => {}
        }
    }

    /// An attack roll against somebody it vexed uses that up, whatever comes of it.
    pub(super) fn steady(&mut self, by: CreatureId, target: CreatureId) {
        let effect = EffectKind::Vexed;
        let vexed = self.creature(target).is_some_and(|it| {
            it.effects.iter().any(|known| known.kind == effect && known.source == by)
        });
        if vexed {
            self.emit(Fact::EffectRemoved { creature: target, effect, source: by });
        }
    }

    /// A miss deals the ability modifier, of the weapon's type.
    fn graze(&mut self, by: CreatureId, target: CreatureId, attack: &Attack) {
        let modifier = self.creature(by).map_or(0, |it| attack.modifier(&it.definition));
        let (Ok(total), Some(first)) = (u16::try_from(modifier), attack.damage.first()) else {
            return;
        };
        let Some(it) = self.creature(target).filter(|_| total > 0) else { return };
        let (adjustment, dealt) = adjust(self.scratch.edition, it, first.kind, total, false);
        let bonus = i16::from(modifier);
        let rolled = DiceRolled { sides: 0, faces: Vec::new(), bonus, total, drawn_at: None };
        let damage = vec![DamageDealt { kind: first.kind, rolled, adjustment, dealt }];
        self.emit(Fact::DamageTaken { creature: target, source: Some(by), damage });
        self.harm(target, dealt, Some(by), false, true);
    }

    fn topple(&mut self, by: CreatureId, target: CreatureId, attack: &Attack) {
        let lies = self
            .creature(target)
            .is_none_or(|it| it.has(Condition::Prone) || it.immune_to(Condition::Prone));
        let Some(it) = self.creature(by).filter(|_| !lies) else { return };
        let modifier = i16::from(attack.modifier(&it.definition));
        let dc = DC_BASE + modifier + i16::from(it.definition.proficiency_bonus);
        let dc = u8::try_from(dc.max(1)).unwrap_or(u8::MAX);
        let save = SaveSpec { ability: Ability::Constitution, dc };
        let cause = SaveCause::AttackRider { source: by, attack: attack.id };
        if !self.save(target, save, cause) {
            self.add_condition(target, Condition::Prone, Some(by), Until::Removed);
        }
    }
}
