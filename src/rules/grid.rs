//! The battle map as the rules see it: squares of five feet, what stands in the way, how far it is.

/// Feet along one square.
pub const SQUARE_FEET: u16 = 5;
/// Longest side of a map, in squares.
pub const MAP_SIDE_MAX: u8 = 100;

/// A square: `x` counts from the left, `y` from the top, both from 0. A large creature's position
/// is its top left square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub x: u8,
    pub y: u8,
}

impl Position {
    /// Squares between two squares, diagonals counting as one (SRD 5.2.1, Playing the Game >
    /// Playing on a Grid).
    pub fn squares_to(self, other: Self) -> u8 {
        self.x.abs_diff(other.x).max(self.y.abs_diff(other.y))
    }
}

/// What a square is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Terrain {
    #[default]
    Open,
    /// Each foot of movement costs one foot more.
    Difficult,
    /// Nobody enters, nothing is seen through it.
    Wall,
}

/// A map of `width` × `height` squares; `terrain` is row by row and as long as both multiplied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    pub width: u8,
    pub height: u8,
    pub terrain: Vec<Terrain>,
}

impl Map {
    /// An open field.
    pub fn open(width: u8, height: u8) -> Self {
        let squares = usize::from(width) * usize::from(height);
        Self { width, height, terrain: vec![Terrain::Open; squares] }
    }

    /// What the square is made of; outside the map everything is wall.
    pub fn at(&self, position: Position) -> Terrain {
        if position.x >= self.width || position.y >= self.height {
            return Terrain::Wall;
        }
        let index = usize::from(position.y) * usize::from(self.width) + usize::from(position.x);
        self.terrain.get(index).copied().unwrap_or(Terrain::Wall)
    }
}
