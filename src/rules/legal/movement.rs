//! How far a creature can go, and whether a way is open to it.

use crate::rules::condition::Condition;
use crate::rules::creature::EffectKind;
use crate::rules::event::Edition;
use crate::rules::geometry::{PathFault, Way, path_cost_feet, space_of, way_to};
use crate::rules::grid::{Position, SQUARE_FEET};
use crate::rules::illegal::Illegal;
use crate::rules::state::{Combat, Creature};

/// Feet by which each level of exhaustion slows (SRD 5.2.1).
const EXHAUSTION_FEET: u16 = 5;

/// The condition that holds a creature's speed at 0, if one does. Who is stunned cannot move by
/// SRD 5.1; by SRD 5.2.1 it is incapacitated and no more (Rules Glossary > Stunned).
fn held_by(creature: &Creature, edition: Edition) -> Option<Condition> {
    creature.conditions.iter().map(|active| active.condition).find(|condition| match condition {
        Condition::Grappled
        | Condition::Paralyzed
        | Condition::Petrified
        | Condition::Restrained
        | Condition::Unconscious => true,
        Condition::Stunned => edition == Edition::Srd51,
        Condition::Blinded
        | Condition::Charmed
        | Condition::Deafened
        | Condition::Exhaustion
        | Condition::Frightened
        | Condition::Incapacitated
        | Condition::Invisible
        | Condition::Poisoned
        | Condition::Prone => false,
    })
}

/// The creature's speed now, in feet: the best of walking and flying, less what slows it.
pub(in crate::rules) fn speed(creature: &Creature, edition: Edition) -> u16 {
    if held_by(creature, edition).is_some() {
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
    let tired: u16 = creature
        .conditions
        .iter()
        .filter(|active| active.condition == Condition::Exhaustion)
        .map(|active| u16::from(active.level))
        .max()
        .unwrap_or_default();
    match edition {
        Edition::Srd521 => {
            base.saturating_sub(slowed).saturating_sub(tired.saturating_mul(EXHAUSTION_FEET))
        }
        Edition::Srd51 => match tired {
            0 | 1 => base.saturating_sub(slowed),
            2..=4 => (base / 2).saturating_sub(slowed),
            _ => 0,
        },
    }
}

/// Feet of movement left this turn.
pub(in crate::rules) fn movement_left(creature: &Creature, edition: Edition) -> u16 {
    let speed = speed(creature, edition);
    if speed == 0 {
        return 0;
    }
    speed.saturating_add(creature.economy.dash_feet).saturating_sub(creature.economy.moved_feet)
}

/// Feet that each square costs more, for one who crawls.
pub(in crate::rules) fn crawl_feet(creature: &Creature) -> u16 {
    if creature.has(Condition::Prone) { SQUARE_FEET } else { 0 }
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
            return Err(Illegal::SpeedZero { by: held_by(actor, self.edition) });
        }
        let crawl = crawl_feet(actor);
        let way = if path.is_empty() {
            way_to(self, actor, to, crawl).ok_or(Illegal::NoWay)?
        } else {
            if path.last() != Some(&to) {
                return Err(Illegal::PathBroken);
            }
            let cost = path_cost_feet(self, actor, path, crawl).ok_or(Illegal::NoMap)?;
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
        match self.edition {
            Edition::Srd521 if speed(actor, self.edition) == 0 => {
                Err(Illegal::SpeedZero { by: held_by(actor, self.edition) })
            }
            Edition::Srd521 => Ok(()),
            Edition::Srd51 => super::able(actor),
        }
    }

    /// Standing up takes half the speed.
    pub(super) fn check_stand_up(&self, actor: &Creature) -> Result<(), Illegal> {
        if !actor.has(Condition::Prone) {
            return Err(Illegal::NotProne);
        }
        let full = speed(actor, self.edition);
        if full == 0 {
            return Err(Illegal::SpeedZero { by: held_by(actor, self.edition) });
        }
        let needed_feet = full / 2;
        let left_feet = movement_left(actor, self.edition);
        if needed_feet > left_feet {
            return Err(Illegal::NotEnoughMovement { needed_feet, left_feet });
        }
        Ok(())
    }
}
