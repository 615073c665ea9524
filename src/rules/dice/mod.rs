//! Dice: where every roll of a fight comes from, and the dice text that players type.
//!
//! Nothing here makes chance of its own: faces are handed in through [`Dice`], the only source of
//! chance that the rules see. Nothing here may roll a die that its caller does not count.

mod evaluate;
mod number;
mod parse;
mod render;
mod select;
mod text;
mod unrollable;

use std::collections::VecDeque;

pub use evaluate::{DiceTerm, Face, Rolled, Thrown};
pub use text::{Comments, DiceText, Size};
pub use unrollable::{Unrollable, UnrollableCode};

/// The longest dice text that is read, in characters.
pub const MAX_DICE_TEXT_CHARS: usize = 2_000;
/// The most dice that one dice text may roll, rerolled and exploded ones included.
pub const MAX_ROLLS: u32 = 1_000;
/// The most sides a die may have.
pub const MAX_SIDES: u32 = 1_000_000_000;

/// The only source of chance that the rules see.
pub trait Dice {
    /// The next face of a die with this many sides, in `1..=sides`. A die without sides shows 1.
    fn roll(&mut self, sides: u16) -> u16;

    /// The same for a roll that not everybody sees. A source that keeps such rolls apart, so that
    /// they do not show in the numbering of the others, overrides it.
    fn roll_hidden(&mut self, sides: u16) -> u16 {
        self.roll(sides)
    }
}

impl<D: Dice + ?Sized> Dice for &mut D {
    fn roll(&mut self, sides: u16) -> u16 {
        (**self).roll(sides)
    }

    fn roll_hidden(&mut self, sides: u16) -> u16 {
        (**self).roll_hidden(sides)
    }
}

/// Dice whose faces were written down beforehand: scenarios, tests, and rolls made at the table.
///
/// It never fails in mid-roll: a face that the die cannot show, or a die too many, shows 1 and is
/// remembered in [`Scripted::faults`], for the caller to report when the roll is over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scripted {
    faces: VecDeque<u16>,
    drawn: usize,
    faults: Vec<ScriptFault>,
}

/// What was wrong with the faces that were written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptFault {
    /// The `index`-th die (from 0) had no face left to show.
    TooFew { index: usize, sides: u16 },
    /// The `index`-th face cannot be shown by the die it was for.
    Impossible { index: usize, sides: u16, face: u16 },
}

impl Scripted {
    /// These faces, in the order in which they will be rolled.
    pub fn new(faces: impl IntoIterator<Item = u16>) -> Self {
        Self { faces: faces.into_iter().collect(), drawn: 0, faults: Vec::new() }
    }

    /// How many dice were rolled.
    pub fn drawn(&self) -> usize {
        self.drawn
    }

    /// How many faces nobody asked for.
    pub fn left_over(&self) -> usize {
        self.faces.len()
    }

    /// Everything that was wrong so far, in the order rolled.
    pub fn faults(&self) -> &[ScriptFault] {
        &self.faults
    }
}

impl Dice for Scripted {
    fn roll(&mut self, sides: u16) -> u16 {
        let index = self.drawn;
        self.drawn = self.drawn.saturating_add(1);
        match self.faces.pop_front() {
            Some(face) if face >= 1 && face <= sides.max(1) => face,
            Some(face) => {
                self.faults.push(ScriptFault::Impossible { index, sides, face });
                1
            }
            None => {
                self.faults.push(ScriptFault::TooFew { index, sides });
                1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripted_faces_come_in_order_and_faults_are_remembered() {
        let mut dice = Scripted::new([3, 7, 20]);
        assert_eq!(dice.roll(6), 3);
        assert_eq!(dice.roll(6), 1, "a d6 cannot show 7");
        assert_eq!(dice.left_over(), 1);
        assert_eq!(dice.roll(20), 20);
        assert_eq!(dice.roll(4), 1, "nothing is left");
        assert_eq!(
            dice.faults(),
            [
                ScriptFault::Impossible { index: 1, sides: 6, face: 7 },
                ScriptFault::TooFew { index: 3, sides: 4 },
            ]
        );
        assert_eq!(dice.drawn(), 4);
    }
}
