//! What a legend does between turns, and how somebody vanishes here to appear there.
//!
//! Whoever is asked may name the action alone: this says at whom it is aimed. Nothing here looks at
//! what the other side keeps to itself.

use super::Mind;
use super::odds::{Stance, helps, points};
use super::specials::{at_creatures, on_self};
use crate::rules::creature::{Cost, Going, Reach, Special, SpecialEffect};
use crate::rules::geometry::{reachable, space_of};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::intent::Action;
use crate::rules::legal::speed;
use crate::rules::state::Combat;

/// What a boon is worth beside a blow, in hundredths of a point.
const BOON: i32 = 200;
/// Feet by which going somewhere must bring it nearer to be worth it.
const NEARER_FEET: u16 = 10;

/// The legendary action that a creature that is asked would take now, aimed: of this entry, or the
/// best of all. `None` if there is none that it could and would take.
pub fn legendary_wish(combat: &Combat, id: CreatureId, entry: Option<Slug>) -> Option<Action> {
    let me = combat.creature(id).filter(|me| me.present())?;
    let mind = Mind::of(combat, me);
    let known = me.definition().specials.iter().filter(|special| {
        special.cost == Cost::Legendary && entry.is_none_or(|entry| entry == special.id)
    });
    let mut wishes: Vec<(i32, Action)> = known.flat_map(|it| mind.legendary(it)).collect();
    wishes.sort_by_key(|(value, _)| core::cmp::Reverse(*value));
    wishes.into_iter().filter(|(value, _)| *value > 0).find_map(|(_, wish)| mind.allowed(wish))
}

impl Mind<'_> {
    fn legendary(&self, special: &Special) -> Vec<(i32, Action)> {
        match &special.effect {
            SpecialEffect::Go { then, .. } if then.is_empty() => {
                self.nearer_by(special).map(|wish| (BOON, wish)).into_iter().collect()
            }
            SpecialEffect::Go { then, .. } => self.blows(special, then),
            SpecialEffect::Save { .. } | SpecialEffect::AutoDamage { .. } => {
                self.aimed_best(special).into_iter().collect()
            }
            SpecialEffect::Heal { dice } | SpecialEffect::TemporaryHitPoints { dice } => {
                let lost = self.me.maximum().saturating_sub(self.me.hit_points());
                let worth = points(*dice).min(i32::from(lost) * 100);
                vec![(worth, self.on_me(special))]
            }
            SpecialEffect::Effect { kind, .. } if helps(*kind) && !self.me.affected(*kind) => {
                vec![(BOON, self.on_me(special))]
            }
            SpecialEffect::Effect { .. } => self.aimed_best(special).into_iter().collect(),
            SpecialEffect::Maneuvers { .. } | SpecialEffect::ExtraAction => Vec::new(),
        }
    }

    fn on_me(&self, special: &Special) -> Action {
        match special.reach {
            Reach::Creatures { .. } => at_creatures(special, vec![self.me.id()]),
            Reach::Own | Reach::Area { .. } => on_self(special, self.me),
        }
    }

    /// The blow at each enemy, wherever it would have to be struck from.
    fn blows(&self, special: &Special, then: &[Slug]) -> Vec<(i32, Action)> {
        let stance = Stance::at(self.combat, self.me, &[], None);
        let best = |enemy| {
            let attacks = then.iter().filter_map(|id| self.me.definition().attack(*id));
            attacks.filter_map(|attack| stance.value(attack, enemy)).max()
        };
        self.enemies
            .iter()
            .filter_map(|enemy| Some((best(enemy)?, at_creatures(special, vec![enemy.id()]))))
            .collect()
    }

    /// Nearer to the enemy by a special that only moves, in its own turn and without its action.
    pub(super) fn rush(&self) -> Option<Action> {
        let far = self.nearest_feet().is_some_and(|feet| feet > NEARER_FEET);
        if !far || self.prefers_distance() {
            return None;
        }
        let goes = |special: &&Special| match &special.effect {
            SpecialEffect::Go { then, .. } => special.cost == Cost::BonusAction && then.is_empty(),
            SpecialEffect::Save { .. }
            | SpecialEffect::Heal { .. }
            | SpecialEffect::TemporaryHitPoints { .. }
            | SpecialEffect::Effect { .. }
            | SpecialEffect::AutoDamage { .. }
            | SpecialEffect::Maneuvers { .. }
            | SpecialEffect::ExtraAction => false,
        };
        self.me
            .definition()
            .specials
            .iter()
            .filter(goes)
            .find_map(|special| self.nearer_by(special).and_then(|wish| self.allowed(wish)))
    }

    /// Such a special, aimed at the place that is nearest to an enemy; none if it brings little.
    fn nearer_by(&self, special: &Special) -> Option<Action> {
        let SpecialEffect::Go { going, .. } = &special.effect else { return None };
        let (own, nearest) = (space_of(self.me)?, self.enemies.first()?);
        let theirs = space_of(nearest)?;
        let places: Vec<Position> = match *going {
            Going::Stay => Vec::new(),
            Going::Walk { half, .. } => {
                let whole = speed(self.me, self.combat.edition());
                let feet = if half { whole / 2 } else { whole };
                let all = reachable(self.combat, self.me, feet, self.extra_feet())?;
                all.stops().map(|(stop, _)| stop).collect()
            }
            Going::Teleport { feet } => self.combat.places_within(self.me, own, feet).collect(),
        };
        let feet_from = |at: &Position| own.at(*at).feet_to(theirs);
        let best = places.into_iter().min_by_key(|at| (feet_from(at), *at))?;
        let nearer = feet_from(&best).saturating_add(NEARER_FEET) <= own.feet_to(theirs);
        nearer.then(|| Action::Special {
            special: special.id,
            targets: Vec::new(),
            aim: Some(best),
        })
    }
}
