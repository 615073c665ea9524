//! `skirmish export`: writes a whole fight down as one JSON file, for a program to read or for
//! `skirmish verify` to roll again.
//!
//! A running server hands it over page by page; the data file is opened only where nobody serves.
//! Never half a file under the name that was asked for.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value};

use super::control::{self, ControlError};
use super::exit::{Exit, Failure};
use crate::app::{ExportWish, export_page, list_fights};
use crate::config::Config;
use crate::hub::{Hub, HubOptions, Refusal};
use crate::rules::id::CombatId;
use crate::store::{Store, StoreOptions};
use crate::telemetry::Metrics;

const EXAMPLES: &str = "\
Examples:
  skirmish export                              list the fights there are
  skirmish export 01jd… -o fight.json          everything, for yourself: hidden creatures and rolls too
  skirmish export 01jd… --spectator > shown.json
                                               what anybody could see, to hand around
  skirmish verify fight.json                   roll its dice again

The file is protobuf JSON of the message skirmish.v1.FightExport. The seed of the public dice is in it
once the fight is over, as it was shown to everybody then; those of the hidden dice in a complete file
only. A file of a fight that goes on has no seed at all.";

/// Write a fight down as a JSON file
///
/// Works while `skirmish serve` runs on the same DATA_DIR, and while it does not.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The fight's id; without it, the fights there are get listed
    #[arg(value_name = "FIGHT")]
    combat: Option<String>,
    /// Only what a spectator could see; hidden creatures and rolls stay hidden
    #[arg(long, requires = "combat")]
    spectator: bool,
    /// Where to write it, a file that does not exist yet; standard output if left out
    #[arg(long, short, value_name = "FILE", requires = "combat")]
    output: Option<PathBuf>,
}

/// Exports, or lists.
///
/// # Errors
/// [`Failure`]: there is no such fight, the file cannot be written, the server does not answer.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    if !config.data_dir.is_dir() {
        let folder = config.data_dir.display();
        let message = format!(
            "there is no data folder {folder}: set DATA_DIR to the one that the server uses"
        );
        return Err(Failure::new(Exit::Data, message));
    }
    let source = Source::find(config).await?;
    let Some(text) = &arguments.combat else { return list(&source).await };
    let combat: CombatId = text.parse().map_err(|bad| {
        let message = format!("{text:?} is no fight's id: {bad}; `skirmish export` lists them");
        Failure::new(Exit::Usage, message)
    })?;
    let pages = Pages { source, combat: combat.to_string(), spectator: arguments.spectator };
    match &arguments.output {
        None => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            pages.write(&mut out).await?;
            out.flush()?;
            Ok(())
        }
        Some(path) => to_file(&pages, path).await,
    }
}

/// Writes beside the file and gives it its name at the end.
async fn to_file(pages: &Pages, path: &Path) -> Result<(), Failure> {
    let cannot = |error: io::Error| {
        Failure::new(Exit::CannotCreate, format!("{} cannot be written: {error}", path.display()))
    };
    if path.exists() {
        let message = format!("{} is there already; name another file", path.display());
        return Err(Failure::new(Exit::CannotCreate, message));
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let file = fs::File::create(&part).map_err(cannot)?;
    let mut out = io::BufWriter::new(file);
    let written = match pages.write(&mut out).await {
        Ok(()) => out.flush().and_then(|()| fs::rename(&part, path)).map_err(cannot),
        Err(failure) => Err(failure),
    };
    if written.is_err() {
        // What is left of it is of no use; if it cannot be removed, the reason above says more.
        let _stays = fs::remove_file(&part);
    }
    written
}

async fn list(source: &Source) -> Result<(), Failure> {
    let rows = source.ask("fights", async |hub: &Hub| list_fights(hub)).await?;
    let mut out = io::stdout().lock();
    for row in rows.as_array().into_iter().flatten() {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
        let events = row.get("events").and_then(Value::as_u64).unwrap_or_default();
        let over = row.get("over").and_then(Value::as_bool).unwrap_or_default();
        let state = if over { "over" } else { "goes on" };
        writeln!(out, "{}  {}, {events} events, {state}", text("id"), text("name"))?;
    }
    Ok(())
}

/// Who has the fights: a running server, or the file itself.
enum Source {
    Server(PathBuf),
    Alone(Hub),
}

impl Source {
    async fn find(config: &Config) -> Result<Self, Failure> {
        match control::request(&config.data_dir, "health").await {
            Err(ControlError::NotRunning { .. }) => {
                let store = Store::open(&config.data_dir, &StoreOptions::default());
                let store = store.map_err(|error| {
                    Failure::new(Exit::CannotCreate, super::with_sources(&error))
                })?;
                Ok(Self::Alone(Hub::new(store, HubOptions::default(), Metrics::new())))
            }
            Ok(_) => Ok(Self::Server(config.data_dir.clone())),
            Err(error) => Err(Failure::new(Exit::Unavailable, super::with_sources(&error))),
        }
    }

    async fn ask<F>(&self, line: &str, alone: F) -> Result<Value, Failure>
    where
        F: AsyncFnOnce(&Hub) -> Result<Value, Refusal>,
    {
        match self {
            Self::Alone(hub) => {
                alone(hub).await.map_err(|no| Failure::new(Exit::Data, no.to_string()))
            }
            Self::Server(folder) => match control::request(folder, line).await {
                Ok(value) => Ok(value),
                Err(ControlError::Refused { message, .. }) => {
                    Err(Failure::new(Exit::Data, message))
                }
                Err(error) => Err(Failure::new(Exit::Unavailable, super::with_sources(&error))),
            },
        }
    }
}

/// A fight, page by page.
struct Pages {
    source: Source,
    combat: String,
    spectator: bool,
}

impl Pages {
    async fn page(&self, after: u64, until: Option<u64>) -> Result<Map<String, Value>, Failure> {
        let wish =
            ExportWish { combat: self.combat.clone(), spectator: self.spectator, after, until };
        let line = serde_json::to_string(&wish)
            .map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
        let line = format!("export {line}");
        let page = self.source.ask(&line, async |hub: &Hub| export_page(hub, &wish).await).await?;
        match page {
            Value::Object(page) => Ok(page),
            _ => Err(Failure::new(Exit::Bug, "a page of a fight that is no object")),
        }
    }

    /// Writes the whole: what all pages hold, then what the last one says of all of it.
    async fn write(&self, out: &mut impl Write) -> Result<(), Failure> {
        let list = if self.spectator { "events" } else { "commits" };
        let (mut after, mut until, mut first) = (0, None, true);
        loop {
            let mut page = self.page(after, until).await?;
            let items = page.remove(list);
            let last_seq = number(page.get("lastSeq"));
            if after == 0 {
                write!(out, "{{\"{list}\":[")?;
            }
            let items = items.as_ref().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            for item in items {
                write!(out, "{}\n{item}", if first { "" } else { "," })?;
                first = false;
            }
            let reached = items.last().map_or(after, last_number);
            if reached >= last_seq || reached <= after {
                write!(out, "\n]")?;
                for (key, value) in &page {
                    write!(out, ",\n\"{key}\":{value}")?;
                }
                writeln!(out, "}}")?;
                return Ok(());
            }
            (after, until) = (reached, Some(last_seq));
        }
    }
}

/// Protobuf JSON writes large numbers as texts.
fn number(value: Option<&Value>) -> u64 {
    value.and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The number of the last event of a commit, or of an event.
fn last_number(item: &Value) -> u64 {
    let events = item.get("events").and_then(Value::as_array);
    let last = events.and_then(|events| events.last()).unwrap_or(item);
    number(last.get("seq"))
}
