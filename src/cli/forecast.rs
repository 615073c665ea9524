//! `skirmish forecast`: plays a fight that is written down many times, and says how it would go.
//!
//! Never half an answer: the fights are all played, or none is told of.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use clap::Args;
use serde_json::{Map, Value, json};

use super::exit::{Exit, Failure};
use crate::clock::{self, Stopwatch};
use crate::forecast::{
    Encounter, Forecast, NoForecast, Policy, RUNS_MAX, Wanted, forecast, only_attack,
};
use crate::hub::Refusal;
use crate::rules::creature::Problem;
use crate::rules::dice::Scripted;
use crate::rules::event::{Audience, Event};
use crate::rules::id::{CreatureId, UserId};
use crate::rules::intent::Intent;
use crate::rules::state::Combat;
use crate::scenario::{Setting, read_encounter};
use crate::view::names;

/// How often somebody who waits is told how far it is.
const PROGRESS_EVERY: Duration = Duration::from_secs(2);
/// How often is looked whether all is done.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// More threads than any machine has use for.
const THREADS_MAX: u64 = 1_024;
/// The game master of a fight that nobody leads.
const NOBODY: UserId = UserId(1);

const EXAMPLES: &str = r#"An encounter is written like the creatures of a scenario, with a map or without:
  {"creatures": [
    {"id": "fighter", "side": "party", "from": "hero:fighter"},
    {"id": "knight", "side": "party", "from": "srd:knight", "hp": 40},
    {"id": "ogre", "side": "foes", "from": "srd:ogre"},
    {"id": "goblin", "side": "foes", "from": "srd:goblin-warrior", "count": 3},
    {"id": "thug", "side": "foes", "from": "srd:tough",
     "policy": {"attack": "Mace", "times": 2, "mode": "normal"}}]}

Everybody does what a sensible creature would, as under autopilot. Who has a "policy" makes so many attack
rolls with that attack each turn, at the first enemy that stands, and does nothing else: no traits, no
reactions, nothing that a hit brings but damage; "mode" (normal, advantage, disadvantage) is how each of
them is rolled. Hit points are those of the stat block, its average. A monster at 0 hit points is dead.

With --json one object: runs, seed, win_rate and win_rate_95 (the 95 % interval) by side, draws (fights
that nobody won: nobody left, 1,000 rounds, or 200 rounds without harm), rounds (mean, p10, p90), survivors
by side, and damage dealt by creature, both on average.

Examples:
  skirmish forecast ambush.json
  skirmish forecast ambush.json --runs 100000 --seed 7 --json

The same seed gives the same answer on every machine, with any number of threads.
Exit status 65 if the file cannot be read as an encounter; every fault in it is told at once."#;

/// Say how a fight would go, by playing it many times
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The encounter, as JSON
    #[arg(value_name = "ENCOUNTER.json")]
    file: PathBuf,
    /// How many fights are played
    #[arg(long, value_name = "N", default_value_t = 10_000,
          value_parser = clap::value_parser!(u32).range(1..=i64::from(RUNS_MAX)))]
    runs: u32,
    /// A number to draw all dice from: the same number, the same answer; one by chance if left out
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// How many threads play; one for each core if left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=THREADS_MAX))]
    threads: Option<u64>,
    /// One JSON object, instead of lines for people
    #[arg(long)]
    json: bool,
}

/// Forecasts.
///
/// # Errors
/// [`Failure`] with [`Exit::Data`] for a file that is no encounter.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&arguments.file).map_err(|error| {
        let file = arguments.file.display();
        Failure::new(Exit::Data, format!("{file} cannot be read: {error}"))
    })?;
    let setting = read_encounter(&text).map_err(|problems| faulty(&arguments.file, &problems))?;
    let encounter = encounter_of(setting).map_err(|what| {
        Failure::new(Exit::Data, format!("{}: {what}", arguments.file.display()))
    })?;
    let seed = match arguments.seed {
        Some(seed) => seed,
        None => clock::random_bytes().map(u64::from_le_bytes).map_err(|error| {
            Failure::new(Exit::Io, format!("the system gives no random numbers: {error}"))
        })?,
    };
    let threads = arguments.threads.and_then(|threads| usize::try_from(threads).ok());
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.unwrap_or_else(cores);
    let told = watched(&encounter, Wanted { runs: arguments.runs, seed, threads });
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", as_json(&told))?;
    } else {
        write!(out, "{}", in_words(&told))?;
    }
    Ok(())
}

fn faulty(file: &Path, problems: &[Problem]) -> Failure {
    let told = problems.iter().map(|Problem { path, message }| {
        if path.is_empty() { message.clone() } else { format!("{path} {message}") }
    });
    let told: Vec<String> = told.collect();
    Failure::new(Exit::Data, format!("{} is no encounter: {}", file.display(), told.join("; ")))
}

