//! Rolls a dice text: draws the faces, drops, rerolls and explodes, and adds up.
//!
//! Never more than the stated number of rolls, never a face that is not recorded.

use core::ops::Range;

use super::number::Number;
use super::select::Union;
use super::text::{
    BinaryOperator, DiceStep, DiceText, Operation, Operator, Sign, Size, Step, StepKind,
};
use super::{Dice, MAX_ROLLS, Unrollable, render};

/// One face that was rolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// What the die showed.
    pub shown: u32,
    /// What it counts as, if a least or greatest value changed that.
    pub counted: Option<i128>,
    /// Whether it is part of the total.
    pub kept: bool,
    /// Whether it was rolled again; the new face comes later in the list.
    pub rerolled: bool,
    /// Whether it brought another die, later in the list.
    pub exploded: bool,
}

/// The faces of one dice term, in the order rolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiceTerm {
    pub size: Size,
    pub faces: Vec<Face>,
}

/// What came of a roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolled {
    /// The total, cut off towards zero.
    pub total: i128,
    /// The dice terms from left to right.
    pub terms: Vec<DiceTerm>,
    /// The roll as people read it: `4d6kh3 (6, 5, ~~1~~, 3) + 2 = 16`.
    pub text: String,
}

/// What came of a roll, before anybody has written it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thrown {
    /// The total, cut off towards zero.
    pub total: i128,
    /// The dice terms from left to right.
    pub terms: Vec<DiceTerm>,
    /// For each step, whether the part of the text that it completes was dropped; the last ones
    /// that were not are left out.
    pub(super) dropped: Vec<bool>,
}

pub(super) fn roll(text: &DiceText, dice: &mut dyn Dice) -> Result<Rolled, Unrollable> {
    let Thrown { total, terms, dropped } = throw(text, dice)?;
    let text = render::rolled(text, &terms, &dropped, total);
    Ok(Rolled { total, terms, text })
}

pub(super) fn throw(text: &DiceText, dice: &mut dyn Dice) -> Result<Thrown, Unrollable> {
    let mut roller = Roller { dice, rolls: 0, terms: Vec::new(), dropped: Vec::new() };
    let mut values: Vec<Value> = Vec::new();
    for (index, step) in text.steps.iter().enumerate() {
        roller.carry_out(index, step, &mut values)?;
    }
    let total = values.pop().unwrap_or_default().total(0)?.truncated();
    Ok(Thrown { total, terms: roller.terms, dropped: roller.dropped })
}

/// A value on the pile: what an operator after it may choose from, and where that came from.
#[derive(Debug, Default)]
struct Value {
    members: Members,
    /// The dice terms that were rolled for it.
    terms: Range<usize>,
    /// The step that completed it.
    step: usize,
}

/// Most values are a number or some dice; what is needed to choose from them is made only then.
#[derive(Debug)]
enum Members {
    One(Number),
    /// The dice of a term, and which term it is.
    Dice(usize, Vec<Die>),
    Listed(Vec<Member>),
}

impl Default for Members {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

#[derive(Debug)]
struct Member {
    number: Number,
    kept: bool,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    /// One die: its current face.
    Die { term: usize, face: usize },
    /// A part of the text: the step that completed it, and the dice terms in it.
    Part { step: usize, terms: Range<usize> },
}

impl Value {
    fn single(number: Number, step: usize, terms: Range<usize>) -> Self {
        Self { members: Members::One(number), terms, step }
    }

    /// One by one, to choose from.
    fn listed(self) -> Vec<Member> {
        match self.members {
            Members::One(number) => {
                let origin = Origin::Part { step: self.step, terms: self.terms };
                vec![Member { number, kept: true, origin }]
            }
            Members::Dice(term, dice) => {
                let member = |die: Die| Member {
                    number: Number::int(die.value),
                    kept: die.kept,
                    origin: Origin::Die { term, face: die.face },
                };
                dice.into_iter().map(member).collect()
            }
            Members::Listed(members) => members,
        }
    }

