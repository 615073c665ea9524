//! `/roll`: dice for everything that is not the fight, for everybody to see.
//!
//! Its chance is fresh from the operating system and has nothing to do with the dice of a fight.

use super::{Choice, Command, Completing, Need, Who};
use crate::clock;
use crate::discord::call::{Call, Said, Work};
use crate::discord::render::{parts, text};
use crate::discord::replies::{Deferral, Reply};
use crate::rules::dice::{Comments, Dice, DiceText};

pub const NAME: &str = "roll";
/// Characters of a roll that are shown.
const SHOWN_CHARS: usize = 1_500;

const OPTIONS: &[Choice] =
    &[Choice::text("dice", "Such as: 2d6+3, 4d6kh3, 1d20+5 to climb", Need::Required).up_to(300)];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "Roll dice",
        options: OPTIONS,
        who: Who::Everybody,
        deferral: Deferral::Public,
        run,
        autocomplete,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let typed = call.args.text("dice").unwrap_or_default();
        let dice = DiceText::parse(typed, Comments::Allowed).map_err(|no| {
            Said::words(format!("{no} (at character {})", no.position.saturating_add(1)))
        })?;
        let rolled = dice.roll(&mut Fresh).map_err(|no| Said::words(no.to_string()))?;
        let mut words = shown(&rolled.text, rolled.total);
        if let Some(comment) = dice.comment() {
            words = format!("{}: {words}", text::line(comment, 100));
        }
        Ok(Reply::New(parts::message(vec![parts::text(&format!("🎲 {words}"))])))
    })
}

/// The roll with its total in bold and dropped dice struck out; all other marks stay what they are.
fn shown(rolled: &str, total: i128) -> String {
    let end = format!(" = {total}");
    let dice = rolled.strip_suffix(&end).unwrap_or(rolled);
    let dice = text::line(dice, SHOWN_CHARS).replace("\\~\\~", "~~");
    format!("{dice} = **{total}**")
}

/// Dice from the operating system's randomness, every face equally likely.
struct Fresh;

impl Dice for Fresh {
    fn roll(&mut self, sides: u16) -> u16 {
        if sides < 2 {
            return 1;
        }
        // values above the last whole multiple would favour the low faces
        let sides = u32::from(sides);
        let fair = u32::MAX - u32::MAX % sides;
        for _ in 0..64 {
            let value = clock::random_bytes::<4>().map_or(0, u32::from_le_bytes);
            if value < fair {
                return u16::try_from(value % sides + 1).unwrap_or(1);
            }
        }
        1
    }
}

pub fn autocomplete(_: Call) -> Completing {
    Box::pin(async { Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roll_shows_its_total_once() {
        assert_eq!(shown("2d6 (4, 4) + 3 = 11", 11), "2d6 (4, 4) + 3 = **11**");
        assert_eq!(shown("2d20kh1 (17, ~~4~~) = 17", 17), "2d20kh1 (17, ~~4~~) = **17**");
    }

    #[test]
    fn every_face_comes_and_no_other() {
        let mut seen = [false; 6];
        for _ in 0..1_000 {
            let face = Fresh.roll(6);
            seen[usize::from(face) - 1] = true;
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(Fresh.roll(1), 1);
        assert_eq!(Fresh.roll(0), 1);
    }
}
