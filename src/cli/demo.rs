//! `skirmish demo`: a fight of heroes against monsters, without Discord and without a token.
//!
//! It is the real thing on a temporary folder: real store, real hub, real port. Nothing it makes is
//! left behind.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::exit::{Exit, Failure};
use super::observe;
use crate::app::{App, AppOptions, StartError, asked_to_stop};
use crate::clock;
use crate::grpc::GrpcOptions;
use crate::hub::{HubOptions, Principal, Refusal, Scope};
use crate::protocol::pb;
use crate::rules::id::{CombatId, UserId};
use pb::combat_request::Request as Wish;

/// The guild in which the demonstration takes place.
const GUILD: &str = "1";
/// Its game master.
const GAME_MASTER: UserId = UserId(1);
/// The pause between two steps, so that a person can follow.
const PACE: Duration = Duration::from_millis(700);

/// Watch heroes fight monsters in the terminal, without Discord and without a token
///
/// It is the real program on a temporary folder, which is removed at the end. Others on this
/// machine can watch as well: the command for that is printed first.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Do not pause between the steps
    #[arg(long)]
    pub fast: bool,
    /// The same number gives the same fight
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// The port on 127.0.0.1 on which others can watch; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Start no fight: print a token that may do everything, and serve until Ctrl-C, to try a
    /// client of your own
    #[arg(long)]
    pub serve_only: bool,
}

fn refused(refusal: &Refusal) -> Failure {
    Failure::new(Exit::Bug, refusal.to_string())
}

/// The failure that a program which could not start ends with.
pub(super) fn cannot_start(error: &StartError) -> Failure {
    let exit = match error {
        StartError::Store(_) | StartError::Socket { .. } => Exit::CannotCreate,
        StartError::Port { .. } => Exit::Unavailable,
    };
    Failure::new(exit, super::with_sources(error))
}

/// A new folder that only this user can read.
fn temporary_folder() -> Result<PathBuf, Failure> {
    use std::os::unix::fs::DirBuilderExt;
    let parent = std::env::temp_dir();
    let folder = parent.join(format!("skirmish-demo-{}", clock::fresh_uuid().simple()));
    std::fs::DirBuilder::new().mode(0o700).create(&folder).map_err(|error| {
        let parent = parent.display();
        let message = format!(
            "nothing can be written in {parent}, where the demonstration would keep its fight: set \
             TMPDIR to a folder that can be written to: {error}"
        );
        Failure::new(Exit::CannotCreate, message)
    })?;
    Ok(folder)
}

/// Shows a fight.
///
/// # Errors
/// [`Failure`] when the port is taken or nothing temporary can be written.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let asked = asked_to_stop()?;
    let folder = temporary_folder()?;
    let outcome = run_in(&folder, arguments, asked).await;
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        let folder = folder.display();
        writeln!(std::io::stderr(), "skirmish: {folder} could not be removed: {error}")?;
    }
    outcome
}

async fn run_in(
    folder: &Path,
    arguments: &Arguments,
    asked: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let pause = if arguments.fast { Duration::ZERO } else { PACE };
    let options = AppOptions {
        data_dir: folder.to_owned(),
        hub: HubOptions { seed: arguments.seed, autopilot_pause: pause, ..HubOptions::default() },
        grpc_addr: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port))),
        grpc: GrpcOptions::default(),
        metrics_addr: None,
    };
    let app = App::start(options).await.map_err(|error| match error {
        StartError::Port { address, source, .. } => {
            let port = address.port();
            let message = format!(
                "port {port} of this machine cannot be listened on: choose another one with --port, \
                 or leave it out for a free one: {source}"
            );
            Failure::new(Exit::Unavailable, message)
        }
        StartError::Store(_) | StartError::Socket { .. } => cannot_start(&error),
    })?;
    let shown = show(&app, arguments, asked).await;
    let stopped = app.stop().await;
    shown?;
    stopped.map_err(|error| Failure::new(Exit::Bug, format!("{error:#}")))
}

async fn show(
    app: &App,
    arguments: &Arguments,
    asked: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let address = app
        .grpc_addr()
        .ok_or_else(|| Failure::new(Exit::Bug, "the demonstration has no port"))?
        .to_string();
    if arguments.serve_only {
        let admin = app.hub().tokens().issue(GAME_MASTER, Scope::Admin, None).await;
        let admin = admin.map_err(|no| refused(&no))?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "address {address}")?;
        writeln!(out, "token {}", admin.secret)?;
        out.flush()?;
        drop(out);
        asked.await;
        return Ok(());
    }
    let combat = open(app).await.map_err(|no| refused(&no))?;
    let scope = Scope::Observe { combat };
    let watcher = app.hub().tokens().issue(UserId(0), scope, None).await;
    let token = watcher.map_err(|no| refused(&no))?.secret;
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "A fight of four heroes against a goblin band, played by the program.")?;
        writeln!(out, "Watch it from another terminal as well:")?;
        writeln!(out, "  SKIRMISH_TOKEN={token} skirmish observe {combat} --address {address}")?;
        writeln!(out)?;
    }
    begin(app, combat).await.map_err(|no| refused(&no))?;
    let combat = combat.to_string();
    let arguments = observe::Arguments { combat, address, token, now: false };
    tokio::select! {
        watched = observe::run(&arguments) => watched,
        () = asked => Ok(()),
    }
}

fn master() -> Principal {
    Principal { user: GAME_MASTER, scope: Scope::Admin }
}

fn group(from: &str, count: u32, side: &str) -> pb::CreatureSpec {
    pb::CreatureSpec {
        from: from.to_owned(),
        count,
        side: side.to_owned(),
        autopilot: Some(true),
        ..pb::CreatureSpec::default()
    }
}

async fn open(app: &App) -> Result<CombatId, Refusal> {
    let walls = [(8, 2), (8, 3), (8, 8), (8, 9)].map(|(x, y)| pb::grid_map::Square {
        at: Some(pb::Position { x, y }),
        terrain: pb::Terrain::Wall.into(),
    });
    let initiate = pb::Initiate {
        guild_id: GUILD.to_owned(),
        name: "Ambush at the Old Bridge".to_owned(),
        map: Some(pb::GridMap { width: 18, height: 12, squares: walls.to_vec() }),
        creatures: vec![
            group("hero:fighter", 1, "party"),
            group("hero:cleric", 1, "party"),
            group("hero:rogue", 1, "party"),
            group("hero:wizard", 1, "party"),
            group("srd:goblin-boss", 1, "foes"),
            group("srd:goblin-warrior", 4, "foes"),
            group("srd:wolf", 2, "foes"),
        ],
        ..pb::Initiate::default()
    };
    let request = pb::CombatRequest {
        request_id: "demo-open".to_owned(),
        request: Some(Wish::Initiate(initiate)),
        ..pb::CombatRequest::default()
    };
    let receipt = app.hub().submit(&master(), request).await?;
    receipt.session_id.parse().map_err(|fault| Refusal::bug(&fault))
}

async fn begin(app: &App, combat: CombatId) -> Result<(), Refusal> {
    let request = pb::CombatRequest {
        request_id: "demo-begin".to_owned(),
        session_id: combat.to_string(),
        request: Some(Wish::Begin(pb::Begin {})),
        ..pb::CombatRequest::default()
    };
    app.hub().submit(&master(), request).await.map(|_| ())
}
