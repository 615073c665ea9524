//! Who can see whom, and how much of a target hides behind walls and other creatures.
//!
//! The construction (SRD 5.2.1, Rules Glossary > Cover; the book leaves the measuring to the
//! table). The attacker picks the corner of its space, and the square of the target's space, that
//! serve it best. From that corner a line goes to each of the four corners of that square:
//!
//! * a line is stopped by a wall if it enters one, runs between two, or slips through the point
//!   where two meet corner to corner;
//! * a line is also hampered by any other creature whose space it enters;
//! * two stopped or hampered lines of four are half of the target: half cover;
//! * three lines stopped by walls are three quarters; creatures never give more than half;
//! * four lines stopped by walls from every corner are total cover, and there is line of sight if
//!   and only if there is less than that.
//!
//! Grazing the edge or the corner of a single wall stops nothing.

use super::space::{Space, space_of};
use crate::rules::event::Cover;
use crate::rules::grid::{Map, Position, Terrain};
use crate::rules::state::{Combat, Creature};

/// A crossing of two lines of the grid; `(0, 0)` is the top left corner of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Corner {
    pub(super) x: i32,
    pub(super) y: i32,
}

/// The four corners of a square.
pub(super) fn corners(square: Position) -> [Corner; 4] {
    let (x, y) = (i32::from(square.x), i32::from(square.y));
    [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)].map(|(x, y)| Corner { x, y })
}

/// Every corner of every square of a space, once.
fn all_corners(space: Space) -> impl Iterator<Item = Corner> + Clone {
    let (left, top) = (i32::from(space.corner.x), i32::from(space.corner.y));
    let side = i32::from(space.side);
    (top..=top + side).flat_map(move |y| (left..=left + side).map(move |x| Corner { x, y }))
}

/// What a line meets on its way.
enum Met {
    /// It enters this square.
    Square(i32, i32),
    /// It runs along the edge between these two, or through the point where they touch.
    Between((i32, i32), (i32, i32)),
}

/// Walks a line from corner to corner and tells `stop` what it meets, until that says so.
fn walk(from: Corner, to: Corner, mut stop: impl FnMut(Met) -> bool) -> bool {
    let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
    let (sx, sy) = ((to.x - from.x).signum(), (to.y - from.y).signum());
    // The square on the far side of a corner in the direction of travel.
    let (ahead_x, ahead_y) = (sx.min(0), sy.min(0));
    if dx == 0 {
        return (0..dy).any(|j| {
            let (x, y) = (from.x, from.y + sy * j + ahead_y);
            stop(Met::Between((x - 1, y), (x, y)))
                || (j > 0
                    && (stop(Met::Between((x - 1, y - sy), (x, y)))
                        || stop(Met::Between((x, y - sy), (x - 1, y)))))
        });
    }
    if dy == 0 {
        return (0..dx).any(|i| {
            let (x, y) = (from.x + sx * i + ahead_x, from.y);
            stop(Met::Between((x, y - 1), (x, y)))
                || (i > 0
                    && (stop(Met::Between((x - sx, y - 1), (x, y)))
                        || stop(Met::Between((x - sx, y), (x, y - 1)))))
        });
    }
    let (mut i, mut j) = (0, 0);
    while i < dx && j < dy {
        let (x, y) = (from.x + sx * i + ahead_x, from.y + sy * j + ahead_y);
        if stop(Met::Square(x, y)) {
            return true;
        }
        match ((i + 1) * dy).cmp(&((j + 1) * dx)) {
            core::cmp::Ordering::Less => i += 1,
            core::cmp::Ordering::Greater => j += 1,
            core::cmp::Ordering::Equal => {
                (i, j) = (i + 1, j + 1);
                if i < dx && j < dy && stop(Met::Between((x + sx, y), (x, y + sy))) {
                    return true;
                }
            }
        }
    }
    false
}

fn is_wall(map: &Map, x: i32, y: i32) -> bool {
    match (u8::try_from(x), u8::try_from(y)) {
        (Ok(x), Ok(y)) => map.at(Position { x, y }) == Terrain::Wall,
        (Err(_), _) | (_, Err(_)) => true,
    }
}

/// Whether walls stop the line.
pub(super) fn walled(map: &Map, from: Corner, to: Corner) -> bool {
    walk(from, to, |met| match met {
        Met::Square(x, y) => is_wall(map, x, y),
        Met::Between(one, other) => is_wall(map, one.0, one.1) && is_wall(map, other.0, other.1),
    })
}

/// A line of sight between two spaces: from a corner of one to a corner of the other.
#[derive(Clone, Copy)]
struct Line {
    eye: Corner,
    end: Corner,
    from: Space,
    to: Space,
}

