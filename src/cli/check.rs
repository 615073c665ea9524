//! `skirmish character` and `skirmish creature`: checks what was written as JSON, before a game.
//!
//! Everything that is wrong is said at once, each with its place. Nothing is stored, and no bot has
//! to run.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use crate::content::{characters, published, read_creature};
use crate::rules::creature::{Definition, Problem};

const CHARACTER: &str = "\
Examples:
  skirmish character check ada.json        what is wrong with it, or what it comes to
  skirmish character check --json *.json   one JSON object for each file
  skirmish character schema                the JSON Schema of a sheet

docs/characters.md says what a sheet holds. Exit status 65 if there is a problem.";

const CREATURE: &str = "\
Examples:
  skirmish creature check hound.json       what is wrong with it, or what it comes to
  skirmish creature schema                 the JSON Schema of a stat block

docs/content.md says how to write one. Exit status 65 if there is a problem.";

/// Check characters that were written as JSON
#[derive(Debug, Args)]
#[command(after_long_help = CHARACTER)]
pub struct CharacterArguments {
    #[command(subcommand)]
    what: What,
}

/// Check creatures that were written as JSON
#[derive(Debug, Args)]
#[command(after_long_help = CREATURE)]
pub struct CreatureArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say everything that is wrong, or what it comes to
    Check(Check),
    /// Print the JSON Schema
    Schema,
}

#[derive(Debug, Args)]
struct Check {
    /// JSON files, each with one sheet or stat block
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One JSON object for each file, instead of lines for people
    #[arg(long)]
    json: bool,
}

/// What a text came to, in one line, or everything that is wrong with it.
type Outcome = Result<String, Vec<Problem>>;

/// `skirmish character`.
///
/// # Errors
/// [`Failure`] with [`Exit::Data`] if there is a problem, with [`Exit::Io`] if a file cannot be read.
pub fn character(arguments: &CharacterArguments) -> Result<(), Failure> {
    run(&arguments.what, &published::sheet(), &|text| {
        let (_, derived) = characters::import(text)?;
        Ok(format!(
            "{}, {}: {}",
            derived.definition.name,
            derived.classes,
            figures(&derived.definition)
        ))
    })
}

/// `skirmish creature`.
///
/// # Errors
/// As for [`character`].
pub fn creature(arguments: &CreatureArguments) -> Result<(), Failure> {
    run(&arguments.what, &published::creature(), &|text| {
        let definition = read_creature(text)?;
        Ok(format!("{}: {}", definition.name, figures(&definition)))
    })
}

fn figures(it: &Definition) -> String {
    format!(
        "AC {}, {} hit points, initiative {:+}, {} attacks",
        it.armor_class,
        it.hit_points,
        it.initiative_bonus,
        it.attacks.len()
    )
}

fn run(what: &What, schema: &Value, read: &dyn Fn(&str) -> Outcome) -> Result<(), Failure> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let check = match what {
        What::Check(check) => check,
        What::Schema => {
            writeln!(output, "{schema:#}")?;
            return output.flush().map_err(Failure::from);
        }
    };
    let mut refused = false;
    for file in &check.files {
        let shown = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::new(Exit::Io, format!("{shown} cannot be read: {error}")))?;
        let outcome = read(&text);
        refused |= outcome.is_err();
        if check.json {
            writeln!(output, "{}", object(&shown, &outcome))?;
            continue;
        }
        match outcome {
            Ok(line) => writeln!(output, "{shown}: {line}")?,
            Err(problems) => {
                for Problem { path, message } in problems {
                    let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
                    writeln!(output, "{shown}: {place}{message}")?;
                }
            }
        }
    }
    output.flush()?;
    if refused { Err(Failure::new(Exit::Data, "")) } else { Ok(()) }
}

fn object(file: &str, outcome: &Outcome) -> Value {
    match outcome {
        Ok(line) => json!({"file": file, "ok": true, "summary": line, "problems": []}),
        Err(problems) => {
            let each = problems.iter().map(|it| json!({"path": it.path, "message": it.message}));
            json!({"file": file, "ok": false, "problems": each.collect::<Vec<_>>()})
        }
    }
}
