//! Legendary actions, and specials that move whoever uses them (SRD 5.2.1, Monsters > Legendary
//! Actions).
//!
//! They are taken right after somebody else's turn, when their owner is asked, and never while it
//! cannot act.

use super::special::NO_TARGETS;
use super::{able, cost_left, speed};
use crate::rules::condition::Condition;
use crate::rules::creature::{Attack, Cost, Going, Special, SpecialEffect};
use crate::rules::geometry::{Space, Way, reachable, sees_square, space_of};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, Slug};
use crate::rules::illegal::Illegal;
use crate::rules::pending::Question;
use crate::rules::state::{Combat, Creature};

use super::attack::uses_left;
use super::movement::extra_feet;

/// Where a special takes its user: the squares it walks, or the one in which it appears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) enum Course {
    Stay,
    Walk { path: Vec<Position>, unprovoking: bool },
    Appear { at: Position },
}

/// Whether the creature has a legendary action left that it could take.
pub(in crate::rules) fn has_legendary_left(it: &Creature) -> bool {
    let ready = |special: &Special| {
        special.cost == Cost::Legendary && uses_left(it, special.id, special.uses).is_ok()
    };
    it.present()
        && able(it).is_ok()
        && it.definition.legendary_actions > 0
        && cost_left(it, Cost::Legendary).is_ok()
        && it.definition.specials.iter().any(ready)
}

impl Combat {
    /// Whether the special is one of the creature's legendary actions.
    pub(in crate::rules) fn is_legendary(&self, id: CreatureId, special: Slug) -> bool {
        let known = self.creature(id).and_then(|it| it.definition.special(special));
        known.is_some_and(|special| special.cost == Cost::Legendary)
    }

    /// A creature that is asked for a legendary action right now.
    pub(super) fn check_legend(&self, id: CreatureId) -> Result<&Creature, Illegal> {
        self.check_phase_running()?;
        let creature = self.here(id)?;
        let asked = self.pending.last().is_some_and(|open| {
            open.prompt.creature == id && open.prompt.question == Question::Legendary
        });
        if !asked {
            return Err(Illegal::NotItsMoment);
        }
        able(creature)?;
        cost_left(creature, Cost::Legendary)?;
        Ok(creature)
    }

    /// Where a special takes its user, and what it strikes there: the given square, or by itself
    /// the nearest from which one of its attacks reaches the target.
    pub(in crate::rules) fn plan_going(
        &self,
        actor: &Creature,
        special: &Special,
        targets: &[CreatureId],
        aim: Option<Position>,
    ) -> Result<Course, Illegal> {
        let SpecialEffect::Go { going, then } = &special.effect else {
            return Err(Illegal::NoSuchSpecial);
        };
        let target = match (then.is_empty(), targets) {
            (true, []) => None,
            (true, _) => return Err(NO_TARGETS),
            (false, [target]) => Some(self.check_enemy(actor, *target)?),
            (false, _) => return Err(Illegal::WrongTargetCount { min: 1, max: 1 }),
        };
        let strikes: Vec<&Attack> =
            then.iter().filter_map(|id| actor.definition.attack(*id)).collect();
        let Some(own) = space_of(actor).filter(|_| self.map.is_some()) else {
            return if target.is_none() { Err(Illegal::NoMap) } else { Ok(Course::Stay) };
        };
        let reaches = |at: Position| {
            target.is_none_or(|target| {
                space_of(target).is_some_and(|theirs| {
                    let feet = own.at(at).feet_to(theirs);
                    strikes.iter().any(|attack| {
                        attack.reach.max(attack.range.map(|range| range.normal)) >= Some(feet)
                    })
                })
            })
        };
        match (aim, target) {
            (None, None) => return Err(Illegal::AimNeeded),
            (None, Some(_)) if reaches(own.corner) => return Ok(Course::Stay),
            (Some(at), _) if !reaches(at) => {
                return Err(self.too_far(own.at(at), target, &strikes));
            }
            (Some(at), _) if at == own.corner => return Ok(Course::Stay),
            (None | Some(_), _) => {}
        }
        match *going {
            Going::Stay => Err(self.too_far(own, target, &strikes)),
            Going::Walk { half, unprovoking } => {
                let whole = speed(actor, self.edition);
                let feet = if half { whole / 2 } else { whole };
                let all = reachable(self, actor, feet, extra_feet(self, actor));
                let all = all.ok_or(Illegal::NoMap)?;
                let stops = all.stops().filter(|(stop, _)| aim.is_none_or(|aim| aim == *stop));
                let nearest = stops
                    .filter(|(stop, _)| aim.is_some() || reaches(*stop))
                    .map(|(stop, feet)| (feet, stop))
                    .min();
                let Some(way) = nearest.and_then(|(_, stop)| all.way_to(stop)) else {
                    return Err(match aim {
                        Some(_) => Illegal::NoWay,
                        None => self.too_far(own, target, &strikes),
                    });
                };
                self.check_fear(actor, &way)?;
                Ok(Course::Walk { path: way.path, unprovoking })
            }
            Going::Teleport { feet } => {
                let at = match aim {
                    Some(aim) => aim,
                    None => self
                        .places_within(actor, own, feet)
                        .filter(|at| reaches(*at))
                        .min_by_key(|at| (own.at(*at).squares_to(own), *at))
                        .ok_or_else(|| self.too_far(own, target, &strikes))?,
                };
                self.check_place(actor, own, at, feet)?;
                Ok(Course::Appear { at })
            }
        }
    }

