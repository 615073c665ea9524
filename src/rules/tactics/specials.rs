//! What a sensible creature does besides striking: breathe fire on a crowd, patch up a friend, work
//! itself into a rage.

use super::odds::{bloodied, failing, harm, helps, points};
use super::{Mind, is_local};
use crate::rules::creature::{
    AreaShape, Cost, EffectKind, Reach, SetOff, Special, SpecialEffect, Uses,
};
use crate::rules::geometry::{area_squares, distance_feet, space_of};
use crate::rules::grid::Position;
use crate::rules::id::CreatureId;
use crate::rules::intent::Action;
use crate::rules::legal::{concerns, is_spared};
use crate::rules::state::{Creature, Life};

/// Enemies nearer than this, in feet, are worth getting ready for.
const SOON_FEET: u16 = 60;

/// The special, on the creature itself.
pub(super) fn on_self(special: &Special, me: &Creature) -> Action {
    let targets = match special.reach {
        Reach::Own | Reach::Area { .. } => Vec::new(),
        Reach::Creatures { .. } => vec![me.id()],
    };
    Action::Special { special: special.id, targets, aim: None }
}

impl<'a> Mind<'a> {
    /// Specials that may be used in one's own turn and cannot go on for ever.
    fn usable_specials(&self) -> impl Iterator<Item = &'a Special> {
        self.me.definition().set_off_by(SetOff::Chosen).filter(|special| match special.cost {
            Cost::Action | Cost::BonusAction => true,
            Cost::Free => special.uses != Uses::AtWill,
            Cost::Reaction | Cost::Legendary => false,
        })
    }

    /// Hit points for a fallen friend, or for one (perhaps itself) who is about to fall.
    pub(super) fn mend(&self) -> Option<Action> {
        let fallen = self.allies.iter().copied().filter(|ally| ally.life() != Life::Up);
        let weak = self.allies.iter().copied().filter(|a| a.life() == Life::Up && failing(a));
        for special in self.usable_specials() {
            let SpecialEffect::Heal { dice } = special.effect else { continue };
            let wish =
                match special.reach {
                    Reach::Own => {
                        let lost = self.me.maximum().saturating_sub(self.me.hit_points());
                        (bloodied(self.me) && i32::from(lost) * 100 >= points(dice))
                            .then(|| on_self(special, self.me))
                            .and_then(|wish| self.allowed(wish))
                    }
                    Reach::Creatures { .. } => {
                        let own = core::iter::once(self.me).filter(|me| failing(me));
                        fallen.clone().chain(own).chain(weak.clone()).find_map(|friend| {
                            self.allowed(at_creatures(special, vec![friend.id()]))
                        })
                    }
                    Reach::Area { .. } => fallen.clone().chain(weak.clone()).find_map(|friend| {
                        self.allowed(aimed(special, Vec::new(), friend.position()))
                    }),
                };
            if wish.is_some() {
                return wish;
            }
        }
        None
    }

    /// What is worth doing before the blows fall: a rage, a blessing, a mark on the next victim.
    pub(super) fn prepare(&self) -> Option<Action> {
        if self.nearest_feet().is_some_and(|feet| feet > SOON_FEET) || self.enemies.is_empty() {
            return None;
        }
        for special in self.usable_specials() {
            let wish = match &special.effect {
                SpecialEffect::Effect { kind, .. } if helps(*kind) => self.bolster(special, *kind),
                SpecialEffect::Effect { kind, .. } if special.cost != Cost::Action => {
                    self.single_out(special, *kind)
                }
                SpecialEffect::TemporaryHitPoints { .. } => self.harden(special),
                SpecialEffect::Effect { .. }
                | SpecialEffect::Save { .. }
                | SpecialEffect::Heal { .. }
                | SpecialEffect::AutoDamage { .. }
                | SpecialEffect::Maneuvers { .. }
                | SpecialEffect::Go { .. }
                | SpecialEffect::ExtraAction => None,
            };
            if wish.is_some() {
                return wish;
            }
        }
        None
    }

    /// Whether an effect on oneself is worth its cost now.
    fn worthwhile(&self, special: &Special, kind: EffectKind) -> bool {
        let close = self.nearest_feet().is_none_or(|feet| feet <= 30);
        match kind {
            EffectKind::Raging => close,
            // Every enemy has advantage in return: for the strong only, and in melee.
            EffectKind::Reckless => close && !bloodied(self.me) && !self.me.economy().action_spent,
            EffectKind::Blessed | EffectKind::Shielded | EffectKind::Emboldened => {
                special.cost != Cost::Action || self.combat.round() <= 2
            }
            EffectKind::Dodging => special.cost != Cost::Action && bloodied(self.me) && close,
            EffectKind::Disengaged | EffectKind::Hidden => false,
            EffectKind::Distracted
            | EffectKind::Marked
            | EffectKind::NoHealing
            | EffectKind::Slowed
            | EffectKind::NoReactions
            | EffectKind::Quarry
            | EffectKind::Assisted
            | EffectKind::Halved
            | EffectKind::Dazed
            | EffectKind::Exposed
            | EffectKind::Hampered
            | EffectKind::Suffering
            | EffectKind::Vexed
            | EffectKind::Surprised
            | EffectKind::Rattled => false,
        }
    }

    fn bolster(&self, special: &Special, kind: EffectKind) -> Option<Action> {
        if !self.worthwhile(special, kind) {
            return None;
        }
        match special.reach {
            Reach::Own => {
                if self.me.affected(kind) {
                    return None;
                }
                self.allowed(on_self(special, self.me))
            }
            Reach::Creatures { count, feet } => {
                let friends: Vec<CreatureId> = self
                    .friends_within(feet)
                    .filter(|friend| friend.life() == Life::Up && !friend.affected(kind))
                    .take(usize::from(count))
                    .map(Creature::id)
                    .collect();
                // A whole action is for more than one.
                if friends.is_empty() || (friends.len() < 2 && special.cost == Cost::Action) {
                    return None;
                }
                self.allowed(at_creatures(special, friends))
            }
            Reach::Area { .. } => None,
        }
    }

    /// Itself and its friends within so many feet, itself first.
    fn friends_within(&self, feet: u16) -> impl Iterator<Item = &'a Creature> {
        let (combat, me) = (self.combat, self.me);
        core::iter::once(me)
            .chain(self.allies.clone())
            .filter(move |friend| distance_feet(combat, me, friend).is_none_or(|d| d <= feet))
    }

    /// A harmful effect that costs no action, on the enemy it will most likely strike next.
    fn single_out(&self, special: &Special, kind: EffectKind) -> Option<Action> {
        let Reach::Creatures { .. } = special.reach else { return None };
        let mine = |enemy: &Creature| {
            enemy.effects().iter().any(|e| e.kind == kind && e.source == self.me.id())
        };
        // One quarry at a time: another only when the last has fallen.
        if kind == EffectKind::Quarry && self.enemies.iter().any(|enemy| mine(enemy)) {
            return None;
        }
        let fresh = self.enemies.iter().filter(|enemy| !enemy.affected(kind));
        fresh.take(3).find_map(|enemy| self.allowed(at_creatures(special, vec![enemy.id()])))
    }

    fn harden(&self, special: &Special) -> Option<Action> {
        if self.me.temporary_hit_points() > 0 || special.cost == Cost::Action && !bloodied(self.me)
        {
            return None;
        }
        self.allowed(on_self(special, self.me))
    }

    /// Every harmful special with its best targets and what that is worth.
    pub(super) fn harmful_specials(&self) -> Vec<(i32, Action)> {
        self.usable_specials().filter_map(|special| self.aimed_best(special)).collect()
    }

    /// A harmful special at its best targets, and what that is worth.
    pub(super) fn aimed_best(&self, special: &Special) -> Option<(i32, Action)> {
        match special.reach {
            Reach::Own => None,
            Reach::Creatures { count, feet } => self.at_the_best(special, count, feet),
            Reach::Area { .. } => self.over_a_crowd(special),
        }
    }

    /// The longest reach of a harmful special that is not used up, in feet.
    pub(super) fn harmful_reach_feet(&self) -> u16 {
        let Some(enemy) = self.enemies.first() else { return 0 };
        self.usable_specials()
            .filter(|special| harm(special, self.me, enemy).is_some())
            .filter(|special| {
                let wish = aimed(special, vec![enemy.id()], enemy.position());
                self.refusal(&wish).is_none_or(|why| is_local(&why))
            })
            .map(|special| match special.reach {
                Reach::Own => 0,
                Reach::Creatures { feet, .. } => feet,
                Reach::Area { range, .. } => range.max(10),
            })
            .max()
            .unwrap_or(0)
    }

    /// Up to `count` enemies within reach, those it harms most.
    fn at_the_best(&self, special: &Special, count: u8, feet: u16) -> Option<(i32, Action)> {
        let mut harmed: Vec<(i32, CreatureId)> = self
            .enemies
            .iter()
            .filter(|e| distance_feet(self.combat, self.me, e).is_none_or(|d| d <= feet))
            .filter(|e| concerns(self.me, special, e))
            .filter_map(|enemy| Some((harm(special, self.me, enemy)?, enemy.id())))
            .collect();
        harmed.sort_by_key(|(value, _)| core::cmp::Reverse(*value));
        let count = usize::from(count.max(1));
        if matches!(special.effect, SpecialEffect::AutoDamage { .. }) {
            // Darts that cannot miss all fly at whoever is worth it most.
            let best = harmed.first().copied()?;
            harmed = vec![best; count];
        }
        harmed.truncate(count);
        let value = harmed.iter().map(|(value, _)| value).sum();
        let targets: Vec<CreatureId> = harmed.into_iter().map(|(_, id)| id).collect();
        (!targets.is_empty()).then(|| (value, at_creatures(special, targets)))
    }

    /// Where an area catches the most enemies and no friend.
    fn over_a_crowd(&self, special: &Special) -> Option<(i32, Action)> {
        let Reach::Area { shape, range } = special.reach else { return None };
        let Some((map, mine)) = self.combat.map().zip(space_of(self.me)) else {
            return self.without_a_map(special, shape);
        };
        self.enemies
            .iter()
            .flat_map(|enemy| aims_at(enemy, range))
            .filter_map(|aim| {
                let squares = area_squares(map, mine, shape, range, aim);
                let caught = |c: &Creature| {
                    !is_spared(self.me, special, c)
                        && space_of(c).is_some_and(|s| s.squares().any(|at| squares.contains(&at)))
                };
                let friends = core::iter::once(self.me).chain(self.allies.iter().copied());
                if friends.into_iter().any(caught) {
                    return None;
                }
                let victims = self.enemies.iter().filter(|enemy| caught(enemy));
                let value: i32 = victims.filter_map(|enemy| harm(special, self.me, enemy)).sum();
                (value > 0).then_some((value, aim))
            })
            .max_by_key(|(value, aim)| (*value, core::cmp::Reverse(*aim)))
            .map(|(value, aim)| (value, aimed(special, Vec::new(), Some(aim))))
    }

    /// An area in the theatre of the mind, where nobody knows who stands close together: one enemy
    /// for each ten feet of it.
    fn without_a_map(&self, special: &Special, shape: AreaShape) -> Option<(i32, Action)> {
        let feet = match shape {
            AreaShape::Cone { length: feet }
            | AreaShape::Cube { side: feet }
            | AreaShape::Sphere { radius: feet }
            | AreaShape::Emanation { radius: feet }
            | AreaShape::Cylinder { radius: feet } => feet,
            AreaShape::Line { length, .. } => length / 3,
        };
        let mut harmed: Vec<(i32, CreatureId)> = self
            .enemies
            .iter()
            .filter(|enemy| concerns(self.me, special, enemy))
            .filter_map(|enemy| Some((harm(special, self.me, enemy)?, enemy.id())))
            .collect();
        harmed.sort_by_key(|(value, _)| core::cmp::Reverse(*value));
        harmed.truncate(usize::from(feet.div_ceil(10).max(1)));
        let value = harmed.iter().map(|(value, _)| value).sum();
        let targets: Vec<CreatureId> = harmed.into_iter().map(|(_, id)| id).collect();
        (value > 0).then(|| (value, at_creatures(special, targets)))
    }
}

/// Squares worth aiming at to catch a creature: its own, and for shapes that burst somewhere else
/// the four around its middle.
fn aims_at(enemy: &Creature, range: u16) -> Vec<Position> {
    let Some(space) = space_of(enemy) else { return Vec::new() };
    let mut aims = vec![space.corner];
    if range > 0 {
        for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, -1)] {
            let x = space.corner.x.checked_add_signed(dx);
            let y = space.corner.y.checked_add_signed(dy);
            aims.extend(x.zip(y).map(|(x, y)| Position { x, y }));
        }
    }
    aims
}

pub(super) fn at_creatures(special: &Special, targets: Vec<CreatureId>) -> Action {
    aimed(special, targets, None)
}

fn aimed(special: &Special, targets: Vec<CreatureId>, aim: Option<Position>) -> Action {
    Action::Special { special: special.id, targets, aim }
}
