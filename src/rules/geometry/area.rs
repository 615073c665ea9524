//! Which squares a blast, a breath or a wave covers.
//!
//! The template rule, one for every shape (SRD 5.2.1, Rules Glossary > Area of Effect, names the
//! shapes; the squares are ours). A square is covered if its centre lies in the shape, and if
//! something of it can be seen from the point of origin past the walls.
//!
//! * *Emanation*, and a sphere or cylinder that begins at the creature: every square within the
//!   radius by the count of the grid. The creature's own squares are left out.
//! * *Sphere*, *cylinder* with a range: the origin is the top left corner of the aimed square;
//!   covered is what lies within the radius by ruler.
//! * *Cone*: from the centre of the creature toward the centre of the aimed square, as wide at each
//!   point as it is far from the origin; its length is counted on the grid.
//! * *Line*: likewise, `width` across; of two squares that lie exactly on the two borders, the one
//!   to the right of the direction counts, so that the width is right.
//! * *Cube* that begins at the creature: a block beside it on the side of the aim, slid along that
//!   side toward it; with a range, a block around the aimed square (to the top left of it by one
//!   square where the side is even).

use super::sight::{Corner, corners, line_of_sight, walled};
use super::space::Space;
use crate::rules::creature::AreaShape;
use crate::rules::grid::{Map, Position, SQUARE_FEET, Terrain};

/// The squares that an area covers, row by row, walls left out. `range` 0 begins at the creature
/// in `from`; otherwise `aim` is the origin. Empty where a shape that needs a direction is aimed
/// at the creature itself.
pub fn area_squares(
    map: &Map,
    from: Space,
    shape: AreaShape,
    range: u16,
    aim: Position,
) -> Vec<Position> {
    let own = range == 0;
    match shape {
        AreaShape::Emanation { radius } => around(map, from, radius),
        AreaShape::Sphere { radius } | AreaShape::Cylinder { radius } if own => {
            around(map, from, radius)
        }
        AreaShape::Sphere { radius } | AreaShape::Cylinder { radius } => ball(map, aim, radius),
        AreaShape::Cone { length } => {
            let cone = |ahead: i32, across: i32, _: i32| 2 * across.abs() <= ahead;
            directed(map, from, aim, length, cone)
        }
        AreaShape::Line { length, width } => {
            let width = squares_of(width);
            // In half squares a centre may lie as far from the line as the line is wide in squares.
            let line = move |_: i32, across: i32, direction_squared: i32| {
                let limit = i64::from(width * width) * i64::from(direction_squared);
                let across_squared = i64::from(across).pow(2);
                across_squared < limit || (across_squared == limit && across > 0)
            };
            directed(map, from, aim, length, line)
        }
        AreaShape::Cube { side } if own => block_beside(map, from, squares_of(side), aim)
            .map_or_else(Vec::new, |block| {
                block.filter(map, |square| line_of_sight(map, from, Space::square(square)))
            }),
        AreaShape::Cube { side } => {
            let side = squares_of(side);
            let back = (side - 1) / 2;
            let block = Block { left: i32::from(aim.x) - back, top: i32::from(aim.y) - back, side };
            block
                .filter(map, |square| line_of_sight(map, Space::square(aim), Space::square(square)))
        }
    }
}

/// A block of squares that may hang over the edge of the map.
#[derive(Clone, Copy)]
struct Block {
    left: i32,
    top: i32,
    side: i32,
}

impl Block {
    /// Those of its squares that are on the map, no wall, and wanted.
    fn filter(self, map: &Map, wanted: impl Fn(Position) -> bool) -> Vec<Position> {
        (self.top..self.top + self.side)
            .flat_map(|y| (self.left..self.left + self.side).map(move |x| (x, y)))
            .filter_map(|(x, y)| {
                Some(Position { x: u8::try_from(x).ok()?, y: u8::try_from(y).ok()? })
            })
            .filter(|square| map.at(*square) != Terrain::Wall && wanted(*square))
            .collect()
    }

