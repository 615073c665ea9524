//! `skirmish serve`: runs the bot and the streams until it is told to stop.
//!
//! Never a port opened or a file touched before all settings are known to be good.

use clap::Args;

use super::exit::{Exit, Failure};
use crate::config::{Config, Secret};

/// Run the Discord bot and the gRPC streams (this is what happens without a command)
#[derive(Debug, Args, Default)]
pub struct Arguments {}

/// What a person who has no token yet has to do.
const NO_TOKEN: &str = "\
DISCORD_TOKEN is not set, so there is no bot to run. To get one:
  1. Open https://discord.com/developers/applications and create an application.
  2. Under Bot, press Reset Token and copy the token.
  3. Write it into a file named .env in this folder:  echo 'DISCORD_TOKEN=<the token>' > .env
  4. Run `skirmish serve` again.
To see a fight without Discord and without a token, run `skirmish demo`.";

/// The token, without which there is nothing to serve.
///
/// # Errors
/// [`Failure`] with [`Exit::Config`] that says how to get one.
pub fn token_of(config: &Config) -> Result<&Secret, Failure> {
    config.discord_token.as_ref().ok_or_else(|| Failure::new(Exit::Config, NO_TOKEN))
}

/// Serves until told to stop.
///
/// # Errors
/// [`Failure`]; always, for as long as the crate has no `app` to open, recover, serve and drain.
#[allow(clippy::unused_async, reason = "what it will await is the app")]
pub async fn run(_arguments: &Arguments, config: Config) -> Result<(), Failure> {
    let folder = config.data_dir.display();
    Err(Failure::new(
        Exit::Unavailable,
        format!(
            "the settings are good, but this version cannot run the bot yet; {folder} is untouched"
        ),
    ))
}
