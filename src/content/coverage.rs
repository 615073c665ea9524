//! What of each monster is played, as a table for people who want to know before they fight.
//!
//! Written from the monsters themselves, so that it cannot say more than the engine is given.

use std::fmt::Write;

use crate::rules::creature::{Definition, Trait};

use super::bestiary::Bestiary;

/// The name of a trait that is played, or the name and the reason of one that is not.
fn split(one: &Trait) -> Result<&'static str, (&str, &str)> {
    match one {
        Trait::PackTactics => Ok("Pack Tactics"),
        Trait::UndeadFortitude => Ok("Undead Fortitude"),
        Trait::MagicResistance => Ok("Magic Resistance"),
        Trait::Regeneration { .. } => Ok("Regeneration"),
        Trait::Flyby => Ok("Flyby"),
        Trait::SunlightSensitivity => {
            Err(("Sunlight Sensitivity", "no fight has daylight yet; it is shown"))
        }
        Trait::Aggressive => Ok("Aggressive"),
        Trait::Evasion => Ok("Evasion"),
        Trait::Ambusher => Err(("Ambusher", "who has acted yet is not looked at")),
        Trait::RageResistance => Ok("Rage resistance"),
        Trait::BloodiedFury => Ok("Bloodied Fury"),
        Trait::BloodiedFrenzy => Ok("Bloodied Frenzy"),
        Trait::CriticalFrom(_) => Ok("Wider critical hits"),
        Trait::Named { name, why_not_played } => Err((name, why_not_played)),
    }
}

fn played(definition: &Definition) -> String {
    let mut names: Vec<&str> =
        definition.attacks.iter().map(|attack| attack.name.as_str()).collect();
    if !definition.multiattack.is_empty() {
        names.push("Multiattack");
    }
    names.extend(definition.specials.iter().map(|special| special.name.as_str()));
    names.extend(definition.traits.iter().filter_map(|one| split(one).ok()));
    names.join(", ")
}

fn named_only(definition: &Definition) -> String {
    let reasons: Vec<String> = definition
        .traits
        .iter()
        .filter_map(|one| split(one).err())
        .map(|(name, why)| format!("{name} ({why})"))
        .collect();
    if reasons.is_empty() { "–".to_owned() } else { reasons.join("; ") }
}

/// The table in Markdown, one line a monster.
pub fn table(book: &Bestiary) -> String {
    let mut text = String::from("| monster | CR | played | named only |\n|---|---|---|---|\n");
    for entry in book.iter() {
        let definition = &entry.definition;
        let (name, challenge) = (entry.name(), entry.challenge());
        let (played, named) = (played(definition), named_only(definition));
        // Writing to a String cannot fail.
        if writeln!(text, "| {name} | {challenge} | {played} | {named} |").is_err() {
            break;
        }
    }
    text
}