    /// Everything within so many squares of a space.
    fn around(space: Space, squares: i32) -> Self {
        Self {
            left: i32::from(space.corner.x) - squares,
            top: i32::from(space.corner.y) - squares,
            side: i32::from(space.side) + 2 * squares,
        }
    }
}

/// Feet as whole squares, at least one.
fn squares_of(feet: u16) -> i32 {
    i32::from((feet / SQUARE_FEET).max(1))
}

/// Everything within `radius` feet of a space by the count of the grid, without the space.
fn around(map: &Map, from: Space, radius: u16) -> Vec<Position> {
    Block::around(from, squares_of(radius)).filter(map, |square| {
        !from.contains(square) && line_of_sight(map, from, Space::square(square))
    })
}

/// Everything within `radius` feet of the top left corner of the aimed square, by ruler.
fn ball(map: &Map, aim: Position, radius: u16) -> Vec<Position> {
    let radius = squares_of(radius);
    let origin = Corner { x: i32::from(aim.x), y: i32::from(aim.y) };
    let block = Block { left: origin.x - radius, top: origin.y - radius, side: 2 * radius };
    block.filter(map, |square| {
        let (x, y) = Space::square(square).centre_halves();
        let (dx, dy) = (x - 2 * origin.x, y - 2 * origin.y);
        dx * dx + dy * dy <= 4 * radius * radius
            && corners(square).into_iter().any(|end| !walled(map, origin, end))
    })
}

/// The squares of a shape that goes from the centre of a space toward the aimed square. `inside`
/// gets how far along and how far across the direction a centre lies, both times the length of the
/// direction, and that length squared.
fn directed(
    map: &Map,
    from: Space,
    aim: Position,
    length: u16,
    inside: impl Fn(i32, i32, i32) -> bool,
) -> Vec<Position> {
    let (origin_x, origin_y) = from.centre_halves();
    let (aim_x, aim_y) = Space::square(aim).centre_halves();
    let (ax, ay) = (aim_x - origin_x, aim_y - origin_y);
    if (ax, ay) == (0, 0) {
        return Vec::new();
    }
    Block::around(from, squares_of(length)).filter(map, |square| {
        let (x, y) = Space::square(square).centre_halves();
        let (vx, vy) = (x - origin_x, y - origin_y);
        let (ahead, across) = (vx * ax + vy * ay, ax * vy - ay * vx);
        !from.contains(square)
            && ahead > 0
            && inside(ahead, across, ax * ax + ay * ay)
            && line_of_sight(map, from, Space::square(square))
    })
}

