//! What a failed expectation says to people: where, what was expected, and what was there.
//!
//! One sentence for each; a list that would fill the screen is cut.

use serde_json::Value;

use super::compare::Difference;
use super::run::{Failure, Fault, kind_of_event};

/// Longest value that is shown, in characters.
const SHOWN_MAX_CHARS: usize = 300;

impl Failure {
    /// Where it happened: `steps[2]`, or nothing for the whole scenario.
    pub fn place(&self) -> String {
        self.step.map(|step| format!("steps[{step}]")).unwrap_or_default()
    }

    /// The path of what differs within its step, if it is about one value.
    pub fn path(&self) -> String {
        match &self.what {
            Fault::Differs(difference) => difference.path.clone(),
            Fault::NoEvent { index, .. } => format!("events[{index}]"),
            Fault::MoreEvents { .. } => "events".to_owned(),
            Fault::NoCreature { id } => format!("state.{id}"),
            Fault::Refused { .. } | Fault::Allowed { .. } => "request".to_owned(),
            Fault::NoFight { .. } => "creatures".to_owned(),
            Fault::TooFewDice { .. }
            | Fault::ImpossibleFace { .. }
            | Fault::DiceLeftOver { .. } => "dice".to_owned(),
        }
    }

    /// What was expected, where that is one value.
    pub fn expected(&self) -> Value {
        match &self.what {
            Fault::Differs(difference) => difference.expected.clone(),
            Fault::NoEvent { expected, .. } => expected.clone(),
            Fault::Refused { expected, .. } => expected.clone().into(),
            Fault::Allowed { expected } => expected.clone().into(),
            Fault::NoFight { .. }
            | Fault::MoreEvents { .. }
            | Fault::NoCreature { .. }
            | Fault::TooFewDice { .. }
            | Fault::ImpossibleFace { .. }
            | Fault::DiceLeftOver { .. } => Value::Null,
        }
    }

    /// What was there instead, where that is one value.
    pub fn found(&self) -> Value {
        match &self.what {
            Fault::Differs(difference) => difference.found.clone(),
            Fault::Refused { code, .. } | Fault::NoFight { code, .. } => code.clone().into(),
            Fault::NoEvent { came, .. } => came.clone().into(),
            Fault::MoreEvents { came } => came.clone().into(),
            Fault::Allowed { .. }
            | Fault::NoCreature { .. }
            | Fault::TooFewDice { .. }
            | Fault::ImpossibleFace { .. }
            | Fault::DiceLeftOver { .. } => Value::Null,
        }
    }

    /// What was not as expected, in a sentence.
    pub fn sentence(&self) -> String {
        match &self.what {
            Fault::NoFight { code, message } => {
                format!("the fight cannot be set up: {code}: {message}")
            }
            Fault::Refused { code, message, expected: None } => {
                format!("the request is refused with {code}: {message}")
            }
            Fault::Refused { code, message, expected: Some(expected) } => {
                format!("the refusal is {code} and should be {expected}: {message}")
            }
            Fault::Allowed { expected } => {
                format!("the request is allowed and should be refused with {expected}")
            }
            Fault::NoEvent { index, expected, nearest, came } => {
                no_event(*index, expected, nearest, came)
            }
            Fault::MoreEvents { came } => {
                let kinds: Vec<String> = came.iter().map(kind_of_event).collect();
                format!("events came that are not expected: {}", kinds.join(", "))
            }
            Fault::Differs(difference) => differs(difference),
            Fault::NoCreature { id } => format!("there is no creature '{id}' in the fight"),
            Fault::TooFewDice { index, sides } => {
                format!("too few dice: die {} is a d{sides}, and no face is left for it", index + 1)
            }
            Fault::ImpossibleFace { index, sides, face } => {
                format!("die {} is a d{sides}, which cannot show {face}", index + 1)
            }
            Fault::DiceLeftOver { count, drawn } => {
                format!("{count} faces are left over: only {drawn} dice were rolled")
            }
        }
    }
}

fn differs(difference: &Difference) -> String {
    let Difference { path, expected, found } = difference;
    format!("{path}: expected {}, found {}", short(expected), short(found))
}

fn no_event(index: usize, expected: &Value, nearest: &[Difference], came: &[String]) -> String {
    let kind = kind_of_event(expected);
    let rest = if nearest.is_empty() {
        let came = if came.is_empty() { "nothing".to_owned() } else { came.join(", ") };
        format!("what came from there on: {came}")
    } else {
        let told: Vec<String> =
            nearest.iter().map(|it| differs(it).trim_start_matches('.').to_owned()).collect();
        format!("the nearest: {}", told.join("; "))
    };
    format!("events[{index}]: no such event ({kind}); {rest}")
}

fn short(value: &Value) -> String {
    let text = if value.is_null() { "nothing".to_owned() } else { value.to_string() };
    if text.chars().count() <= SHOWN_MAX_CHARS {
        return text;
    }
    let cut: String = text.chars().take(SHOWN_MAX_CHARS).collect();
    format!("{cut}…")
}