    /// The sum of what is kept.
    fn total(&self, at: usize) -> Result<Number, Unrollable> {
        let too_large = || Unrollable::too_large(at);
        match &self.members {
            Members::One(number) => Ok(*number),
            Members::Dice(_, dice) => {
                let mut kept = dice.iter().filter(|die| die.kept).map(|die| die.value);
                let sum = kept.try_fold(0_i128, i128::checked_add);
                sum.map(Number::int).ok_or_else(too_large)
            }
            Members::Listed(members) => {
                let mut kept = members.iter().filter(|member| member.kept);
                kept.try_fold(Number::ZERO, |sum, member| sum.plus(member.number))
                    .ok_or_else(too_large)
            }
        }
    }
}

struct Roller<'a> {
    dice: &'a mut dyn Dice,
    rolls: u32,
    terms: Vec<DiceTerm>,
    /// For each step, whether the part of the text that it completes was dropped.
    dropped: Vec<bool>,
}

impl Roller<'_> {
    fn carry_out(
        &mut self,
        index: usize,
        step: &Step,
        values: &mut Vec<Value>,
    ) -> Result<(), Unrollable> {
        let here = self.terms.len();
        let value = match &step.kind {
            StepKind::Literal(number, _) => Value::single(*number, index, here..here),
            StepKind::Dice(dice) => self.roll_term(dice, index, step.at)?,
            StepKind::Annotate(_) => return Ok(()),
            StepKind::Sign(sign) => {
                let value = values.pop().unwrap_or_default();
                let number = value.total(step.at)?;
                let signed = match sign {
                    Sign::Plus => Some(number),
                    Sign::Minus => number.negated(),
                };
                let signed = signed.ok_or_else(|| Unrollable::too_large(step.at))?;
                Value::single(signed, index, value.terms)
            }
            StepKind::Binary(operator) => {
                let right = values.pop().unwrap_or_default();
                let left = values.pop().unwrap_or_default();
                let number =
                    compute(*operator, left.total(step.at)?, right.total(step.at)?, step.at)?;
                Value::single(number, index, left.terms.start..right.terms.end)
            }
            StepKind::Group(operators) => {
                let value = values.pop().unwrap_or_default();
                let terms = value.terms.clone();
                let members = if operators.is_empty() {
                    value.members
                } else {
                    let mut members = value.listed();
                    self.choose_members(&mut members, operators);
                    Members::Listed(members)
                };
                Value { members, terms, step: index }
            }
            StepKind::Set(count, operators) => {
                let parts = values.split_off(values.len().saturating_sub(*count));
                let start = parts.first().map_or(here, |part| part.terms.start);
                let mut members = Vec::with_capacity(parts.len());
                for part in parts {
                    members.push(Member {
                        number: part.total(step.at)?,
                        kept: true,
                        origin: Origin::Part { step: part.step, terms: part.terms },
                    });
                }
                self.choose_members(&mut members, operators);
                Value { members: Members::Listed(members), terms: start..here, step: index }
            }
        };
        values.push(value);
        Ok(())
    }

    /// Keeps and drops members, operator by operator.
    fn choose_members(&mut self, members: &mut [Member], operators: &[Operator]) {
        for operator in operators {
            let union = Union::new(&operator.selectors);
            let kept = || members.iter().filter(|member| member.kept).map(|member| member.number);
            // Whole numbers are ranked as such: it is what dice are, and several times as quick.
            let chosen = match kept().map(Number::whole).collect::<Option<Vec<i128>>>() {
                Some(whole) => union.choose(&whole, |number| number),
                None => union.choose(&kept().collect::<Vec<Number>>(), Number::int),
            };
            let drops_chosen = operator.operation == Operation::Drop;
            for (member, chosen) in members.iter_mut().filter(|member| member.kept).zip(chosen) {
                if chosen == drops_chosen {
                    member.kept = false;
                    self.mark_dropped(&member.origin);
                }
            }
        }
    }

    fn mark_dropped(&mut self, origin: &Origin) {
        match origin {
            Origin::Die { term, face } => {
                if let Some(face) = self.face_mut(*term, *face) {
                    face.kept = false;
                }
            }
            Origin::Part { step, terms } => {
                if self.dropped.len() <= *step {
                    self.dropped.resize(step.saturating_add(1), false);
                }
                if let Some(dropped) = self.dropped.get_mut(*step) {
                    *dropped = true;
                }
                let terms = self.terms.get_mut(terms.clone()).unwrap_or_default();
                for face in terms.iter_mut().flat_map(|term| term.faces.iter_mut()) {
                    face.kept = false;
                }
            }
        }
    }

    fn face_mut(&mut self, term: usize, face: usize) -> Option<&mut Face> {
        self.terms.get_mut(term)?.faces.get_mut(face)
    }

    fn roll_term(&mut self, dice: &DiceStep, step: usize, at: usize) -> Result<Value, Unrollable> {
        let count = usize::try_from(dice.count).unwrap_or_default();
        let (faces, lying) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut term = TermInPlay { size: dice.size, at, faces, dice: lying };
        for _ in 0..dice.count {
            term.add_die(self)?;
        }
        for operator in &dice.operators {
            term.operate(operator, self)?;
        }
        let index = self.terms.len();
        let members = Members::Dice(index, term.dice);
        let value = Value { members, terms: index..index + 1, step };
        self.terms.push(DiceTerm { size: dice.size, faces: term.faces });
        Ok(value)
    }

    /// One face, counted against the limit.
    fn draw(&mut self, size: Size, at: usize) -> Result<u32, Unrollable> {
        if self.rolls >= MAX_ROLLS {
            return Err(Unrollable::too_many_rolls(at));
        }
        self.rolls += 1;
        Ok(match size {
            // The tenth side of a percentile die is the one that shows 00.
            Size::Percentile => u32::from(self.dice.roll(10)) % 10 * 10,
            Size::Sides(sides) => match u16::try_from(sides) {
                Ok(sides) => u32::from(self.dice.roll(sides)),
                Err(_) => self.draw_large(sides),
            },
        })
    }

    /// A die with more sides than [`Dice`] can roll: two halves of 15 bits, drawn again while they
    /// fall outside. The number of attempts is bounded; that it runs out is as likely as naming one
    /// atom of the Earth by chance.
    fn draw_large(&mut self, sides: u32) -> u32 {
        let mut number = 0;
        for _ in 0..MAX_ATTEMPTS {
            let high = u32::from(self.dice.roll(HALF)).saturating_sub(1);
            let low = u32::from(self.dice.roll(HALF)).saturating_sub(1);
            number = high * u32::from(HALF) + low;
            let fair = LARGE - LARGE % sides;
            if number < fair {
                break;
            }
        }
        number % sides + 1
    }
}

