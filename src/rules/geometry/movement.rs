//! How to walk from here to there: what it costs, whom it passes, whose reach it leaves.
//!
//! Walking follows SRD 5.2.1, Playing the Game > Movement and Position and Playing on a Grid:
//! a square costs 5 feet, difficult terrain 5 more, crawling 5 more again; no diagonal step cuts
//! the corner of a wall; nobody ends a move in another creature's space. Whom one may walk through
//! is [`Crossing`]. A search costs O(squares log squares) however many creatures there are; no
//! search may look at each creature for each square.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use super::space::{Space, space_of};
use crate::rules::creature::{Definition, Size, Trait};
use crate::rules::event::Edition;
use crate::rules::grid::{Map, Position, SQUARE_FEET, Terrain};
use crate::rules::id::CreatureId;
use crate::rules::state::{Combat, Creature};
use crate::rules::unarmed::UNARMED_REACH_FEET;

/// Whether one creature may walk through the space of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crossing {
    /// As if nobody were there.
    Free,
    /// As difficult terrain.
    Slow,
    No,
}

impl Crossing {
    /// Whether `mover` may pass through the space of `other`. SRD 5.2.1: allies and the tiny
    /// freely, the incapacitated and those two sizes apart as difficult terrain. SRD 5.1: allies,
    /// and enemies two sizes apart, both as difficult terrain.
    pub fn of(edition: Edition, mover: &Creature, other: &Creature) -> Self {
        let (walker, stander) = (mover.definition(), other.definition());
        if walker.shares_space() || stander.has(&Trait::Swarm) {
            return Self::Free;
        }
        if walker.has(&Trait::IncorporealMovement) {
            return Self::Slow;
        }
        let ally = mover.side() == other.side();
        let (mine, theirs) = (mover.definition().size, other.definition().size);
        let two_sizes = mine.rank().abs_diff(theirs.rank()) >= 2;
        let helpless = other.incapacitated().is_some();
        match edition {
            Edition::Srd521 if ally || theirs == Size::Tiny => Self::Free,
            Edition::Srd521 if two_sizes || helpless => Self::Slow,
            Edition::Srd51 if ally || two_sizes => Self::Slow,
            Edition::Srd521 | Edition::Srd51 => Self::No,
        }
    }
}

/// What entering one square means for one mover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Footing {
    passable: bool,
    slow: bool,
    /// Nobody else is there.
    free: bool,
    /// Some of it is wall or lies off the map.
    wall: bool,
}

/// The map as one mover sees it, one entry for each place its top left square could be.
struct Ground<'a> {
    map: &'a Map,
    side: u8,
    footing: Vec<Footing>,
}

impl<'a> Ground<'a> {
    fn of(combat: &'a Combat, mover: &Creature) -> Option<Self> {
        let map = combat.map()?;
        // Who walks through walls does not stop in one: what it would suffer there it spares itself.
        let ghostly = mover.definition().has(&Trait::IncorporealMovement);
        let mut cells: Vec<Footing> = all_squares(map)
            .map(|square| {
                let wall = map.at(square) == Terrain::Wall;
                Footing {
                    passable: !wall || ghostly,
                    slow: wall || map.at(square) == Terrain::Difficult,
                    free: !wall,
                    wall: wall && !ghostly,
                }
            })
            .collect();
        let others =
            combat.creatures().iter().filter(|other| other.present() && other.id() != mover.id());
        for other in others {
            let crossing = Crossing::of(combat.edition(), mover, other);
            for square in space_of(other).into_iter().flat_map(Space::squares) {
                let Some(cell) = index(map, square).and_then(|i| cells.get_mut(i)) else {
                    continue;
                };
                cell.free &= shares(mover, other);
                cell.slow |= crossing == Crossing::Slow;
                cell.passable &= crossing != Crossing::No;
            }
        }
        let side = mover.definition().size.squares();
        let footing = if side == 1 { cells } else { blocks(map, side, &cells) };
        Some(Self { map, side, footing })
    }

    fn at(&self, corner: Position) -> Option<Footing> {
        self.footing.get(index(self.map, corner)?).copied()
    }

    /// Feet for one step to a neighbouring square, or `None` if it cannot be taken.
    fn step_feet(&self, from: Position, to: Position, extra_feet: u16) -> Option<u16> {
        let footing = self.at(to).filter(|footing| footing.passable)?;
        if from.x != to.x && from.y != to.y && self.cuts_corner(from, to) {
            return None;
        }
        let slow = if footing.slow { SQUARE_FEET } else { 0 };
        Some(SQUARE_FEET.saturating_add(slow).saturating_add(extra_feet))
    }

    /// Whether a diagonal step crosses the corner of a wall.
    fn cuts_corner(&self, from: Position, to: Position) -> bool {
        let corners = [Position { x: to.x, y: from.y }, Position { x: from.x, y: to.y }];
        corners.into_iter().any(|corner| self.at(corner).is_none_or(|footing| footing.wall))
    }
}