    fn check_fear(&self, actor: &Creature, way: &Way) -> Result<(), Illegal> {
        let afraid = actor.has(Condition::Frightened) && self.nears_what_it_fears(actor, way);
        if afraid { Err(Illegal::FrightenedOfTarget) } else { Ok(()) }
    }

    /// How far away a target is that cannot be reached.
    fn too_far(&self, own: Space, target: Option<&Creature>, strikes: &[&Attack]) -> Illegal {
        let away = target.and_then(space_of).map(|theirs| own.feet_to(theirs));
        let reach_feet = strikes.iter().filter_map(|attack| attack.reach).max().unwrap_or_default();
        match away.filter(|_| self.map.is_some()) {
            Some(distance_feet) => Illegal::OutOfReach { distance_feet, reach_feet },
            None => Illegal::NoMap,
        }
    }

    /// Free places within so many feet that the creature can see, row by row.
    pub(in crate::rules) fn places_within<'a>(
        &'a self,
        actor: &'a Creature,
        own: Space,
        feet: u16,
    ) -> impl Iterator<Item = Position> + 'a {
        let (width, height) = self.map().map_or((0, 0), |map| (map.width, map.height));
        let squares = (0..height).flat_map(move |y| (0..width).map(move |x| Position { x, y }));
        squares.filter(move |at| self.check_place(actor, own, *at, feet).is_ok())
    }

    /// Whether somebody could appear in a place: within range, on the map, seen and free.
    fn check_place(
        &self,
        actor: &Creature,
        own: Space,
        at: Position,
        feet: u16,
    ) -> Result<(), Illegal> {
        let map = self.map().ok_or(Illegal::NoMap)?;
        let space = own.at(at);
        if space.right() >= map.width || space.bottom() >= map.height {
            return Err(Illegal::OffTheMap);
        }
        let distance_feet = own.feet_to(space);
        if distance_feet > feet {
            return Err(Illegal::OutOfRange { distance_feet, range_feet: feet });
        }
        let taken = self.creatures.iter().any(|other| {
            other.id != actor.id
                && other.present()
                && space_of(other).is_some_and(|theirs| theirs.overlaps(space))
        });
        let walled =
            space.squares().any(|square| map.at(square) == crate::rules::grid::Terrain::Wall);
        if taken || walled {
            return Err(Illegal::Blocked);
        }
        if sees_square(self, actor, at) == Some(false) {
            return Err(Illegal::NoLineOfSight);
        }
        Ok(())
    }
}
