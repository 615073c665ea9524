//! Where a sensible creature goes: into reach of somebody worth striking, out of reach of those who
//! strike harder, and never past a blade without a reason.

use super::Mind;
use super::odds::Stance;
use crate::rules::creature::{Attack, Cost, EffectKind, SpecialEffect, Trait};
use crate::rules::geometry::{Reachable, provoked_by, reachable, sight_between, space_of};
use crate::rules::grid::{Position, SQUARE_FEET};
use crate::rules::intent::Action;
use crate::rules::state::Creature;

/// What being struck at on the way is worth avoiding, in hundredths of a point of damage.
const PROVOKING: i32 = 400;
/// What a shooter gives for each square of room, up to a few.
const ROOM: i32 = 40;
/// How many squares of room count.
const ROOM_SQUARES: u16 = 6;
/// Most places looked at closely, best first.
const CLOSE_LOOKS: usize = 24;

impl Mind<'_> {
    fn feet_left(&self) -> u16 {
        self.combat.movement_left(self.me.id())
    }

    pub(super) fn extra_feet(&self) -> u16 {
        crate::rules::legal::extra_feet(self.combat, self.me)
    }

    fn everywhere(&self) -> Option<Reachable> {
        let feet = self.feet_left();
        if feet < SQUARE_FEET {
            return None;
        }
        reachable(self.combat, self.me, feet, self.extra_feet())
    }

    fn go(&self, reachable: &Reachable, to: Position) -> Option<Action> {
        let path = reachable.way_to(to)?.path;
        path.first()?;
        self.allowed(Action::Move { to, path })
    }

    /// Enemies that would get a strike at the creature on its way.
    fn strikes_on_the_way(&self, reachable: &Reachable, to: Position) -> i32 {
        if self.me.affected(EffectKind::Disengaged)
            || self.me.definition().has(&Trait::Flyby)
            || self.me.definition().has(&Trait::Agile)
        {
            return 0;
        }
        let (Some(way), Some(mut at)) = (reachable.way_to(to), self.me.position()) else {
            return 0;
        };
        let mut by = Vec::new();
        for next in way.path {
            by.extend(provoked_by(self.combat, self.me, at, next));
            at = next;
        }
        by.sort_unstable();
        by.dedup();
        let known = by.iter().filter(|id| {
            self.enemies.iter().any(|enemy| {
                enemy.id() == **id
                    && !enemy.economy().reaction_spent
                    && enemy.incapacitated().is_none()
            })
        });
        i32::try_from(known.count()).unwrap_or(i32::MAX)
    }

    /// To the place from which it can strike best, if it cannot strike from here.
    pub(super) fn approach(&self) -> Option<Action> {
        let attacks = self.ready_attacks();
        if attacks.is_empty() {
            return self.approach_for_specials();
        }
        self.go_and_strike(&attacks)
    }

    fn go_and_strike(&self, attacks: &[&Attack]) -> Option<Action> {
        let all = self.everywhere()?;
        let here = self.me.position()?;
        let shooter = self.prefers_distance();
        let mut places: Vec<(i32, Position)> = all
            .stops()
            .filter(|(stop, _)| *stop != here)
            .filter_map(|(stop, feet)| {
                let stance = Stance::at(self.combat, self.me, &self.enemies, Some(stop));
                let best = self.best_from(&stance, attacks)?;
                let room = if shooter { self.room(&stance) } else { 0 };
                Some((best + room - i32::from(feet), stop))
            })
            .collect();
        places.sort_by_key(|(value, stop)| (core::cmp::Reverse(*value), *stop));
        places.truncate(CLOSE_LOOKS);
        let mut seen: Vec<(i32, Position)> = places
            .into_iter()
            .filter(|(_, stop)| self.sees_somebody_from(*stop, attacks))
            .map(|(value, stop)| (value - PROVOKING * self.strikes_on_the_way(&all, stop), stop))
            .collect();
        seen.sort_by_key(|(value, stop)| (core::cmp::Reverse(*value), *stop));
        seen.into_iter().find_map(|(_, stop)| self.go(&all, stop))
    }

    fn best_from(&self, stance: &Stance<'_>, attacks: &[&Attack]) -> Option<i32> {
        attacks
            .iter()
            .flat_map(|attack| self.enemies.iter().map(move |enemy| (attack, enemy)))
            .filter_map(|(attack, enemy)| stance.value(attack, enemy))
            .max()
    }

    /// What the room around a place is worth to a shooter.
    fn room(&self, stance: &Stance<'_>) -> i32 {
        let feet = self.enemies.iter().filter_map(|enemy| stance.feet_to(enemy)).min();
        i32::from(feet.unwrap_or(0) / SQUARE_FEET).min(i32::from(ROOM_SQUARES)) * ROOM
    }

    /// Whether one of the attacks would find a target there past the walls.
    fn sees_somebody_from(&self, stop: Position, attacks: &[&Attack]) -> bool {
        let Some((map, mine)) = self.combat.map().zip(space_of(self.me)) else { return true };
        let stance = Stance::at(self.combat, self.me, &[], Some(stop));
        self.enemies.iter().any(|enemy| {
            attacks.iter().any(|attack| stance.reaches(attack, enemy).is_some())
                && space_of(enemy).is_some_and(|theirs| {
                    crate::rules::geometry::line_of_sight(map, mine.at(stop), theirs)
                })
        })
    }

    /// Nearer, when a special could still be used but reaches nobody from here.
    fn approach_for_specials(&self) -> Option<Action> {
        let wanting = self.me.economy().action_spent || self.harmful_reach_feet() == 0;
        if wanting {
            return None;
        }
        self.toward_the_nearest(self.harmful_reach_feet())
    }

    /// Twice as far, when nobody can be reached without.
    pub(super) fn hurry(&self) -> Option<Action> {
        let feet = self.nearest_feet()?;
        let reach = self.striking_feet();
        if feet <= reach || self.me.economy().dash_feet > 0 {
            return None;
        }
        // A trait or feature that lets it hurry for less comes first.
        [Cost::BonusAction, Cost::Action]
            .into_iter()
            .find_map(|cost| self.allowed(Action::Dash { cost }))
    }

    /// The farthest it can strike from without penalty.
    fn striking_feet(&self) -> u16 {
        let melee = self.me.definition().attacks.iter().filter_map(|attack| attack.reach).max();
        melee.unwrap_or(0).max(self.far_reach_feet()).max(SQUARE_FEET)
    }

    /// The rest of the way, or what can be walked of it: for those who fight hand to hand, and for
    /// those who can reach nobody.
    pub(super) fn close_in(&self) -> Option<Action> {
        let reach = if self.prefers_distance() { self.striking_feet() } else { SQUARE_FEET };
        self.toward_the_nearest(reach)
    }

    /// As near as possible to the enemy that is nearest, without ever going back.
    fn toward_the_nearest(&self, reach_feet: u16) -> Option<Action> {
        let nearest = self.enemies.first()?;
        let (mine, theirs) = (space_of(self.me)?, space_of(nearest)?);
        let now = mine.feet_to(theirs);
        if now <= reach_feet && sight_between(self.combat, self.me, nearest) != Some(false) {
            return None;
        }
        let all = self.everywhere()?;
        let goals = self.ways_to_go(&all, nearest, reach_feet);
        goals.into_iter().take(CLOSE_LOOKS).find_map(|stop| {
            (self.strikes_on_the_way(&all, stop) == 0).then(|| self.go(&all, stop)).flatten()
        })
    }

    /// The places nearest to an enemy, by the steps still to walk from each if the way is known.
    fn ways_to_go(&self, all: &Reachable, enemy: &Creature, reach_feet: u16) -> Vec<Position> {
        let extra = self.extra_feet();
        let Some(theirs) = space_of(enemy) else { return Vec::new() };
        let Some(way) =
            crate::rules::geometry::way_beside(self.combat, self.me, theirs, reach_feet, extra)
        else {
            return self.as_the_crow_flies(all, enemy);
        };
        // The farthest square of the way that can be walked to and stopped at.
        let mut stops: Vec<Position> =
            way.path.into_iter().filter(|square| all.cost_feet(*square).is_some()).collect();
        stops.reverse();
        stops
    }

    /// Nearer by distance alone, where no way leads all along.
    fn as_the_crow_flies(&self, all: &Reachable, enemy: &Creature) -> Vec<Position> {
        let (Some(mine), Some(theirs)) = (space_of(self.me), space_of(enemy)) else {
            return Vec::new();
        };
        let now = mine.feet_to(theirs);
        let mut stops: Vec<(u16, u16, Position)> = all
            .stops()
            .map(|(stop, feet)| (mine.at(stop).feet_to(theirs), feet, stop))
            .filter(|(away, _, _)| *away < now)
            .collect();
        stops.sort_unstable();
        stops.into_iter().map(|(_, _, stop)| stop).collect()
    }

    /// A shooter with somebody at its throat gets out of there first if that costs nothing.
    pub(super) fn step_back(&self) -> Option<Action> {
        if !self.prefers_distance() || self.nearest_feet()? > SQUARE_FEET {
            return None;
        }
        let attacks = self.ready_attacks();
        if attacks.is_empty() {
            return None;
        }
        if self.feet_left() >= SQUARE_FEET
            && !self.me.affected(EffectKind::Disengaged)
            && let Some(away) = self.allowed(Action::Disengage { cost: Cost::BonusAction })
        {
            return Some(away);
        }
        self.to_a_safer_place(|stance| {
            !stance.crowded && self.best_from(stance, &attacks).is_some()
        })
    }

    /// After everything is done: out of sight or out of reach, for those who can and like to.
    pub(super) fn slip_away(&self) -> Option<Action> {
        if !self.me.affected(EffectKind::Hidden)
            && let Some(hide) = self.allowed(Action::Hide { cost: Cost::BonusAction })
        {
            return Some(hide);
        }
        if self.me.economy().dash_feet > 0 || self.nearest_feet()? > SQUARE_FEET {
            return None;
        }
        let nimble = self.me.definition().specials.iter().any(|special| {
            matches!(special.effect, SpecialEffect::Maneuvers { disengage: true, .. })
        });
        if !(nimble || self.prefers_distance()) {
            return None;
        }
        if self.feet_left() >= SQUARE_FEET
            && !self.me.affected(EffectKind::Disengaged)
            && let Some(away) = self.allowed(Action::Disengage { cost: Cost::BonusAction })
        {
            return Some(away);
        }
        self.to_a_safer_place(|stance| !stance.crowded)
    }

    /// The roomiest wanted place that can be walked to without being struck at.
    fn to_a_safer_place(&self, wanted: impl Fn(&Stance<'_>) -> bool) -> Option<Action> {
        let all = self.everywhere()?;
        let mut places: Vec<(i32, u16, Position)> = all
            .stops()
            .filter_map(|(stop, feet)| {
                let stance = Stance::at(self.combat, self.me, &self.enemies, Some(stop));
                let room = self.room(&stance);
                wanted(&stance).then_some((-room, feet, stop))
            })
            .collect();
        places.sort_unstable();
        places.into_iter().take(CLOSE_LOOKS).find_map(|(_, _, stop)| {
            (self.strikes_on_the_way(&all, stop) == 0).then(|| self.go(&all, stop)).flatten()
        })
    }
}
