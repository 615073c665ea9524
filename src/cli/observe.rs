//! `skirmish observe`: follows a fight in the terminal, through breaks and restarts.
//!
//! It prints every event once: after a break it asks for what follows the last number it has. It
//! never shows a token, and never tries again what was refused.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};

use super::exit::{Exit, Failure};
use crate::grpc::CODE_KEY;
use crate::protocol::pb;
use crate::rules::id::{BadId, CombatId};
use crate::view::{log, scene::Scene};
use pb::combat_streaming_service_client::CombatStreamingServiceClient;

/// Pauses between attempts to connect again.
const RETRY: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// Attempts to reach a server that never answered, before it is said that there is none.
const FIRST_ATTEMPTS: usize = 3;
/// How often the server is asked whether it is still there while nothing happens in the fight.
const KEEPALIVE: Duration = Duration::from_secs(20);
/// How long it may take to answer that, or to let itself be connected to.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest `host:port`: a host's name has at most 253 characters.
const MAX_ADDRESS_BYTES: usize = 260;

/// Follow a fight in the terminal until it is over; goes on where it was after a break
///
/// It prints one line for each event, with the event's number: all from the first one on, unless
/// --now is given. When the connection breaks, it connects again and goes on after the last
/// number; no line is missing and none comes twice.
///
/// Whoever owns the server makes a token for it: skirmish token add observe --combat <COMBAT>
#[derive(Debug, Args)]
pub struct Arguments {
    /// The fight: 26 characters, as `skirmish demo` and ListCombats show it
    pub combat: String,
    /// Where the server listens (its GRPC_ADDR), without http://
    #[arg(long, default_value = "127.0.0.1:50051", value_name = "HOST:PORT")]
    pub address: String,
    /// A token that may watch this fight; better in the environment, for others on this machine
    /// can read a program's arguments
    #[arg(long, env = "SKIRMISH_TOKEN", hide_env_values = true)]
    pub token: String,
    /// Begin with the state as it is instead of with the first event
    #[arg(long)]
    pub now: bool,
}

/// The server, or what is wrong with the arguments: found before anything is connected.
fn endpoint(address: &str) -> Result<Endpoint, Failure> {
    let wrong = || {
        let message =
            format!("{address:?} is no address: write host:port, such as 127.0.0.1:50051");
        Failure::new(Exit::Usage, message)
    };
    let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
    let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:[]".contains(c));
    let port_fits = port.parse::<u16>().is_ok_and(|port| port > 0);
    if host.is_empty() || !plain || !port_fits || address.len() > MAX_ADDRESS_BYTES {
        return Err(wrong());
    }
    let endpoint = Channel::from_shared(format!("http://{address}")).map_err(|_invalid| wrong())?;
    Ok(endpoint
        .connect_timeout(ANSWER_TIMEOUT)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(ANSWER_TIMEOUT)
        .keep_alive_while_idle(true))
}

/// Follows until the fight is over.
///
/// # Errors
/// [`Failure`] for a token or fight that the server does not take.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let token: MetadataValue<Ascii> = format!("Bearer {}", arguments.token)
        .parse()
        .map_err(|_| Failure::new(Exit::Usage, "the token holds characters that no token has"))?;
    let combat: CombatId = arguments.combat.parse().map_err(|bad: BadId| {
        Failure::new(Exit::Usage, format!("{:?} is no fight's id: {bad}", arguments.combat))
    })?;
    let endpoint = endpoint(&arguments.address)?;
    let mut watcher = Watcher {
        combat: combat.to_string(),
        with_history: !arguments.now,
        token,
        last: None,
        scene: Scene::default(),
    };
    let mut attempt: usize = 0;
    loop {
        let before = watcher.last;
        let broken = match watcher.watch(&endpoint).await {
            Ok(true) => return Ok(()),
            Ok(false) => "the server ended the stream".to_owned(),
            Err(Watched::Refused(status)) => return Err(refused(&status)),
            Err(Watched::Broken(why)) => why,
            Err(Watched::Output(error)) => return Err(error.into()),
        };
        if watcher.last != before {
            attempt = 0;
        }
        let Some(last) = watcher.last else {
            if attempt >= FIRST_ATTEMPTS {
                let address = &arguments.address;
                let message = format!(
                    "no Skirmish answers on {address} ({broken}): is `skirmish serve` running there, \
                     with GRPC_ADDR set to it?"
                );
                return Err(Failure::new(Exit::Unavailable, message));
            }
            pause(attempt).await;
            attempt = attempt.saturating_add(1);
            continue;
        };
        if attempt == 0 {
            let mut err = std::io::stderr().lock();
            writeln!(err, "skirmish: the connection broke after event {last}; trying again")?;
        }
        pause(attempt).await;
        attempt = attempt.saturating_add(1);
    }
}

