//! Reads dice text: from characters to steps, or to a refusal that says where and what to change.
//!
//! Never recursion: what is still open waits on a pile of its own, however deep the parentheses.
//! Never a roll: whether a text is accepted depends on its characters alone.

mod term;

use super::number::Number;
use super::text::{BinaryOperator, Comments, DiceText, Notation, Sign, Step, StepKind};
use super::{MAX_DICE_TEXT_CHARS, MAX_ROLLS, Unrollable};

pub(in crate::rules::dice) fn parse(
    text: &str,
    comments: Comments,
) -> Result<DiceText, Unrollable> {
    let characters: Vec<char> = text.chars().take(MAX_DICE_TEXT_CHARS + 1).collect();
    if characters.len() > MAX_DICE_TEXT_CHARS {
        return Err(Unrollable {
            code: super::UnrollableCode::TooLong,
            position: MAX_DICE_TEXT_CHARS,
            message: format!("this is too long: use at most {MAX_DICE_TEXT_CHARS} characters"),
        });
    }
    let mut parser =
        Parser { characters, position: 0, steps: Vec::new(), open: Vec::new(), comments };
    let mut expected = Expected::Number;
    let comment = loop {
        parser.skip_whitespace();
        let next = match expected {
            Expected::Number => parser.number_wanted()?,
            Expected::Operator => parser.operator_wanted()?,
        };
        match next {
            Next::Expect(next) => expected = next,
            Next::Finished { comment_from } => break parser.finish(comment_from)?,
        }
    };
    Ok(DiceText { steps: parser.steps, comment })
}

#[derive(Debug, Clone, Copy)]
enum Expected {
    /// The start of a number: a sign, a parenthesis, dice, a literal.
    Number,
    /// What may follow a number: an operator, a label, the end.
    Operator,
}

#[derive(Debug, Clone, Copy)]
enum Next {
    Expect(Expected),
    Finished { comment_from: Option<usize> },
}

/// What waits for the number to its right.
#[derive(Debug, Clone, Copy)]
enum Open {
    Parenthesis { at: usize, commas: usize },
    Sign { at: usize, sign: Sign },
    Binary { at: usize, operator: BinaryOperator },
}

/// Signs bind tightest, comparisons loosest; a parenthesis waits for its partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Parenthesis,
    Comparison,
    Sum,
    Product,
    Sign,
}

impl Open {
    const fn strength(self) -> Strength {
        match self {
            Self::Parenthesis { .. } => Strength::Parenthesis,
            Self::Sign { .. } => Strength::Sign,
            Self::Binary { operator, .. } => strength(operator),
        }
    }
}

const fn strength(operator: BinaryOperator) -> Strength {
    match operator {
        BinaryOperator::Add | BinaryOperator::Subtract => Strength::Sum,
        BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::FloorDivide
        | BinaryOperator::Modulo => Strength::Product,
        BinaryOperator::Equal
        | BinaryOperator::NotEqual
        | BinaryOperator::AtLeast
        | BinaryOperator::AtMost
        | BinaryOperator::Above
        | BinaryOperator::Below => Strength::Comparison,
    }
}

