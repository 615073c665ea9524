//! Where to: a few useful squares out of hundreds, and any other by its name.
//!
//! It only proposes; whether and how a square is reached is decided by the rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Panel, act};
use crate::discord::call::{Call, Said};
use crate::discord::custom_id::Verb;
use crate::discord::lint::OPTIONS_MAX;
use crate::discord::render::map::{self, footprint};
use crate::discord::render::parts::{self, Choice};
use crate::discord::replies::Reply;
use crate::protocol::pb;
use crate::rules::id::{CombatId, CreatureId};
use pb::combat_action::Action;

/// Feet of a square's side.
const SQUARE_FEET: u32 = 5;

/// The select of places; nothing without a map, a place of one's own, or movement.
pub(super) fn select(
    panel: &Panel,
    snapshot: &pb::Snapshot,
    state: &pb::CreatureState,
    options: &pb::Options,
) -> Option<Value> {
    if snapshot.current_id != state.id {
        return None;
    }
    let choices: Vec<Choice> = useful(snapshot, state, options.movement_left)
        .into_iter()
        .map(|(label, at)| Choice {
            label: format!("{label}: {}", map::square_name(at)),
            value: map::square_name(at),
            description: String::new(),
        })
        .take(OPTIONS_MAX)
        .collect();
    if choices.is_empty() {
        return None;
    }
    let mut seen = BTreeSet::new();
    let choices: Vec<Choice> =
        choices.into_iter().filter(|one| seen.insert(one.value.clone())).collect();
    let id = panel.id(Verb::Move, panel.creature);
    Some(parts::select(&id, "Move to …", &choices, 1, 1))
}

/// How many steps there are between a space of so many squares a side and that of a creature.
fn gap(at: pb::Position, side: u32, other: &pb::CreatureState) -> u32 {
    let Some(from) = other.position else { return u32::MAX };
    let other_side = footprint(other.size());
    let off = |place: u32, start: u32| {
        let last = place.saturating_add(side).saturating_sub(1);
        let end = start.saturating_add(other_side).saturating_sub(1);
        start.saturating_sub(last).max(place.saturating_sub(end))
    };
    off(at.x, from.x).max(off(at.y, from.y))
}

/// The squares of a space, by row and column.
fn squares(at: pb::Position, side: u32) -> impl Iterator<Item = (u32, u32)> {
    (at.y..at.y.saturating_add(side))
        .flat_map(move |y| (at.x..at.x.saturating_add(side)).map(move |x| (y, x)))
}

/// The ground as a creature finds it: where it cannot pass, and where it cannot stay.
struct Ground {
    width: u32,
    height: u32,
    side: u32,
    walls: BTreeSet<(u32, u32)>,
    slow: BTreeSet<(u32, u32)>,
    enemies: BTreeSet<(u32, u32)>,
    taken: BTreeSet<(u32, u32)>,
    /// Steps that one square more costs whoever crawls.
    crawl: u32,
}

impl Ground {
    fn of(snapshot: &pb::Snapshot, grid: &pb::GridMap, mover: &pb::CreatureState) -> Self {
        let terrain = |wanted: pb::Terrain| {
            let of_kind = grid.squares.iter().filter(move |square| square.terrain() == wanted);
            of_kind.filter_map(|square| square.at.map(|at| (at.y, at.x))).collect()
        };
        let spaces = |is: &dyn Fn(&pb::CreatureState) -> bool| {
            let others = snapshot.creatures.iter().filter(|one| one.id != mover.id);
            let others = others.filter(|one| !one.left && one.life() != pb::Life::Dead && is(one));
            let spaces =
                others.filter_map(|one| Some(squares(one.position?, footprint(one.size()))));
            spaces.flatten().collect()
        };
        let is_prone =
            mover.conditions.iter().any(|active| active.condition() == pb::Condition::Prone);
        Self {
            width: grid.width,
            height: grid.height,
            side: footprint(mover.size()),
            walls: terrain(pb::Terrain::Wall),
            slow: terrain(pb::Terrain::Difficult),
            enemies: spaces(&|one| one.side != mover.side && one.life() == pb::Life::Up),
            taken: spaces(&|_| true),
            crawl: u32::from(is_prone),
        }
    }

