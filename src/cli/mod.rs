//! The command line: one file for each command, and what they have in common.
//!
//! Never a command that is listed and does not work; never a failure without its own status and a
//! sentence that says what to do.

pub mod check;
pub mod control;
pub mod demo;
pub mod dice_source;
pub mod exit;
pub mod export;
pub mod forecast;
pub mod healthcheck;
pub mod observe;
pub mod roll;
pub mod scenario;
pub mod serve;
pub mod token;
pub mod verify;

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::config::{self, Config, LogFormat, redact};
use crate::telemetry::{self, LineFormat};
use exit::{Exit, Failure};

/// Runs tactical fifth-edition combat in Discord channels and streams every fight over gRPC
#[derive(Debug, Parser)]
#[command(name = "skirmish", version, after_help = SHORT_HELP_END, after_long_help = long_help_end())]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

/// One line for each command; everything else about it is in its own file.
#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Demo(demo::Arguments),
    Observe(observe::Arguments),
    Token(token::Arguments),
    Roll(roll::Arguments),
    Character(check::CharacterArguments),
    Creature(check::CreatureArguments),
    Export(export::Arguments),
    Verify(verify::Arguments),
    Scenario(scenario::Arguments),
    Forecast(forecast::Arguments),
    Healthcheck(healthcheck::Arguments),
}

const SHORT_HELP_END: &str = "Settings, examples and exit statuses: skirmish --help";

const EXAMPLES: &str = "\
Examples:
  skirmish demo                         watch a fight, without Discord and without a token
  skirmish roll 4d6kh3                  roll some dice
  skirmish scenario fight.json          try a rule: what is asked, and what should come of it
  skirmish forecast ambush.json         how a fight would go, by playing it 10,000 times
  DISCORD_TOKEN=… skirmish              run the bot; better: put the token into .env
  GRPC_ADDR=127.0.0.1:50051 skirmish    the same, and let others follow over gRPC
  skirmish token add start --guild 42 --user 7
                                        a token for a program that starts and plays fights there
  skirmish export 01jd… -o fight.json   write down a whole fight
  skirmish verify fight.json            roll all its dice again
  skirmish character check ada.json     everything that is wrong with a character sheet
  skirmish healthcheck                  ask the bot that runs on this DATA_DIR";

fn long_help_end() -> String {
    let mut lines = vec![
        EXAMPLES.to_owned(),
        String::new(),
        config::help(),
        String::new(),
        "Exit statuses:".to_owned(),
        "  0   all went well".to_owned(),
    ];
    lines.extend(
        Exit::EXPLAINED.iter().map(|(exit, meaning)| format!("  {:<2}  {meaning}", exit.status())),
    );
    lines.join("\n")
}

/// Reads the arguments, runs the command, and says what went wrong in one sentence.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" ({place})"));
        let message = panic.payload_as_str().unwrap_or("no message");
        complain(&format!("this is a fault of Skirmish itself: {message}{place}"));
    }));
    let outcome =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            match Cli::try_parse_from(arguments) {
                Ok(cli) => run(cli),
                Err(error) => explain(&error),
            }
        }));
    // The hook has said what there is to say about a panic.
    let outcome = outcome.unwrap_or_else(|_panic| Err(Failure::new(Exit::Bug, "")));
    match outcome {
        Ok(()) => Exit::Ok.into(),
        Err(failure) => {
            if !failure.message.is_empty() {
                complain(&failure.message);
            }
            failure.exit.into()
        }
    }
}

/// Help and version are answers; everything else is a complaint about the arguments.
fn explain(error: &clap::Error) -> Result<(), Failure> {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            io::stdout().write_all(text.as_bytes())?;
            Ok(())
        }
        _ => {
            complain_as_is(&text);
            Err(Failure::new(Exit::Usage, ""))
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command.unwrap_or_else(|| Command::Serve(serve::Arguments::default())) {
        Command::Roll(arguments) => roll::run(&arguments),
        Command::Character(arguments) => check::character(&arguments),
        Command::Creature(arguments) => check::creature(&arguments),
        Command::Scenario(arguments) => scenario::run(&arguments),
        Command::Forecast(arguments) => forecast::run(&arguments),
        Command::Serve(arguments) => {
            let config = settings()?;
            serve::token_of(&config)?;
            start_logging(&config)?;
            runtime()?.block_on(serve::run(&arguments, config))
        }
        Command::Demo(arguments) => runtime()?.block_on(demo::run(&arguments)),
        Command::Observe(arguments) => runtime()?.block_on(observe::run(&arguments)),
        Command::Token(arguments) => {
            let config = settings()?;
            runtime()?.block_on(token::run(&arguments, &config))
        }
        Command::Export(arguments) => {
            let config = settings()?;
            runtime()?.block_on(export::run(&arguments, &config))
        }
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Healthcheck(arguments) => {
            let config = settings()?;
            runtime()?.block_on(healthcheck::run(&arguments, &config))
        }
    }
}

fn settings() -> Result<Config, Failure> {
    config::load().map_err(|error| Failure::new(Exit::Config, error.to_string()))
}

fn start_logging(config: &Config) -> Result<(), Failure> {
    let format = match config.log_format {
        LogFormat::Text => LineFormat::Text,
        LogFormat::Json => LineFormat::Json,
    };
    telemetry::start_logging(&config.log, format, redact)
        .map_err(|error| Failure::new(Exit::Config, with_sources(&error)))?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    Ok(())
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::new(Exit::Io, format!("the system does not let threads be started: {error}"))
    })
}

/// An error and what it came from, in one line, as far as they say different things.
fn with_sources(error: &dyn Error) -> String {
    let mut sentences = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        let sentence = error.to_string();
        if !sentences.iter().any(|said| said.contains(&sentence)) {
            sentences.push(sentence);
        }
        source = error.source();
    }
    sentences.join(": ")
}

fn complain(message: &str) {
    complain_as_is(&format!("skirmish: {message}\n"));
}

/// To standard error, without secrets. If even that fails, there is nobody left to tell.
fn complain_as_is(text: &str) {
    let _unheard = io::stderr().lock().write_all(redact(text).as_bytes());
}