struct Parser {
    characters: Vec<char>,
    /// The next character to read.
    position: usize,
    steps: Vec<Step>,
    open: Vec<Open>,
    comments: Comments,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.peek_after(0)
    }

    fn peek_after(&self, skipped: usize) -> Option<char> {
        self.characters.get(self.position.saturating_add(skipped)).copied()
    }

    fn skip_whitespace(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.position += 1;
        }
    }

    fn take_if(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.position += 1;
        }
        found
    }

    fn take_digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
            digits.push(digit);
            self.position += 1;
        }
        digits
    }

    fn push(&mut self, at: usize, kind: StepKind) {
        self.steps.push(Step { at, kind });
    }

    /// Reads the start of a number, or refuses what stands in its place.
    fn number_wanted(&mut self) -> Result<Next, Unrollable> {
        let at = self.position;
        match self.peek() {
            Some(sign @ ('+' | '-')) => {
                self.position += 1;
                let sign = if sign == '-' { Sign::Minus } else { Sign::Plus };
                self.open.push(Open::Sign { at, sign });
                Ok(Next::Expect(Expected::Number))
            }
            Some('(') => {
                self.position += 1;
                self.open.push(Open::Parenthesis { at, commas: 0 });
                Ok(Next::Expect(Expected::Number))
            }
            // Only "(" and "," leave a parenthesis on top here: an empty set, or a last comma.
            Some(')') if matches!(self.open.last(), Some(Open::Parenthesis { .. })) => {
                self.close_parenthesis(None)
            }
            Some('d') if self.size_follows(1) => self.dice(at, ""),
            Some(first) if first.is_ascii_digit() || self.starts_with_point() => self.literal(at),
            found => self.number_missing(at, found),
        }
    }

    fn starts_with_point(&self) -> bool {
        self.peek() == Some('.') && self.peek_after(1).is_some_and(|next| next.is_ascii_digit())
    }

    fn size_follows(&self, skipped: usize) -> bool {
        self.peek_after(skipped).is_some_and(|next| next == '%' || next.is_ascii_digit())
    }

    /// `2d6 *with feeling*`: a star that no number follows begins the comment.
    fn number_missing(&mut self, at: usize, found: Option<char>) -> Result<Next, Unrollable> {
        if let Some(Open::Binary { at: star, operator: BinaryOperator::Multiply }) =
            self.open.last().copied()
            && found.is_some()
            && self.comments == Comments::Allowed
            && self.innermost_parenthesis().is_none()
        {
            self.open.pop();
            return Ok(Next::Finished { comment_from: Some(star) });
        }
        let found = match found {
            None => "the text ends".to_owned(),
            Some(character) => format!("there is \"{}\"", printable(character)),
        };
        Err(Unrollable::syntax(
            at,
            match self.open.last() {
                None => format!("{found} where dice are expected: write some, such as 1d20+5"),
                Some(Open::Parenthesis { .. }) => {
                    format!("{found} where a number is expected: write one such as 3 or 1d6 here")
                }
                Some(Open::Sign { .. } | Open::Binary { .. }) => {
                    format!("{found} after an operator: write a number such as 3 or 1d6 here")
                }
            },
        ))
    }

    fn literal(&mut self, at: usize) -> Result<Next, Unrollable> {
        let whole = self.take_digits();
        if !whole.is_empty() && self.peek() == Some('d') {
            if self.size_follows(1) {
                return self.dice(at, &whole);
            }
            self.position += 1;
            return Err(Unrollable::syntax(
                self.position,
                format!("the number of sides is missing: write it after the d, such as {whole}d6"),
            ));
        }
        let too_large = || Unrollable::value(at, "this number is too long: use a smaller one");
        let kind = if self.take_if('.') {
            let fraction = self.take_digits();
            let number = Number::decimal(&whole, &fraction).ok_or_else(too_large)?;
            StepKind::Literal(number, Notation::Decimal)
        } else {
            let number = whole.parse().map_err(|_| too_large())?;
            StepKind::Literal(Number::int(number), Notation::Integer)
        };
        self.push(at, kind);
        Ok(Next::Expect(Expected::Operator))
    }

    /// Reads what follows a number.
    fn operator_wanted(&mut self) -> Result<Next, Unrollable> {
        let at = self.position;
        let parenthesis = self.innermost_parenthesis();
        match self.peek() {
            None => match parenthesis {
                None => Ok(Next::Finished { comment_from: None }),
                Some(opened) => Err(Unrollable::syntax(
                    at,
                    format!(
                        "the parenthesis opened at position {opened} is not closed: add a \")\""
                    ),
                )),
            },
            Some('[') if self.annotation(at) => Ok(Next::Expect(Expected::Operator)),
            Some(')') if parenthesis.is_some() => self.close_parenthesis(Some(())),
            Some(',') if parenthesis.is_some() => {
                self.position += 1;
                self.reduce(Strength::Comparison);
                if let Some(Open::Parenthesis { commas, .. }) = self.open.last_mut() {
                    *commas += 1;
                }
                Ok(Next::Expect(Expected::Number))
            }
            Some(found) => {
                if let Some(operator) = self.take_binary_operator() {
                    self.reduce(strength(operator));
                    self.open.push(Open::Binary { at, operator });
                    return Ok(Next::Expect(Expected::Number));
                }
                // A stray ")" or "," is a slip in the dice, not the start of a sentence.
                let words = parenthesis.is_none() && found != ')' && found != ',';
                if words && self.comments == Comments::Allowed {
                    return Ok(Next::Finished { comment_from: Some(at) });
                }
                Err(self.operator_missing(at, found))
            }
        }
    }

    fn operator_missing(&self, at: usize, found: char) -> Unrollable {
        let found = printable(found);
        Unrollable::syntax(
            at,
            match (self.innermost_parenthesis(), self.comments) {
                (Some(opened), _) => format!(
                    "\"{found}\" cannot follow a number inside parentheses: write an operator, or \
                     close the parenthesis opened at position {opened}"
                ),
                (None, Comments::Refused) => format!(
                    "\"{found}\" cannot follow a number, and comments are switched off: write an \
                     operator such as +, or take it out"
                ),
                (None, Comments::Allowed) => {
                    format!("\"{found}\" cannot follow a number: take it out")
                }
            },
        )
    }

    /// Takes `[text]` if it is closed; otherwise it is the start of a comment.
    fn annotation(&mut self, at: usize) -> bool {
        let rest = self.characters.get(at..).unwrap_or_default();
        let Some(length) = rest.iter().position(|character| *character == ']') else {
            return false;
        };
        let label: String = rest.iter().take(length).skip(1).collect();
        self.position = at + length + 1;
        self.push(at, StepKind::Annotate(label));
        true
    }

    fn take_binary_operator(&mut self) -> Option<BinaryOperator> {
        let (operator, length) = match (self.peek()?, self.peek_after(1)) {
            ('=', Some('=')) => (BinaryOperator::Equal, 2),
            ('!', Some('=')) => (BinaryOperator::NotEqual, 2),
            ('>', Some('=')) => (BinaryOperator::AtLeast, 2),
            ('<', Some('=')) => (BinaryOperator::AtMost, 2),
            ('/', Some('/')) => (BinaryOperator::FloorDivide, 2),
            ('>', _) => (BinaryOperator::Above, 1),
            ('<', _) => (BinaryOperator::Below, 1),
            ('/', _) => (BinaryOperator::Divide, 1),
            ('+', _) => (BinaryOperator::Add, 1),
            ('-', _) => (BinaryOperator::Subtract, 1),
            ('*', _) => (BinaryOperator::Multiply, 1),
            ('%', _) => (BinaryOperator::Modulo, 1),
            _ => return None,
        };
        self.position += length;
        Some(operator)
    }

    /// Carries out everything that waits and binds at least so strongly.
    fn reduce(&mut self, least: Strength) {
        while let Some(top) = self.open.last().copied().filter(|top| top.strength() >= least) {
            self.open.pop();
            match top {
                Open::Sign { at, sign } => self.push(at, StepKind::Sign(sign)),
                Open::Binary { at, operator } => self.push(at, StepKind::Binary(operator)),
                Open::Parenthesis { .. } => {}
            }
        }
    }

    /// At a ")" with a parenthesis open; `last` says whether a member stands before it.
    fn close_parenthesis(&mut self, last: Option<()>) -> Result<Next, Unrollable> {
        self.position += 1;
        self.reduce(Strength::Comparison);
        let Some(Open::Parenthesis { at, commas }) = self.open.pop() else {
            return Err(Unrollable::syntax(self.position, "this parenthesis was never opened"));
        };
        let operators = self.operators(Self::set_operation)?;
        let kind = match (commas, last) {
            (0, Some(())) => StepKind::Group(operators),
            (_, Some(())) => StepKind::Set(commas.saturating_add(1), operators),
            (_, None) => StepKind::Set(commas, operators),
        };
        self.push(at, kind);
        Ok(Next::Expect(Expected::Operator))
    }

    fn innermost_parenthesis(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|open| match open {
            Open::Parenthesis { at, .. } => Some(*at),
            Open::Sign { .. } | Open::Binary { .. } => None,
        })
    }

    /// Carries out what still waits, and cuts off the comment.
    fn finish(&mut self, comment_from: Option<usize>) -> Result<Option<String>, Unrollable> {
        self.reduce(Strength::Comparison);
        let mut dice = 0_u32;
        for step in &self.steps {
            if let StepKind::Dice(term) = &step.kind {
                dice = dice.saturating_add(term.count);
                if dice > MAX_ROLLS {
                    return Err(Unrollable::too_many_rolls(step.at));
                }
            }
        }
        let Some(start) = comment_from else { return Ok(None) };
        let comment: String = self.characters.get(start..).unwrap_or_default().iter().collect();
        Ok(Some(comment.trim().to_owned()).filter(|comment| !comment.is_empty()))
    }
}

/// A character as it may be shown in a message.
fn printable(character: char) -> String {
    character.escape_debug().to_string()
}