/// The fight as the file sets it, with nobody's initiative rolled.
fn encounter_of(mut setting: Setting) -> Result<Encounter, String> {
    let mut policies: Vec<(CreatureId, Policy)> = Vec::new();
    for placed in &mut setting.creatures {
        let Some(wanted) = placed.policy else { continue };
        let policy = Policy { attack: wanted.attack, times: wanted.times, mode: wanted.mode };
        let only = only_attack(&placed.definition, &policy);
        placed.definition = Arc::new(only.ok_or("a policy names no attack of its creature")?);
        policies.push((placed.id, policy));
    }
    if setting.creatures.is_empty() {
        return Err(NoForecast::OneSided.to_string());
    }
    let mut combat = Combat::default();
    let name = "Forecast".to_owned();
    let (edition, map) = (setting.edition, setting.map);
    carry_out(&mut combat, Intent::Initiate { name, game_master: NOBODY, edition, map })?;
    let entrants = setting.creatures.iter().map(|placed| placed.entrant(None)).collect();
    carry_out(&mut combat, Intent::Enter { entrants })?;
    for fact in setting.creatures.iter().flat_map(crate::scenario::Placed::facts) {
        combat.apply(&Event { drawn: combat.drawn(), audience: Audience::Everyone, fact });
    }
    Encounter::new(combat, policies).map_err(|none| none.to_string())
}

fn carry_out(combat: &mut Combat, intent: Intent) -> Result<(), String> {
    let legal = combat.check(intent).map_err(|illegal| Refusal::from(illegal).to_string())?;
    // Nobody rolls before the fight begins.
    for event in legal.resolve(&mut Scripted::default()) {
        combat.apply(&event);
    }
    Ok(())
}

/// Plays, and tells on standard error how far it is if it takes a while.
fn watched(encounter: &Encounter, wanted: Wanted) -> Forecast {
    let done = AtomicU32::new(0);
    std::thread::scope(|scope| {
        let playing = scope.spawn(|| forecast(encounter, wanted, &done));
        let mut told = Stopwatch::start();
        while !playing.is_finished() {
            std::thread::sleep(LOOK_EVERY);
            if told.elapsed() >= PROGRESS_EVERY {
                told = Stopwatch::start();
                let (done, runs) = (done.load(Ordering::Relaxed), wanted.runs);
                // If nobody can hear it, nobody waits for it.
                let _unheard = writeln!(std::io::stderr(), "{done} of {runs} fights");
            }
        }
        playing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn as_json(told: &Forecast) -> Value {
    let Forecast { runs, seed, win_rate, draws, rounds, survivors, damage } = told;
    let rates: Map<String, Value> =
        win_rate.iter().map(|(side, rate, _)| (side.to_string(), json!(rate))).collect();
    let intervals: Map<String, Value> = win_rate
        .iter()
        .map(|(side, _, interval)| (side.to_string(), json!([interval.low, interval.high])))
        .collect();
    let survivors: Map<String, Value> =
        survivors.iter().map(|(side, mean)| (side.to_string(), json!(mean))).collect();
    let damage: Map<String, Value> =
        damage.iter().map(|(id, mean)| (id.to_string(), json!(mean))).collect();
    json!({
        "runs": runs,
        "seed": seed,
        "win_rate": rates,
        "win_rate_95": intervals,
        "draws": draws,
        "rounds": {"mean": rounds.mean, "p10": rounds.p10, "p90": rounds.p90},
        "survivors": survivors,
        "damage": damage,
    })
}

fn in_words(told: &Forecast) -> String {
    let Forecast { runs, seed, win_rate, draws, rounds, survivors, damage } = told;
    let mut lines = vec![format!("{runs} fights, seed {seed}")];
    for ((side, rate, interval), (_, left)) in win_rate.iter().zip(survivors) {
        let (rate, low, high) = (rate * 100.0, interval.low * 100.0, interval.high * 100.0);
        lines.push(format!(
            "{} {rate:.1} % of the time (95 %: {low:.1} to {high:.1}), with {left:.2} left on average",
            names::side_wins(side.as_str()),
        ));
    }
    if *draws > 0 {
        lines.push(format!("nobody wins {draws} of them"));
    }
    let (mean, p10, p90) = (rounds.mean, rounds.p10, rounds.p90);
    lines.push(format!("{mean:.1} rounds on average, {p10} to {p90} in most fights"));
    lines.push("damage dealt on average:".to_owned());
    lines.extend(damage.iter().map(|(id, mean)| format!("  {id} {mean:.1}")));
    lines.push(String::new());
    lines.join("\n")
}