/// Whether the two may stand in one space.
fn shares(one: &Creature, other: &Creature) -> bool {
    let swarm = |it: &Creature| it.definition().has(&Trait::Swarm);
    one.definition().shares_space() || swarm(other)
}

/// What each block of `side` squares is, from what each square is.
fn blocks(map: &Map, side: u8, cells: &[Footing]) -> Vec<Footing> {
    let nowhere = Footing { passable: false, slow: false, free: false, wall: true };
    all_squares(map)
        .map(|corner| {
            let start = Footing { passable: true, slow: false, free: true, wall: false };
            Space { corner, side }.squares().fold(start, |block, square| {
                let cell = index(map, square).and_then(|i| cells.get(i)).unwrap_or(&nowhere);
                Footing {
                    passable: block.passable && cell.passable,
                    slow: block.slow || cell.slow,
                    free: block.free && cell.free,
                    wall: block.wall || cell.wall,
                }
            })
        })
        .collect()
}

fn all_squares(map: &Map) -> impl Iterator<Item = Position> {
    let (width, height) = (map.width, map.height);
    (0..height).flat_map(move |y| (0..width).map(move |x| Position { x, y }))
}

fn index(map: &Map, square: Position) -> Option<usize> {
    (square.x < map.width && square.y < map.height)
        .then(|| usize::from(square.y) * usize::from(map.width) + usize::from(square.x))
}

/// The neighbours of a square, straight ones first so that equal ways look straight.
fn neighbours(at: Position) -> impl Iterator<Item = (Position, bool)> {
    const STEPS: [(i8, i8); 8] =
        [(0, -1), (1, 0), (0, 1), (-1, 0), (1, -1), (1, 1), (-1, 1), (-1, -1)];
    STEPS.into_iter().filter_map(move |(dx, dy)| {
        let to = Position { x: at.x.checked_add_signed(dx)?, y: at.y.checked_add_signed(dy)? };
        Some((to, dx != 0 && dy != 0))
    })
}

/// A way to walk: the squares entered, in order, and what they cost in feet of movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub path: Vec<Position>,
    pub cost_feet: u16,
}

impl Way {
    /// The end of the way.
    pub fn end(&self) -> Option<Position> {
        self.path.last().copied()
    }
}

/// Cost of a place in the search: feet, then diagonal steps, so that straight ways win ties.
type Cost = (u16, u16);

/// Everywhere a creature can walk with so many feet of movement.
#[derive(Debug, Clone)]
pub struct Reachable {
    start: Position,
    width: u8,
    /// For each place: its cost, whence it was entered, and whether one may stop there.
    found: Vec<Option<(Cost, Position, bool)>>,
}

impl Reachable {
    fn entry(&self, at: Position) -> Option<(Cost, Position, bool)> {
        if at.x >= self.width {
            return None;
        }
        let index = usize::from(at.y) * usize::from(self.width) + usize::from(at.x);
        self.found.get(index).copied().flatten()
    }

    /// Feet to stop there; `None` if it is too far, cut off or occupied.
    pub fn cost_feet(&self, to: Position) -> Option<u16> {
        self.entry(to).filter(|(_, _, stop)| *stop).map(|((feet, _), _, _)| feet)
    }

    /// Every place to stop at with its cost in feet, row by row; where the creature stands included.
    pub fn stops(&self) -> impl Iterator<Item = (Position, u16)> {
        let width = usize::from(self.width).max(1);
        self.found.iter().enumerate().filter_map(move |(index, found)| {
            let ((feet, _), _, stop) = (*found)?;
            let x = u8::try_from(index % width).ok()?;
            let y = u8::try_from(index / width).ok()?;
            stop.then_some((Position { x, y }, feet))
        })
    }

    /// The cheapest way there; `None` if one may not stop there.
    pub fn way_to(&self, to: Position) -> Option<Way> {
        let cost_feet = self.cost_feet(to)?;
        let mut path = Vec::new();
        let mut at = to;
        while at != self.start {
            path.push(at);
            (_, at, _) = self.entry(at)?;
        }
        path.reverse();
        Some(Way { path, cost_feet })
    }
}