    /// Whether the space there is wall or off the map, in whole or in part.
    fn is_wall(&self, at: pb::Position) -> bool {
        at.x.saturating_add(self.side) > self.width
            || at.y.saturating_add(self.side) > self.height
            || squares(at, self.side).any(|one| self.walls.contains(&one))
    }

    /// What stepping to the next square costs, in steps; nothing if there is no stepping there. A
    /// diagonal step does not cut the corner of a wall.
    fn cost(&self, from: pb::Position, to: pb::Position) -> Option<u32> {
        let corners = [pb::Position { x: to.x, ..from }, pb::Position { y: to.y, ..from }];
        let is_shut = self.is_wall(to) || corners.into_iter().any(|at| self.is_wall(at));
        if is_shut || squares(to, self.side).any(|one| self.enemies.contains(&one)) {
            return None;
        }
        let is_slow = squares(to, self.side).any(|one| self.slow.contains(&one));
        Some(1 + u32::from(is_slow) + self.crawl)
    }

    /// Every square that can be reached and stayed on within so many steps, and how many it takes.
    fn within(&self, from: pb::Position, steps: u32) -> Vec<(pb::Position, u32)> {
        let mut best = BTreeMap::from([((from.y, from.x), 0)]);
        let mut next = BTreeSet::from([(0, from.y, from.x)]);
        while let Some((so_far, y, x)) = next.pop_first() {
            let from = pb::Position { x, y };
            for (down, right) in squares(pb::Position { x: 0, y: 0 }, 3) {
                let (Some(y), Some(x)) = ((y + down).checked_sub(1), (x + right).checked_sub(1))
                else {
                    continue;
                };
                let Some(cost) = self.cost(from, pb::Position { x, y }) else { continue };
                let total = so_far + cost;
                if total <= steps && best.get(&(y, x)).is_none_or(|known| total < *known) {
                    best.insert((y, x), total);
                    next.insert((total, y, x));
                }
            }
        }
        best.remove(&(from.y, from.x));
        let reached = best.into_iter().map(|((y, x), steps)| (pb::Position { x, y }, steps));
        let is_free = |at| squares(at, self.side).all(|one| !self.taken.contains(&one));
        reached.filter(|(at, _)| is_free(*at)).collect()
    }
}

/// Squares worth going to, each with why: next to an enemy, towards one, away from all. Each can
/// be reached with the movement that is left, as far as the one who asks can see.
pub fn useful(
    snapshot: &pb::Snapshot,
    state: &pb::CreatureState,
    movement_feet: u32,
) -> Vec<(String, pb::Position)> {
    let (Some(grid), Some(from)) = (&snapshot.map, state.position) else { return Vec::new() };
    let side = footprint(state.size());
    let near = Ground::of(snapshot, grid, state).within(from, movement_feet / SQUARE_FEET);
    let mut enemies: Vec<&pb::CreatureState> = snapshot
        .creatures
        .iter()
        .filter(|one| one.side != state.side && !one.left && one.life() == pb::Life::Up)
        .filter(|one| one.position.is_some())
        .collect();
    enemies.sort_by_key(|one| gap(from, side, one));
    let mut found = Vec::new();
    for enemy in &enemies {
        let now = gap(from, side, enemy);
        let best = near.iter().min_by_key(|(at, steps)| (gap(*at, side, enemy), *steps));
        let Some((best, _)) = best.filter(|(at, _)| gap(*at, side, enemy) < now) else { continue };
        let label = if gap(*best, side, enemy) <= 1 { "Next to" } else { "Towards" };
        found.push((format!("{label} {}", enemy.name), *best));
    }
    let nearest =
        |at: pb::Position| enemies.iter().map(|one| gap(at, side, one)).min().unwrap_or(0);
    let away = near.iter().max_by_key(|(at, steps)| (nearest(*at), core::cmp::Reverse(*steps)));
    if let Some((away, _)) = away.filter(|(at, _)| nearest(*at) > nearest(from)) {
        found.push(("Away".to_owned(), *away));
    }
    found
}