async fn pause(attempt: usize) {
    let pause = RETRY.get(attempt).or(RETRY.last()).copied().unwrap_or_default();
    tokio::time::sleep(pause).await;
}

/// What the server says no to, with what can be done about it here.
fn refused(status: &Status) -> Failure {
    let exit = match status.code() {
        Code::Unauthenticated
        | Code::PermissionDenied
        | Code::NotFound
        | Code::InvalidArgument
        | Code::OutOfRange => Exit::Data,
        _ => Exit::Unavailable,
    };
    let message = status.message();
    let message = if message.is_empty() { "the server refused without a word" } else { message };
    Failure::new(exit, message)
}

/// Why watching stopped before the fight was over.
enum Watched {
    /// It will not get better by trying again.
    Refused(Status),
    Broken(String),
    Output(std::io::Error),
}

struct Watcher {
    combat: String,
    with_history: bool,
    token: MetadataValue<Ascii>,
    last: Option<u64>,
    scene: Scene,
}

/// A refusal of Skirmish names its code; whatever else ends a stream is the connection's doing.
fn broken(status: Status) -> Watched {
    let told = status.metadata().contains_key(CODE_KEY);
    match status.code() {
        Code::Unavailable => Watched::Broken(status.message().to_owned()),
        // A server of another kind, or a much older one.
        Code::Unimplemented => Watched::Refused(status),
        _ if told => Watched::Refused(status),
        _ => Watched::Broken(status.message().to_owned()),
    }
}

impl Watcher {
    /// Watches one connection to its end; true if the fight is over.
    async fn watch(&mut self, endpoint: &Endpoint) -> Result<bool, Watched> {
        let channel = endpoint
            .connect()
            .await
            .map_err(|error| Watched::Broken(super::with_sources(&error)))?;
        let mut client = CombatStreamingServiceClient::new(channel)
            .max_decoding_message_size(crate::grpc::SEND_MAX_BYTES);
        let mut request = Request::new(pb::ObserveCombatRequest {
            session_id: self.combat.clone(),
            include_history: self.with_history,
            from_seq: 0,
            resume_after: self.last,
        });
        request.metadata_mut().insert("authorization", self.token.clone());
        let mut frames = client.observe_combat(request).await.map_err(broken)?.into_inner();
        loop {
            match frames.message().await {
                Ok(Some(frame)) => {
                    if self.show(&frame).map_err(Watched::Output)? {
                        return Ok(true);
                    }
                }
                Ok(None) => return Ok(false),
                Err(status) => return Err(broken(status)),
            }
        }
    }

    /// Prints one frame; true if it ends the fight.
    fn show(&mut self, frame: &pb::CombatEvent) -> std::io::Result<bool> {
        use pb::combat_event::Event;
        if let (Some(seq), Some(last)) = (frame.seq, self.last)
            && seq <= last
        {
            return Ok(false);
        }
        self.scene.apply(frame);
        self.last = frame.seq.or(self.last).or(frame.as_of);
        if let Some(line) = log::line(&self.scene, frame) {
            let mut out = std::io::stdout().lock();
            match frame.seq {
                Some(seq) => writeln!(out, "{seq:>5}  {line}")?,
                None => writeln!(out, "       {line}")?,
            }
        }
        let ended = matches!(frame.event, Some(Event::Ended(_)));
        let snapshot_of_end = matches!(&frame.event, Some(Event::Snapshot(snapshot)) if snapshot.phase() == pb::Phase::Ended);
        Ok(ended || snapshot_of_end)
    }
}