/// Everywhere a creature can walk with `budget_feet` of movement, each square costing
/// `extra_feet_per_square` more (5 for crawling). `None` without a map or a position.
pub fn reachable(
    combat: &Combat,
    mover: &Creature,
    budget_feet: u16,
    extra_feet_per_square: u16,
) -> Option<Reachable> {
    let ground = Ground::of(combat, mover)?;
    let start = mover.position()?;
    let mut found: Vec<Option<(Cost, Position, bool)>> = vec![None; ground.footing.len()];
    *found.get_mut(index(ground.map, start)?)? = Some(((0, 0), start, true));
    let mut open = BinaryHeap::from([Reverse(((0_u16, 0_u16), start))]);
    while let Some(Reverse((cost, at))) = open.pop() {
        let best = index(ground.map, at).and_then(|i| found.get(i).copied().flatten());
        if best.is_some_and(|(known, _, _)| known < cost) {
            continue;
        }
        for (to, diagonal) in neighbours(at) {
            let Some(feet) = ground.step_feet(at, to, extra_feet_per_square) else { continue };
            let next = (cost.0.saturating_add(feet), cost.1.saturating_add(u16::from(diagonal)));
            if next.0 > budget_feet {
                continue;
            }
            let free = ground.at(to).is_some_and(|footing| footing.free);
            let Some(entry) = index(ground.map, to).and_then(|i| found.get_mut(i)) else {
                continue;
            };
            if entry.is_none_or(|(known, _, _)| next < known) {
                *entry = Some((next, at, free));
                open.push(Reverse((next, to)));
            }
        }
    }
    Some(Reachable { start, width: ground.map.width, found })
}

/// The cheapest way to stop at `to`, however far; `None` if there is none.
pub fn way_to(
    combat: &Combat,
    mover: &Creature,
    to: Position,
    extra_feet_per_square: u16,
) -> Option<Way> {
    reachable(combat, mover, u16::MAX - 1, extra_feet_per_square)?.way_to(to)
}

/// The cheapest way to a stop within `reach_feet` of a space, however far; of equally cheap ones
/// the first row by row. An empty path means the creature is there already.
pub fn way_beside(
    combat: &Combat,
    mover: &Creature,
    target: Space,
    reach_feet: u16,
    extra_feet_per_square: u16,
) -> Option<Way> {
    let own = space_of(mover)?;
    let all = reachable(combat, mover, u16::MAX - 1, extra_feet_per_square)?;
    let (_, stop) = all
        .stops()
        .filter(|(stop, _)| own.at(*stop).feet_to(target) <= reach_feet)
        .map(|(stop, feet)| (feet, stop))
        .min()?;
    all.way_to(stop)
}

/// What is wrong with a path that somebody drew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// A square does not touch the one before.
    Broken {
        at: Position,
    },
    OffTheMap {
        at: Position,
    },
    /// A wall, the corner of one, or somebody who lets nobody through.
    Blocked {
        at: Position,
    },
    /// It ends in somebody's space.
    Occupied {
        at: Position,
    },
}

/// What walking exactly this path costs in feet. `None` without a map or a position.
pub fn path_cost_feet(
    combat: &Combat,
    mover: &Creature,
    path: &[Position],
    extra_feet_per_square: u16,
) -> Option<Result<u16, PathFault>> {
    let ground = Ground::of(combat, mover)?;
    let mut at = mover.position()?;
    let mut cost = 0_u16;
    for to in path.iter().copied() {
        if at.squares_to(to) != 1 {
            return Some(Err(PathFault::Broken { at: to }));
        }
        let space = Space { corner: to, side: ground.side };
        if space.right() >= ground.map.width || space.bottom() >= ground.map.height {
            return Some(Err(PathFault::OffTheMap { at: to }));
        }
        let Some(feet) = ground.step_feet(at, to, extra_feet_per_square) else {
            return Some(Err(PathFault::Blocked { at: to }));
        };
        cost = cost.saturating_add(feet);
        at = to;
    }
    if Some(at) != mover.position() && ground.at(at).is_some_and(|footing| !footing.free) {
        return Some(Err(PathFault::Occupied { at }));
    }
    Some(Ok(cost))
}

/// One step as it would be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What it costs.
    pub feet: u16,
    /// Whether one may stop there: nobody else is there.
    pub is_free: bool,
}

/// The step to a neighbouring square, through somebody's space too if that lets the mover pass;
/// `None` if it cannot be taken.
pub fn step_to(
    combat: &Combat,
    mover: &Creature,
    to: Position,
    extra_feet_per_square: u16,
) -> Option<Step> {
    let ground = Ground::of(combat, mover)?;
    let from = mover.position().filter(|from| from.squares_to(to) == 1)?;
    let feet = ground.step_feet(from, to, extra_feet_per_square)?;
    Some(Step { feet, is_free: ground.at(to)?.free })
}

/// The longest reach in feet of a creature's melee attacks, the bare hand included.
pub fn melee_reach_feet(definition: &Definition) -> u16 {
    let own = definition.attacks.iter().filter_map(|attack| attack.reach).max();
    own.unwrap_or(UNARMED_REACH_FEET)
}

/// Whether a step goes from within somebody's reach to out of it.
pub fn leaves_reach(from: Space, to: Space, of: Space, reach_feet: u16) -> bool {
    from.feet_to(of) <= reach_feet && to.feet_to(of) > reach_feet
}