/// What half of a large die is drawn from, and both halves together (above `MAX_SIDES`).
const HALF: u16 = 1 << 15;
const LARGE: u32 = 1 << 30;
/// Each attempt succeeds more often than not.
const MAX_ATTEMPTS: u32 = 170;

/// A die on the table.
#[derive(Debug, Clone, Copy)]
struct Die {
    value: i128,
    /// Where its current face is in the list of the term.
    face: usize,
    kept: bool,
    exploded: bool,
}

/// A dice term while its operators are carried out.
struct TermInPlay {
    size: Size,
    at: usize,
    faces: Vec<Face>,
    dice: Vec<Die>,
}

impl TermInPlay {
    fn roll_face(&mut self, roller: &mut Roller<'_>) -> Result<(i128, usize), Unrollable> {
        let shown = roller.draw(self.size, self.at)?;
        let face = Face { shown, counted: None, kept: true, rerolled: false, exploded: false };
        self.faces.push(face);
        Ok((i128::from(shown), self.faces.len() - 1))
    }

    fn add_die(&mut self, roller: &mut Roller<'_>) -> Result<(), Unrollable> {
        let (value, face) = self.roll_face(roller)?;
        self.dice.push(Die { value, face, kept: true, exploded: false });
        Ok(())
    }

    /// For each die that is still kept, in order, whether it is chosen.
    fn choose(&self, union: &Union) -> Vec<bool> {
        let kept: Vec<i128> =
            self.dice.iter().filter(|die| die.kept).map(|die| die.value).collect();
        union.choose(&kept, |number| number)
    }

    /// Where the chosen dice are among all, in order.
    fn chosen(&self, union: &Union) -> Vec<usize> {
        let kept = self.dice.iter().enumerate().filter(|(_, die)| die.kept);
        kept.zip(self.choose(union))
            .filter(|(_, flag)| *flag)
            .map(|((index, _), _)| index)
            .collect()
    }

