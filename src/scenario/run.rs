//! Plays a scenario step by step and says what was not as expected.
//!
//! Requests go the way of every request: decoded, allowed or refused, checked, resolved, folded and
//! framed. The first step that fails ends it, for what follows would only repeat the fault.

use serde_json::Value;

use super::access;
use super::compare::{Difference, differences, fits};
use super::file::{Asked, Scenario, Step};
use super::table::{Frames, Table};
use super::wire;
use crate::protocol::Malformed;
use crate::rules::dice::ScriptFault;

/// One way in which a scenario did not go as it should.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The step, from 0; absent for what is about the whole scenario.
    pub step: Option<usize>,
    pub what: Fault,
}

/// What went otherwise than expected.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The fight could not be set up at all.
    NoFight { code: String, message: String },
    /// Refused, and it should not have been, or with another code.
    Refused { code: String, message: String, expected: Option<String> },
    /// Allowed, and it should have been refused.
    Allowed { expected: String },
    /// An expected event did not come, after those expected before it; the nearest that came, if
    /// one of its kind did.
    NoEvent { index: usize, expected: Value, nearest: Vec<Difference>, came: Vec<String> },
    /// Events came that nobody expected, where only the expected ones may come.
    MoreEvents { came: Vec<Value> },
    /// A figure is another one.
    Differs(Difference),
    /// A creature that is expected is not in the fight.
    NoCreature { id: String },
    /// A die had no face left.
    TooFewDice { index: usize, sides: u16 },
    /// A face that the die cannot show.
    ImpossibleFace { index: usize, sides: u16, face: u16 },
    /// Faces that no die showed.
    DiceLeftOver { count: usize, drawn: usize },
}

impl Scenario {
    /// Plays it; nothing comes back if everything was as expected.
    pub fn play(&self) -> Vec<Failure> {
        let mut table = match Table::open(self) {
            Ok(table) => table,
            Err((code, message)) => {
                let what = Fault::NoFight { code, message };
                return vec![Failure { step: None, what }];
            }
        };
        let failures = dice_faults(None, &table);
        if !failures.is_empty() {
            return failures;
        }
        for (index, step) in self.steps.iter().enumerate() {
            let mut failures: Vec<Failure> = play_step(&mut table, step)
                .into_iter()
                .map(|what| Failure { step: Some(index), what })
                .collect();
            failures.extend(dice_faults(Some(index), &table));
            if !failures.is_empty() {
                return failures;
            }
        }
        let count = table.dice.left_over();
        if count > 0 {
            let what = Fault::DiceLeftOver { count, drawn: table.dice.drawn() };
            return vec![Failure { step: None, what }];
        }
        Vec::new()
    }
}

fn dice_faults(step: Option<usize>, table: &Table) -> Vec<Failure> {
    let faults = table.dice.faults().iter().map(|fault| match *fault {
        ScriptFault::TooFew { index, sides } => Fault::TooFewDice { index, sides },
        ScriptFault::Impossible { index, sides, face } => {
            Fault::ImpossibleFace { index, sides, face }
        }
    });
    faults.map(|what| Failure { step, what }).collect()
}

fn play_step(table: &mut Table, step: &Step) -> Vec<Fault> {
    let asked = match &step.request {
        Some(asked) => ask(table, step, asked),
        None => table.begin_if_gathering(),
    };
    let (frames, mut faults) = match (asked, &step.refused) {
        (Ok(frames), None) => (frames, Vec::new()),
        (Ok(_), Some(code)) => return vec![Fault::Allowed { expected: code.clone() }],
        (Err((code, _)), Some(expected)) if code == *expected => (Vec::new(), Vec::new()),
        (Err((code, message)), expected) => {
            let expected = expected.clone();
            return vec![Fault::Refused { code, message, expected }];
        }
    };
    faults.extend(events(frames, step));
    for (id, expected) in &step.state {
        match table.creature(*id) {
            Some(found) => {
                let told = differences(&format!("state.{id}"), expected, &found);
                faults.extend(told.into_iter().map(Fault::Differs));
            }
            None => faults.push(Fault::NoCreature { id: id.to_string() }),
        }
    }
    if let Some(expected) = &step.fight {
        let told = differences("fight", expected, &table.snapshot());
        faults.extend(told.into_iter().map(Fault::Differs));
    }
    faults
}

/// The code of a refusal and what it means.
pub(super) type Refused = (String, String);

fn ask(table: &mut Table, step: &Step, asked: &Asked) -> Result<Frames, Refused> {
    let who = table.person(step.actor.as_deref());
    let expects_phase = step.refused.as_deref() == Some("wrong_phase");
    let mut frames = Vec::new();
    if table.begins_with(asked) && !expects_phase {
        frames.extend(table.begin_if_gathering()?);
    }
    let message = table.filled_in(asked);
    let decoded = crate::protocol::decode(&message)
        .map_err(|fault| (Malformed::CODE.to_owned(), fault.to_string()))?;
    access::may(table.combat(), who, &decoded.wish).map_err(table_words)?;
    table.check_currency(&decoded)?;
    frames.extend(table.carry_out(who, decoded.wish)?);
    Ok(frames)
}

/// A refusal by its code, in the words of the table of refusals.
pub(super) fn table_words(code: &'static str) -> Refused {
    let meaning = crate::protocol::refusal(code).map_or("", |refusal| refusal.meaning);
    (code.to_owned(), meaning.to_owned())
}

/// The expected events, in order, among those that came.
fn events(frames: Frames, step: &Step) -> Vec<Fault> {
    let Some(contract) = wire::contract().filter(|_| step.only || !step.events.is_empty()) else {
        return Vec::new();
    };
    let frames: Vec<Value> = frames.iter().map(|it| wire::shown(&contract.event, it)).collect();
    let mut rest: &[Value] = &frames;
    let mut unexpected = Vec::new();
    for (index, expected) in step.events.iter().enumerate() {
        let Some(at) = rest.iter().position(|frame| fits(expected, frame)) else {
            let came = rest.iter().map(kind_of_event).collect();
            return vec![Fault::NoEvent {
                index,
                expected: expected.clone(),
                nearest: nearest(expected, rest),
                came,
            }];
        };
        let (before, after) = rest.split_at(at.saturating_add(1));
        unexpected.extend(before.iter().take(at).cloned());
        rest = after;
    }
    unexpected.extend(rest.iter().cloned());
    if step.only && !unexpected.is_empty() {
        return vec![Fault::MoreEvents { came: unexpected }];
    }
    Vec::new()
}

/// The name of what happened in a frame.
pub(super) fn kind_of_event(frame: &Value) -> String {
    let surroundings = [
        "session_id",
        "seq",
        "as_of",
        "occurred_at",
        "request_id",
        "last_in_commit",
        "audience",
        "drawn",
    ];
    let mut keys = frame.as_object().into_iter().flat_map(|frame| frame.keys());
    keys.find(|key| !surroundings.contains(&key.as_str())).cloned().unwrap_or_default()
}

/// How the event of the same kind that is most alike differs.
fn nearest(expected: &Value, frames: &[Value]) -> Vec<Difference> {
    let kind = kind_of_event(expected);
    let alike = frames.iter().filter(|frame| kind_of_event(frame) == kind);
    alike.map(|frame| differences("", expected, frame)).min_by_key(Vec::len).unwrap_or_default()
}