/// A square by its name, or the square of a creature by its id or name.
pub fn square_or_creature(snapshot: &pb::Snapshot, text: Option<&str>) -> Option<pb::Position> {
    let text = text?.trim();
    let by_name = snapshot
        .creatures
        .iter()
        .find(|one| one.id == text || one.name.eq_ignore_ascii_case(text))
        .and_then(|one| one.position);
    by_name.or_else(|| map::square_of(text))
}

/// Moves to a square.
///
/// # Errors
/// A sentence for the caller.
pub async fn go(
    call: &Call,
    combat: CombatId,
    creature: CreatureId,
    turn: u32,
    square: &str,
) -> Result<Reply, Said> {
    let to = map::square_of(square)
        .ok_or_else(|| Said::words("That is no square: write it such as C4."))?;
    let action = Action::Move(pb::MoveAction { to: Some(to), path: Vec::new() });
    let action = pb::CombatAction { action: Some(action), ..pb::CombatAction::default() };
    let receipt = act::perform(call, combat, creature, turn, action).await?;
    act::after(call, combat, creature, &receipt).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn creature(id: &str, side: &str, size: pb::Size, x: u32, y: u32) -> pb::CreatureState {
        pb::CreatureState {
            id: id.to_owned(),
            name: id.to_owned(),
            side: side.to_owned(),
            size: size.into(),
            life: pb::Life::Up.into(),
            position: Some(pb::Position { x, y }),
            ..pb::CreatureState::default()
        }
    }

    fn field(creatures: Vec<pb::CreatureState>, walls: &[(u32, u32)]) -> pb::Snapshot {
        let squares = walls.iter().map(|(x, y)| pb::grid_map::Square {
            at: Some(pb::Position { x: *x, y: *y }),
            terrain: pb::Terrain::Wall.into(),
        });
        let map = pb::GridMap { width: 12, height: 12, squares: squares.collect() };
        pb::Snapshot { map: Some(map), creatures, ..pb::Snapshot::default() }
    }

    fn offered(snapshot: &pb::Snapshot, feet: u32) -> Vec<String> {
        let mover = snapshot.creatures.first().expect("the mover");
        let places = useful(snapshot, mover, feet).into_iter();
        places.map(|(label, at)| format!("{label}: {}", map::square_name(at))).collect()
    }

    /// An ogre was told to go away to a square from which half of it would have hung off the map.
    #[test]
    fn a_large_creature_is_only_sent_where_all_of_it_fits() {
        let ogre = creature("ogre", "foes", pb::Size::Large, 6, 8);
        let hero = creature("hero", "party", pb::Size::Medium, 6, 4);
        let places = offered(&field(vec![ogre, hero], &[]), 40);
        assert_eq!(places, ["Next to hero: E6", "Away: I11"], "row 12 is the last");
    }

    #[test]
    fn a_wall_is_gone_round_or_not_offered_through() {
        let hero = creature("hero", "party", pb::Size::Medium, 0, 0);
        let foe = creature("foe", "foes", pb::Size::Medium, 4, 0);
        let wall: Vec<(u32, u32)> = (0..12).map(|y| (2, y)).collect();
        let places = offered(&field(vec![hero.clone(), foe.clone()], &wall), 30);
        assert_eq!(places, ["Towards foe: B1", "Away: B7"]);
        let gap: Vec<(u32, u32)> = (0..12).filter(|y| *y != 1).map(|y| (2, y)).collect();
        let places = offered(&field(vec![hero, foe], &gap), 30);
        assert_eq!(places.first().map(String::as_str), Some("Next to foe: D2"), "no corner is cut");
    }
}