/// The enemies, in the order they joined, whose melee reach the mover leaves by this one step.
/// Whether they may and can strike is for the rules to say.
pub fn provoked_by(
    combat: &Combat,
    mover: &Creature,
    from: Position,
    to: Position,
) -> Vec<CreatureId> {
    let Some(space) = space_of(mover) else { return Vec::new() };
    combat
        .creatures()
        .iter()
        .filter(|enemy| enemy.present() && enemy.side() != mover.side())
        .filter(|enemy| {
            let reach = melee_reach_feet(enemy.definition());
            space_of(enemy)
                .is_some_and(|theirs| leaves_reach(space.at(from), space.at(to), theirs, reach))
        })
        .map(Creature::id)
        .collect()
}

/// Feet of the last part of a walk that went straight toward a target: the squares entered last,
/// each of them nearer to it than the one before. The square before the first is not known and is
/// taken to lie behind it.
pub fn straight_run_feet(mover: Space, path: &[Position], target: Space) -> u16 {
    let distance = |at: &Position| mover.at(*at).squares_to(target);
    let before = path.iter().map(|at| Some(distance(at))).rev().skip(1).chain([None]);
    let steps = path.iter().rev().zip(before);
    let nearer = steps.take_while(|(at, before)| before.is_none_or(|b| b > distance(at))).count();
    u16::try_from(nearer).unwrap_or(u16::MAX).saturating_mul(SQUARE_FEET)
}

/// The squares a creature is pushed through, straight away from `from` for up to `feet`; it stops
/// before walls, the edge of the map and other creatures.
pub fn push_path(combat: &Combat, pushed: &Creature, from: Space, feet: u16) -> Vec<Position> {
    let (Some(ground), Some(space)) = (Ground::of(combat, pushed), space_of(pushed)) else {
        return Vec::new();
    };
    let (dx, dy) = direction(from, space);
    let mut path = Vec::new();
    let mut at = space.corner;
    for _ in 0..feet / SQUARE_FEET {
        let next = at.x.checked_add_signed(dx).zip(at.y.checked_add_signed(dy));
        let Some(to) = next.map(|(x, y)| Position { x, y }).filter(|to| *to != at) else { break };
        let free = ground.at(to).is_some_and(|footing| footing.free);
        if !free || ground.step_feet(at, to, 0).is_none() {
            break;
        }
        path.push(to);
        at = to;
    }
    path
}

/// The neighbouring place to which a creature is drawn to come within reach of a space again: the
/// nearest to it that is free.
pub fn drawn_to(
    combat: &Combat,
    drawn: &Creature,
    near: Space,
    reach_feet: u16,
) -> Option<Position> {
    let (ground, space) = (Ground::of(combat, drawn)?, space_of(drawn)?);
    neighbours(space.corner)
        .map(|(to, _)| to)
        .filter(|to| ground.at(*to).is_some_and(|footing| footing.free))
        .filter(|to| ground.step_feet(space.corner, *to, 0).is_some())
        .filter(|to| space.at(*to).feet_to(near) <= reach_feet)
        .min_by_key(|to| space.at(*to).squares_to(near))
}

/// The squares a creature is pulled through, straight toward a space for up to `feet`; it stops
/// beside it, and before walls and other creatures.
pub fn pull_path(combat: &Combat, pulled: &Creature, to: Space, feet: u16) -> Vec<Position> {
    let (Some(ground), Some(space)) = (Ground::of(combat, pulled), space_of(pulled)) else {
        return Vec::new();
    };
    let mut path = Vec::new();
    let mut at = space.corner;
    for _ in 0..feet / SQUARE_FEET {
        let here = space.at(at);
        if here.squares_to(to) <= 1 {
            break;
        }
        let (dx, dy) = direction(here, to);
        let next = at.x.checked_add_signed(dx).zip(at.y.checked_add_signed(dy));
        let Some(next) = next.map(|(x, y)| Position { x, y }).filter(|next| *next != at) else {
            break;
        };
        let free = ground.at(next).is_some_and(|footing| footing.free);
        if !free || ground.step_feet(at, next, 0).is_none() {
            break;
        }
        path.push(next);
        at = next;
    }
    path
}

/// Which of the eight directions leads most nearly from one space to another.
fn direction(from: Space, to: Space) -> (i8, i8) {
    let ((from_x, from_y), (to_x, to_y)) = (from.centre_halves(), to.centre_halves());
    let (dx, dy) = (to_x - from_x, to_y - from_y);
    let sign = |d: i32| i8::try_from(d.signum()).unwrap_or_default();
    if dx.abs() > 2 * dy.abs() {
        (sign(dx), 0)
    } else if dy.abs() > 2 * dx.abs() {
        (0, sign(dy))
    } else {
        (sign(dx), sign(dy))
    }
}
