//! The squares a creature fills, and how far it is from one creature to another.
//!
//! Distances are counted as the book counts them: squares by the shortest route, diagonals like
//! any other, from the nearest square of one space to the nearest of the other (SRD 5.2.1, Playing
//! the Game > Playing on a Grid, "Ranges"). Never measured with a ruler.

use crate::rules::creature::Size;
use crate::rules::grid::{Position, SQUARE_FEET};
use crate::rules::state::{Combat, Creature};

/// A square block of squares: what one creature fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Space {
    /// The top left square.
    pub corner: Position,
    /// Squares along one side, at least 1.
    pub side: u8,
}

impl Space {
    /// The space of a creature of that size whose top left square is `corner`.
    pub fn of(corner: Position, size: Size) -> Self {
        Self { corner, side: size.squares() }
    }

    /// One square.
    pub fn square(at: Position) -> Self {
        Self { corner: at, side: 1 }
    }

    /// The same space somewhere else.
    #[must_use]
    pub fn at(self, corner: Position) -> Self {
        Self { corner, side: self.side }
    }

    /// The column of its right edge squares; may lie outside any map.
    pub fn right(self) -> u8 {
        self.corner.x.saturating_add(self.side.saturating_sub(1))
    }

    /// The row of its lowest squares; may lie outside any map.
    pub fn bottom(self) -> u8 {
        self.corner.y.saturating_add(self.side.saturating_sub(1))
    }

    /// Its squares, row by row.
    pub fn squares(self) -> impl Iterator<Item = Position> {
        (self.corner.y..=self.bottom())
            .flat_map(move |y| (self.corner.x..=self.right()).map(move |x| Position { x, y }))
    }

    /// Whether the square belongs to it.
    pub fn contains(self, square: Position) -> bool {
        (self.corner.x..=self.right()).contains(&square.x)
            && (self.corner.y..=self.bottom()).contains(&square.y)
    }

    /// Whether the two share a square.
    pub fn overlaps(self, other: Self) -> bool {
        self.squares_to(other) == 0
    }

    /// Squares between the two by the shortest route; 0 if they overlap, 1 if they touch.
    pub fn squares_to(self, other: Self) -> u8 {
        let across = gap(self.corner.x, self.right(), other.corner.x, other.right());
        let down = gap(self.corner.y, self.bottom(), other.corner.y, other.bottom());
        across.max(down)
    }

    /// Feet between the two by the shortest route: 5 if they touch.
    pub fn feet_to(self, other: Self) -> u16 {
        u16::from(self.squares_to(other)) * SQUARE_FEET
    }

    /// Its centre in half squares, so that it is always a whole number.
    pub(super) fn centre_halves(self) -> (i32, i32) {
        let side = i32::from(self.side);
        (i32::from(self.corner.x) * 2 + side, i32::from(self.corner.y) * 2 + side)
    }
}

/// Squares from one range of columns or rows to another; 0 if they overlap.
fn gap(low: u8, high: u8, other_low: u8, other_high: u8) -> u8 {
    other_low.saturating_sub(high).max(low.saturating_sub(other_high))
}

/// The space a creature fills; `None` if it has no position or is no longer here.
pub fn space_of(creature: &Creature) -> Option<Space> {
    if creature.left() {
        return None;
    }
    creature.position().map(|corner| Space::of(corner, creature.definition().size))
}

/// Feet between two creatures; `None` without a map or where one of them has no position.
pub fn distance_feet(combat: &Combat, one: &Creature, other: &Creature) -> Option<u16> {
    combat.map()?;
    Some(space_of(one)?.feet_to(space_of(other)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(x: u8, y: u8, side: u8) -> Space {
        Space { corner: Position { x, y }, side }
    }

    #[test]
    fn diagonals_count_like_any_other_square() {
        assert_eq!(space(0, 0, 1).feet_to(space(3, 3, 1)), 15);
        assert_eq!(space(5, 5, 1).feet_to(space(4, 6, 1)), 5);
        assert_eq!(space(5, 5, 1).feet_to(space(5, 5, 1)), 0);
    }

    #[test]
    fn large_creatures_are_measured_from_their_nearest_square() {
        let ogre = space(2, 2, 2);
        assert_eq!(ogre.feet_to(space(4, 2, 1)), 5);
        assert_eq!(ogre.feet_to(space(0, 0, 1)), 10);
        assert_eq!(ogre.feet_to(space(3, 3, 3)), 0);
        assert_eq!(ogre.squares().count(), 4);
        assert!(ogre.contains(Position { x: 3, y: 3 }) && !ogre.contains(Position { x: 4, y: 3 }));
    }
}
