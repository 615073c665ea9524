//! One term of dice text: how many dice of which size, and what is kept, dropped or rolled again.
//!
//! Like all of the reading it never rolls, and a refusal says where and what to change.

use super::{Expected, Next, Parser};
use crate::rules::dice::text::{DiceStep, Operation, Operator, Selector, Size, StepKind};
use crate::rules::dice::{MAX_ROLLS, MAX_SIDES, Unrollable};

impl Parser {
    /// Dice, from their `d` on; `count` is what stood before it.
    pub(super) fn dice(&mut self, at: usize, count: &str) -> Result<Next, Unrollable> {
        self.position += 1;
        let size_at = self.position;
        let size = if self.take_if('%') {
            Size::Percentile
        } else {
            match self.take_digits().parse::<u32>() {
                Ok(0) => {
                    return Err(Unrollable::value(
                        size_at,
                        "a die needs at least 1 side: write one such as d6",
                    ));
                }
                Ok(sides) if sides <= MAX_SIDES => Size::Sides(sides),
                _ => {
                    return Err(Unrollable::value(
                        size_at,
                        format!("a die has at most {MAX_SIDES} sides: use a smaller one"),
                    ));
                }
            }
        };
        let count = match count {
            "" => 1,
            digits => match digits.parse::<u32>() {
                Ok(count) if count <= MAX_ROLLS => count,
                _ => return Err(Unrollable::too_many_rolls(at)),
            },
        };
        let operators = self.operators(Self::dice_operation)?;
        self.push(at, StepKind::Dice(DiceStep { count, size, operators }));
        Ok(Next::Expect(Expected::Operator))
    }

    /// What may be done with dice; takes it if it stands here.
    fn dice_operation(&mut self) -> Option<Operation> {
        let (operation, length) = match (self.peek()?, self.peek_after(1)) {
            ('r', Some('r')) => (Operation::RerollUntilNone, 2),
            ('r', Some('o')) => (Operation::RerollOnce, 2),
            ('r', Some('a')) => (Operation::AddOne, 2),
            ('m', Some('i')) => (Operation::AtLeast, 2),
            ('m', Some('a')) => (Operation::AtMost, 2),
            ('e', _) => (Operation::Explode, 1),
            _ => return self.set_operation(),
        };
        self.position += length;
        Some(operation)
    }

    /// What may be done with a set; takes it if it stands here.
    pub(super) fn set_operation(&mut self) -> Option<Operation> {
        if self.take_if('k') {
            return Some(Operation::Keep);
        }
        self.take_if('p').then_some(Operation::Drop)
    }

    /// All operators that stand here without a space; equal neighbours become one.
    pub(super) fn operators(
        &mut self,
        operation_here: impl Fn(&mut Self) -> Option<Operation>,
    ) -> Result<Vec<Operator>, Unrollable> {
        let mut operators: Vec<Operator> = Vec::new();
        while let Some(operation) = operation_here(self) {
            let at = self.position;
            let selector = self.selector(operation)?;
            let clamps = matches!(operation, Operation::AtLeast | Operation::AtMost);
            if clamps && !matches!(selector, Selector::Equal(_)) {
                return Err(Unrollable::value(
                    at,
                    format!(
                        "{0} takes a plain number: write it directly after {0}, such as {0}2",
                        operation.as_str()
                    ),
                ));
            }
            match operators.last_mut() {
                Some(last) if last.operation == operation && !clamps => {
                    last.selectors.push(selector);
                }
                _ => operators.push(Operator { operation, selectors: vec![selector] }),
            }
        }
        Ok(operators)
    }

    fn selector(&mut self, operation: Operation) -> Result<Selector, Unrollable> {
        let make = match self.peek() {
            Some('l') => Selector::Lowest,
            Some('h') => Selector::Highest,
            Some('<') => Selector::Below,
            Some('>') => Selector::Above,
            _ => Selector::Equal,
        };
        if !matches!(make(0), Selector::Equal(_)) {
            self.position += 1;
        }
        let at = self.position;
        let digits = self.take_digits();
        if digits.is_empty() {
            return Err(Unrollable::syntax(
                at,
                format!(
                    "\"{}{}\" needs a number directly after it, such as {}",
                    operation.as_str(),
                    make(0).parts().0,
                    match operation {
                        Operation::Keep | Operation::Drop => "kh3 or pl1",
                        Operation::RerollUntilNone
                        | Operation::RerollOnce
                        | Operation::AddOne
                        | Operation::Explode => "ro1, rr<3 or e6",
                        Operation::AtLeast | Operation::AtMost => "mi2 or ma5",
                    }
                ),
            ));
        }
        digits
            .parse()
            .map(make)
            .map_err(|_| Unrollable::value(at, "this number is too long: use a smaller one"))
    }
}
