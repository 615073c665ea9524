//! The words and figures of a stat block as text: dice, ratings, and names from fixed lists.
//!
//! Nothing here knows where in a stat block it is; the caller adds the path.

use crate::rules::ability::{Ability, Skill};
use crate::rules::condition::Condition;
use crate::rules::creature::{CreatureType, EffectKind, Mastery, Size};
use crate::rules::damage::{DamageType, DiceExpr};

/// Most dice in one expression of a stat block.
const DICE_MAX: u8 = 100;
/// Most sides of a die.
const SIDES_MAX: u16 = 1_000;
/// Largest flat part of an expression.
const BONUS_MAX: i16 = 1_000;

/// Masteries with their words.
pub(super) const MASTERIES: [(Mastery, &str); 8] = [
    (Mastery::Cleave, "cleave"),
    (Mastery::Graze, "graze"),
    (Mastery::Nick, "nick"),
    (Mastery::Push, "push"),
    (Mastery::Sap, "sap"),
    (Mastery::Slow, "slow"),
    (Mastery::Topple, "topple"),
    (Mastery::Vex, "vex"),
];

/// Effects that a text can hand out: not those that come of an action or rider of their own.
pub(super) const EFFECTS: [EffectKind; 18] = [
    EffectKind::Dodging,
    EffectKind::Disengaged,
    EffectKind::Distracted,
    EffectKind::Marked,
    EffectKind::Raging,
    EffectKind::Reckless,
    EffectKind::NoHealing,
    EffectKind::Blessed,
    EffectKind::Shielded,
    EffectKind::NoReactions,
    EffectKind::Quarry,
    EffectKind::Rattled,
    EffectKind::Slowed,
    EffectKind::Halved,
    EffectKind::Dazed,
    EffectKind::Exposed,
    EffectKind::Hampered,
    EffectKind::Emboldened,
];

/// The value whose name is the text, or a list of the names there are.
fn one_of<T: Copy>(
    text: &str,
    what: &str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    all.iter().copied().find(|value| name(*value) == text).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
        format!("'{text}' is no {what}; one of {}", names.join(", "))
    })
}

pub(super) fn damage_type(text: &str) -> Result<DamageType, String> {
    one_of(text, "damage type", &DamageType::ALL, DamageType::name)
}

pub(super) fn condition(text: &str) -> Result<Condition, String> {
    one_of(text, "condition", &Condition::ALL, Condition::name)
}

pub(super) fn creature_type(text: &str) -> Result<CreatureType, String> {
    one_of(text, "creature type", &CreatureType::ALL, CreatureType::name)
}

pub(super) fn ability(text: &str) -> Result<Ability, String> {
    one_of(text, "ability", &Ability::ALL, Ability::name)
}

pub(super) fn mastery(text: &str) -> Result<Mastery, String> {
    one_of(text, "mastery", &MASTERIES, |(_, name)| name).map(|(mastery, _)| mastery)
}

pub(super) fn skill(text: &str) -> Result<Skill, String> {
    one_of(text, "skill", &Skill::ALL, Skill::name)
}

pub(super) fn size(text: &str) -> Result<Size, String> {
    const ALL: [Size; 6] =
        [Size::Tiny, Size::Small, Size::Medium, Size::Large, Size::Huge, Size::Gargantuan];
    one_of(text, "size", &ALL, Size::name)
}

/// The word for an effect in a text.
pub(super) fn effect_name(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::Dodging => "dodging",
        EffectKind::Disengaged => "disengaged",
        EffectKind::Distracted => "distracted",
        EffectKind::Hidden => "hidden",
        EffectKind::Marked => "marked",
        EffectKind::Raging => "raging",
        EffectKind::Reckless => "reckless",
        EffectKind::NoHealing => "no_healing",
        EffectKind::Slowed => "slowed",
        EffectKind::Blessed => "blessed",
        EffectKind::Shielded => "shielded",
        EffectKind::NoReactions => "no_reactions",
        EffectKind::Quarry => "quarry",
        EffectKind::Rattled => "rattled",
        EffectKind::Halved => "halved",
        EffectKind::Dazed => "dazed",
        EffectKind::Exposed => "exposed",
        EffectKind::Hampered => "hampered",
        EffectKind::Emboldened => "emboldened",
        EffectKind::Suffering => "suffering",
        EffectKind::Vexed => "vexed",
        EffectKind::Surprised => "surprised",
        EffectKind::Assisted => "assisted",
    }
}

pub(super) fn effect(text: &str) -> Result<EffectKind, String> {
    one_of(text, "effect", &EFFECTS, effect_name)
}

