//! `skirmish roll`: rolls dice at the command line, for people and for programs.
//!
//! Never a roll left out: for each text and each repetition there is one answer, a result or a
//! refusal.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::dice_source::Seeded;
use super::exit::{Exit, Failure};
use crate::rules::dice::{Comments, DiceTerm, DiceText, Face, Rolled, Unrollable};
use crate::rules::event::RollMode;

/// More repetitions than anybody reads.
const MAX_COUNT: u64 = 1_000_000;

const EXAMPLES: &str = "\
Dice:
  4d6kh3           the highest three of four     2d6+3 [fire]   a label
  2d20kl1          disadvantage by hand          d%             0, 10, … 90
  4d6rr1  4d6ro1   reroll ones: always, once     2d6e6          a 6 brings another die
  1d20ra20         one more die for one 20       4d6mi2  ma5    each die at least 2, at most 5
  (1d8, 2d4)kh1    the higher of two rolls       10d6k>4        keep what is above 4
  + - * / // %     sums, also with fractions     1d20+5 >= 15   1 if it holds, 0 if not
  k keep, p drop; choose with a number (equal), hN, lN, >N, <N; several add up: 5d10kh1kl1

Examples:
  skirmish roll 1d20+5
  skirmish roll --advantage '1d20+5 with the longsword' '1d8+3 [slashing]'
  skirmish roll --count 6 4d6kh3
  skirmish roll --seed 7 --json 8d6
  skirmish roll -- -1d4+10

Exit status 65 if any of the dice cannot be rolled; the others are rolled all the same.";

/// Roll dice
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// What to roll, such as 4d6kh3 or '1d20+5 with the longsword'; one roll for each
    #[arg(required = true, value_name = "EXPR")]
    expressions: Vec<String>,
    /// Roll everything so many times
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u64).range(1..=MAX_COUNT))]
    count: u64,
    /// A number to draw the dice from: the same number, the same dice
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// One JSON object for each roll, instead of a line for people
    #[arg(long)]
    json: bool,
    /// Roll a leading 1d20 twice and keep the higher
    #[arg(long, conflicts_with = "disadvantage")]
    advantage: bool,
    /// Roll a leading 1d20 twice and keep the lower
    #[arg(long)]
    disadvantage: bool,
    /// Refuse words after the dice
    #[arg(long)]
    no_comments: bool,
}

impl Arguments {
    fn mode(&self) -> RollMode {
        match (self.advantage, self.disadvantage) {
            (true, _) => RollMode::Advantage,
            (false, true) => RollMode::Disadvantage,
            (false, false) => RollMode::Normal,
        }
    }
}

/// Rolls and prints.
///
/// # Errors
/// [`Failure`] with [`Exit::Data`] if any of the dice cannot be rolled.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut dice = match arguments.seed {
        Some(seed) => Seeded::new(seed),
        None => Seeded::from_entropy().ok_or_else(|| {
            Failure::new(Exit::Unavailable, "the system has no randomness to give: use --seed")
        })?,
    };
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut complaints = io::stderr().lock();
    let refused = roll_all(arguments, &mut dice, &mut output, &mut complaints)?;
    output.flush()?;
    if refused { Err(Failure::new(Exit::Data, "")) } else { Ok(()) }
}

/// Whether anything was refused.
fn roll_all(
    arguments: &Arguments,
    dice: &mut Seeded,
    output: &mut impl Write,
    complaints: &mut impl Write,
) -> io::Result<bool> {
    let comments = if arguments.no_comments { Comments::Refused } else { Comments::Allowed };
    let mut refused = false;
    for expression in &arguments.expressions {
        let parsed =
            DiceText::parse(expression, comments).map(|parsed| parsed.with_mode(arguments.mode()));
        for _ in 0..arguments.count {
            let rolled =
                parsed.as_ref().map_err(Clone::clone).and_then(|text| Ok((text, text.roll(dice)?)));
            refused |= rolled.is_err();
            match rolled {
                Ok((text, rolled)) if arguments.json => {
                    write_json(output, &RollObject::new(expression, text, &rolled))?;
                }
                Ok((text, rolled)) => writeln!(output, "{}", line_for_people(text, &rolled))?,
                Err(error) if arguments.json => {
                    write_json(output, &RefusalObject::new(expression, &error))?;
                }
                Err(error) => {
                    output.flush()?;
                    write!(complaints, "{}", refusal_for_people(expression, &error))?;
                    // The same sentence again would say nothing new.
                    if parsed.is_err() {
                        break;
                    }
                }
            }
        }
    }
    Ok(refused)
}

fn line_for_people(text: &DiceText, rolled: &Rolled) -> String {
    match text.comment() {
        None => rolled.text.clone(),
        Some(comment) => format!("{}: {}", one_line(comment), rolled.text),
    }
}

/// The sentence, the text, and a mark under the place.
fn refusal_for_people(expression: &str, error: &Unrollable) -> String {
    let shown = one_line(expression);
    let mark = " ".repeat(error.position);
    // A text that fills the screen would push the sentence off it.
    if shown.chars().count() > MAX_SHOWN_CHARS {
        return format!("skirmish roll: at position {}: {error}\n", error.position);
    }
    format!("skirmish roll: {error}\n  {shown}\n  {mark}^\n")
}

const MAX_SHOWN_CHARS: usize = 100;

/// Without line breaks and other characters that steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn write_json(output: &mut impl Write, object: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, object)?;
    writeln!(output)
}

#[derive(Serialize)]
struct RollObject<'a> {
    expression: &'a str,
    total: i128,
    dice: Vec<DiceObject>,
    canonical: String,
    comment: Option<&'a str>,
    text: &'a str,
}

impl<'a> RollObject<'a> {
    fn new(expression: &'a str, text: &'a DiceText, rolled: &'a Rolled) -> Self {
        Self {
            expression,
            total: rolled.total,
            dice: rolled.terms.iter().map(DiceObject::new).collect(),
            canonical: text.canonical(),
            comment: text.comment(),
            text: &rolled.text,
        }
    }
}

/// The last three are there only if a die was rerolled, exploded or counts as another face.
#[derive(Serialize)]
struct DiceObject {
    size: u32,
    faces: Vec<u32>,
    kept: Vec<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rerolled: Vec<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exploded: Vec<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    counted: Vec<i128>,
}

impl DiceObject {
    fn new(term: &DiceTerm) -> Self {
        let faces = || term.faces.iter();
        let marks = |mark: fn(&Face) -> bool| -> Vec<bool> {
            if faces().any(mark) { faces().map(mark).collect() } else { Vec::new() }
        };
        let counted = if faces().any(|face| face.counted.is_some()) {
            faces().map(|face| face.counted.unwrap_or(i128::from(face.shown))).collect()
        } else {
            Vec::new()
        };
        Self {
            size: term.size.number(),
            faces: faces().map(|face| face.shown).collect(),
            kept: faces().map(|face| face.kept).collect(),
            rerolled: marks(|face| face.rerolled),
            exploded: marks(|face| face.exploded),
            counted,
        }
    }
}

#[derive(Serialize)]
struct RefusalObject<'a> {
    expression: &'a str,
    error: ErrorObject<'a>,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    code: &'static str,
    position: usize,
    message: &'a str,
}

impl<'a> RefusalObject<'a> {
    fn new(expression: &'a str, error: &'a Unrollable) -> Self {
        Self {
            expression,
            error: ErrorObject {
                code: error.code.as_str(),
                position: error.position,
                message: &error.message,
            },
        }
    }
}
