//! Writes a dice text again: in its one canonical form, and with the faces that were rolled.
//!
//! Never recursion: the pieces are put together on a pile, in the order of the steps.

use super::evaluate::{DiceTerm, Face};
use super::text::{DiceStep, DiceText, Notation, Operator, Sign, Size, StepKind};

/// The text in its one canonical form, without the comment.
pub(super) fn canonical(text: &DiceText) -> String {
    write(text, |_| None, &[])
}

/// `1d20 (14) + 5 = 19`: every dice term with its faces, what was dropped struck through.
pub(super) fn rolled(text: &DiceText, terms: &[DiceTerm], dropped: &[bool], total: i128) -> String {
    let faces = |term: usize| {
        let faces = &terms.get(term)?.faces;
        let shown: Vec<String> = faces.iter().map(face_text).collect();
        Some(shown.join(", "))
    };
    format!("{} = {total}", write(text, faces, dropped))
}

const STRIKE: &str = "~~";

fn face_text(face: &Face) -> String {
    let mut text = match face.counted {
        Some(counted) => format!("{} -> {counted}", face.shown),
        None => face.shown.to_string(),
    };
    if face.exploded {
        text.push('!');
    }
    if face.kept { text } else { format!("{STRIKE}{text}{STRIKE}") }
}

fn write(text: &DiceText, faces: impl Fn(usize) -> Option<String>, dropped: &[bool]) -> String {
    let mut pile: Vec<String> = Vec::new();
    let mut term = 0;
    for (index, step) in text.steps.iter().enumerate() {
        let mut piece = match &step.kind {
            StepKind::Literal(number, Notation::Integer) => number.truncated().to_string(),
            StepKind::Literal(number, Notation::Decimal) => number.to_decimal_text(),
            StepKind::Dice(dice) => {
                let faces = faces(term);
                term += 1;
                match faces {
                    Some(faces) => format!("{} ({faces})", dice_text(dice)),
                    None => dice_text(dice),
                }
            }
            StepKind::Annotate(label) => {
                let mut piece = pile.pop().unwrap_or_default();
                // Only a label ends in a bracket, and labels stand side by side.
                piece.push_str(if piece.ends_with(']') { "[" } else { " [" });
                piece.push_str(label);
                piece.push(']');
                piece
            }
            StepKind::Sign(sign) => {
                let mut piece = pile.pop().unwrap_or_default();
                piece.insert(0, if *sign == Sign::Minus { '-' } else { '+' });
                piece
            }
            StepKind::Binary(operator) => {
                let right = pile.pop().unwrap_or_default();
                let mut piece = pile.pop().unwrap_or_default();
                for part in [" ", operator.as_str(), " ", &right] {
                    piece.push_str(part);
                }
                piece
            }
            StepKind::Group(operators) => {
                let inside = pile.pop().unwrap_or_default();
                format!("({inside}){}", operators_text(operators))
            }
            StepKind::Set(count, operators) => {
                let members = pile.split_off(pile.len().saturating_sub(*count));
                let last_comma = if *count == 1 { "," } else { "" };
                format!("({}{last_comma}){}", members.join(", "), operators_text(operators))
            }
        };
        if dropped.get(index).copied().unwrap_or_default() {
            piece = format!("{STRIKE}{}{STRIKE}", piece.replace(STRIKE, ""));
        }
        pile.push(piece);
    }
    pile.pop().unwrap_or_default()
}

fn dice_text(dice: &DiceStep) -> String {
    let operators = operators_text(&dice.operators);
    match dice.size {
        Size::Percentile => format!("{}d%{operators}", dice.count),
        Size::Sides(sides) => format!("{}d{sides}{operators}", dice.count),
    }
}

fn operators_text(operators: &[Operator]) -> String {
    let written = |operator: &Operator| -> String {
        let each = operator.selectors.iter().map(|selector| {
            let (sign, number) = selector.parts();
            format!("{}{sign}{number}", operator.operation.as_str())
        });
        each.collect()
    };
    operators.iter().map(written).collect()
}