/// Where a cube of `side` squares beside a creature lies when it is aimed there.
fn block_beside(map: &Map, from: Space, side: i32, aim: Position) -> Option<Block> {
    if from.contains(aim) || aim.x >= map.width || aim.y >= map.height {
        return None;
    }
    let (left, top) = (i32::from(from.corner.x), i32::from(from.corner.y));
    let (right, bottom) = (i32::from(from.right()), i32::from(from.bottom()));
    let (x, y) = (i32::from(aim.x), i32::from(aim.y));
    let (out_x, out_y) = ((left - x).max(x - right).max(0), (top - y).max(y - bottom).max(0));
    let back = (side - 1) / 2;
    let slid = |want: i32, low: i32, high: i32| want.clamp(low - side + 1, high);
    Some(if out_x >= out_y {
        let beside = if x > right { right + 1 } else { left - side };
        Block { left: beside, top: slid(y - back, top, bottom), side }
    } else {
        let beside = if y > bottom { bottom + 1 } else { top - side };
        Block { left: slid(x - back, left, right), top: beside, side }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u8, y: u8) -> Position {
        Position { x, y }
    }

    fn picture(map: &Map, squares: &[Position]) -> String {
        let mut text = String::new();
        for y in 0..map.height {
            for x in 0..map.width {
                text.push(if squares.contains(&at(x, y)) { 'x' } else { '.' });
            }
            text.push('\n');
        }
        text
    }

    #[test]
    fn a_cone_widens_with_its_length() {
        let map = Map::open(7, 5);
        let cone = AreaShape::Cone { length: 15 };
        let east = area_squares(&map, Space::square(at(1, 2)), cone, 0, at(4, 2));
        let expected = ".......\n...xx..\n..xxx..\n...xx..\n.......\n";
        assert_eq!(picture(&map, &east), expected);
        let diagonal = area_squares(&map, Space::square(at(1, 1)), cone, 0, at(3, 3));
        assert_eq!(diagonal.len(), 9);
        assert!(area_squares(&map, Space::square(at(1, 1)), cone, 0, at(1, 1)).is_empty());
    }

    #[test]
    fn a_line_is_as_wide_as_it_says() {
        let map = Map::open(8, 5);
        let thin = AreaShape::Line { length: 30, width: 5 };
        let squares = area_squares(&map, Space::square(at(0, 2)), thin, 0, at(3, 2));
        assert_eq!(squares, (1..=6).map(|x| at(x, 2)).collect::<Vec<_>>());
        let wide = AreaShape::Line { length: 30, width: 10 };
        assert_eq!(area_squares(&map, Space::square(at(0, 2)), wide, 0, at(3, 2)).len(), 12);
        let ogre = Space { corner: at(0, 1), side: 2 };
        let breath = area_squares(&map, ogre, wide, 0, at(5, 2));
        assert!(breath.contains(&at(5, 2)) && breath.contains(&at(2, 1)), "{breath:?}");
        assert!(breath.iter().all(|square| !ogre.contains(*square)));
    }

    #[test]
    fn a_fireball_of_twenty_feet_covers_fifty_two_squares() {
        let map = Map::open(20, 20);
        let ball = AreaShape::Sphere { radius: 20 };
        let squares = area_squares(&map, Space::square(at(0, 0)), ball, 150, at(10, 10));
        assert_eq!(squares.len(), 52);
        assert!(squares.contains(&at(10, 10)));
        let small = AreaShape::Cylinder { radius: 5 };
        assert_eq!(area_squares(&map, Space::square(at(0, 0)), small, 60, at(5, 5)).len(), 4);
    }

    #[test]
    fn walls_stop_a_blast() {
        let mut map = Map::open(9, 1);
        map.terrain[5] = Terrain::Wall;
        let ball = AreaShape::Sphere { radius: 20 };
        let squares = area_squares(&map, Space::square(at(0, 0)), ball, 150, at(4, 0));
        assert_eq!(squares, (0..5).map(|x| at(x, 0)).collect::<Vec<_>>());
        let wave = AreaShape::Emanation { radius: 30 };
        assert_eq!(area_squares(&map, Space::square(at(4, 0)), wave, 0, at(4, 0)).len(), 4);
    }

    #[test]
    fn a_cube_begins_beside_its_creature_or_around_its_aim() {
        let map = Map::open(10, 10);
        let cube = AreaShape::Cube { side: 15 };
        let beside = area_squares(&map, Space::square(at(4, 4)), cube, 0, at(7, 5));
        assert_eq!(beside.len(), 9);
        assert!(beside.contains(&at(5, 4)) && !beside.contains(&at(4, 4)), "{beside:?}");
        let away = area_squares(&map, Space::square(at(0, 0)), cube, 60, at(5, 5));
        assert_eq!(away.first(), Some(&at(4, 4)));
        assert_eq!(away.len(), 9);
    }

    #[test]
    fn an_emanation_leaves_its_creature_out() {
        let map = Map::open(10, 10);
        let wave = AreaShape::Emanation { radius: 10 };
        let ogre = Space { corner: at(4, 4), side: 2 };
        assert_eq!(area_squares(&map, ogre, wave, 0, at(4, 4)).len(), 36 - 4);
    }
}
