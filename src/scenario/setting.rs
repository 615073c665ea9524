//! Where a fight is set and who is in it: what a scenario and an encounter have in common.
//!
//! Nothing of the fight itself is decided here; a setting that cannot be is refused with every
//! reason at once.

use serde_json::Value;

use super::creature::{self, Placed};
use super::map;
use super::reading::{Field, Fields, Problems, fields, object};
use crate::rules::condition::Until;
use crate::rules::creature::{NAME_MAX_CHARS, Problem};
use crate::rules::event::Edition;
use crate::rules::grid::Map as BattleMap;
use crate::rules::id::CreatureId;

/// Longest file of one encounter, or one line of scenarios, in bytes.
pub const INPUT_MAX_BYTES: usize = 1024 * 1024;

/// What scenarios and encounters both have.
pub(super) const SETTING: &[Field] = &[
    ("name", &["title"]),
    ("source", &["section"]),
    ("note", &["notes", "comment", "description"]),
    ("id", &[]),
    ("area", &[]),
    ("tags", &[]),
    ("edition", &[]),
    ("map", &[]),
    ("creatures", &[]),
];

/// A fight that has not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Empty if the file gives none.
    pub name: String,
    pub edition: Edition,
    pub map: Option<BattleMap>,
    pub creatures: Vec<Placed>,
}

/// Reads an encounter: creatures as in a scenario, and if wanted a map and an edition.
///
/// # Errors
/// Everything that is wrong with it, each with its path; broken JSON alone, with line and column.
pub fn read_encounter(text: &str) -> Result<Setting, Vec<Problem>> {
    let value = parse(text)?;
    let mut problems = Problems::default();
    let setting = object("", &value, &mut problems)
        .map(|written| fields("", written, &[SETTING], &[], &mut problems))
        .map(|given| read(&given, &mut problems));
    match setting {
        Some(setting) if problems.count() == 0 => Ok(setting),
        Some(_) | None => Err(problems.into_list()),
    }
}

/// JSON within the limit.
pub(super) fn parse(text: &str) -> Result<Value, Vec<Problem>> {
    let alone = |message: String| vec![Problem { path: String::new(), message }];
    if text.len() > INPUT_MAX_BYTES {
        return Err(alone(format!("is longer than {INPUT_MAX_BYTES} bytes")));
    }
    serde_json::from_str(text).map_err(|error| alone(error.to_string()))
}

pub(super) fn read(given: &Fields<'_>, problems: &mut Problems) -> Setting {
    let name = given.text("name", problems).unwrap_or_default();
    if name.chars().any(char::is_control) {
        problems.add("name", "must be one line");
    }
    for name in ["source", "note"] {
        let _checked = given.text(name, problems);
    }
    let edition = given.get("edition").and_then(|at| {
        let text = at.value.as_str().map(str::to_owned);
        let text = text.unwrap_or_else(|| at.value.to_string());
        let edition = edition_of(&text);
        if edition.is_none() {
            problems.add(&at.path, "must be \"5.2.1\" or \"5.1\"");
        }
        edition
    });
    let map = given.get("map").and_then(|at| map::read(&at.path, at.value, problems));
    let creatures = match given.get("creatures") {
        Some(at) => creature::all(&at, edition.unwrap_or_default(), problems),
        None => {
            problems.add("creatures", "must be given: a list of who is in the fight");
            Vec::new()
        }
    };
    let setting = Setting { name, edition: edition.unwrap_or_default(), map, creatures };
    names_lead_somewhere(&setting, problems);
    setting
}

/// The edition by its number, or by the year of its rules.
fn edition_of(text: &str) -> Option<Edition> {
    let text = text.trim().to_ascii_lowercase();
    match text.trim_start_matches("srd").trim_start_matches([' ', '-', '_']) {
        "5.2.1" | "5_2_1" | "5.2" | "2024" => Some(Edition::Srd521),
        "5.1" | "5_1" | "2014" => Some(Edition::Srd51),
        _ => None,
    }
}

/// Every creature that a condition or an effect names must be in the fight.
fn names_lead_somewhere(setting: &Setting, problems: &mut Problems) {
    let known = |id: &CreatureId| setting.creatures.iter().any(|it| it.id == *id);
    for (index, creature) in setting.creatures.iter().enumerate() {
        let conditions = creature.conditions.iter().map(|it| (it.source, it.until, "conditions"));
        let effects = creature.effects.iter().map(|it| (Some(it.source), it.until, "effects"));
        for (source, until, name) in conditions.chain(effects) {
            let whose = match until {
                Until::StartOfTurn { of, .. }
                | Until::EndOfTurn { of, .. }
                | Until::TurnsUnlessHarmed { of, .. }
                | Until::Worsens { of, .. } => Some(of),
                _ => None,
            };
            for id in source.iter().chain(whose.iter()).filter(|id| !known(id)) {
                let path = format!("creatures[{index}].{name}");
                problems.add(&path, format!("speak of '{id}', who is not in the fight"));
            }
        }
        if setting.map.is_none() && creature.position.is_some() {
            let path = format!("creatures[{index}].position");
            problems.add(&path, "needs a map, and there is none");
        }
    }
}

/// A name for the fight, within what a fight's name may be.
pub(super) fn fight_name(name: &str) -> String {
    let cut: String = name.chars().take(NAME_MAX_CHARS).collect();
    if cut.trim().is_empty() { "Scenario".to_owned() } else { cut }
}