impl Line {
    /// Whether walls stop it, on the way or where it leaves and arrives.
    fn walled(self, map: &Map) -> bool {
        let (dx, dy) = (self.end.x - self.eye.x, self.end.y - self.eye.y);
        pinched(map, self.from, self.eye, (dx, dy))
            || pinched(map, self.to, self.end, (-dx, -dy))
            || walled(map, self.eye, self.end)
    }
}

/// Whether a line that leaves a space by one of its corners slips out between two walls that touch
/// there, instead of passing through the space first.
fn pinched(map: &Map, space: Space, corner: Corner, (dx, dy): (i32, i32)) -> bool {
    let (left, top) = (i32::from(space.corner.x), i32::from(space.corner.y));
    let (right, bottom) = (i32::from(space.right()), i32::from(space.bottom()));
    // The column and row of the space that the corner bounds, and those beyond it.
    let (own_x, beyond_x) = match corner.x {
        x if x == left => (left, left - 1),
        x if x == right + 1 => (right, right + 1),
        _ => return false,
    };
    let (own_y, beyond_y) = match corner.y {
        y if y == top => (top, top - 1),
        y if y == bottom + 1 => (bottom, bottom + 1),
        _ => return false,
    };
    let inward = dx * (own_x - beyond_x) >= 0 && dy * (own_y - beyond_y) >= 0;
    (!inward || (dx, dy) == (0, 0))
        && is_wall(map, beyond_x, own_y)
        && is_wall(map, own_x, beyond_y)
}

/// Whether the line enters the space.
fn enters(space: Space, from: Corner, to: Corner) -> bool {
    walk(from, to, |met| match met {
        Met::Square(x, y) => match (u8::try_from(x), u8::try_from(y)) {
            (Ok(x), Ok(y)) => space.contains(Position { x, y }),
            (Err(_), _) | (_, Err(_)) => false,
        },
        // Along its edge is not into it, but between two of its own squares is.
        Met::Between(one, other) => [one, other].into_iter().all(|(x, y)| {
            u8::try_from(x)
                .ok()
                .zip(u8::try_from(y).ok())
                .is_some_and(|(x, y)| space.contains(Position { x, y }))
        }),
    })
}

/// Whether anything of one space can be seen from anywhere in the other past the walls.
pub fn line_of_sight(map: &Map, from: Space, to: Space) -> bool {
    from.overlaps(to)
        || all_corners(from)
            .any(|eye| all_corners(to).any(|end| !Line { eye, end, from, to }.walled(map)))
}

/// The cover of a target against an attacker, with the spaces of creatures that may stand between;
/// `None` is total cover.
pub fn cover(map: &Map, from: Space, to: Space, between: &[Space]) -> Option<Cover> {
    if from.overlaps(to) {
        return Some(Cover::None);
    }
    let mut best: Option<Cover> = None;
    for eye in all_corners(from) {
        for square in to.squares() {
            let ends = corners(square);
            let stopped = ends.map(|end| Line { eye, end, from, to }.walled(map));
            let walls = stopped.iter().filter(|stopped| **stopped).count();
            let hampered = |(end, stopped): (&Corner, &bool)| {
                *stopped || between.iter().any(|space| enters(*space, eye, *end))
            };
            let found = match walls {
                4.. => continue,
                3 => Cover::ThreeQuarters,
                2 => Cover::Half,
                0..=1 => {
                    let all = ends.iter().zip(&stopped).filter(|pair| hampered(*pair)).count();
                    if all >= 2 { Cover::Half } else { Cover::None }
                }
            };
            if found == Cover::None {
                return Some(found);
            }
            if best != Some(Cover::Half) {
                best = Some(found);
            }
        }
    }
    best
}

/// Whether one creature has line of sight to another; `None` without a map or a position.
pub fn sight_between(combat: &Combat, one: &Creature, other: &Creature) -> Option<bool> {
    Some(line_of_sight(combat.map()?, space_of(one)?, space_of(other)?))
}

/// Whether a creature has line of sight to a square; `None` without a map or a position.
pub fn sees_square(combat: &Combat, creature: &Creature, square: Position) -> Option<bool> {
    Some(line_of_sight(combat.map()?, space_of(creature)?, Space::square(square)))
}

/// The cover of `target` against `attacker`, creatures in between included: the outer `None`
/// without a map or a position, the inner one for total cover.
pub fn cover_between(
    combat: &Combat,
    attacker: &Creature,
    target: &Creature,
) -> Option<Option<Cover>> {
    let (from, to) = (space_of(attacker)?, space_of(target)?);
    Some(cover_past_others(combat, combat.map()?, from, to))
}

