//! Where somebody who brings no position of their own is put on the map.
//!
//! The party gathers to the left of the middle, everybody else to the right, never farther apart
//! than a bow shot so that a fight does not begin with a march. The same fight always places the
//! same way; nobody is ever put into a wall or onto somebody else.

use super::space::{Space, space_of};
use crate::rules::creature::Size;
use crate::rules::grid::{Map, Position, Terrain};
use crate::rules::id::SideId;
use crate::rules::state::Combat;

/// Most squares between the two front lines.
const FRONTS_APART_SQUARES: u8 = 12;

/// A free place for a creature of that side and size, besides those in the fight and the spaces in
/// `also`; `None` without a map or when it is full.
pub fn place(combat: &Combat, side: SideId, sized: Size, also: &[Space]) -> Option<Position> {
    let map = combat.map()?;
    let squares = usize::from(map.width) * usize::from(map.height);
    let mut taken = vec![false; squares];
    let standing = combat.creatures().iter().filter(|c| c.present()).filter_map(space_of);
    for square in standing.chain(also.iter().copied()).flat_map(Space::squares) {
        if let Some(entry) = index(map, square).and_then(|i| taken.get_mut(i)) {
            *entry = true;
        }
    }
    let fits = |corner: Position| {
        Space::of(corner, sized).squares().all(|square| {
            map.at(square) != Terrain::Wall
                && index(map, square).and_then(|i| taken.get(i)).is_some_and(|taken| !taken)
        })
    };
    columns(map.width, sized.squares(), side == SideId::party())
        .flat_map(|x| rows(map.height, sized.squares()).map(move |y| Position { x, y }))
        .find(|corner| fits(*corner))
}

fn index(map: &Map, square: Position) -> Option<usize> {
    (square.x < map.width && square.y < map.height)
        .then(|| usize::from(square.y) * usize::from(map.width) + usize::from(square.x))
}

/// The columns to try for a left edge: from the front line back to the edge of the map, then the
/// rest toward the other side.
fn columns(width: u8, side: u8, left: bool) -> impl Iterator<Item = u8> {
    let last = width.saturating_sub(side);
    let half_gap = (width / 3).min(FRONTS_APART_SQUARES / 2);
    // The party's front line is its right edge, the others' their left edge.
    let front = if left {
        (width / 2).saturating_sub(half_gap).saturating_sub(side)
    } else {
        (width / 2).saturating_add(half_gap).min(last)
    };
    let down = (0..=front).rev();
    let up = front.saturating_add(1)..=last;
    let (first, second): (Vec<u8>, Vec<u8>) = if left {
        (down.collect(), up.collect())
    } else {
        ((front..=last).collect(), (0..front).rev().collect())
    };
    first.into_iter().chain(second)
}

/// The rows to try for a top edge: the middle first, then outward, above before below.
fn rows(height: u8, side: u8) -> impl Iterator<Item = u8> {
    let last = height.saturating_sub(side);
    let middle = last / 2;
    (0..=height).flat_map(move |away| {
        let above = middle.checked_sub(away);
        let below = middle.checked_add(away).filter(|y| away > 0 && *y <= last);
        above.into_iter().chain(below)
    })
}