    fn operate(&mut self, operator: &Operator, roller: &mut Roller<'_>) -> Result<(), Unrollable> {
        let union = Union::new(&operator.selectors);
        match operator.operation {
            Operation::Keep => self.drop_where(&union, false),
            Operation::Drop => self.drop_where(&union, true),
            Operation::RerollUntilNone => while self.reroll(&union, roller)? {},
            Operation::RerollOnce => {
                self.reroll(&union, roller)?;
            }
            Operation::AddOne => {
                if let Some(index) = self.chosen(&union).first() {
                    self.explode(*index, roller)?;
                }
            }
            Operation::Explode => self.explode_all(&union, roller)?,
            Operation::AtLeast => self.clamp(operator, |value, least| value < least),
            Operation::AtMost => self.clamp(operator, |value, most| value > most),
        }
        Ok(())
    }

    /// Drops the kept dice that are chosen, or those that are not.
    fn drop_where(&mut self, union: &Union, chosen: bool) {
        let flags = self.choose(union);
        let kept = self.dice.iter_mut().filter(|die| die.kept);
        for (die, _) in kept.zip(flags).filter(|(_, flag)| *flag == chosen) {
            die.kept = false;
            if let Some(face) = self.faces.get_mut(die.face) {
                face.kept = false;
            }
        }
    }

    /// Rolls the chosen dice again; false if there were none.
    fn reroll(&mut self, union: &Union, roller: &mut Roller<'_>) -> Result<bool, Unrollable> {
        let chosen = self.chosen(union);
        for index in &chosen {
            let (value, new_face) = self.roll_face(roller)?;
            let Some(die) = self.dice.get_mut(*index) else { continue };
            if let Some(face) = self.faces.get_mut(die.face) {
                face.kept = false;
                face.rerolled = true;
            }
            (die.value, die.face) = (value, new_face);
        }
        Ok(!chosen.is_empty())
    }

    fn explode(&mut self, index: usize, roller: &mut Roller<'_>) -> Result<(), Unrollable> {
        if let Some(die) = self.dice.get_mut(index) {
            die.exploded = true;
            if let Some(face) = self.faces.get_mut(die.face) {
                face.exploded = true;
            }
        }
        self.add_die(roller)
    }

    /// Each die explodes at most once, those that were added included.
    fn explode_all(&mut self, union: &Union, roller: &mut Roller<'_>) -> Result<(), Unrollable> {
        for die in &mut self.dice {
            die.exploded = false;
        }
        loop {
            let mut exploded_now = false;
            for index in self.chosen(union) {
                if self.dice.get(index).is_some_and(|die| !die.exploded) {
                    self.explode(index, roller)?;
                    exploded_now = true;
                }
            }
            if !exploded_now {
                return Ok(());
            }
        }
    }

    /// Sets every kept die that is `beyond` the operator's number to it.
    fn clamp(&mut self, operator: &Operator, beyond: fn(i128, i128) -> bool) {
        let bound = operator.selectors.first().map_or(0, |selector| selector.parts().1);
        for die in self.dice.iter_mut().filter(|die| die.kept && beyond(die.value, bound)) {
            die.value = bound;
            if let Some(face) = self.faces.get_mut(die.face) {
                face.counted = Some(bound);
            }
        }
    }
}

fn compute(
    operator: BinaryOperator,
    left: Number,
    right: Number,
    at: usize,
) -> Result<Number, Unrollable> {
    let truth = |holds: bool| Some(Number::int(i128::from(holds)));
    let divides = matches!(
        operator,
        BinaryOperator::Divide | BinaryOperator::FloorDivide | BinaryOperator::Modulo
    );
    if divides && right.is_zero() {
        return Err(Unrollable::value(
            at,
            format!("the number after \"{}\" came to 0: divide by another", operator.as_str()),
        ));
    }
    match operator {
        BinaryOperator::Add => left.plus(right),
        BinaryOperator::Subtract => left.minus(right),
        BinaryOperator::Multiply => left.times(right),
        BinaryOperator::Divide => left.divided_by(right),
        BinaryOperator::FloorDivide => left.floor_divided_by(right),
        BinaryOperator::Modulo => left.modulo(right),
        BinaryOperator::Equal => truth(left == right),
        BinaryOperator::NotEqual => truth(left != right),
        BinaryOperator::AtLeast => truth(left >= right),
        BinaryOperator::AtMost => truth(left <= right),
        BinaryOperator::Above => truth(left > right),
        BinaryOperator::Below => truth(left < right),
    }
    .ok_or_else(|| Unrollable::too_large(at))
}
