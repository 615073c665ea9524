//! `skirmish token`: makes a token for somebody, or ends one.
//!
//! A running server makes it; the data file is opened only where nobody serves. A token is printed
//! once and can never be read again.

use std::io::Write;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::control::{self, ControlError};
use super::exit::{Exit, Failure};
use crate::app::{TokenWish, issue_token};
use crate::config::Config;
use crate::hub::{Hub, HubOptions};
use crate::store::{Store, StoreOptions};
use crate::telemetry::Metrics;

/// How far a token reaches
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeName {
    /// Watch one fight (needs --combat)
    Observe,
    /// Play one's own creatures in one guild (needs --guild)
    Act,
    /// Run one fight as its game master (needs --combat)
    GameMaster,
    /// Start fights in one guild, and do there what the person may (needs --guild)
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

/// Make a token for gRPC clients, or revoke one
#[derive(Debug, Args)]
pub struct Arguments {
    /// How far it reaches
    #[arg(value_enum, required_unless_present = "revoke")]
    pub scope: Option<ScopeName>,
    /// Whom it stands for: the number of a Discord user
    #[arg(long, default_value_t = 0)]
    pub user: u64,
    /// The guild, by its number
    #[arg(long)]
    pub guild: Option<u64>,
    /// The fight, by its id
    #[arg(long)]
    pub combat: Option<String>,
    /// Hours until it expires; 0 is never
    #[arg(long, default_value_t = 24)]
    pub hours: u64,
    /// End the token with this id instead
    #[arg(long, conflicts_with = "scope", value_name = "ID")]
    pub revoke: Option<String>,
}

/// Makes or ends a token.
///
/// # Errors
/// [`Failure`] for a wish that is not complete, or a data folder that cannot be opened.
pub async fn run(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    if let Some(id) = &arguments.revoke {
        let line = format!("revoke {id}");
        let answer = ask_or_open(config, &line, async |hub: Hub| {
            hub.tokens().revoke(id).await.map(|()| Value::Null)
        });
        answer.await?;
        writeln!(std::io::stdout(), "revoked {id}")?;
        return Ok(());
    }
    let wish = TokenWish {
        user: arguments.user,
        scope: arguments.scope.map_or("", ScopeName::word).to_owned(),
        guild: arguments.guild,
        combat: arguments.combat.clone(),
        hours: (arguments.hours > 0).then_some(arguments.hours),
    };
    let line =
        serde_json::to_string(&wish).map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
    let line = format!("token {line}");
    let made = ask_or_open(config, &line, async |hub: Hub| issue_token(&hub, &wish).await);
    let made = made.await?;
    let text = |key: &str| made.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text("token"))?;
    writeln!(
        std::io::stderr(),
        "id {} (keep it to revoke the token; it is shown only once)",
        text("id")
    )?;
    Ok(())
}

/// Asks the running server, or opens the store where there is none.
async fn ask_or_open<F>(config: &Config, line: &str, alone: F) -> Result<Value, Failure>
where
    F: AsyncFnOnce(Hub) -> Result<Value, crate::hub::Refusal>,
{
    match control::request(&config.data_dir, line).await {
        Ok(value) => Ok(value),
        Err(ControlError::NotRunning { .. }) => {
            let store = Store::open(&config.data_dir, &StoreOptions::default())
                .map_err(|error| Failure::new(Exit::CannotCreate, error.to_string()))?;
            let hub = Hub::new(store, HubOptions::default(), Metrics::new());
            alone(hub).await.map_err(|no| Failure::new(Exit::Data, no.to_string()))
        }
        Err(ControlError::Refused { message, .. }) => Err(Failure::new(Exit::Data, message)),
        Err(error) => Err(Failure::new(Exit::Unavailable, error.to_string())),
    }
}
