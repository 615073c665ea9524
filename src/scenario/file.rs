//! One scenario as it is written: who is in the fight, which dice fall, what is asked, what is
//! expected.
//!
//! Everything that can be wrong without playing is found here, in one pass.

use serde_json::{Map, Value, json};

use super::reading::{At, Field, Fields, Problems, Single, fields, inside, object};
use super::setting::{self, SETTING, Setting};
use super::wire::{self, Contract};
use crate::protocol::{self, pb};
use crate::rules::creature::Problem;
use crate::rules::id::CreatureId;

/// Most faces of one scenario.
const DICE_MAX: usize = 10_000;
/// Most steps of one scenario.
const STEPS_MAX: usize = 1_000;
/// Highest face of a die.
const FACE_MAX: i64 = 1_000;

pub(super) const SCENARIO: &[Field] =
    &[("case", &["cases"]), ("initiative", &[]), ("dice", &[]), ("steps", &[])];
pub(super) const STEP: &[Field] = &[
    ("note", &["name", "comment", "title"]),
    ("as", &[]),
    ("request", &[]),
    ("refused", &[]),
    ("events", &[]),
    ("only", &[]),
    ("state", &[]),
    ("fight", &[]),
];
/// What figures of a creature's state are called besides the names of the contract.
const STATE_NAMES: [(&str, &str); 7] = [
    ("hp", "hit_points"),
    ("hp_max", "hit_points_max"),
    ("max_hp", "hit_points_max"),
    ("temp_hp", "temporary_hit_points"),
    ("thp", "temporary_hit_points"),
    ("ac", "armor_class"),
    ("team", "side"),
];

/// A scenario, ready to be played.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub setting: Setting,
    /// Where in the book the rule stands.
    pub source: Option<String>,
    /// Cases of a list of rules that this one covers.
    pub cases: Vec<String>,
    pub(super) initiative: Option<Vec<(CreatureId, i16)>>,
    pub(super) dice: Vec<u16>,
    pub(super) steps: Vec<Step>,
}

/// One thing that is asked, and what should come of it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// A creature, a person, or nobody: the game master.
    pub(super) actor: Option<String>,
    pub(super) request: Option<Asked>,
    pub(super) refused: Option<String>,
    pub(super) events: Vec<Value>,
    pub(super) only: bool,
    pub(super) state: Vec<(CreatureId, Value)>,
    pub(super) fight: Option<Value>,
}

/// A request, and which of its fields are to be filled in when it is made.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) message: pb::CombatRequest,
    /// The answer is to whatever question is open.
    pub(super) any_prompt: bool,
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its path; broken JSON alone.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let value = setting::parse(text)?;
        let mut problems = Problems::default();
        let scenario = whole(&value, &mut problems);
        match scenario {
            Some(scenario) if problems.count() == 0 => Ok(scenario),
            Some(_) | None => Err(problems.into_list()),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.setting.name
    }
}

fn whole(value: &Value, problems: &mut Problems) -> Option<Scenario> {
    let written = object("", value, problems)?;
    let given = fields("", written, &[SETTING, SCENARIO], &[], problems);
    let setting = setting::read(&given, problems);
    let cases = given.get("case").map(|at| at.list(Single::Allowed, problems)).unwrap_or_default();
    let cases = cases.iter().filter_map(|case| case.text(problems).map(str::to_owned)).collect();
    let initiative = given.get("initiative").map(|at| initiative(&at, &setting, problems));
    let dice = given.get("dice").map(|at| at.list(Single::Refused, problems)).unwrap_or_default();
    if dice.len() > DICE_MAX {
        problems.add("dice", format!("has more than {DICE_MAX} faces"));
    }
    let dice = dice.iter().filter_map(|face| face.number(1, FACE_MAX, problems)).collect();
    let contract = wire::contract()?;
    let steps = given.get("steps").map(|at| at.list(Single::Refused, problems)).unwrap_or_default();
    if steps.len() > STEPS_MAX {
        problems.add("steps", format!("has more than {STEPS_MAX} steps"));
    }
    let steps = steps.iter().filter_map(|at| step(contract, at, &setting, problems)).collect();
    let source = given.text("source", problems);
    Some(Scenario { setting, source, cases, initiative, dice, steps })
}

/// A fixed order: ids from first to last, or totals by id.
fn initiative(at: &At<'_>, setting: &Setting, problems: &mut Problems) -> Vec<(CreatureId, i16)> {
    /// Total of the first of an order that gives no totals; the next have one less each.
    const FIRST_TOTAL: i16 = 20;
    let mut order: Vec<(CreatureId, i16)> = Vec::new();
    match at.value {
        Value::Object(totals) => {
            for (key, value) in totals {
                let total = At { path: inside(&at.path, key), value };
                let id = id_in(setting, &total.path, key, problems);
                order.extend(id.zip(total.number(-100, 100, problems)));
            }
            order.sort_by_key(|(_, total)| core::cmp::Reverse(*total));
        }
        _ => {
            let mut total = FIRST_TOTAL;
            for entry in at.list(Single::Refused, problems) {
                let id = entry.text(problems).unwrap_or_default();
                order.extend(id_in(setting, &entry.path, id, problems).map(|id| (id, total)));
                total = total.saturating_sub(1);
            }
        }
    }
    for creature in &setting.creatures {
        let named = order.iter().filter(|(id, _)| *id == creature.id).count();
        match named {
            // Whoever is not named comes after all who are.
            0 => {
                let last = order.iter().map(|(_, total)| *total).min().unwrap_or(FIRST_TOTAL);
                order.push((creature.id, last.saturating_sub(1)));
            }
            1 => {}
            _ => problems.add(&at.path, format!("names '{}' {named} times", creature.id)),
        }
    }
    order
}

