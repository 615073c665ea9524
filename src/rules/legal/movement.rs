//! How far a creature can go, and whether a way is open to it.

use super::held_by;
use crate::rules::condition::Condition;
use crate::rules::creature::{EffectKind, Size};
use crate::rules::edition::Edition;
use crate::rules::geometry::{PathFault, Way, path_cost_feet, space_of, way_to};
use crate::rules::grid::{Position, SQUARE_FEET};
use crate::rules::illegal::Illegal;
use crate::rules::state::{Combat, Creature};

/// The condition that holds the creature's speed at 0, if one does.
fn held_at_zero(creature: &Creature, edition: Edition) -> Option<Condition> {
    let mut conditions = creature.conditions.iter().map(|active| active.condition);
    conditions.find(|condition| edition.stops(*condition))
}

/// The creature's speed now, in feet: the best of walking and flying, less what slows it.
pub(in crate::rules) fn speed(creature: &Creature, edition: Edition) -> u16 {
    if held_at_zero(creature, edition).is_some() {
        return 0;
    }
    let speeds = creature.definition.speeds;
    let base = speeds.walk.max(speeds.fly).max(speeds.climb).max(speeds.swim);
    let slowed: u16 = creature
        .effects
        .iter()
        .filter(|effect| effect.kind == EffectKind::Slowed)
        .map(|effect| effect.magnitude)
        .max()
        .unwrap_or_default();
    let base = if creature.affected(EffectKind::Halved) { base / 2 } else { base };
    edition.tired_speed(base, creature.exhaustion()).saturating_sub(slowed)
}

/// Feet of movement left this turn.
pub(in crate::rules) fn movement_left(creature: &Creature, edition: Edition) -> u16 {
    let speed = speed(creature, edition);
    if speed == 0 {
        return 0;
    }
    speed.saturating_add(creature.economy.dash_feet).saturating_sub(creature.economy.moved_feet)
}

/// Feet that each square costs more, for one who crawls, and for one who drags somebody along who
/// is neither tiny nor two sizes smaller (SRD 5.2.1, Rules Glossary > Crawling, Grappled; SRD 5.1,
/// Combat > Moving a Grappled Creature, halves the speed, which comes to the same).
pub(in crate::rules) fn extra_feet(combat: &Combat, creature: &Creature) -> u16 {
    let crawls = if creature.has(Condition::Prone) { SQUARE_FEET } else { 0 };
    let own = creature.definition.size.rank();
    let is_heavy = |held: &Creature| {
        let size = held.definition.size;
        size != Size::Tiny && own.saturating_sub(size.rank()) < 2
    };
    let drags = held_by(combat, creature.id)
        .any(|(held, grip)| grip.condition == Condition::Grappled && is_heavy(held));
    if drags { crawls.saturating_add(SQUARE_FEET) } else { crawls }
}

impl Combat {
    /// A move on one's own turn: the squares to enter and their cost.
    pub(in crate::rules) fn plan_move(
        &self,
        actor: &Creature,
        to: Position,
        path: &[Position],
    ) -> Result<Way, Illegal> {
        let map = self.map().ok_or(Illegal::NoMap)?;
        if to.x >= map.width || to.y >= map.height {
            return Err(Illegal::OffTheMap);
        }
        if speed(actor, self.edition) == 0 {
            return Err(Illegal::SpeedZero { by: held_at_zero(actor, self.edition) });
        }
        let extra = extra_feet(self, actor);
        let way = if path.is_empty() {
            way_to(self, actor, to, extra).ok_or(Illegal::NoWay)?
        } else {
            if path.last() != Some(&to) {
                return Err(Illegal::PathBroken);
            }
            let cost = path_cost_feet(self, actor, path, extra).ok_or(Illegal::NoMap)?;
            let cost_feet = cost.map_err(|fault| match fault {
                PathFault::Broken { .. } => Illegal::PathBroken,
                PathFault::OffTheMap { .. } => Illegal::OffTheMap,
                PathFault::Blocked { .. } | PathFault::Occupied { .. } => Illegal::Blocked,
            })?;
            Way { path: path.to_vec(), cost_feet }
        };
        if way.path.is_empty() {
            return Err(Illegal::NoWay);
        }
        let left_feet = movement_left(actor, self.edition);
        if way.cost_feet > left_feet {
            return Err(Illegal::NotEnoughMovement { needed_feet: way.cost_feet, left_feet });
        }
        if self.nears_what_it_fears(actor, &way) {
            return Err(Illegal::FrightenedOfTarget);
        }
        Ok(way)
    }

    /// Whether a frightened creature would come nearer to the source of its fear.
    pub(in crate::rules) fn nears_what_it_fears(&self, actor: &Creature, way: &Way) -> bool {
        let Some(own) = space_of(actor) else { return false };
        let feared = actor
            .conditions
            .iter()
            .filter(|active| active.condition == Condition::Frightened)
            .filter_map(|active| space_of(self.creature(active.source?)?));
        for source in feared {
            let mut last = own.feet_to(source);
            for at in &way.path {
                let next = own.at(*at).feet_to(source);
                if next < last {
                    return true;
                }
                last = next;
            }
        }
        false
    }

    /// Lying down costs nothing; with a speed of 0 only SRD 5.1 allows it, and not to the helpless
    /// (SRD 5.2.1, Playing the Game > Dropping Prone).
    pub(super) fn check_drop_prone(&self, actor: &Creature) -> Result<(), Illegal> {
        if actor.has(Condition::Prone) {
            return Err(Illegal::AlreadyProne);
        }
        if self.edition.lies_down_at_speed_zero() {
            return super::able(actor);
        }
        if speed(actor, self.edition) == 0 {
            return Err(Illegal::SpeedZero { by: held_at_zero(actor, self.edition) });
        }
        Ok(())
    }

    /// Standing up takes half the speed.
    pub(super) fn check_stand_up(&self, actor: &Creature) -> Result<(), Illegal> {
        if !actor.has(Condition::Prone) {
            return Err(Illegal::NotProne);
        }
        let full = speed(actor, self.edition);
        if full == 0 {
            return Err(Illegal::SpeedZero { by: held_at_zero(actor, self.edition) });
        }
        let needed_feet = full / 2;
        let left_feet = movement_left(actor, self.edition);
        if needed_feet > left_feet {
            return Err(Illegal::NotEnoughMovement { needed_feet, left_feet });
        }
        Ok(())
    }
}
