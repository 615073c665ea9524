//! A dice text that was understood: the steps that compute it, ready to be rolled again and again.
//!
//! The steps are in the order in which they are carried out, operands first, so that nothing that
//! walks them needs recursion: a text cannot be nested so deeply that it exhausts the stack.

use super::number::Number;
use super::{Dice, Rolled, Thrown, Unrollable, evaluate, parse, render};
use crate::rules::event::RollMode;

/// Whether words may follow the dice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comments {
    Allowed,
    Refused,
}

/// How many sides a die has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Sides(u32),
    /// `d%`: 0, 10, … 90.
    Percentile,
}

impl Size {
    /// What the die is called after its `d`, as a number: a percentile die counts as 100.
    pub const fn number(self) -> u32 {
        match self {
            Self::Sides(sides) => sides,
            Self::Percentile => 100,
        }
    }
}

/// What is done with the chosen dice of a term or members of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Keep,
    Drop,
    RerollUntilNone,
    RerollOnce,
    AddOne,
    Explode,
    AtLeast,
    AtMost,
}

impl Operation {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "k",
            Self::Drop => "p",
            Self::RerollUntilNone => "rr",
            Self::RerollOnce => "ro",
            Self::AddOne => "ra",
            Self::Explode => "e",
            Self::AtLeast => "mi",
            Self::AtMost => "ma",
        }
    }
}

/// Which dice or members are chosen, among those still kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selector {
    Equal(i128),
    Highest(i128),
    Lowest(i128),
    Above(i128),
    Below(i128),
}

impl Selector {
    /// How it is written: the sign before the number, and the number.
    pub(super) const fn parts(self) -> (&'static str, i128) {
        match self {
            Self::Equal(number) => ("", number),
            Self::Highest(number) => ("h", number),
            Self::Lowest(number) => ("l", number),
            Self::Above(number) => (">", number),
            Self::Below(number) => ("<", number),
        }
    }
}

/// One operation on the union of its selectors, which is never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) operation: Operation,
    pub(super) selectors: Vec<Selector>,
}

/// Some dice of one size and what is done with them, left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DiceStep {
    pub(super) count: u32,
    pub(super) size: Size,
    pub(super) operators: Vec<Operator>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Equal,
    NotEqual,
    AtLeast,
    AtMost,
    Above,
    Below,
}

impl BinaryOperator {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::FloorDivide => "//",
            Self::Modulo => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::Below => "<",
        }
    }
}

/// How a literal was written, which decides how it is written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Integer,
    Decimal,
}

/// One step: what it takes off the pile of values, and what it puts there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StepKind {
    Literal(Number, Notation),
    Dice(DiceStep),
    /// A label on the value on top.
    Annotate(String),
    Sign(Sign),
    Binary(BinaryOperator),
    /// One value in parentheses: what can be chosen from is what it holds.
    Group(Vec<Operator>),
    /// So many values in parentheses: what can be chosen from is them.
    Set(usize, Vec<Operator>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// Where it is in the text, in characters.
    pub(super) at: usize,
    pub(super) kind: StepKind,
}

/// A dice text that was understood, such as `4d6kh3 + 2 [strength] for the ogre`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiceText {
    pub(super) steps: Vec<Step>,
    pub(super) comment: Option<String>,
}

impl DiceText {
    /// Reads a dice text. Whether it is accepted depends on nothing but the text.
    ///
    /// # Errors
    /// [`Unrollable`], saying where and what to change.
    pub fn parse(text: &str, comments: Comments) -> Result<Self, Unrollable> {
        parse::parse(text, comments)
    }

    /// The same with advantage or disadvantage: if the first number in it is a single d20, that is
    /// rolled twice and the higher or lower one kept; anything else stays as it is.
    #[must_use]
    pub fn with_mode(mut self, mode: RollMode) -> Self {
        if let Some(Step { kind: StepKind::Dice(dice), .. }) = self.steps.first_mut() {
            dice.roll_twice(mode);
        }
        self
    }

    /// The same dice in the one way to write them: spaces around operators, no needless zeros.
    /// Reading it gives the same steps again.
    pub fn canonical(&self) -> String {
        render::canonical(self)
    }

    /// The words after the dice.
    pub fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// Rolls it, drawing at most [`super::MAX_ROLLS`] faces, each as it is needed from left to right.
    ///
    /// # Errors
    /// [`Unrollable`] with code `value` or `too_many_rolls`.
    pub fn roll(&self, dice: &mut dyn Dice) -> Result<Rolled, Unrollable> {
        evaluate::roll(self, dice)
    }

    /// The same without writing it out, for those who want only the total or the faces.
    ///
    /// # Errors
    /// As [`Self::roll`].
    pub fn throw(&self, dice: &mut dyn Dice) -> Result<Thrown, Unrollable> {
        evaluate::throw(self, dice)
    }

    /// A throw of this text as people read it, as in [`Rolled`].
    pub fn written(&self, thrown: &Thrown) -> String {
        render::rolled(self, &thrown.terms, &thrown.dropped, thrown.total)
    }
}

impl DiceStep {
    fn roll_twice(&mut self, mode: RollMode) {
        if self.count != 1 || self.size != Size::Sides(20) {
            return;
        }
        // Dropping the one is keeping the other. It is written as a drop where a keep follows, for
        // two keeps side by side are a union.
        let keep_follows =
            self.operators.first().is_some_and(|first| first.operation == Operation::Keep);
        let (operation, selector) = match (mode, keep_follows) {
            (RollMode::Normal, _) => return,
            (RollMode::Advantage, false) => (Operation::Keep, Selector::Highest(1)),
            (RollMode::Advantage, true) => (Operation::Drop, Selector::Lowest(1)),
            (RollMode::Disadvantage, false) => (Operation::Keep, Selector::Lowest(1)),
            (RollMode::Disadvantage, true) => (Operation::Drop, Selector::Highest(1)),
        };
        self.count = 2;
        self.operators.insert(0, Operator { operation, selectors: vec![selector] });
    }
}
