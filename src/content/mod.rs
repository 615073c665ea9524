//! The books on the table: monsters, ready-made heroes, weapons and armour, and what people bring.
//!
//! JSON of our own schema becomes rules types here, and all that is wrong with a text is reported
//! at once, with paths. Never here: rules of play, dice, storage, or a text that was not checked.

pub mod armory;
pub mod bestiary;
mod blocks;
pub mod build;
pub mod characters;
pub mod coverage;
pub mod heroes;
pub mod published;
mod read;
pub mod schema;
mod words;

use crate::rules::creature::{Definition, Problem};

pub use armory::Armory;
pub use bestiary::Bestiary;
pub use blocks::stat_block;
pub use heroes::Heroes;

/// Longest text of one homebrew creature, in bytes.
pub const INPUT_MAX_BYTES: usize = 64 * 1024;
/// Most problems that are reported of one text; a text with more is not a stat block.
pub const PROBLEMS_MAX: usize = 100;

/// Reads one creature somebody wrote: the same way that the built-in ones come in.
///
/// # Errors
/// Everything that is wrong with the text: a fault of the JSON itself alone, with line and column,
/// otherwise all problems at once, each with its path.
pub fn read_creature(text: &str) -> Result<Definition, Vec<Problem>> {
    if text.len() > INPUT_MAX_BYTES {
        return Err(vec![Problem {
            path: String::new(),
            message: format!("the text is longer than {INPUT_MAX_BYTES} bytes"),
        }]);
    }
    let block: schema::StatBlock = read::json(text).map_err(|problem| vec![problem])?;
    build::definition(&block)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAT: &str = r#"{
        "name": "Cellar Rat", "size": "small", "type": "beast", "challenge": "1/8",
        "armor_class": 12, "hit_points": 5, "hit_dice": "2d4", "speed": {"walk": 30},
        "abilities": {"strength": 6, "dexterity": 14, "constitution": 10,
                      "intelligence": 2, "wisdom": 10, "charisma": 4},
        "attacks": [{"name": "Bite", "reach": 5, "to_hit": 4,
                     "damage": [{"dice": "1d4+2", "type": "piercing"}]}],
        "traits": ["pack_tactics"]
    }"#;

    #[test]
    fn a_homebrew_creature_is_read_and_what_is_left_out_is_derived() {
        let rat = read_creature(RAT).unwrap();
        assert_eq!(rat.initiative_bonus, 2);
        assert_eq!(rat.saves.strength, -2);
        assert_eq!(rat.senses.passive_perception, 10);
        assert_eq!((rat.proficiency_bonus, rat.experience), (2, 25));
    }

    #[test]
    fn all_problems_come_at_once_with_their_paths() {
        let text = RAT
            .replace("\"small\"", "\"smallish\"")
            .replace("1d4+2", "1q4")
            .replace("\"piercing\"", "\"sharp\"")
            .replace("\"1/8\"", "\"1/3\"");
        let problems = read_creature(&text).unwrap_err();
        let paths: Vec<&str> = problems.iter().map(|p| p.path.as_str()).collect();
        for path in ["size", "challenge", "attacks[0].damage[0].dice", "attacks[0].damage[0].type"]
        {
            assert!(paths.contains(&path), "{path} is missing from {paths:?}");
        }
    }

    #[test]
    fn a_fault_of_the_json_names_line_and_column() {
        let problems = read_creature("{\n  \"name\": 3\n}").unwrap_err();
        assert!(problems[0].message.contains("line 2"), "{problems:?}");
        let problems = read_creature(&RAT.replace("\"speed\"", "\"velocity\"")).unwrap_err();
        assert!(problems[0].message.contains("velocity"), "{problems:?}");
    }

    #[test]
    fn a_text_beyond_the_limit_is_refused_unread() {
        let problems = read_creature(&" ".repeat(INPUT_MAX_BYTES + 1)).unwrap_err();
        assert!(problems[0].message.contains("longer"));
    }

    #[test]
    fn a_wall_of_brackets_is_an_error_and_no_crash() {
        assert!(read_creature(&"[".repeat(60_000)).is_err());
        assert!(read_creature(&"{\"a\":".repeat(10_000)).is_err());
    }
}
