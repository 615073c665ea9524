//! `skirmish serve`: runs the bot and the streams until it is told to stop.
//!
//! Never a port opened or a file touched before all settings are known to be good.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::demo::cannot_start;
use super::exit::{Exit, Failure};
use crate::app::{App, AppOptions, asked_to_stop};
use crate::config::{Config, Secret};
use crate::discord::bot::{Bot, BotOptions, SessionNotes};
use crate::discord::gateway::{Gateway, GatewayOptions};
use crate::discord::transport::{Http, HttpOptions, Transport};
use crate::grpc::GrpcOptions;
use crate::hub::HubOptions;

/// Run the Discord bot and the gRPC streams (this is what happens without a command)
///
/// It needs DISCORD_TOKEN, and keeps everything in the folder DATA_DIR, which is made if it does
/// not exist. Other programs can follow and play fights over gRPC once GRPC_ADDR is set; each
/// needs a token: skirmish token add --help. What happens is written to standard error.
///
/// SIGTERM and Ctrl-C stop it cleanly; after a kill or a power cut the fights go on where they
/// were. All settings are listed in: skirmish --help
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
/// [`Failure`] when the data folder or a port cannot be had, or Discord refuses the bot for good.
pub async fn run(_arguments: &Arguments, config: Config) -> Result<(), Failure> {
    let token = token_of(&config)?.clone();
    let asked = asked_to_stop()?;
    let options = AppOptions {
        data_dir: config.data_dir.clone(),
        hub: HubOptions { idle_evict: config.idle_evict, ..HubOptions::default() },
        grpc_addr: config.grpc_addr,
        grpc: GrpcOptions { reflection: config.grpc_reflection, ..GrpcOptions::default() },
        metrics_addr: config.metrics_addr,
    };
    let app = App::start(options).await.map_err(|error| cannot_start(&error))?;
    tracing::info!(
        data = %config.data_dir.display(),
        grpc = %or_off(app.grpc_addr()),
        metrics = %or_off(app.metrics_addr()),
        "serving"
    );
    let shutdown = CancellationToken::new();
    let bot = run_bot(&app, &config, &token, shutdown.clone());
    // The bot ends when it is told to, or when Discord refuses it for good.
    let bot = {
        tokio::pin!(bot);
        tokio::select! {
            ended = &mut bot => ended,
            () = asked => {
                shutdown.cancel();
                bot.await
            }
        }
    };
    let stopped = app.stop().await;
    bot?;
    stopped.map_err(|error| Failure::new(Exit::Bug, format!("{error:#}")))
}

/// An address for the log.
fn or_off(address: Option<SocketAddr>) -> String {
    address.map_or_else(|| "off".to_owned(), |address| address.to_string())
}

async fn run_bot(
    app: &App,
    config: &Config,
    token: &Secret,
    shutdown: CancellationToken,
) -> Result<(), Failure> {
    let mut http = HttpOptions::new(token.expose());
    http.proxy.clone_from(&config.discord_api_proxy);
    let transport = Http::new(&http).map_err(|error| refused(&error))?;
    let counters = transport.counters();
    let metrics = app.hub().metrics();
    metrics.show_discord_http(Box::new(move || counters.now().named().collect()));
    let transport: Arc<dyn Transport> = Arc::new(transport);
    let mut options = GatewayOptions::new(token.expose());
    options.url.clone_from(&config.discord_gateway_url);
    let notes = SessionNotes(app.hub().clone());
    let gateway =
        Gateway::new(options, Arc::clone(&transport), notes).map_err(|error| refused(&error))?;
    let counters = gateway.counters();
    metrics.show_discord_gateway(Box::new(move || counters.now().named().collect()));
    let bot = Bot::run(app.hub().clone(), transport, gateway, BotOptions::default(), shutdown);
    bot.await.map_err(|error| refused(&error))
}

/// Discord, or a setting about it, makes the bot impossible.
fn refused(error: &dyn std::error::Error) -> Failure {
    Failure::new(Exit::Config, super::with_sources(error))
}
