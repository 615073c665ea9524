//! `skirmish token`: makes a token for somebody, lists the ones there are, and ends one.
//!
//! A running server does it; the data file is opened only where nobody serves. A token is printed
//! once and can never be read again.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use super::control::{self, ControlError};
use super::exit::{Exit, Failure};
use crate::app::{TokenWish, issue_token, list_tokens};
use crate::config::Config;
use crate::hub::{Hub, HubOptions, Refusal};
use crate::rules::id::CombatId;
use crate::store::{Store, StoreOptions};
use crate::telemetry::Metrics;

/// How far a token reaches
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeName {
    /// Watch one fight (needs --combat)
    Observe,
    /// Play one's own creatures in one guild (needs --guild and --user)
    Act,
    /// Run one fight as its game master (needs --combat and --user)
    GameMaster,
    /// Start fights in one guild, and do there what the person may (needs --guild and --user)
    Start,
    /// Everything, everywhere
    Admin,
}

impl ScopeName {
    const fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Act => "act",
            Self::GameMaster => "game-master",
            Self::Start => "start",
            Self::Admin => "admin",
        }
    }
}

/// Make, list and revoke the tokens that gRPC clients need
///
/// Works while `skirmish serve` runs on the same DATA_DIR, and while it does not.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token; it is printed once, alone on a line, and can never be shown again
    Add(Add),
    /// List the tokens there are: their ids and how far they reach, never the tokens themselves
    List,
    /// End a token now; streams that were opened with it end within seconds
    Revoke {
        /// The token's id, 16 characters, as `token add` and `token list` show it
        id: String,
    },
}

#[derive(Debug, Args)]
struct Add {
    /// How far it reaches
    #[arg(value_enum)]
    scope: ScopeName,
    /// Whom it stands for: the number of a Discord user
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "NUMBER")]
    user: u64,
    /// The guild, by its number
    #[arg(long, value_name = "NUMBER")]
    guild: Option<u64>,
    /// The fight, by its id
    #[arg(long, value_name = "ID")]
    combat: Option<String>,
    /// Hours until it expires, at most 8760; 0 is never
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(0..=8_760))]
    hours: u64,
}

/// Makes, lists or ends tokens.
///
/// # Errors
/// [`Failure`] for a wish that is not complete, or a data folder that cannot be opened.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    match &arguments.command {
        TokenCommand::Add(wish) => add(wish, config).await,
        TokenCommand::List => list(config).await,
        TokenCommand::Revoke { id } => revoke(id, config).await,
    }
}

impl Add {
    /// What is missing in the wish, by the names of the arguments.
    fn missing(&self) -> Vec<&'static str> {
        let combat = self.combat.is_none().then_some("--combat");
        let guild = self.guild.is_none().then_some("--guild");
        let user = (self.user == 0).then_some("--user");
        let needed = match self.scope {
            ScopeName::Observe => [combat, None],
            ScopeName::GameMaster => [combat, user],
            ScopeName::Act | ScopeName::Start => [guild, user],
            ScopeName::Admin => [None, None],
        };
        needed.into_iter().flatten().collect()
    }

    fn check(&self) -> Result<(), Failure> {
        let missing = self.missing();
        if !missing.is_empty() {
            let (scope, missing) = (self.scope.word(), missing.join(" and "));
            let message = format!("a token with the scope {scope} needs {missing} as well");
            return Err(Failure::new(Exit::Usage, message));
        }
        let combat = self.combat.as_deref().map(str::parse::<CombatId>).transpose();
        let combat = combat.map_err(|bad| (self.combat.as_deref().unwrap_or_default(), bad));
        combat.map(|_| ()).map_err(|(text, bad)| {
            Failure::new(Exit::Usage, format!("{text:?} is no fight's id: {bad}"))
        })
    }
}

async fn add(wish: &Add, config: &Config) -> Result<(), Failure> {
    wish.check()?;
    let wish = TokenWish {
        user: wish.user,
        scope: wish.scope.word().to_owned(),
        guild: wish.guild,
        combat: wish.combat.clone(),
        hours: (wish.hours > 0).then_some(wish.hours),
    };
    let line =
        serde_json::to_string(&wish).map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
    let line = format!("token {line}");
    let made = ask_or_open(config, &line, async |hub: Hub| issue_token(&hub, &wish).await).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text(&made, "token"))?;
    let id = text(&made, "id");
    writeln!(std::io::stderr(), "id {id} (keep it to revoke the token, which is shown only once)")?;
    Ok(())
}

async fn list(config: &Config) -> Result<(), Failure> {
    must_be_there(config)?;
    let rows = ask_or_open(config, "tokens", async |hub: Hub| list_tokens(&hub)).await?;
    let mut out = std::io::stdout().lock();
    for row in rows.as_array().into_iter().flatten() {
        let left = match row.get("seconds_left").and_then(Value::as_u64) {
            None => "never expires".to_owned(),
            Some(0) => "expired".to_owned(),
            Some(seconds) => format!("expires in {} h {} min", seconds / 3_600, seconds / 60 % 60),
        };
        let user = row.get("user").and_then(Value::as_u64).unwrap_or_default();
        let (id, scope, reach) = (text(row, "id"), text(row, "scope"), text(row, "reach"));
        writeln!(out, "{id}  {scope}, {reach}, user {user}, {left}")?;
    }
    Ok(())
}

async fn revoke(id: &str, config: &Config) -> Result<(), Failure> {
    must_be_there(config)?;
    if id.len() != ID_CHARACTERS || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let message = "that is no token's id: it has 16 characters, 0 to 9 and a to f, and \
                       `skirmish token list` shows it";
        return Err(Failure::new(Exit::Usage, message));
    }
    let line = format!("revoke {id}");
    let answer = ask_or_open(config, &line, async |hub: Hub| {
        hub.tokens().revoke(id).await.map(|()| Value::Null)
    });
    answer.await.map_err(|failure| match failure.exit {
        Exit::Data => Failure::new(
            Exit::Data,
            format!("there is no token with the id {id}; `skirmish token list` shows all"),
        ),
        _ => failure,
    })?;
    writeln!(std::io::stdout(), "revoked {id}")?;
    Ok(())
}

/// How long a token's id is.
const ID_CHARACTERS: usize = 16;

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Looking at tokens must not make a data folder where there is none.
fn must_be_there(config: &Config) -> Result<(), Failure> {
    if config.data_dir.is_dir() {
        return Ok(());
    }
    let folder = config.data_dir.display();
    let message =
        format!("there is no data folder {folder}: set DATA_DIR to the one that the server uses");
    Err(Failure::new(Exit::Data, message))
}

/// Asks the running server, or opens the store where there is none.
async fn ask_or_open<F>(config: &Config, line: &str, alone: F) -> Result<Value, Failure>
where
    F: AsyncFnOnce(Hub) -> Result<Value, Refusal>,
{
    match control::request(&config.data_dir, line).await {
        Ok(value) => Ok(value),
        Err(ControlError::NotRunning { .. }) => {
            let store = Store::open(&config.data_dir, &StoreOptions::default())
                .map_err(|error| Failure::new(Exit::CannotCreate, super::with_sources(&error)))?;
            let hub = Hub::new(store, HubOptions::default(), Metrics::new());
            alone(hub).await.map_err(|no| Failure::new(Exit::Data, no.to_string()))
        }
        Err(ControlError::Refused { message, .. }) => Err(Failure::new(Exit::Data, message)),
        Err(error) => Err(Failure::new(Exit::Unavailable, super::with_sources(&error))),
    }
}
