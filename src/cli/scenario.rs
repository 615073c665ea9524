//! `skirmish scenario`: plays scenario files and says whether everything went as they expect.
//!
//! Never a scenario left out: each is played and held, or failed, or is refused as malformed.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use crate::rules::creature::Problem;
use crate::scenario::{self, Scenario};

/// Longest file that is read, in bytes.
const FILE_MAX_BYTES: u64 = 256 * 1024 * 1024;

const EXAMPLES: &str = r#"A scenario is one JSON object (.json), or one on each line (.jsonl):

  {"name": "A natural 20 hits whatever the Armor Class",
   "source": "SRD 5.2.1, Playing the Game > Attack Rolls", "edition": "5.2.1",
   "creatures": [
     {"id": "a", "side": "party", "from": "hero:fighter"},
     {"id": "b", "side": "foes", "from": "srd:knight", "ac": 40, "hp": 50}],
   "initiative": ["a", "b"],
   "dice": [20, 5, 3],
   "steps": [
     {"request": {"executeAction": {"actorId": "a",
                  "attack": {"attack": "longsword", "targetId": "b"}}},
      "events": [{"action": {"attack": {"outcome": "critical_hit"}}}],
      "state": {"b": {"hp": 39}}}]}

  creatures   srd: or hero: and the name in lower case with hyphens, with any figure written over
              (ac, hp, hp_max, temp_hp, str … cha, saves, attacks, resistances, conditions,
              position …), or a stat block of one's own
  initiative  the order of turns; left out, it is rolled when the fight begins
  dice        faces in the order the dice are rolled; all of them, and no more
  steps       request    CombatRequest as protobuf JSON; ids of fights and requests are filled in
              as         the creature or person who asks; left out, the game master
              refused    the code of the refusal that is expected (docs/refusals.md)
              events     parts of the events that follow, in order; "only": true if no others may
              state      parts of the creatures' state afterwards, by id
  What is not named is not looked at. Everything about it: docs/scenarios.md.

Examples:
  skirmish scenario fight.json
  skirmish scenario --json rules/*.jsonl

Exit status 0 if everything is as expected, 1 if something is not, 65 if a file is malformed."#;

/// Play scenario files and check what they expect
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Files of scenarios: .json holds one object, .jsonl one on each line
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON object for each scenario, instead of lines for people
    #[arg(long)]
    json: bool,
}

/// One scenario and where it stands.
struct Found {
    file: String,
    /// The line of a .jsonl file, from 1.
    line: Option<usize>,
    scenario: Result<Scenario, Vec<Problem>>,
}

#[derive(Debug, Default)]
struct Count {
    held: usize,
    failed: usize,
    malformed: usize,
}

/// Plays and prints.
///
/// # Errors
/// [`Failure`] with [`Exit::Data`] if a file is malformed, otherwise [`Exit::Unmet`] if something
/// was not as expected; [`Exit::Io`] if a file cannot be read.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut count = Count::default();
    for path in &arguments.files {
        let text = text_of(path)?;
        for found in scenarios_in(path, &text) {
            let result = play(&found, &mut count);
            if arguments.json {
                serde_json::to_writer(&mut output, &result).map_err(io::Error::from)?;
                writeln!(output)?;
            } else {
                for_people(&mut output, &found, &result)?;
            }
        }
    }
    let Count { held, failed, malformed } = count;
    if !arguments.json {
        writeln!(output, "{held} held, {failed} failed, {malformed} malformed")?;
    }
    output.flush()?;
    match (failed, malformed) {
        (0, 0) => Ok(()),
        (_, 0) => Err(Failure::new(Exit::Unmet, "")),
        (_, _) => Err(Failure::new(Exit::Data, "")),
    }
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let unreadable = |error: io::Error| {
        Failure::new(Exit::Io, format!("{} cannot be read: {error}", path.display()))
    };
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > FILE_MAX_BYTES {
        let message = format!("{} is longer than {FILE_MAX_BYTES} bytes", path.display());
        return Err(Failure::new(Exit::Data, message));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(Exit::Data, format!("{} is no text: its bytes are not UTF-8", path.display()))
    })
}

fn scenarios_in(path: &Path, text: &str) -> Vec<Found> {
    let file = path.display().to_string();
    let read = |line: Option<usize>, text: &str| Found {
        file: file.clone(),
        line,
        scenario: Scenario::read(text),
    };
    let lines = path.extension().is_some_and(|extension| extension == "jsonl");
    if !lines {
        // A list in one file is read as so many scenarios, though one object is what is asked for.
        return match serde_json::from_str(text) {
            Ok(Value::Array(list)) => {
                list.iter().map(|value| read(None, &value.to_string())).collect()
            }
            Ok(_) | Err(_) => vec![read(None, text)],
        };
    }
    let numbered = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    numbered.map(|(number, line)| read(Some(number), line)).collect()
}

/// What came of it, as `--json` prints it.
fn play(found: &Found, count: &mut Count) -> Value {
    let Found { file, line, scenario } = found;
    match scenario {
        Err(problems) => {
            count.malformed += 1;
            let told = problems.iter().map(|it| json!({"path": it.path, "message": it.message}));
            json!({"file": file, "line": line, "result": "malformed",
                "problems": told.collect::<Value>()})
        }
        Ok(scenario) => {
            let failures = scenario.play();
            let held = failures.is_empty();
            if held {
                count.held += 1;
            } else {
                count.failed += 1;
            }
            let told = failures.iter().map(failure_object);
            json!({"file": file, "line": line, "name": scenario.name(),
                "source": scenario.source, "cases": scenario.cases,
                "result": if held { "held" } else { "failed" },
                "failures": told.collect::<Value>()})
        }
    }
}

fn failure_object(failure: &scenario::Failure) -> Value {
    json!({"step": failure.step, "path": failure.path(), "expected": failure.expected(),
        "found": failure.found(), "message": failure.sentence()})
}

/// A line for what held, and one more for each thing that did not.
fn for_people(output: &mut impl Write, found: &Found, result: &Value) -> io::Result<()> {
    let text = |value: &Value, key: &str| -> String {
        value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let line = found.line.map(|line| format!(":{line}")).unwrap_or_default();
    let name = one_line(&text(result, "name"));
    let word = text(result, "result");
    writeln!(
        output,
        "{word:9} {}{line}{}{name}",
        found.file,
        if name.is_empty() { "" } else { "  " }
    )?;
    let list = |key: &str| result.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    for problem in list("problems") {
        let (path, message) = (text(&problem, "path"), text(&problem, "message"));
        let path = if path.is_empty() { "the whole".to_owned() } else { path };
        writeln!(output, "          {}", one_line(&format!("{path} {message}")))?;
    }
    for failure in list("failures") {
        let step = failure.get("step").and_then(Value::as_u64);
        let step = step.map(|step| format!("steps[{step}]: ")).unwrap_or_default();
        writeln!(output, "          {step}{}", one_line(&text(&failure, "message")))?;
    }
    Ok(())
}

/// Without line breaks and other characters that steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