/// The cover of `target` against what bursts in a square, likewise.
pub fn cover_from_square(
    combat: &Combat,
    square: Position,
    target: &Creature,
) -> Option<Option<Cover>> {
    Some(cover_past_others(combat, combat.map()?, Space::square(square), space_of(target)?))
}

fn cover_past_others(combat: &Combat, map: &Map, from: Space, to: Space) -> Option<Cover> {
    if from.squares_to(to) <= 1 {
        // Neighbours: nobody fits in between, only walls count.
        return cover(map, from, to, &[]);
    }
    let (left, right) = (from.corner.x.min(to.corner.x), from.right().max(to.right()));
    let (top, bottom) = (from.corner.y.min(to.corner.y), from.bottom().max(to.bottom()));
    let between: Vec<Space> = combat
        .creatures()
        .iter()
        .filter(|c| c.present())
        .filter_map(space_of)
        .filter(|s| s.corner.x <= right && s.right() >= left)
        .filter(|s| s.corner.y <= bottom && s.bottom() >= top)
        .filter(|s| !s.overlaps(from) && !s.overlaps(to))
        .collect();
    cover(map, from, to, &between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u8, y: u8) -> Space {
        Space::square(Position { x, y })
    }

    /// A map drawn with `#` for walls.
    fn drawn(rows: &[&str]) -> Map {
        let terrain = rows
            .iter()
            .flat_map(|row| row.chars())
            .map(|c| if c == '#' { Terrain::Wall } else { Terrain::Open })
            .collect();
        Map {
            width: u8::try_from(rows[0].len()).unwrap(),
            height: u8::try_from(rows.len()).unwrap(),
            terrain,
        }
    }

    #[test]
    fn an_open_field_hides_nobody() {
        let map = Map::open(10, 10);
        assert!(line_of_sight(&map, at(0, 0), at(9, 7)));
        assert_eq!(cover(&map, at(0, 0), at(9, 7), &[]), Some(Cover::None));
    }

    #[test]
    fn a_creature_in_between_is_half_cover_and_never_more() {
        let map = Map::open(10, 3);
        assert_eq!(cover(&map, at(0, 1), at(4, 1), &[at(2, 1)]), Some(Cover::Half));
        let crowd = [at(2, 0), at(2, 1), at(2, 2), at(3, 0), at(3, 1), at(3, 2)];
        assert_eq!(cover(&map, at(0, 1), at(4, 1), &crowd), Some(Cover::Half));
        assert_eq!(cover(&map, at(0, 1), at(4, 1), &[at(2, 0)]), Some(Cover::None));
    }

    #[test]
    fn walls_give_every_degree() {
        let closed = drawn(&["..#..", "..#..", "..#.."]);
        assert_eq!(cover(&closed, at(0, 1), at(4, 1), &[]), None);
        assert!(!line_of_sight(&closed, at(0, 1), at(4, 1)));
        let pillar = drawn(&[".....", "..#..", "....."]);
        assert_eq!(cover(&pillar, at(0, 1), at(4, 1), &[]), Some(Cover::Half));
        let slit = drawn(&["...#..", "......", "...#..", "...#..", "...#.."]);
        assert_eq!(cover(&slit, at(0, 3), at(5, 1), &[]), Some(Cover::Half));
    }

    #[test]
    fn nobody_sees_through_the_point_where_two_walls_meet() {
        let map = drawn(&[".#", "#."]);
        assert!(!line_of_sight(&map, at(0, 0), at(1, 1)));
        let gap = drawn(&["..", "#."]);
        assert!(line_of_sight(&gap, at(0, 0), at(1, 1)));
    }

    #[test]
    fn sight_goes_both_ways_and_is_less_than_total_cover() {
        let map = drawn(&["....#...", ".##...#.", "...#....", ".#...##.", "....#..."]);
        let all: Vec<Space> = (0..5)
            .flat_map(|y| (0..8).map(move |x| at(x, y)))
            .filter(|space| map.at(space.corner) != Terrain::Wall)
            .collect();
        let mut degrees = Vec::new();
        for one in &all {
            for other in &all {
                let seen = line_of_sight(&map, *one, *other);
                assert_eq!(seen, line_of_sight(&map, *other, *one), "{one:?} {other:?}");
                let covered = cover(&map, *one, *other, &[]);
                assert_eq!(seen, covered.is_some(), "{one:?} {other:?}");
                degrees.push(covered);
            }
        }
        let every = [None, Some(Cover::None), Some(Cover::Half), Some(Cover::ThreeQuarters)];
        assert!(every.iter().all(|degree| degrees.contains(degree)));
    }
}