/// Reads `2d6+3`, `d8`, `1d4-1` or `5`.
pub(super) fn dice(text: &str) -> Result<DiceExpr, String> {
    let wrong = || format!("'{text}' is no dice text such as 2d6+3, 1d8 or 4");
    if text.is_empty() {
        return Err(wrong());
    }
    let (dice_text, bonus_text) = match text.find(['+', '-']) {
        Some(at) if text.contains('d') => text.split_at(at),
        _ if text.contains('d') => (text, ""),
        _ => ("", text),
    };
    let bonus: i16 =
        if bonus_text.is_empty() { 0 } else { bonus_text.parse().map_err(|_| wrong())? };
    let (count, sides) = match dice_text.split_once('d') {
        None => (0, 0),
        Some((count, sides)) => (
            if count.is_empty() { 1 } else { count.parse().map_err(|_| wrong())? },
            sides.parse().map_err(|_| wrong())?,
        ),
    };
    let has_dice = !dice_text.is_empty();
    if has_dice && !((1..=DICE_MAX).contains(&count) && (2..=SIDES_MAX).contains(&sides)) {
        return Err(format!("'{text}' needs 1 to {DICE_MAX} dice of 2 to {SIDES_MAX} sides"));
    }
    if !(-BONUS_MAX..=BONUS_MAX).contains(&bonus) {
        return Err(format!("'{text}' adds more than {BONUS_MAX}"));
    }
    Ok(DiceExpr { count, sides, bonus })
}

/// A challenge rating in eighths: "0", "1/8", "1/4", "1/2", "1" to "30".
pub(super) fn rating(text: &str) -> Result<u16, String> {
    match text {
        "1/8" => Ok(1),
        "1/4" => Ok(2),
        "1/2" => Ok(4),
        whole => match whole.parse::<u16>() {
            Ok(value @ 0..=30) => Ok(value * 8),
            _ => Err(format!("'{text}' is no challenge rating: 0, 1/8, 1/4, 1/2, 1 to 30")),
        },
    }
}

/// A challenge rating as a stat block prints it.
pub(super) fn rating_text(eighths: u16) -> String {
    match eighths {
        1 => "1/8".to_owned(),
        2 => "1/4".to_owned(),
        4 => "1/2".to_owned(),
        other => (other / 8).to_string(),
    }
}

/// The proficiency bonus that goes with a rating (SRD 5.2.1, Monsters > Proficiency Bonus).
pub(super) fn proficiency_of_rating(eighths: u16) -> u8 {
    let steps = (eighths / 8).saturating_sub(1) / 4;
    u8::try_from(2 + steps).unwrap_or(9)
}

/// The experience that goes with a rating (SRD 5.2.1, Monsters > Experience Points).
pub(super) fn experience_of_rating(eighths: u16) -> u32 {
    const BY_RATING: [u32; 30] = [
        200, 450, 700, 1_100, 1_800, 2_300, 2_900, 3_900, 5_000, 5_900, 7_200, 8_400, 10_000,
        11_500, 13_000, 15_000, 18_000, 20_000, 22_000, 25_000, 33_000, 41_000, 50_000, 62_000,
        75_000, 90_000, 105_000, 120_000, 135_000, 155_000,
    ];
    match eighths {
        0 => 10,
        1 => 25,
        2 => 50,
        4 => 100,
        other => {
            BY_RATING.get(usize::from(other / 8).saturating_sub(1)).copied().unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_read_as_they_print() {
        for text in ["2d6+3", "1d8", "1d4-1", "5", "0", "12d10+36"] {
            assert_eq!(dice(text).unwrap().to_string(), text);
        }
        assert_eq!(dice("d6").unwrap().to_string(), "1d6");
        for text in ["", "d", "2d", "2d6+", "2x6", "0d6", "101d6", "1d1", "2d6+3+4", "1d6 + 2"] {
            assert!(dice(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ratings_bring_their_bonus_and_experience() {
        for (text, bonus, experience) in
            [("0", 2, 10), ("1/8", 2, 25), ("1/2", 2, 100), ("4", 2, 1_100), ("5", 3, 1_800)]
        {
            let eighths = rating(text).unwrap();
            assert_eq!(rating_text(eighths), text);
            assert_eq!(proficiency_of_rating(eighths), bonus);
            assert_eq!(experience_of_rating(eighths), experience);
        }
        assert_eq!(proficiency_of_rating(30 * 8), 9);
        assert!(rating("31").is_err() && rating("1/3").is_err());
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        let message = damage_type("sharp").unwrap_err();
        assert!(message.contains("piercing") && message.contains("sharp"));
    }
}