fn id_in(setting: &Setting, path: &str, id: &str, problems: &mut Problems) -> Option<CreatureId> {
    let found = setting.creatures.iter().map(|it| it.id).find(|known| known.as_str() == id);
    if found.is_none() {
        problems.add(path, format!("'{id}' is no creature of this scenario"));
    }
    found
}

fn step(
    contract: &Contract,
    at: &At<'_>,
    setting: &Setting,
    problems: &mut Problems,
) -> Option<Step> {
    let written = object(&at.path, at.value, problems)?;
    let given = fields(&at.path, written, &[STEP], &[], problems);
    let _note = given.text("note", problems);
    let events = given.get("events").map(|at| at.list(Single::Refused, problems));
    let step = Step {
        actor: given.text("as", problems),
        request: given.get("request").and_then(|at| asked(contract, &at, problems)),
        refused: given.get("refused").and_then(|at| refusal(&at, problems)),
        events: events
            .unwrap_or_default()
            .iter()
            .map(|at| expectation(&contract.event, at, problems))
            .collect(),
        only: given.flag("only", problems).unwrap_or_default(),
        state: state(contract, &given, setting, problems),
        fight: given.get("fight").map(|at| expectation(&contract.snapshot, &at, problems)),
    };
    if step.refused.is_some() && (step.request.is_none() || !step.events.is_empty()) {
        let message = "goes with a request, and leaves no events";
        problems.add(&inside(&at.path, "refused"), message);
    }
    Some(step)
}

fn refusal(at: &At<'_>, problems: &mut Problems) -> Option<String> {
    let code = at.text(problems)?;
    if protocol::refusal(code).is_none() {
        problems.add(&at.path, format!("'{code}' is no code of docs/refusals.md"));
    }
    Some(code.to_owned())
}

fn asked(contract: &Contract, at: &At<'_>, problems: &mut Problems) -> Option<Asked> {
    let before = problems.count();
    let tidied = wire::tidy(&contract.request, &at.path, at.value, problems);
    if problems.count() > before {
        return None;
    }
    let any_prompt = tidied.get("respond").is_some_and(|it| it.get("prompt_id").is_none());
    let message = wire::message::<pb::CombatRequest>(&contract.request, &tidied)
        .map_err(|message| problems.add(&at.path, message))
        .ok()?;
    if message.request.is_none() {
        problems
            .add(&at.path, "asks for nothing, such as {\"executeAction\": …} or {\"endTurn\": …}");
    }
    Some(Asked { message, any_prompt })
}

/// What is expected, in the spelling of the contract.
fn expectation(
    shape: &prost_reflect::MessageDescriptor,
    at: &At<'_>,
    problems: &mut Problems,
) -> Value {
    wire::tidy(shape, &at.path, at.value, problems)
}

fn state(
    contract: &Contract,
    given: &Fields<'_>,
    setting: &Setting,
    problems: &mut Problems,
) -> Vec<(CreatureId, Value)> {
    let Some(at) = given.get("state") else { return Vec::new() };
    let Some(creatures) = object(&at.path, at.value, problems) else { return Vec::new() };
    let mut expected = Vec::new();
    for (key, value) in creatures {
        let path = inside(&at.path, key);
        // Somebody may have joined by a step: only the form of the id is looked at.
        let id = key.parse::<CreatureId>();
        if id.is_err() {
            let _told = id_in(setting, &path, key, problems);
        }
        let renamed = value.as_object().map_or_else(|| value.clone(), renamed);
        let tidied = wire::tidy(&contract.creature, &path, &renamed, problems);
        expected.extend(id.ok().map(|id| (id, tidied)));
    }
    expected
}

fn renamed(state: &Map<String, Value>) -> Value {
    let mut all = Map::new();
    for (key, value) in state {
        match (key.as_str(), value) {
            ("death_saves" | "deathSaves", Value::Object(saves)) => {
                for (name, count) in saves {
                    all.insert(format!("death_save_{name}"), count.clone());
                }
            }
            ("dead" | "stable" | "dying", Value::Bool(true)) => {
                all.insert("life".to_owned(), key.as_str().into());
            }
            (short, _) => {
                let long = STATE_NAMES.iter().find(|(name, _)| *name == short);
                all.insert(long.map_or(short, |(_, long)| *long).to_owned(), value.clone());
            }
        }
    }
    json!(all)
}
