//! `skirmish healthcheck`: asks the running server whether it is well, for containers and scripts.
//!
//! Never a guess: only the server's own answer counts as healthy.

use clap::Args;

use super::control::{self, ControlError};
use super::exit::{Exit, Failure};
use crate::config::Config;

/// The line that asks.
pub const HEALTH_REQUEST: &str = "health";

/// Ask the running server whether it is well: status 0 if it is, 69 if not
///
/// It asks the server that keeps its data in DATA_DIR, on this machine. It prints nothing if all
/// is well.
#[derive(Debug, Args)]
pub struct Arguments {}

/// Asks.
///
/// # Errors
/// [`Failure`] with [`Exit::Unavailable`] unless the server says that it is well.
pub async fn run(_arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    match control::request(&config.data_dir, HEALTH_REQUEST).await {
        Ok(_) => Ok(()),
        Err(error @ ControlError::NotRunning { .. }) => Err(Failure::new(
            Exit::Unavailable,
            format!("{error}: start it with `skirmish serve`, or set DATA_DIR to its folder"),
        )),
        Err(error) => Err(Failure::new(Exit::Unavailable, super::with_sources(&error))),
    }
}
