//! What of each monster is played, as a page for people who want to know before they fight.
//!
//! Written from the monsters themselves, so that it cannot say more than the engine is given.

use std::fmt::Write;

use crate::rules::creature::{Cost, Definition, SpellList, Trait};

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
        Trait::LegendaryResistance(_) => Ok("Legendary Resistance"),
        Trait::Swarm => Ok("Swarm"),
        Trait::SharesSpace => Ok("Shares a space"),
        Trait::IncorporealMovement => Ok("Incorporeal Movement"),
        Trait::Absorption(_) => Ok("Absorption"),
        Trait::HurtBy { .. } => Ok("Hurt by a type of damage"),
        Trait::RallyingAura { .. } => Ok("Aura of advantage"),
        Trait::BlurredForm => Ok("Blurred Form"),
        Trait::BloodFrenzy => Ok("Blood Frenzy"),
        Trait::Agile => Ok("Agile"),
        Trait::Unseen => Ok("Invisible by nature"),
        Trait::Reactive => Ok("Reactive"),
        Trait::Parry { .. } => Ok("Parry (reaction)"),
        Trait::CriticalFrom(_) => Ok("Wider critical hits"),
        Trait::Named { name, why_not_played } => Err((name, why_not_played)),
    }
}

/// What it takes of a turn, where that is not the action everybody expects.
fn costly(name: &str, cost: Cost) -> String {
    match cost {
        Cost::Action => name.to_owned(),
        Cost::BonusAction => format!("{name} (bonus action)"),
        Cost::Reaction => format!("{name} (reaction)"),
        Cost::Free => format!("{name} (free)"),
        Cost::Legendary => format!("{name} (legendary action)"),
    }
}

fn played(definition: &Definition) -> Vec<String> {
    let mut names: Vec<String> =
        definition.attacks.iter().map(|attack| costly(&attack.name, attack.cost)).collect();
    if !definition.multiattack.is_empty() {
        names.push("Multiattack".to_owned());
    }
    let specials = definition.specials.iter();
    names.extend(specials.map(|special| costly(&special.name, special.cost)));
    names.extend(definition.traits.iter().filter_map(|one| split(one).ok()).map(str::to_owned));
    names
}

fn named_only(definition: &Definition) -> Vec<String> {
    let listed = definition.traits.iter().filter_map(|one| split(one).err());
    listed.map(|(name, why)| format!("{name} ({why})")).collect()
}

/// The spells that a stat block lists, by entry.
fn listed_spells(definition: &Definition) -> Vec<String> {
    let lists = definition.spell_lists.iter();
    let line = |list: &SpellList| {
        let names: Vec<&str> = list.spells.iter().map(|spell| spell.name.as_str()).collect();
        format!("spells of {}: {}", list.name, names.join(", "))
    };
    lists.map(line).collect()
}

/// How much of the book is played, in numbers.
#[derive(Debug, Default)]
struct Totals {
    monsters: usize,
    /// Monsters of which nothing is only named.
    whole: usize,
    played: usize,
    named: usize,
}

fn totals(book: &Bestiary) -> Totals {
    book.iter().fold(Totals::default(), |sum, entry| {
        let named = named_only(&entry.definition).len();
        Totals {
            monsters: sum.monsters.saturating_add(1),
            whole: sum.whole.saturating_add(usize::from(named == 0)),
            played: sum.played.saturating_add(played(&entry.definition).len()),
            named: sum.named.saturating_add(named),
        }
    })
}

fn joined(parts: &[String], between: &str) -> String {
    if parts.is_empty() { "–".to_owned() } else { parts.join(between) }
}

/// The whole of `docs/rules-coverage.md`: both books, one line a monster.
pub fn page(new: &Bestiary, old: &Bestiary) -> String {
    let mut text = String::from(
        "# What of each monster is played\n\n\
         Made from the bestiaries by `src/content/coverage.rs`; do not edit. \"Played\" is what the \
         monster's definition hands to the rules; what stands under \"named only\" is shown to \
         people and left to them, each with the reason why.\n",
    );
    for (title, book) in [("SRD 5.2.1", new), ("SRD 5.1", old)] {
        // Writing to a String cannot fail.
        if write_book(&mut text, title, book).is_err() {
            break;
        }
    }
    text
}

fn write_book(text: &mut String, title: &str, book: &Bestiary) -> std::fmt::Result {
    let Totals { monsters, whole, played: much, named } = totals(book);
    write!(
        text,
        "\n## {title}\n\n\
         {monsters} monsters, {whole} of them played whole. {much} attacks, combinations, special \
         actions and traits are played; {named} are named only.\n\n\
         | monster | CR | played | named only |\n|---|---|---|---|\n"
    )?;
    for entry in book.iter() {
        let definition = &entry.definition;
        let (name, challenge) = (entry.name(), entry.challenge());
        let played = joined(&played(definition), ", ");
        let mut named = named_only(definition);
        named.extend(listed_spells(definition));
        let named = joined(&named, "; ");
        writeln!(text, "| {name} | {challenge} | {played} | {named} |")?;
    }
    Ok(())
}
